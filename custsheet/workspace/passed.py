"""What members typed and no row ever came to hold: it lost, waits, was taken back, or had no place (R026)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from custsheet.fields.base import text_of
from custsheet.ledger.records import SubmissionInfo
from custsheet.merging.policies import PARTS
from custsheet.merging.values import holds, parts, same
from custsheet.merging.versions import lineage, mark
from custsheet.model import NOT_THEIRS, Edit, Question, Submission, Tables, Value
from custsheet.schema.evolution import COLUMN_REMOVED
from custsheet.schema.labels import Labels
from custsheet.workspace.evolving import Roads, carried
from custsheet.workspace.folder import Folder

Place = tuple[str, str, str]
"""Table, row id, field."""
Why = Literal["not_theirs", "no_value", "no_place", "open", "undone", "own", "row", "other"]
_COPY, _ANY = "copy:", ("", None)
"""In the place of a row id: all that is held of a copy's sheet or column; in that of a claim: whatever it says."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One value that a member typed and that never stood in the ledger."""

    edit: Edit
    """In the terms of the schema at hand."""
    member: str
    at: str
    """When its file came in."""
    file: str
    why: Why
    """`not_theirs`: the member may not type there; `no_value`: what was typed cannot stand in that field, or be read;
    `no_place`: its column was removed before; `open`: it is being asked about; `undone`: its file was taken back;
    `own`: the member typed something else later; `row`: the new row did not come in; `other`: another value stands."""


def passed_over(folder: Folder, stood: Stood, questions: Iterable[Question], *, rid: str = "") -> list[Passed]:
    """Return what was typed and did not stand since, in the order of its files; about one row where `rid` is given.

    `questions` are those that are open.
    """
    found: list[Passed] = []
    roads, open_cells = Roads(folder.ledger, folder.schema), _asked(questions)
    rows, labels = _Rows(folder), Labels(folder.schema, {}, names=folder.names)
    infos = {(i.copy, i.version): i for i in folder.ledger.submission_infos()}
    for info in folder.ledger.rounds():
        stored = folder.ledger.submissions(info.name, states=(), about=rid)
        taken = [carried(submission, roads.of(submission.copy)) for submission in stored]
        versions = lineage(taken)
        told: set[tuple[object, ...]] = set()
        for given, submission in zip(stored, taken, strict=True):
            came, twins = infos[submission.key], rows.stand_for(submission)
            for edit in _typed(folder, given, submission, came):
                said = (
                    submission.copy,
                    edit.table,
                    edit.rid,
                    edit.field,
                    labels.told(edit.table, edit.field, edit.value),
                )
                if (rid and edit.rid != rid) or said in told or (edit.table, edit.rid) in twins:
                    continue
                if _has_stood(folder, edit, stood.since((edit.table, edit.rid, edit.field), came.revision)):
                    continue
                told.add(said)
                why = _why(edit, came, open_cells, versions.follower.get(submission.key))
                if why == "other" and not rows.has(edit.table, edit.rid):
                    why = "row"
                found.append(Passed(edit, submission.member, came.received, came.file, why))
    return found


class Stood:
    """What each cell held, from which revision on."""

    def __init__(self) -> None:
        self._held: dict[Place, list[tuple[int, Value]]] = {}

    def keep(self, place: Place, revision: int, value: Value) -> None:
        """Note that a cell holds a value since a revision; they are told in order."""
        self._held.setdefault(place, []).append((revision, value))

    def since(self, place: Place, revision: int) -> list[Value]:
        """Return what stood in a cell after a revision, and whatever came there later."""
        held = self._held.get(place, [])
        before = [value for number, value in held if number <= revision][-1:]
        return before + [value for number, value in held if number > revision]


_Asked = Mapping[Place, Sequence[tuple[str, Value]]]
"""Cells that are asked about → each copy and value that claims them; `_ANY` where all is asked that it says there."""


def _asked(questions: Iterable[Question]) -> _Asked:
    found: dict[Place, list[tuple[str, Value]]] = {}
    for question in questions:
        for claim in question.claims:
            rid = claim.where.rid or question.rid
            if not question.rid:  # about a sheet or a column of a copy
                found.setdefault((question.table, f"{_COPY}{claim.copy}", question.field), []).append(_ANY)
            elif question.field:
                found.setdefault((question.table, rid, question.field), []).append((claim.copy, claim.value))
            for name, value in claim.row:
                found.setdefault((question.table, rid, name), []).append((claim.copy, value))
    return found


