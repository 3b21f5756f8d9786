"""A changed schema.yaml and the rows in the ledger: what it does to them, and carrying them over as one revision."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from custsheet import schema as schemas
from custsheet.checks import CheckRow, check
from custsheet.errors import CallError, LedgerError
from custsheet.ledger.records import IssueInfo
from custsheet.model import CellRef, Claim, Finding, Question, Tables, Unreadable, Value
from custsheet.schema.evolution import Evolution, Move, Names
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema
from custsheet.text import in_a_row
from custsheet.workspace.evolving import table_at
from custsheet.workspace.folder import Folder
from custsheet.workspace.keeping import backup_before, backup_path
from custsheet.workspace.relations import Relations
from custsheet.workspace.story import asked_now
from custsheet.workspace.waiting import Waiting

SHOWN = 3
"""Examples of each kind."""


@dataclass(frozen=True, slots=True)
class Example:
    """One value before and after; `new` is empty where it has no place any more."""

    label: str
    old: str
    new: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one field or table. Titles are in the workspace's language."""

    kind: str
    """`added`, `removed`, `renamed`, `type`, `options`; `table_added`, `table_removed`, `table_renamed`."""
    table: str
    title: str
    name: str = ""
    """The field, or the table, as it is called now; as it was called where it is gone."""
    was: str = ""
    """What it was called before, or its type."""
    now: str = ""
    values: int = 0
    """Values that it holds, of deleted rows too; rows for a table."""
    lost: int = 0
    """Of these, those that have no place any more or cannot be read as what the field is now."""
    lost_examples: tuple[Example, ...] = ()
    examples: tuple[Example, ...] = ()
    """Values that change and are read."""
    at: int = 0
    """Of what is added, and was taken out once: the revision that did so; 0 where it is new."""
    left: int = 0
    """How many values, or rows, it took out: they do not come back by themselves."""
    backup: str = ""
    """The backup from before that."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One cell of an open question, and what becomes of the values that wait there for an answer."""

    label: str
    title: str
    claims: tuple[Example, ...]
    """Who claims it, in place of a label; what; and what it is read as. Empty where it has no place any more."""

    @property
    def lost(self) -> int:
        """Values that nobody may choose any more."""
        return sum(not claim.new for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Broken:
    """Values that stay and no longer keep to a limit or rule."""

    finding: Finding
    count: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Out:
    """One copy that is with its member, and what the new schema means for it."""

    member: str
    round: str
    name: str
    removed: tuple[str, ...] = ()
    """Titles of columns, and of whole tables, for which there is no place any more."""
    renamed: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    """Titles of columns that it does not have."""


@dataclass(frozen=True)
class Migration:
    """What a changed schema does, or did."""

    effects: tuple[Effect, ...] = ()
    broken: tuple[Broken, ...] = ()
    touched: tuple[Touched, ...] = ()
    """What is asked about fields that are of another type, have other options, or are gone."""
    copies: tuple[Out, ...] = ()
    needed: bool = False
    """Whether rows have to be carried over; else the new schema is simply taken."""
    revision: int = 0
    """The revision that carried them over; 0 where none was written."""
    backup: Path | None = None

    @property
    def lost(self) -> int:
        """Values that have no place any more or cannot be read, rows of tables that are gone, what waits there."""
        return sum(effect.lost for effect in self.effects) + sum(one.lost for one in self.touched)


def preview(folder: Folder) -> Migration:
    """Tell what the schema file does to the rows in the ledger; nothing is written.

    CallError `SCHEMA_CROSSED` where something is renamed to what another one was called until now.
    """
    plan = _Plan.of(folder)
    return plan.told() if plan is not None else Migration()


def require_plain(folder: Folder) -> None:
    """Raise CallError `SCHEMA_CROSSED` where the schema file renames to what another one was called until now."""
    digest = folder.ledger.latest_schema()
    crossed = Evolution(folder.ledger.schema_by(digest), folder.schema, today=folder.today).crossed if digest else ()
    for was, name in crossed:
        raise CallError("SCHEMA_CROSSED", was=was, name=name)


def migrate(folder: Folder, *, accept_loss: bool = False) -> Migration:
    """Carry the rows over to the schema file as one revision, after a backup.

    CallError `SCHEMA_LOSS` where values would be taken out or could not be read, unless `accept_loss`.
    """
    plan, head = _Plan.of(folder), folder.ledger.head
    if plan is None:
        return Migration()
    told = plan.told()
    if told.lost and not accept_loss:
        raise CallError("SCHEMA_LOSS", count=told.lost, fields=_named(folder, told))
    if not told.needed:
        with folder.ledger.write(actor=folder.actor.id, kind="migrate", now=folder.now) as tx:
            tx.store_schema(folder.schema)
        return told
    backup = folder.ledger.backup(backup_path(folder))
    waiting = Waiting(folder, plan.folder_before, plan.evolution)
    with folder.ledger.write(actor=folder.actor.id, kind="migrate", now=folder.now) as tx:
        if folder.ledger.head != head:
            raise LedgerError("LEDGER_MOVED", based_on=plan.revision, revision=folder.ledger.revision())
        tx.store_team(folder.team)
        number = tx.migrate(plan.evolution, summary=_summary(plan, told))
        waiting.keep(tx)
    return replace(told, revision=number, backup=backup)


def _named(folder: Folder, told: Migration) -> str:
    return in_a_row((f"{title} {count}" for title, count in _lost(told).items()), folder.settings.language)


def _lost(told: Migration) -> dict[str, int]:
    """Return how many values each field, or table, loses."""
    found: dict[str, int] = {}
    for title, lost in (*((e.title, e.lost) for e in told.effects), *((t.title, t.lost) for t in told.touched)):
        if lost:
            found[title] = found.get(title, 0) + lost
    return found


def _summary(plan: _Plan, told: Migration) -> dict[str, object]:
    versions = [plan.evolution.old.version, plan.evolution.new.version]
    changed: dict[str, list[str]] = {}
    for effect in told.effects:
        changed.setdefault(effect.kind, []).append(effect.title)
    return {"versions": " → ".join(dict.fromkeys(versions)), "lost": _lost(told), "changed": changed}


@dataclass(frozen=True)
class _Plan:
    """The schema in force, the one in the file, and the rows."""

    folder: Folder
    evolution: Evolution
    revision: int
    live: Tables
    gone: Tables

    @classmethod
    def of(cls, folder: Folder) -> _Plan | None:
        """Return what is to be done; None where the file is as it was taken last, or nothing was taken yet."""
        ledger = folder.ledger
        digest, number = ledger.latest_schema(), ledger.revision()
        if digest in (None, folder.schema.digest):
            return None
        old = schemas.from_body(ledger.schema_body(str(digest)))
        require_plain(folder)
        live, gone = (ledger.rows_then(old, number, live=is_live) for is_live in (True, False))
        labels = Labels(old, live, language=old.language, names=folder.names)
        names = Names({table: labels.of(table) for table in old.tables}, folder.names)
        return cls(folder, Evolution(old, folder.schema, today=folder.today, names=names), number, live, gone)

    @cached_property
    def folder_before(self) -> Folder:
        """The workspace with the schema that is in force."""
        view = copy.copy(self.folder)
        view.__dict__["schema"] = self.evolution.old
        return view

    def told(self) -> Migration:
        """Return everything that is to be said."""
        effects = (*self._tables(), *self._fields())
        needed = not self.folder.ledger.reads(self.folder.schema)
        return Migration(effects, tuple(self._broken()), tuple(self._touched()), tuple(self._copies()), needed)

    # ── tables and fields ───────────────────────────────────────────────────────────────────────────

    @property
    def _language(self) -> str:
        return self.folder.settings.language

    def _tables(self) -> Iterator[Effect]:
        now, lang = self.evolution.tables, self._language
        for name, table in self.evolution.old.tables.items():
            rows = len(self.live[name])
            title = table.title[lang]
            if name not in now:
                labels = [self._labels.text(name, rid) for rid in self.live[name].rids[:SHOWN]]
                examples = tuple(Example(f"{name}/{text}", text) for text in labels)
                yield Effect("table_removed", name, title, name, values=rows, lost=rows, lost_examples=examples)
            elif now[name] != name:
                yield Effect("table_renamed", now[name], title, now[name], was=name, values=rows)
        for name, table in self.evolution.new.tables.items():
            if name not in now.values():
                yield replace(self._left(name), kind="table_added", title=table.title[lang])

    def _fields(self) -> Iterator[Effect]:
        for move in self.evolution.moves.values():
            if move.now:
                yield from self._field(move)
        known = set(self.evolution.tables.values())
        for table, field in self.evolution.added:
            if table in known:
                title = self._title(table, field.spec.title[self._language])
                yield replace(self._left(table, field.name), kind="added", title=title)

    def _left(self, table: str, field: str = "") -> Effect:
        """What was called so before, and taken out with all that it held: that stays in history."""
        ledger, found = self.folder.ledger, Effect("", table, "", field or table)
        for step in reversed(ledger.steps()):
            schema, then = ledger.schema_by(step.old), ledger.schema_by(step.new)
            done = Evolution(schema, then, today=self.folder.today)
            move = done.moves.get((table, field))
            is_out = move is not None and move.new is None if field else table in schema.tables
            if table not in schema.tables or not is_out or (not field and table in done.tables):
                continue
            rows = ledger.rows_then(schema, step.number - 1)[table]
            left = sum(value is not None for value in rows.column(field)) if field else len(rows)
            return replace(found, at=step.number, left=left, backup=backup_before(self.folder, step.number))
        return found

    def _field(self, move: Move) -> Iterator[Effect]:
        given = list(self._values(move))
        unfit = [(rid, value) for rid, value in given if not self.evolution.fits(move, value)]
        turned = [(rid, v) for rid, v in given if self.evolution.fits(move, v) and self.evolution.value(move, v) != v]
        named = move.new is not None and move.new.name != move.name
        kind = "removed" if move.new is None else "type" if move.reread else "renamed" if named else "options"
        if kind == "options" and not (unfit or turned):
            return
        spec = move.old.spec
        now = move.new.spec.type if move.new is not None else ""
        yield Effect(
            kind,
            move.now,
            self._title(move.now, spec.title[self._language]),
            move.new.name if move.new is not None else move.name,
            was=spec.type if kind == "type" else move.name,
            now=now if kind == "type" else "",
            values=len(given),
            lost=len(unfit),
            lost_examples=tuple(self._example(move, rid, value) for rid, value in unfit[:SHOWN]),
            examples=tuple(self._example(move, rid, value) for rid, value in turned[:SHOWN]),
        )

    def _title(self, table: str, title: str) -> str:
        return f"{self.evolution.new.tables[table].title[self._language]} · {title}"

    def _values(self, move: Move) -> Iterator[tuple[str, Value]]:
        for tables in (self.live, self.gone):
            table = tables[move.table]
            for rid, value in zip(table.rids, table.column(move.name), strict=True):
                if value is not None:
                    yield rid, value

    def _touched(self) -> Iterator[Touched]:
        """What is claimed and waits for an answer: it stands in no row."""
        for question in asked_now(self.folder_before):
            found: dict[str, list[tuple[str, Value]]] = {}
            for claim in question.claims:
                for name, value in _cells(question, claim):
                    found.setdefault(name, []).append((claim.member, value))
            for name, claims in found.items():
                move = self.evolution.moves.get((question.table, name))
                if move is not None and any(self._is_other(move, value) for _, value in claims):
                    yield self._asked(question, move, claims)

    def _is_other(self, move: Move, value: Value) -> bool:
        return move.reread or not self.evolution.fits(move, value) or self.evolution.value(move, value) != value

    def _asked(self, question: Question, move: Move, claims: Sequence[tuple[str, Value]]) -> Touched:
        spec, names = move.old.spec, self.folder.names
        examples = ((names.get(who, who), self._example(move, question.rid, value)) for who, value in claims)
        title = self._title(move.now, spec.title[self._language]) if move.now else spec.title[self._language]
        known = question.rid in self._labels.of(question.table)
        label = self._labels.label(question.table, question.rid) if known else question.label
        return Touched(label, title, tuple(replace(example, label=who) for who, example in examples))

    def _example(self, move: Move, rid: str, value: Value) -> Example:
        now = self.evolution.value(move, value) if self.evolution.fits(move, value) else None
        old = self._labels.value(move.table, move.name, value)
        label = self._labels.label(move.table, rid)
        new = self._labels_now.value(move.now, move.new.name, now) if now is not None and move.new is not None else ""
        return Example(label, old, new)

    @cached_property
    def _labels(self) -> Labels:
        return self.folder_before.labels(self.live)

    @cached_property
    def _carried(self) -> Tables:
        return self.evolution.carry(self.live)

    @cached_property
    def _labels_now(self) -> Labels:
        return self.folder.labels(self._carried)

    # ── limits and rules ────────────────────────────────────────────────────────────────────────────

    def _broken(self) -> Iterator[Broken]:
        """What does not hold any more although it is read as before."""
        for name in self.evolution.new.tables:
            before = next((old for old, now in self.evolution.tables.items() if now == name), "")
            if not before or not len(self.live[before]):
                continue
            was = {self._place(before, f) for f in self._checked(self.evolution.old, self.live, before)}
            fresh: dict[tuple[str, str], list[Finding]] = {}
            for finding in self._checked(self.evolution.new, self._carried, name):
                if (finding.where.rid, finding.where.field, finding.rule) not in was | self._unfit:
                    fresh.setdefault((finding.where.field, finding.rule), []).append(finding)
            for found in fresh.values():
                labels = tuple(self._labels_now.label(name, f.where.rid) for f in found[:SHOWN])
                yield Broken(found[0], len(found), labels)

    def _checked(self, schema: Schema, tables: Tables, name: str) -> list[Finding]:
        table, definition = tables[name], schema.tables[name]
        everything = frozenset(definition.fields)
        rows = [
            CheckRow(rid, row, everything, {f: CellRef(table=name, rid=rid, field=f) for f in everything})
            for rid, row in table.items()
        ]
        related = Relations(schema, tables).of
        today = self.folder.today
        found = check(definition, rows, today=today, related=related, language=self.folder.settings.language)
        return [finding for _, finding in found]

    def _place(self, table: str, finding: Finding) -> tuple[str, str, str]:
        move = self.evolution.moves.get((table, finding.where.field))
        field = move.new.name if move is not None and move.new is not None else finding.where.field
        return (finding.where.rid, field, finding.rule)

    @cached_property
    def _unfit(self) -> set[tuple[str, str, str]]:
        """Cells that are counted as lost: what rules say of them is no news."""
        moves = [m for m in self.evolution.moves.values() if m.new is not None]
        rules = ("type", "one_of", "each_of", "options")
        return {
            (rid, m.new.name, rule)
            for m in moves
            for rid, value in self._values(m)
            if m.new is not None and not self.evolution.fits(m, value)
            for rule in (*rules, m.new.spec.type)
        }

    # ── copies ──────────────────────────────────────────────────────────────────────────────────────

    def _copies(self) -> Iterator[Out]:
        ledger, old = self.folder.ledger, self.evolution.old
        returned = {info.copy for info in ledger.submission_infos()}
        for round_info in ledger.open_rounds():
            for info in ledger.issues(round_info.name):
                issue = ledger.issue(info.copy, old) if info.state == "issued" and info.copy not in returned else None
                if issue is None:
                    continue
                road = self._road(info)
                if not road:  # it has this very schema, which was put back
                    yield Out(self.folder.names.get(issue.member, issue.member), info.round, info.name)
                    continue
                yield self._out(
                    issue.member, info.round, info.name, [(t, f) for t, g in issue.grant.items() for f in g.see], road
                )

    def _road(self, info: IssueInfo) -> list[Evolution]:
        """The way from a copy's schema to the one in the file, which may be an earlier one."""
        ledger, new = self.folder.ledger, self.evolution.new
        if any(step.old == new.digest and step.number > info.revision for step in ledger.steps()):
            return ledger.road_from(info.schema_digest, info.revision, new)
        return [*ledger.road_from(info.schema_digest, info.revision, self.evolution.old), self.evolution]

    def _out(
        self, member: str, round_name: str, name: str, shown: Sequence[tuple[str, str]], road: Sequence[Evolution]
    ) -> Out:
        found: dict[str, list[str]] = {"removed": [], "renamed": [], "reread": []}
        there = set()
        for table, field in shown:
            own = road[0].old.tables[table]
            kind, place = _fate(table, field, road)
            there.add(place)
            title = own.title if not table_at(table, road) else own.fields[field].spec.title
            if kind in found:
                found[kind].append(title[self._language])
        person = self.folder.team.by_id.get(member)
        grant = schemas.grant_of(self.folder.schema, person) if person is not None else {}
        fields = {t: self.folder.schema.tables[t].fields for t in grant}
        added = [fields[t][f].spec.title[self._language] for t, g in grant.items() for f in g.see
                 if (t, f) not in there and fields[t][f].spec.compute is None]  # fmt: skip
        added = [title for title in added if title not in found["removed"]]  # it has one, whose values are kept out
        kinds = {kind: tuple(dict.fromkeys(titles)) for kind, titles in found.items()}
        return Out(self.folder.names.get(member, member), round_name, name, added=tuple(added), **kinds)


def _fate(table: str, field: str, road: Sequence[Evolution]) -> tuple[str, tuple[str, str]]:
    """What became of one column of a copy, and where it is now."""
    kind = ""
    for evolution in road:
        move = evolution.moves.get((table, field))
        if move is None:  # worked out
            return "", (table, field)
        if move.new is None:
            return "removed", ("", "")
        named = move.new.name != move.name
        kind = "reread" if move.reread or kind == "reread" else "renamed" if named else kind
        table, field = move.now, move.new.name
    return kind, (table, field)


def _cells(question: Question, claim: Claim) -> Iterator[tuple[str, Value]]:
    """Yield the cells that a claim is about, with values that could be read."""
    for name, value in (*(((question.field, claim.value),) if question.field else ()), *claim.row):
        if value is not None and not isinstance(value, Unreadable):
            yield name, value
