"""What the members of a round sent back, and what of it changed the ledger."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from custsheet.messages import word
from custsheet.model import BUCKETS, Change
from custsheet.reports.rows import Rows
from custsheet.summary import Applied, ChangeLine, Fate, Returned, RoundFacts
from custsheet.text import join

_TROUBLE = ("rejected", "held", "conflict")


def returned(rows: Rows, facts: RoundFacts) -> tuple[Returned, ...]:
    """Return what became of every member's edits, the most findings first."""
    members = dict.fromkeys((*facts.issued, *facts.returned, *(f.member for f in facts.fates)))
    order = {m.id: at for at, m in enumerate(rows.team.members)}
    found = [_returned(rows, member, facts) for member in members]
    return tuple(sorted(found, key=lambda r: (-r.findings, not r.returned, order.get(r.id, len(order)), r.id)))


def _returned(rows: Rows, member: str, facts: RoundFacts) -> Returned:
    mine = [f for f in facts.fates if f.member == member]
    counts = Counter(f.bucket for f in mine)
    return Returned(
        id=member,
        name=rows.name(member),
        returned=member in facts.returned,
        buckets={bucket: counts[bucket] for bucket in BUCKETS},
        problems=_problems(rows, mine),
    )


def _problems(rows: Rows, fates: Iterable[Fate]) -> tuple[tuple[str, int], ...]:
    """Say what went wrong as `field: what became of it`, and count."""
    found: Counter[str] = Counter()
    for fate in fates:
        if fate.bucket in _TROUBLE and fate.table in rows.schema.tables:
            fields = rows.schema.tables[fate.table].fields
            place = rows.title(fate.table, fate.field if fate.field in fields else "")
            found[word(f"report.problem.{fate.bucket}", rows.language, field=place)] += 1
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def change_lines(rows: Rows, applied: Sequence[Applied]) -> tuple[ChangeLine, ...]:
    """Say every change in words; a row that came or went is one line, without its cells."""
    whole = {(a.at, a.change.table, a.change.rid) for a in applied if a.change.kind != "cell"}
    lines = []
    for one in applied:
        change = one.change
        cell = change.kind == "cell"
        known = change.table in rows.schema.tables
        if known and not (cell and (one.at, change.table, change.rid) in whole):
            lines.append(_cell(rows, one) if cell else _row(rows, one))
    return tuple(lines)


def _cell(rows: Rows, one: Applied) -> ChangeLine:
    change = one.change
    known = change.field in rows.schema.tables[change.table].fields
    old, new = (
        rows.labels.value(change.table, change.field, value) if known else str(value or "")
        for value in (change.old, change.new)
    )
    return _line(rows, one, field=rows.title(change.table, change.field) if known else change.field, old=old, new=new)


def _row(rows: Rows, one: Applied) -> ChangeLine:
    return _line(rows, one, field=word(f"report.row.{one.change.kind}", rows.language), old="", new="")


def _line(rows: Rows, one: Applied, *, field: str, old: str, new: str) -> ChangeLine:
    change = one.change
    return ChangeLine(
        table=rows.title(change.table),
        label=_label(rows, change),
        field=field,
        old=old,
        new=new,
        who=join([rows.name(m) for m in change.members], rows.language),
        at=dt.datetime.fromisoformat(one.at).replace(tzinfo=None) if one.at else None,
    )


def _label(rows: Rows, change: Change) -> str:
    _, _, given = change.label.partition("/")
    return rows.labels.text(change.table, change.rid) or given or change.rid
