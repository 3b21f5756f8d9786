"""The rows with which a round's merge starts: as the round opened, and every later act that the round did not bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from custsheet.ledger.records import Revision
from custsheet.merging import core as merging
from custsheet.merging.cells import cell_question, together
from custsheet.merging.questions import question_id
from custsheet.model import Change, Outcome, Resolution, Submission, Table, Tables, Unreadable, Value
from custsheet.schema.evolution import TYPE_CHANGED
from custsheet.schema.records import Schema
from custsheet.workspace.folder import Folder

UNDONE_NOTE: Final = "undone:"
"""Begins the name of the note that says of a revision by which one it was undone; empty where that was undone too."""
Place = tuple[str, str, str]
"""Table, row id, field; an empty field means the row."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A cell or row that another act than the round's merges settled."""

    place: Place
    revision: Revision
    over: Literal["claims", "value", "answers"] = "claims"
    """What of before it settles: all claims and answers; claims of the very value that it changed; answers alone."""
    old: Value = None

    def over_rules(self, value: Value) -> bool:
        """Tell whether it settles a claim of this value."""
        return self.over == "claims" or value == self.old


@dataclass(frozen=True)
class Opening:
    """A round's opening, the rows deleted in it, and where other acts overruled what members had claimed."""

    rows: Tables
    gone: Tables
    decided: tuple[Decision, ...]
    taken: Mapping[tuple[str, int], int]
    """Submission key → revision after which it was taken in."""

    def overruled(self, submissions: Sequence[Submission]) -> dict[Place, frozenset[tuple[str, int]]]:
        """Return the claims that a manager's own edit has settled: those merged before it, in later versions too."""
        places = {one.place for one in self.decided if one.over != "answers"}
        claims: dict[Place, list[tuple[Submission, Value]]] = {}
        for submission in submissions if places else ():
            for edit in submission.edits:
                if (place := (edit.table, edit.rid, edit.field)) in places:
                    claims.setdefault(place, []).append((submission, edit.value))
        found: dict[Place, frozenset[tuple[str, int]]] = {}
        for one in self.decided:
            if one.over == "answers":
                continue
            before = {s.key for s in submissions if self.taken.get(s.key, one.revision.number) < one.revision.number}
            mine = claims.get(one.place, [])
            known = {(s.copy, value) for s, value in mine if s.key in before and one.over_rules(value)}
            keys = frozenset(s.key for s, value in mine if (s.copy, value) in known)
            found[one.place] = found.get(one.place, frozenset()) | keys | (before if one.over == "claims" else keys)
        return found

    def standing(self, resolutions: Sequence[Resolution], schema: Schema) -> Sequence[Resolution]:
        """Return the answers without those about what somebody settled since: the later word counts."""
        cells: dict[Place, Revision] = {}
        rows: dict[str, Revision] = {}
        questions: dict[str, Revision] = {}
        for one in self.decided if resolutions else ():
            (table, rid, name), definition = one.place, schema.tables.get(one.place[0])
            if one.over == "value" or definition is None:
                continue
            rows |= {question_id(family, table, rid): one.revision for family in ("delete", "missing", "gone")}
            if name in definition.fields:
                cells[one.place] = one.revision
                questions[cell_question(table, rid, together(definition, name))] = one.revision
        return [answer for answer in resolutions if not _is_settled(answer, cells, rows, questions)]


def _is_settled(
    answer: Resolution,
    cells: Mapping[Place, Revision],
    rows: Mapping[str, Revision],
    questions: Mapping[str, Revision],
) -> bool:
    """Tell whether a later act settled what an answer is about; who changes a row does not want it deleted."""
    since = [questions.get(answer.question), *(cells.get(cell[:3]) for cell in answer.cells)]
    since += [rows.get(answer.question)] if answer.choice == "delete" else []
    return any(revision is not None and _is_older(answer, revision) for revision in since)


