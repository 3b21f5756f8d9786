"""How things stand: rows by status, who waits for whom, and the numbers of each member."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from custsheet.look import STALE_DAYS
from custsheet.messages import word
from custsheet.reports.rows import Rows, amount_of, day_of, key_of, member_of
from custsheet.summary import UNKNOWN, Due, Period, Person, Slice, Standing


def slices(rows: Rows) -> tuple[Slice, ...]:
    """Count rows per option of the status field; what is blank or no option comes last, if there is any."""
    status = rows.roles.status
    if status is None:
        return ()
    options = rows.schema.tables[status.table].fields[status.field].spec.options
    counts = Counter(key_of(row[status.field]) for _, row in rows.of(status.table))
    known = [Slice(o.value, o.text[rows.language], counts.pop(o.value, 0)) for o in options]
    others = sum(counts.values())
    return (*known, *([Slice(UNKNOWN, word("report.unknown", rows.language), others)] if others else []))


# ── who waits ───────────────────────────────────────────────────────────────────────────────────────


def overdue(rows: Rows, today: dt.date) -> tuple[Due, ...] | None:
    """Return the rows whose next date has passed and that are not lost, the oldest first."""
    status = rows.roles.status
    if status is None or not status.next:
        return None
    amounts = open_amounts(rows)
    found = []
    for rid, row in rows.of(status.table):
        day = day_of(row[status.next])
        if day is not None and day < today and key_of(row[status.field]) not in status.lost:
            plan = rows.labels.value(status.table, status.plan, row[status.plan]) if status.plan else ""
            found.append(_due(rows, rid, day, today, amounts.get(rid), plan))
    return tuple(sorted(found, key=lambda d: (-d.days, d.label)))


def stale(rows: Rows, today: dt.date) -> tuple[Due, ...] | None:
    """Return the rows whose last contact is too long ago and that are not lost, the longest first."""
    status = rows.roles.status
    if status is None or not (status.last or rows.roles.log):
        return None
    last = last_contacts(rows)
    found = []
    for rid, row in rows.of(status.table):
        day = last.get(rid)
        if day is not None and (today - day).days > STALE_DAYS and key_of(row[status.field]) not in status.lost:
            found.append(_due(rows, rid, day, today))
    return tuple(sorted(found, key=lambda d: (-d.days, d.label)))


def never(rows: Rows) -> int:
    """Count the rows that are not lost and have no contact on record."""
    status, last = rows.roles.status, last_contacts(rows)
    if status is None or not (status.last or rows.roles.log):
        return 0
    return sum(rid not in last and key_of(row[status.field]) not in status.lost for rid, row in rows.of(status.table))


def _due(rows: Rows, rid: str, day: dt.date, today: dt.date, amount: Decimal | None = None, plan: str = "") -> Due:
    status = rows.roles.status
    assert status is not None
    value = key_of(rows.tables[status.table].get(rid, status.field))
    return Due(
        rid=rid,
        label=rows.labels.text(status.table, rid) or rid,
        member=rows.name(rows.owner(status.table, rid)),
        status=rows.option(status.table, status.field, value) if value else "",
        day=day,
        days=(today - day).days,
        amount=amount,
        plan=plan,
    )


def last_contacts(rows: Rows) -> dict[str, dt.date]:
    """Return row id → day of the last contact, be it in the row's own date or in the log."""
    found: dict[str, dt.date] = {}
    for contact in contacts(rows):
        if contact.rid and (contact.rid not in found or contact.day > found[contact.rid]):
            found[contact.rid] = contact.day
    return found


# ── contacts ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact: when, with which row of the status table, by whom."""

    day: dt.date
    rid: str
    member: str