def _typed(folder: Folder, given: Submission, submission: Submission, came: SubmissionInfo) -> Iterator[Edit]:
    """Yield the values of a submission, not those whose column was removed after it came in."""
    without_place = _without_place(folder, given, came) if any(map(_is_removed, submission.edits)) else frozenset()
    for at, edit in enumerate(submission.edits):
        table = folder.schema.tables.get(edit.table)
        field = table.fields.get(edit.field) if table is not None else None
        is_told = at in without_place if _is_removed(edit) else field is not None
        if table is not None and is_told and edit.kind != "delete" and (edit.kind != "add" or edit.value is not None):
            yield edit


def _without_place(folder: Folder, given: Submission, came: SubmissionInfo) -> frozenset[int]:
    """Return the positions of edits for which the schema had no column any more when they came in."""
    then = folder.ledger.schema_at(folder.schema, came.revision)
    edits = carried(given, Roads(folder.ledger, then).of(given.copy)).edits
    return frozenset(at for at, edit in enumerate(edits) if _is_removed(edit))


def _is_removed(edit: Edit) -> bool:
    return edit.code == COLUMN_REMOVED and bool(edit.field)


def _has_stood(folder: Folder, edit: Edit, held: Sequence[Value]) -> bool:
    """Tell whether what was typed was among what a cell held; of what merges by its parts, whether each part was."""
    if _is_removed(edit):
        return False
    field = folder.schema.tables[edit.table].fields[edit.field]
    if edit.code.startswith("R_") or field.spec.merge not in PARTS:
        return any(holds(field, value, edit.value, edit.base) for value in held)
    if isinstance(edit.value, int | Decimal) or edit.value is None:
        return bool(held)
    return parts(edit.value) - parts(edit.base) <= {part for value in held for part in parts(value)}


def _why(edit: Edit, came: SubmissionInfo, asked: _Asked, later: Submission | None) -> Why:
    if _is_removed(edit):
        return "no_place"
    if edit.code.startswith("R_"):
        return "not_theirs" if edit.code in NOT_THEIRS else "no_value"
    if came.state == "revoked":
        return "undone"
    if later is not None and mark(edit) not in {mark(e) for e in later.edits}:
        return "own"
    if edit.code.startswith("H_"):
        held = ((edit.table, f"{_COPY}{came.copy}", name) for name in (edit.field, ""))
        if any(place in asked for place in held):
            return "open"
    claims = asked.get((edit.table, edit.rid, edit.field), ())
    return "open" if (came.copy, edit.value) in claims else "other"


class _Rows:
    """The rows that are and were, by their values: of two new rows that say the same, one stands for both."""

    def __init__(self, folder: Folder) -> None:
        self._schema = folder.schema
        self._tables: tuple[Tables, ...] = (folder.ledger.tables(folder.schema), folder.ledger.gone(folder.schema))
        self._found: dict[tuple[str, str], dict[str, list[Mapping[str, Value]]]] = {}

    def stand_for(self, submission: Submission) -> frozenset[tuple[str, str]]:
        """Return the new rows, table and id, that never came in and whose whole text stands elsewhere."""
        new: dict[tuple[str, str], dict[str, Value]] = {}
        for edit in submission.edits:
            known = edit.table in self._schema.tables and edit.field in self._schema.tables[edit.table].fields
            if edit.kind == "add" and known and edit.value is not None:
                new.setdefault((edit.table, edit.rid), {})[edit.field] = edit.value
        return frozenset(key for key, typed in new.items() if not self.has(*key) and self._has(key[0], typed))

    def has(self, table: str, rid: str) -> bool:
        """Tell whether a row is there, or was."""
        return any(rid in tables[table].by_rid for tables in self._tables)

    def _has(self, table: str, typed: Mapping[str, Value]) -> bool:
        fields = {name: field for name, field in self._schema.tables[table].fields.items() if name in typed}
        if not fields:
            return False
        lead, field = next(iter(fields.items()))
        alike = self._by(table, lead).get(text_of(field, typed[lead]), ())
        return any(all(same(f, row[name], typed[name]) for name, f in fields.items()) for row in alike)

    def _by(self, table: str, name: str) -> Mapping[str, list[Mapping[str, Value]]]:
        if (table, name) not in self._found:
            found = self._found[table, name] = {}
            field = self._schema.tables[table].fields[name]
            for rows in (tables[table] for tables in self._tables):
                for row in rows.rows:
                    found.setdefault(text_of(field, row[rows.at[name]]), []).append(
                        dict(zip(rows.fields, row, strict=True))
                    )
        return self._found[table, name]
