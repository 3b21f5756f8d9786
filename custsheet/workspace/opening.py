"""The rows with which a round's merge starts: as the round opened, and every later act that the round did not bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from custsheet.ledger.records import Revision
from custsheet.merging import core as merging
from custsheet.merging.cells import cell_question, together
from custsheet.model import Change, Outcome, Resolution, Submission, Table, Tables, Unreadable, Value
from custsheet.schema.evolution import TYPE_CHANGED
from custsheet.schema.records import Schema
from custsheet.workspace.folder import Folder


@dataclass(frozen=True)
class Opening:
    """A round's opening, the rows deleted in it, and where other acts overruled what members had claimed."""

    rows: Tables
    gone: Tables
    decided: tuple[tuple[tuple[str, str, str], Revision], ...]
    """Cell and the revision at which somebody set it outside of the round's merge."""
    taken: Mapping[tuple[str, int], int]
    """Submission key → revision after which it was taken in."""

    def overruled(self, submissions: Sequence[Submission]) -> dict[tuple[str, str, str], frozenset[tuple[str, int]]]:
        """Return the claims that a manager's own edit has settled: those merged before it."""
        found: dict[tuple[str, str, str], frozenset[tuple[str, int]]] = {}
        for cell, revision in self.decided:
            before = {s.key for s in submissions if s.key in self.taken and self.taken[s.key] < revision.number}
            found[cell] = found.get(cell, frozenset()) | before
        return found

    def standing(self, resolutions: Sequence[Resolution], schema: Schema) -> Sequence[Resolution]:
        """Return the answers without those about cells that somebody set since: the later word counts."""
        last: dict[str, Revision] = {}
        for (table, rid, name), revision in self.decided if resolutions else ():
            definition = schema.tables.get(table)
            if revision.kind != "migrate" and definition is not None and name in definition.fields:
                last[cell_question(table, rid, together(definition, name))] = revision
        return [r for r in resolutions if r.question not in last or not _is_older(r, last[r.question])]


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
    decided: list[tuple[tuple[str, str, str], Revision]] = []
    own: dict[str, dict[str, tuple[Value, ...]]] = {}
    for revision in ledger.revisions():
        if not start < revision.number <= end:
            continue
        if revision.kind in ("merge", "undo") and revision.summary.get("round") == name:
            for change in ledger.changes(revision.number, schema):
                if change.kind == "add" or change.rid in own.get(change.table, ()):
                    _apply(own, {}, change, schema)
            continue
        if revision.kind == "migrate":
            _lay_over(rows, ledger.tables(schema, revision.number))
        for change in ledger.changes(revision.number, schema):
            _adopt(rows, own, change)
            _apply(rows, gone, change, schema)
            if change.kind == "cell":
                decided.append(((change.table, change.rid, change.field), revision))
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
        table[change.rid] = gone.get(change.table, {}).pop(change.rid, (None,) * len(fields))
    elif change.kind == "delete":
        row = table.pop(change.rid, None)
        if row is not None:
            gone.setdefault(change.table, {})[change.rid] = row
    elif change.rid in table:
        row = list(table[change.rid])
        row[fields.index(change.field)] = change.new
        table[change.rid] = tuple(row)
