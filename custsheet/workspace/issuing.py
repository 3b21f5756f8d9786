"""Issue copies: open the round, project each member's rows, write one workbook per member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from custsheet import schema as schemas
from custsheet.books.copy import copy_book
from custsheet.errors import CallError
from custsheet.ids import check_code, copy_id, spare_ids
from custsheet.model import Finding, Tables, Value
from custsheet.schema.labels import Labels
from custsheet.schema.projection import projected_body, showable
from custsheet.schema.records import Issue, Member, Schema, Team
from custsheet.schema.rights import Holdings
from custsheet.stamp import Stamp, encode, rows_digest
from custsheet.summary import Receipt
from custsheet.text import safe_file_name
from custsheet.workspace.disk import digest_of
from custsheet.workspace.folder import Folder, following, named_round, week_of
from custsheet.workspace.keeping import tidy
from custsheet.workspace.naming import ref_labels
from custsheet.workspace.placing import Outbox
from custsheet.workspace.receipts import Receipts
from custsheet.workspace.relations import computed
from custsheet.workspace.unissued import ownerless, unmerged
from custsheet.xlsx.write import write_book

DUE_DAYS = 4
"""Copies are due on the Friday of their week."""


@dataclass(frozen=True, slots=True)
class IssuedCopy:
    """One copy: for whom, where, how many rows it shows."""

    member: str
    name: str
    path: Path | None
    copy: str
    rows: int
    state: str = "issued"
    """`issued`, `kept` (has returned one already), `beside` (the old file was changed by somebody)."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What `generate` made."""

    round: str
    due: str
    copies: tuple[IssuedCopy, ...]
    findings: tuple[Finding, ...] = ()
    opened: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """One copy ready to be written: its record and the bytes."""

    issue: Issue
    data: bytes
    name: str
    base_digest: str
    mac: str


def due_of(day: dt.date, round_name: str = "") -> dt.date:
    """Return the Friday of the round's ISO week, or of this week where its name is none; never a day that is past."""
    try:
        monday = dt.date.fromisocalendar(int(round_name[:4]), int(round_name[6:]), 1)
    except ValueError:
        monday = day - dt.timedelta(days=day.weekday())
    return max(day, monday + dt.timedelta(days=DUE_DAYS))


def build_issue(  # noqa: PLR0913  # what a copy is made of
    schema: Schema,
    team: Team,
    member: Member,
    tables: Tables,
    *,
    ledger: str,
    round_name: str,
    number: int,
    revision: int,
    today: dt.date,
    labels: Labels,
    holdings: Holdings | None = None,
    gone: Labels | None = None,
) -> Issue:
    """Project the master for one member: the record of what this copy shows and allows."""
    grant = showable(schema, schemas.grant_of(schema, member))
    rows = schemas.visible_rows(schema, team, member, tables, today=today, holdings=holdings)
    base = schemas.project(grant, rows, tables)
    copy = copy_id(ledger, round_name, member.id, number)
    return Issue(
        copy=copy,
        member=member.id,
        round=round_name,
        number=number,
        revision=revision,
        grant=grant,
        base=base,
        spare={t: spare_ids(copy, t, schema.tables[t].spare) for t, g in grant.items() if g.add},
        labels=ref_labels(schema, grant, base, labels.within(grant), gone.within(grant) if gone is not None else None),
        language=member.language or schema.language,
        schema_digest=schema.digest,
        issued_on=today.isoformat(),
        due=due_of(today, round_name).isoformat(),
    )


def render(  # noqa: PLR0913  # what a copy is sealed with
    schema: Schema,
    team: Team,
    issue: Issue,
    *,
    ledger: str,
    key: bytes,
    head: str,
    today: dt.date,
    receipt: Receipt | None = None,
) -> Prepared:
    """Write one copy as bytes. The same issue and day give the same bytes."""
    member = team.by_id[issue.member]
    shown, cells = sealed(schema, team, issue, ledger=ledger, key=key, head=head)
    book = copy_book(
        shown,
        issue,
        team=team,
        names={m.id: m.name for m in team.members},
        stamp_cells=cells,
        checks=check_codes(issue),
        computed=computed_rows(shown, issue, today),
        as_of=issue.issued_on,
        due=issue.due,
        today=today,
        receipt=receipt,
    )
    suffix = f"-{issue.number}" if issue.number > 1 else ""
    name = safe_file_name(f"{schema.title[issue.language]}_{member.name}_{issue.round}{suffix}") + ".xlsx"
    digest = rows_digest(issue.base, schema)
    return Prepared(issue, write_book(book), name, digest, cells[0].rsplit(" ", 1)[-1])