def outcome_of(
    folder: Folder,
    opening: Opening,
    submissions: Sequence[Submission],
    resolutions: Sequence[Resolution],
    *,
    today: dt.date | None = None,
) -> Outcome:
    """Merge a round from its opening: whoever asks what became of it works it out in this one way."""
    return merging.merge(
        opening.rows,
        submissions,
        folder.schema,
        team=folder.team,
        resolutions=opening.standing(resolutions, folder.schema),
        overruled=opening.overruled(submissions),
        today=today or folder.today,
        gone=opening.gone,
    )


def open_at(folder: Folder, name: str, *, pending: Sequence[Change] = (), until: int | None = None) -> Opening:
    """Work a round's opening out from history; `pending` are changes of this very run that are not written yet.

    With `until` what was done after that revision plays no part.
    """
    ledger, schema = folder.ledger, folder.schema
    info = ledger.round(name)
    end = ledger.revision() if until is None else until
    start = min(info.opening_revision, end)  # what the round's own merges added and took back was never there
    rows = {table: dict(t.items()) for table, t in ledger.tables(schema, start).items()}
    gone: dict[str, dict[str, tuple[Value, ...]]] = {
        table: dict(t.items()) for table, t in ledger.gone(schema, start).items()
    }
    decided: list[Decision] = []
    own: dict[str, dict[str, tuple[Value, ...]]] = {}
    own_gone: dict[str, dict[str, tuple[Value, ...]]] = {}
    acts = _Acts(folder, name, start, end)
    for revision in acts.revisions:
        if acts.is_own(revision):
            for change in acts.changes(revision):
                if change.kind == "add" or change.rid in own.get(change.table, ()):
                    _apply(own, own_gone, change, schema)
            continue
        if revision.kind == "migrate":
            _lay_over(rows, ledger.tables(schema, revision.number))
        for change in acts.lasting(revision):
            _adopt(rows, own, change)
            _apply(rows, gone, change, schema)
            decision = acts.decision(revision, change)
            if decision is not None:
                decided.append(decision)
                decided += _whole(folder, rows, decision)
    for change in pending:
        _adopt(rows, own, change)
        _apply(rows, gone, change, schema)
    tables = {
        table: Table(table, tuple(schema.tables[table].fields), tuple(found), tuple(found.values()))
        for table, found in rows.items()
    }
    lost = {
        table: Table(table, tuple(schema.tables[table].fields), tuple(found), tuple(found.values()))
        for table, found in gone.items()
    }
    taken = {(i.copy, i.version): i.revision for i in ledger.submission_infos(name)}
    return Opening(tables, lost, tuple(decided), taken)


def _is_older(answer: Resolution, revision: Revision) -> bool:
    """Tell whether an answer was taken in before a revision; one that is not kept yet is the latest word."""
    if not answer.number:
        return False
    if answer.revision is None:  # kept by an earlier custsheet
        return answer.at <= revision.at
    return answer.revision < revision.number