def contacts(rows: Rows) -> Iterator[Contact]:
    """Yield every line of the log, and every row's own last date on a day for which the log has no line about it."""
    status, log = rows.roles.status, rows.roles.log
    logged: set[tuple[str, dt.date]] = set()
    if log:
        for rid, row in rows.of(log.table):
            day = day_of(row[log.date])
            if day is not None:
                target = key_of(row[log.ref]) if log.ref else ""
                logged.add((target, day))
                by = member_of(row[log.member]) if log.member else UNKNOWN
                yield Contact(day, target, by or rows.owner(log.table, rid))
    if status and status.last:
        for rid, row in rows.of(status.table):
            day = day_of(row[status.last])
            if day is not None and (rid, day) not in logged:
                yield Contact(day, rid, rows.owner(status.table, rid))


def contacts_by_member(rows: Rows, period: Period) -> Counter[str]:
    """Count contacts in a period by who made them."""
    return Counter(c.member for c in contacts(rows) if period.first <= c.day <= period.last)


# ── amounts ─────────────────────────────────────────────────────────────────────────────────────────


def open_amounts(rows: Rows) -> dict[str, Decimal]:
    """Return row id of the status table → amount of its open opportunities."""
    stage = rows.roles.stage
    found: dict[str, Decimal] = {}
    if stage and stage.ref and stage.amount:
        for _, row in rows.of(stage.table):
            target = key_of(row[stage.ref])
            if target and is_open(rows, key_of(row[stage.field])):
                found[target] = found.get(target, Decimal(0)) + amount_of(row[stage.amount])
    return found


def is_open(rows: Rows, value: str) -> bool:
    """Tell whether a stage is a known one that is neither won nor lost."""
    stage = rows.roles.stage
    assert stage is not None
    options = {o.value for o in rows.schema.tables[stage.table].fields[stage.field].spec.options}
    return value in options and value not in stage.won | stage.lost


# ── together ────────────────────────────────────────────────────────────────────────────────────────


def standing(rows: Rows, today: dt.date) -> Standing:
    """Return how things stand on a day."""
    status, stage = rows.roles.status, rows.roles.stage
    values = [key_of(row[status.field]) for _, row in rows.of(status.table)] if status else []
    amount = Decimal(0)
    if stage and stage.amount:
        open_rows = (row for _, row in rows.of(stage.table) if is_open(rows, key_of(row[stage.field])))
        amount = sum((amount_of(row[stage.amount]) for row in open_rows), Decimal(0))
    return Standing(
        day=today,
        overdue=len(overdue(rows, today) or ()),
        stale=len(stale(rows, today) or ()),
        won=sum(v in status.won for v in values) if status else 0,
        lost=sum(v in status.lost for v in values) if status else 0,
        open_amount=amount,
    )


def people(rows: Rows, period: Period) -> tuple[Person, ...]:
    """Return the numbers of everybody who has any, the most contacts first; rows that nobody owns come last."""
    status = rows.roles.status
    if status is None:
        return ()
    owned = [(rows.owner(status.table, rid), key_of(row[status.field])) for rid, row in rows.of(status.table)]
    count = Counter(member for member, _ in owned)
    won = Counter(member for member, value in owned if value in status.won)
    lost = Counter(member for member, value in owned if value in status.lost)
    late, silent = _by_owner(rows, overdue(rows, period.today)), _by_owner(rows, stale(rows, period.today))
    now, earlier = contacts_by_member(rows, period), contacts_by_member(rows, period.before())
    order = {m.id: at for at, m in enumerate(rows.team.members)}
    found = [
        Person(
            id=member,
            name=rows.name(member) or word("report.nobody", rows.language),
            rows=count[member],
            contacts=now[member],
            contacts_before=earlier[member],
            won=won[member],
            lost=lost[member],
            overdue=late[member],
            stale=silent[member],
        )
        for member in count.keys() | now.keys() | earlier.keys()
    ]
    return tuple(sorted(found, key=lambda p: (p.id == UNKNOWN, -p.contacts, -p.won, order.get(p.id, len(order)), p.id)))


def _by_owner(rows: Rows, due: Iterable[Due] | None) -> Counter[str]:
    status = rows.roles.status
    assert status is not None
    return Counter(rows.owner(status.table, d.rid) for d in due or ())