def sealed(
    schema: Schema, team: Team, issue: Issue, *, ledger: str, key: bytes, head: str
) -> tuple[Schema, tuple[str, ...]]:
    """Return the schema as the copy's member sees it, and the copy's signed stamp."""
    member = team.by_id[issue.member]
    shown = schemas.from_body(projected_body(schema, issue.grant, member.role), language=issue.language)
    stamp = Stamp(
        kind="copy",
        ledger=ledger,
        round=issue.round,
        member_name=member.name,
        title=schema.title[issue.language],
        head=head,
        issue=issue,
        schema=shown,
        names=_named(schema, team, issue),
    )
    return shown, encode(stamp, key)


def check_codes(issue: Issue) -> dict[str, str]:
    """Return the check code of every row that a copy was issued with, spare ones included."""
    rids = [rid for table, rows in issue.base.items() for rid in (*rows.rids, *issue.spare.get(table, ()))]
    return {rid: check_code(issue.copy, rid) for rid in rids}


def _named(schema: Schema, team: Team, issue: Issue) -> dict[str, str]:
    """The members whom this copy may name: those in its rows, and all where it offers them in a dropdown."""
    member_fields = [
        (table, name)
        for table, granted in issue.grant.items()
        for name in granted.see
        if schema.tables[table].fields[name].spec.type in ("member", "members")
    ]
    if any(name in issue.grant[table].edit | issue.grant[table].enter for table, name in member_fields):
        return {m.id: m.name for m in team.members if m.active or m.id == issue.member}
    found = {issue.member}
    for table, name in member_fields:
        for value in issue.base[table].column(name):
            found |= set(value) if isinstance(value, tuple) else {value} if isinstance(value, str) else set()
    return {who: team.by_id[who].name for who in sorted(found) if who in team.by_id}


def computed_rows(shown: Schema, issue: Issue, today: dt.date) -> dict[str, dict[str, tuple[Value, ...]]]:
    """Computed fields over the rows that this copy holds, as its own formulas will find them."""
    values = computed(shown, issue.base, today=today, language=issue.language)
    return {table: {rid: tuple(row.values()) for rid, row in rows.items()} for table, rows in values.items()}


def generate(
    folder: Folder,
    *,
    members: Sequence[str] = (),
    round_name: str = "",
    again: bool = False,
    dry_run: bool = False,
) -> Generated:
    """Issue copies for a round (default: this ISO week) to all members, or to those named.

    A member who returned nothing gets a new copy that takes the old one's place; one who has returned needs `again`.
    """
    return _Issuing(folder, round_name or week_of(folder.today), dry_run=dry_run).go(members, again=again)