class _Acts:
    """What was done since a round opened, and what of it lasts: what was undone, with its undoing, was never there."""

    def __init__(self, folder: Folder, round_name: str, start: int, end: int) -> None:
        self._folder, self._round = folder, round_name
        self.revisions = [r for r in folder.ledger.revisions() if start < r.number <= end]
        self._by_number = {r.number: r for r in self.revisions}
        self._changes: dict[int, list[Change]] = {}
        self._undone: dict[int, set[Place]] = {}
        for note, by in folder.ledger.notes(UNDONE_NOTE).items():
            undone, undoing = self._by_number.get(int(note.removeprefix(UNDONE_NOTE))), self._numbered(by)
            if undone is not None and undoing is not None and not self.is_own(undone) and not self.is_own(undoing):
                places = {(c.table, c.rid, c.field) for c in self.changes(undoing)}
                for revision in (undone, undoing):
                    self._undone.setdefault(revision.number, set()).update(places)

    def _numbered(self, text: str) -> Revision | None:
        return self._by_number.get(int(text.removeprefix("r"))) if text else None

    def is_own(self, revision: Revision) -> bool:
        """Tell whether a revision is one of the round's own merges, which are worked out anew."""
        return revision.kind in ("merge", "undo") and revision.summary.get("round") == self._round

    def changes(self, revision: Revision) -> list[Change]:
        """Return what a revision changed."""
        if revision.number not in self._changes:
            self._changes[revision.number] = self._folder.ledger.changes(revision.number, self._folder.schema)
        return self._changes[revision.number]

    def lasting(self, revision: Revision) -> list[Change]:
        """Return what a revision changed, without what was taken back, and without what only took that back."""
        undone = self._undone.get(revision.number, set())
        return [c for c in self.changes(revision) if (c.table, c.rid, c.field) not in undone]

    def decision(self, revision: Revision, change: Change) -> Decision | None:
        """Return what a change of another act settles in this round; None where it settles nothing.

        A merge of another round settles what a person answered in it, and else the claims that it went on from.
        """
        place = (change.table, change.rid, change.field)
        if revision.kind == "undo":
            undone = self._numbered(str(revision.summary.get("undoes", "")))
            before = self.changes(undone) if undone is not None and self.is_own(undone) else []
            cause = next((c.cause for c in before if (c.table, c.rid, c.field) == place), "")
            return Decision(place, revision, "answers" if cause == "resolution" else "claims") if cause else None
        if revision.kind == "merge" and change.cause in ("edit", "policy", "reopened", "undo"):
            field = self._folder.schema.tables[change.table].fields.get(change.field)
            is_asked = field is None or field.spec.merge == "ask"
            return Decision(place, revision, "value" if is_asked else "claims", change.old) if field else None
        return Decision(place, revision)


def _whole(folder: Folder, rows: dict[str, dict[str, tuple[Value, ...]]], decision: Decision) -> Iterator[Decision]:
    """Who settles one of the fields that merge together has seen the others: they stay as they were then."""
    table, rid, name = decision.place
    definition = folder.schema.tables[table]
    others = [n for n in together(definition, name) if n != name] if name in definition.fields else []
    if not others or decision.over != "claims" or rid not in rows.get(table, {}):
        return
    then = folder.ledger.tables(folder.schema, decision.revision.number)[table]
    for other in others:
        if rid in then.by_rid:
            change = Change(table, rid, other, None, then.get(rid, other))
            _apply(rows, {}, change, folder.schema)
            yield replace(decision, place=(table, rid, other))


def _lay_over(rows, now: Tables) -> None:  # type: ignore[no-untyped-def]  # nested dictionaries of rows
    """Take over what a change of schema could not read: it stays as it was typed, whatever came in by whom."""
    for name, table in now.items():
        for rid, row in table.items():
            before = rows.get(name, {}).get(rid)
            if before is not None and any(_is_left(value) for value in row):
                rows[name][rid] = tuple(new if _is_left(new) else old for old, new in zip(before, row, strict=True))


def _is_left(value: Value) -> bool:
    return isinstance(value, Unreadable) and value.code == TYPE_CHANGED


def _adopt(rows, own, change: Change) -> None:  # type: ignore[no-untyped-def]  # nested dictionaries of rows
    """Count a row that the round itself added as given, once somebody else has changed it: else that would be lost."""
    row = own.get(change.table, {}).pop(change.rid, None) if change.kind != "add" else None
    if row is not None:
        rows.setdefault(change.table, {}).setdefault(change.rid, row)


def _apply(rows, gone, change: Change, schema) -> None:  # type: ignore[no-untyped-def]  # nested dictionaries of rows
    fields = tuple(schema.tables[change.table].fields)
    table = rows.setdefault(change.table, {})
    if change.kind == "add":
        buried = gone.get(change.table, {}).pop(change.rid, None)
        table[change.rid] = buried or table.get(change.rid) or (None,) * len(fields)
    elif change.kind == "delete":
        row = table.pop(change.rid, None)
        if row is not None:
            gone.setdefault(change.table, {})[change.rid] = row
    elif change.rid in table:
        row = list(table[change.rid])
        row[fields.index(change.field)] = change.new
        table[change.rid] = tuple(row)
