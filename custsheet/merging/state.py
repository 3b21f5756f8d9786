"""What one merge works on: the edits on their way to a bucket, and the facts that every step looks up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Final

from custsheet.errors import Bug
from custsheet.fields.base import Field, spoken
from custsheet.merging.questions import Answers
from custsheet.merging.values import naming, row_namer
from custsheet.merging.versions import SubmissionKey, mark
from custsheet.model import (
    Bucket,
    Cell,
    Claim,
    Edit,
    Finding,
    Question,
    Submission,
    Table,
    Tables,
    Unreadable,
    Value,
)
from custsheet.schema.records import Schema, TableDef, TableGrant, Team
from custsheet.schema.rights import members_in
from custsheet.text import in_a_row

_NO_GRANT = TableGrant(rows="none", see=())


HANDED: Final = "@handed"
"""In the place of a field: what `overruled` names there was merged before the row went to somebody else."""


@dataclass(slots=True, eq=False)
class Item:
    """One edit of a submission that counts, on its way to a bucket."""

    edit: Edit
    submission: Submission
    value: Value
    """The edit's value; a ref to a row that was added twice leads to the one that stays."""
    bucket: Bucket | None = None

    @property
    def member(self) -> str:
        """Return the member whose copy brought it."""
        return self.submission.member

    def claim(self, row: tuple[tuple[str, Value], ...] = ()) -> Claim:
        """Return the edit as a candidate of a question."""
        s, e = self.submission, self.edit
        return Claim(s.member, self.value, e.where, s.received, e.base, e.kind, row, s.copy)


@dataclass(frozen=True)
class Stood:
    """What stood in a row's logged fields when a later act changed one of them, or stands there since."""

    table: str
    rid: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Then:
    """The schema and the team by which a submission was judged when it came in, where they are others by now."""

    schema: Schema
    team: Team

    def table(self, now: TableDef) -> TableDef | None:
        """Return a table as it was then, whatever it was called."""
        return _as_it_was(self.schema, now)

    def field(self, now: TableDef, known: Field) -> Field | None:
        """Return a field as it was then, whatever it was called; None where it was not there."""
        return _field_as_it_was(self.schema, now, known)


def _as_it_was(schema: Schema, now: TableDef) -> TableDef | None:
    called = (schema.tables.get(name) for name in (now.name, *now.was))
    return next((table for table in called if table is not None), None)


def _field_as_it_was(schema: Schema, now: TableDef, known: Field) -> Field | None:
    table = _as_it_was(schema, now)
    called = (table.fields.get(name) for name in (known.name, *known.spec.was)) if table is not None else ()
    return next((found for found in called if found is not None), None)


