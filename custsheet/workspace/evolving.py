"""Returned copies and stored submissions of an earlier schema, in the terms of the one at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from custsheet.fields.base import Field, Language, spoken
from custsheet.model import Edit, Finding, Submission, Unreadable, Value
from custsheet.schema.evolution import COLUMN_REMOVED, TYPE_CHANGED, Evolution, removed_facts
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema
from custsheet.wording import Facts
from custsheet.workspace.folder import Folder
from custsheet.workspace.received import Received

if TYPE_CHECKING:
    from custsheet.ledger.store import Ledger

COUNTED = ("merged",)
"""States in which a submission counts: one that was taken back by an undo does not."""


def submissions(
    folder: Folder, round_name: str, roads: Roads | None = None, *, states: Sequence[str] = COUNTED, about: str = ""
) -> list[Submission]:
    """Return the submissions that count in a round, or stand so, in the terms of the schema at hand.

    With `about`, a row id, only those of copies that say something of that row, or lack it, in any version.
    """
    known = roads or Roads(folder.ledger, folder.schema)
    stored = folder.ledger.submissions(round_name, states=states, about=about)
    return [carried(submission, known.of(submission.copy)) for submission in stored]


class Roads:
    """The way from each copy's own schema to the one at hand, worked out once for each schema and revision."""

    def __init__(self, ledger: Ledger, schema: Schema) -> None:
        self._ledger, self._schema = ledger, schema
        self._moved = ledger.schemas() - {schema.digest}
        self._issues = {info.copy: info for info in ledger.issues()} if self._moved else {}
        self._known: dict[tuple[str, int], list[Evolution]] = {}

    def of(self, copy: str) -> list[Evolution]:
        """Return the way of one copy; none where it has the schema at hand."""
        if not self._moved:
            return []
        info = self._issues[copy]
        key = (info.schema_digest, info.revision)
        if key not in self._known:
            self._known[key] = self._ledger.road_from(*key, self._schema)
        return self._known[key]


def carried(submission: Submission, road: Sequence[Evolution]) -> Submission:
    """Return a submission in the terms of the road's end; each edit stays one edit, in its place."""
    if not road:
        return submission
    missing = tuple((table, rid) for name, rid in submission.missing if (table := table_at(name, road)))
    return replace(submission, edits=tuple(_edit(edit, road) for edit in submission.edits), missing=missing)


def _edit(edit: Edit, road: Sequence[Evolution]) -> Edit:
    for evolution in road:
        edit = evolution.edit(edit)
    return edit


def table_at(name: str, road: Sequence[Evolution]) -> str:
    """Return what a table is called at the road's end; empty where it is gone."""
    for evolution in road:
        name = evolution.tables.get(name, "")
    return name


def places(columns: Mapping[tuple[str, str], str], road: Sequence[Evolution]) -> dict[tuple[str, str], str]:
    """Return where each field stands in a file, by what it is called at the road's end."""
    found = dict(columns)
    for evolution in road:
        moves = evolution.moves
        found = {
            (move.now, move.new.name): letters
            for place, letters in found.items()
            if (move := moves.get(place)) is not None and move.new is not None
        }
    return found


def moved(received: Received, own: Schema, road: Sequence[Evolution], labels: Labels) -> Received:
    """Return what was read of a copy by its own schema in the terms of the road's end, with what is to be said.

    `labels` are those of the rows when the copy was issued.
    """
    given, issue = received.submission, received.issue
    assert given is not None
    assert issue is not None
    now = carried(given, road)
    grant = issue.grant
    for evolution in road:
        grant = evolution.grant(grant)
    painted = (replace(p, table=table) for p in received.painted if (table := table_at(p.table, road)))
    said = without_mended(received.findings, given, now)
    return replace(
        received,
        submission=now,
        own=given,
        grant=grant,
        columns=places(received.columns, road),
        painted=tuple(painted),
        findings=(*said, *remarks(given, now, road, Typed(own, labels, given, issue.language))),
    )


# ── what is said ────────────────────────────────────────────────────────────────────────────────────


class Typed:
    """Says what stood in a returned copy as its member saw it: rows by their names, also those typed in it."""

    def __init__(self, schema: Schema, labels: Labels, given: Submission, language: Language) -> None:
        self.schema, self.language = schema, language
        """The copy's own."""
        self._labels = labels
        self._new = {e.rid: e.where.label.partition("/")[2] for e in given.edits if e.kind == "add"}

    def text(self, field: Field, value: Value) -> str:
        """Return a value in words."""
        if isinstance(value, Unreadable):
            return value.raw
        if field.spec.type == "ref" and isinstance(value, str):
            return self._labels.text(field.spec.to, value) or self._new.get(value) or value
        if field.spec.type in ("member", "members"):
            return self._labels.value(field.spec.table, field.name, value)
        return field.text(value, language=self.language)


def remarks(given: Submission, now: Submission, road: Sequence[Evolution], typed: Typed) -> Iterator[Finding]:
    """Say which edits found no place in the schema at hand, or no value."""
    for before, edit in zip(given.edits, now.edits, strict=True):
        if edit.code == before.code or edit.code not in (COLUMN_REMOVED, TYPE_CHANGED):
            continue
        yield _remark(before, edit, road, typed, given.member)


def _remark(before: Edit, edit: Edit, road: Sequence[Evolution], typed: Typed, member: str) -> Finding:
    table = typed.schema.tables[before.table]
    field = table.fields.get(before.field)
    title = field.spec.title if field is not None else table.title
    value = typed.text(field, before.value) if field is not None else ""
    facts: Facts = (*spoken("title", title), ("value", value), ("label", edit.where.label))
    if edit.code == COLUMN_REMOVED:
        is_column = bool(table_at(before.table, road))
        facts += removed_facts(table.title, title if field is not None else None, value, is_column=is_column)
    return Finding(edit.code, "rejected", edit.where, value=value, rule="type", facts=facts, member=member)


def without_mended(findings: Iterable[Finding], given: Submission, now: Submission) -> tuple[Finding, ...]:
    """Leave out what was said about cells that could not be read by the copy's own schema and can be now."""
    pairs = zip(given.edits, now.edits, strict=True)
    mended = {(a.code, a.table, a.rid, a.field) for a, b in pairs if a.code and a.code != b.code}
    return tuple(f for f in findings if (f.code, f.where.table, f.where.rid, f.where.field) not in mended)