class _Issuing:
    def __init__(self, folder: Folder, name: str, *, dry_run: bool) -> None:
        self.folder = folder
        self.name = name
        self.dry_run = dry_run
        self.ledger = folder.ledger
        self.rounds = {info.name: info for info in self.ledger.rounds()}

    def go(self, members: Sequence[str], *, again: bool) -> Generated:
        folder = self.folder
        info = self.rounds.get(self.name)
        if info is not None and info.state != "open":
            later = [name for name, other in self.rounds.items() if other.state == "open"]
            raise CallError(
                "ROUND_CLOSED", round=self.name, next=later[-1] if later else following(self.name, folder.today)
            )
        if info is None and (name := named_round(self.name, folder.today)) != self.name:
            raise CallError("ROUND_NAME", round=self.name, nearest=name)
        tables = folder.ledger.tables(folder.schema)
        chosen = self._members(members, tables)
        labels = folder.labels(tables)
        issued = self._issued()
        kept = self._kept(chosen, issued, again=again)
        prepared = self._prepared([m for m in chosen if m.id not in kept], tables, labels, issued)
        findings = [*unmerged(folder, self.name), *(ownerless(folder, tables, labels) if not members else ())]
        made = [self._copy(p) for p in prepared] if self.dry_run else self._write(prepared, issued)
        due = due_of(folder.today, self.name).isoformat()
        return Generated(self.name, due, (*made, *kept.values()), tuple(findings), info is None, self.dry_run)

    def _kept(
        self, members: Iterable[Member], issued: Mapping[str, Sequence[Issue]], *, again: bool
    ) -> dict[str, IssuedCopy]:
        """By id, the members who have their copy: one that a stopped run had left unfinished, or a returned one."""
        finished, kept = self._finished(), {}
        for member in members:
            before = issued.get(member.id, ())
            if before and before[-1].copy in finished:
                kept[member.id] = finished[before[-1].copy]
            elif before and self._returned(before) and not again:
                kept[member.id] = IssuedCopy(member.id, member.name, None, before[-1].copy, 0, "kept")
        return kept

    def _prepared(
        self, members: Sequence[Member], tables: Tables, labels: Labels, issued: Mapping[str, Sequence[Issue]]
    ) -> list[Prepared]:
        """Project and render the copy of each member."""
        folder, ledger = self.folder, self.ledger
        holdings = Holdings(folder.schema, tables)
        gone = folder.labels(ledger.gone(folder.schema))
        receipts = Receipts(folder, tables, labels)
        revision, head = ledger.revision(), ledger.head
        found = []
        for member in members:
            issue = build_issue(
                folder.schema,
                folder.team,
                member,
                tables,
                ledger=ledger.id,
                round_name=self.name,
                number=len(issued.get(member.id, ())) + 1,
                revision=revision,
                today=folder.today,
                labels=labels,
                holdings=holdings,
                gone=gone,
            )
            receipt = receipts.of(issue)
            found.append(
                render(
                    folder.schema,
                    folder.team,
                    issue,
                    ledger=ledger.id,
                    key=ledger.key,
                    head=head,
                    today=folder.today,
                    receipt=receipt,
                )
            )
        return found

    def _members(self, names: Sequence[str], tables: Tables) -> list[Member]:
        folder = self.folder
        if names:
            return [folder.team.find(name) for name in names]
        chosen = [m for m in folder.team.members if m.active and m.id != folder.settings.me]
        if not chosen:
            raise CallError("NO_MEMBERS")
        if not any(len(t) for t in tables.values()) and not any(
            g.add for m in chosen for g in schemas.grant_of(folder.schema, m).values()
        ):
            raise CallError("NO_ROWS")
        return chosen

    def _issued(self) -> dict[str, list[Issue]]:
        found: dict[str, list[Issue]] = {}
        for info in self.ledger.issues(self.name):
            found.setdefault(info.member, []).append(info)  # type: ignore[arg-type]
        return found

    def _returned(self, issues: Iterable[Issue]) -> bool:
        copies = {issue.copy for issue in issues}
        return any(s.copy in copies for s in self.ledger.submission_infos(self.name))

    def _copy(self, prepared: Prepared, path: Path | None = None, state: str = "issued") -> IssuedCopy:
        member = self.folder.team.by_id[prepared.issue.member]
        rows = sum(len(t) for t in prepared.issue.base.values())
        return IssuedCopy(member.id, member.name, path, prepared.issue.copy, rows, state)

    def _write(self, prepared: Sequence[Prepared], issued: Mapping[str, Sequence[Issue]]) -> list[IssuedCopy]:
        """Lay the copies ready, record them, put them in place: what a stopped run leaves of it the next one does."""
        if not prepared:
            return []
        outbox = Outbox(self.folder, self.name)
        try:
            lying = self._record(prepared, issued, outbox)
        except BaseException:
            outbox.drop()
            raise
        done = [self._put(outbox, item, path) for item, path in zip(prepared, lying, strict=True)]
        outbox.settle()
        tidy(self.folder)
        return done

    def _record(
        self, prepared: Sequence[Prepared], issued: Mapping[str, Sequence[Issue]], outbox: Outbox
    ) -> list[Path]:
        folder = self.folder
        due = due_of(folder.today, self.name).isoformat()
        with self.ledger.write(actor=folder.actor.id, kind="generate", now=folder.now) as tx:
            tx.store_schema(folder.schema)
            tx.store_team(folder.team)
            if self.name not in self.rounds:
                tx.open_round(self.name, self.ledger.revision(), due)
            for item in prepared:
                for old in issued.get(item.issue.member, ()):
                    tx.supersede_issue(old.copy)
                tx.add_issue(
                    item.issue,
                    folder.schema,
                    base_digest=item.base_digest,
                    mac=item.mac,
                    file_sha256=digest_of(item.data),
                    name=item.name,
                )
            outbox.wait(tx, [item.issue.copy for item in prepared])
            return [outbox.stage(item.name, item.data) for item in prepared]

    def _put(self, outbox: Outbox, item: Prepared, lying: Path) -> IssuedCopy:
        path = outbox.put(lying, item.name)
        return self._copy(item, path, "issued" if path.name == item.name else "beside")

    def _finished(self) -> dict[str, IssuedCopy]:
        """The copies, by id, with which a run that was stopped is finished now."""
        names, found = self.folder.names, {}
        lying = {} if self.dry_run else Outbox(self.folder, self.name).finish()
        for copy, path in lying.items():
            issue = self.ledger.issue(copy, self.folder.schema)
            if issue is not None:
                rows = sum(len(t) for t in issue.base.values())
                found[copy] = IssuedCopy(issue.member, names.get(issue.member, issue.member), path, copy, rows)
        return found