@dataclass(eq=False)
class Work:
    """Everything that the steps of one merge share."""

    opening: Tables
    schema: Schema
    team: Team
    answers: Answers
    overruled: Mapping[tuple[str, str, str], frozenset[SubmissionKey]]
    today: dt.date
    gone: Mapping[str, Table]
    past: Sequence[Submission]
    """Versions that later ones of the same copy supersede."""
    stood: Sequence[Stood] = ()
    """What stood in logged fields when a later act changed them."""
    then: Mapping[SubmissionKey, Then] = field(default_factory=dict)
    policies: Sequence[Schema] = ()
    """By whose policies the round was merged, in order; empty for those of the schema alone."""
    questions: list[Question] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    """Rows that an answer keeps → who answered."""
    keys: dict[str, dict[tuple[str, ...], str]] = field(default_factory=dict)
    """Table → key → row id, of the opening; worked out when first asked for."""

    def came(self, item: Item) -> str:
        """Return when an edit came in: with the first version of its copy that says so."""
        earlier = self._earlier.get((item.submission.copy, mark(item.edit)), ())
        return min([item.submission.received, *(self._received[key] for key in earlier)])

    @cached_property
    def _received(self) -> Mapping[SubmissionKey, str]:
        return {submission.key: submission.received for submission in self.past}

    # ── look up ─────────────────────────────────────────────────────────────────────────────────────

    def definition(self, table: str) -> TableDef:
        """Return the table's definition."""
        return self.schema.tables[table]

    def field(self, table: str, name: str) -> Field:
        """Return a field."""
        return self.schema.tables[table].fields[name]

    def live(self, table: str, rid: str) -> tuple[Value, ...] | None:
        """Return a row of the opening."""
        rows = self.opening.get(table)
        return rows.by_rid.get(rid) if rows is not None else None

    def buried(self, table: str, rid: str) -> tuple[Value, ...] | None:
        """Return a row that was deleted before the opening."""
        rows = self.gone.get(table)
        return rows.by_rid.get(rid) if rows is not None else None

    def known(self, table: str, rid: str) -> tuple[Value, ...] | None:
        """Return a row of the opening, or one that was deleted before it."""
        live = self.live(table, rid)
        return live if live is not None else self.buried(table, rid)

    def value(self, table: str, rid: str, name: str) -> Value:
        """Return a cell as the opening has it; blank where there is none."""
        return self.cells(table, rid, (name,))[0]

    def cells(self, table: str, rid: str, names: Sequence[str]) -> tuple[Value, ...]:
        """Return cells of a known row; blank where there are none."""
        for tables in (self.opening, self.gone):
            rows = tables.get(table)
            if rows is not None and (row := rows.by_rid.get(rid)) is not None:
                at = rows.at
                return tuple([row[at[name]] if name in at else None for name in names])
        return (None,) * len(names)

    def mapping(self, table: str, rid: str) -> dict[str, Value]:
        """Return a known row as field → value; empty where there is none."""
        for tables in (self.opening, self.gone):
            rows = tables.get(table)
            if rows is not None and rid in rows.by_rid:
                return dict(zip(rows.fields, rows.by_rid[rid], strict=True))
        return {}

    def grant(self, item: Item, table: str) -> TableGrant:
        """Return what the member of an edit might do in a table when it came in, in the fields of today."""
        then = self.judged(item) if self.then else None
        person = (then.team if then else self.team).by_id.get(item.submission.member)
        role = person.role if person else ""
        grant = self.schema.roles.get(role, {}).get(table, _NO_GRANT)
        before = then.schema.roles.get(role, {}).get(table) if then else None
        return grant if before is None else replace(grant, rows=before.rows)

    def judged(self, item: Item) -> Then | None:
        """Return by what an edit was judged when the first version of its copy said so; None for what holds now."""
        if not self.then:
            return None
        earlier = self._earlier.get((item.submission.copy, mark(item.edit)), ())
        return self.then.get(min([item.submission.key, *earlier], key=lambda key: key[1]))

    def was_claim(self, item: Item) -> bool:
        """Tell whether an edit whose value cannot be read any more was a claim on one cell when it came in.

        It is compared with the others like one, and is no answer to choose.
        """
        definition = self.schema.tables.get(item.edit.table)
        if definition is None or definition.strict == "row" or item.edit.kind != "cell":
            return False
        return self.was_read(item) and not any(item.edit.field in group for group in definition.groups)

    def was_read(self, item: Item) -> bool:
        """Tell whether what cannot be read any more was a value of its field when it came in."""
        e, then = item.edit, self.judged(item)
        definition = self.schema.tables.get(e.table)
        known = definition.fields.get(e.field) if definition is not None else None
        was = then.field(definition, known) if then and definition and known else None
        if was is None or definition is None or known is None or not isinstance(item.value, Unreadable):
            return False
        now = known.spec
        is_other = (was.spec.type, was.spec.to, was.spec.currency) != (now.type, now.to, now.currency)
        read = was.parse(Cell("text", item.value.raw), language=self.schema.language, today=self.today).value
        return is_other and not isinstance(read, Unreadable)

    def leave_out(self, item: Item) -> None:
        """Case 33: keep out what was claimed before the schema changed and its field does not take any more."""
        item.bucket = "rejected"
        e, field = item.edit, self.field(item.edit.table, item.edit.field)
        value = item.value.raw if isinstance(item.value, Unreadable) else self.say(e.table, e.field, item.value)
        facts, who = (*spoken("title", field.spec.title), ("value", value), ("label", e.where.label)), item.member
        code = "R_TYPE_CHANGED"
        self.findings.append(Finding(code, "rejected", e.where, value=value, rule="type", facts=facts, member=who))

    def settling(self, table: str, known: Field, items: Iterable[Item]) -> Field | None:
        """Return a field as it was under the first schema since the last claim came in whose policy settles them.

        As it is now where none does; None where it is not there.
        """
        if not self.then and len(self.policies) < 2:
            return known
        judged = max(((self.came(item), item.submission.version, item) for item in items), key=itemgetter(0, 1))
        then, in_turn = self.judged(judged[2]), list(self.policies or [self.schema])
        came = then.schema if then is not None else self.schema
        since = next((at for at, one in enumerate(in_turn) if one.digest == came.digest), len(in_turn) - 1)
        definition = self.definition(table)
        told = [_field_as_it_was(schema, definition, known) for schema in (came, *in_turn[since:])]
        settling = (field for field in told[:-1] if field is not None and field.spec.merge != "ask")
        return next(settling, told[-1])

    def is_overruled(self, item: Item) -> bool:
        """Tell whether the manager's own edit of this cell has answered this claim."""
        e = item.edit
        return item.submission.key in self.overruled.get((e.table, e.rid, e.field), frozenset())

    def came_with(self, item: Item, keys: Collection[SubmissionKey]) -> bool:
        """Tell whether an edit came in one of these submissions, or goes on from one: the same edit, sent again."""
        if item.submission.key in keys:
            return True
        earlier = self._earlier.get((item.submission.copy, mark(item.edit)), ()) if keys else ()
        return any(key in keys for key in earlier)

    def earlier(self, copy: str, place: tuple[str, str, str]) -> Sequence[tuple[SubmissionKey, Edit]]:
        """Return what earlier versions of a copy said of a cell, in their order."""
        return self._said.get((copy, *place), ())

    @cached_property
    def _said(self) -> dict[tuple[str, ...], list[tuple[SubmissionKey, Edit]]]:
        found: dict[tuple[str, ...], list[tuple[SubmissionKey, Edit]]] = {}
        for submission in sorted(self.past, key=lambda s: s.version):
            for edit in submission.edits:
                place = (submission.copy, edit.table, edit.rid, edit.field)
                found.setdefault(place, []).append((submission.key, edit))
        return found

    @cached_property
    def _earlier(self) -> dict[tuple[str, object], list[SubmissionKey]]:
        found: dict[tuple[str, object], list[SubmissionKey]] = {}
        for submission in self.past:
            for edit in submission.edits:
                found.setdefault((submission.copy, mark(edit)), []).append(submission.key)
        return found

    # ── words ───────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _row_labels(self) -> dict[tuple[str, str], str]:
        return {}

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        return {}

    def labels(self, table: str) -> Mapping[str, str]:
        """Return row id → the text by which people know the row, of a table that refs lead to."""
        if table not in self._labels:
            self._labels[table] = {}  # a ref that leads back here shows its id, not an endless loop
            rows = self.opening.get(table)
            if rows is not None:
                self._labels[table].update((rid, self._text(table, rid)) for rid in rows.rids)
        return self._labels[table]

    def _text(self, table: str, rid: str) -> str:
        return self.label(table, rid).partition("/")[2]

    @cached_property
    def _namers(self) -> dict[tuple[str, tuple[str, ...]], Callable[[Sequence[Value], str], str]]:
        return {}

    def label(self, table: str, rid: str, row: Mapping[str, Value] | None = None) -> str:
        """Return `table/key` of a row: of the opening, or as given."""
        if row is not None:
            return self._label(table, rid, row)
        found = self._row_labels.get((table, rid))
        if found is None:
            found = self._row_labels[table, rid] = self._label(table, rid, self.mapping(table, rid))
        return found

    def _label(self, table: str, rid: str, row: Mapping[str, Value]) -> str:
        shape = (table, tuple(row))
        if shape not in self._namers:
            definition = self.definition(table)
            targets = {definition.refs[name] for name in naming(definition) if name in definition.refs}
            self._namers[shape] = row_namer(definition, shape[1], {target: self.labels(target) for target in targets})
        return self._namers[shape](tuple(row.values()), rid)

    def say(self, table: str, name: str, value: Value) -> str:
        """Say a value in the team's language; refs by label, members by name."""
        found = self.definition(table).fields.get(name)
        if found is None:
            return str(value if value is not None else "")
        if isinstance(value, str) and found.spec.type == "ref":
            return self.labels(found.spec.to).get(value, value)
        if found.spec.type in ("member", "members"):
            return self.names(members_in(value))
        return found.text(value, language=self.schema.language)

    def title(self, table: str, name: str) -> str:
        """Return a field's title in the team's language."""
        found = self.definition(table).fields.get(name)
        return found.spec.title[self.schema.language] if found else name

    def titles(self, table: str, names: Iterable[str]) -> str:
        """Return the titles of fields, joined."""
        return in_a_row((self.title(table, name) for name in names), self.schema.language)

    def names(self, members: Sequence[str] | frozenset[str]) -> str:
        """Return display names, joined."""
        known = self.team.by_id
        return in_a_row((known[m].name if m in known else m for m in sorted(members)), self.schema.language)


def placed(item: Item) -> Bucket:
    """Return an item's bucket; a Bug if no step placed it."""
    if item.bucket is None:
        raise Bug("EDITS_DO_NOT_ADD_UP", table=item.edit.table, rid=item.edit.rid, field=item.edit.field)
    return item.bucket


def by_submission(items: Sequence[Item]) -> dict[SubmissionKey, list[Item]]:
    """Group items by the submission they came in, in order."""
    found: dict[SubmissionKey, list[Item]] = {}
    for item in items:
        found.setdefault(item.submission.key, []).append(item)
    return found
