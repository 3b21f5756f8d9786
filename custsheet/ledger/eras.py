"""Which schema reads what a revision wrote, and the way from there to the schema at hand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from custsheet.errors import CallError
from custsheet.fields.base import Field
from custsheet.ledger import history, layout
from custsheet.ledger.codec import text_to_value
from custsheet.ledger.records import HistoryEntry
from custsheet.ledger.state import State
from custsheet.model import Change, Tables, Value
from custsheet.schema.evolution import Evolution, Move, Names
from custsheet.schema.records import Schema

KIND = "migrate"
"""The kind of a revision that carried the rows from one schema to the next."""


@dataclass(frozen=True, slots=True)
class Step:
    """One such revision: up to the one before it `old` reads the rows, from it on `new`."""

    number: int
    day: dt.date
    old: str
    """Digest."""
    new: str
    team: str


Road = Sequence[Evolution]
"""The evolutions, in order, that lead from an earlier schema to the one at hand."""


def steps(connection: Connection) -> list[Step]:
    """Return every change of schema that rows were carried over, in order."""
    revision = layout.revision.c
    found = connection.execute(
        select(revision.number, revision.at, revision.summary).where(revision.kind == KIND).order_by(revision.number)
    )
    return [_step(one.number, one.at, json.loads(one.summary)) for one in found.all()]


def _step(number: int, at: str, summary: Mapping[str, str]) -> Step:
    return Step(number, dt.datetime.fromisoformat(at).date(), summary["_from"], summary["_to"], summary["_team"])


# ── what may be read as it stands ───────────────────────────────────────────────────────────────────


def require_readable(evolution: Evolution, state: State, connection: Connection) -> None:
    """Raise CallError `SCHEMA_MOVED` where values in the ledger would be lost, or mean something else."""
    named = list(dict.fromkeys(_names(evolution, state, connection)))
    if named:
        language = evolution.new.language
        raise CallError("SCHEMA_MOVED", fields=named, language=language)


def _names(evolution: Evolution, state: State, connection: Connection) -> Iterator[str]:
    """Yield what has to be carried over, as the schema that was in force calls it."""
    yield from (name for _, name in evolution.crossed)
    for before, table in evolution.old.tables.items():
        now = evolution.tables.get(before)
        rows = state.tables.get(before, {}).values()
        if rows and now != before and (now is not None or any(row.live for row in rows)):
            yield table.title[evolution.new.language]
    for move in evolution.moves.values():
        is_other = move.renamed or move.reread
        if move.now and (_was_used(connection, move) if is_other else not _stands(evolution, move, state)):
            yield move.old.spec.title[evolution.new.language]


def _was_used(connection: Connection, move: Move) -> bool:
    """Whether a field ever held anything, or somebody typed something there that was not taken."""
    cell, row, body = layout.cell_history.c, layout.row.c, layout.submission.c.body
    held = select(cell.row).select_from(layout.cell_history.join(layout.row))
    held = held.where(row.table == move.table, cell.field == move.name, cell.value.is_not(None)).limit(1)
    typed = select(layout.submission.c.id).where(body.contains(f'"field":"{move.name}"', autoescape=True)).limit(1)
    return any(connection.execute(which).first() is not None for which in (held, typed))


def _stands(evolution: Evolution, move: Move, state: State) -> bool:
    """Whether every value of a field that keeps its name and kind stands for itself."""
    if move.new is not None and not (move.new.spec.options or move.old.spec.options):
        return True
    texts = {row.texts.get(move.name) for row in state.tables.get(move.table, {}).values()}
    values = [text_to_value(move.old, text) for text in texts]
    return all(evolution.fits(move, v) and evolution.value(move, v) == v for v in values)


# ── history in the terms of the schema at hand ──────────────────────────────────────────────────────


def carried(tables: Tables, road: Road) -> Tables:
    """Return rows in the terms of the road's end."""
    for evolution in road:
        tables = evolution.carry(tables)
    return tables


def changes(found: Iterable[Change], road: Road) -> list[Change]:
    """Return changes in the terms of the road's end; those of fields that are gone are left out."""
    return [carried_ for change in found if (carried_ := _change(change, road)) is not None]


def without_place(found: Iterable[Change], road: Road) -> list[Change]:
    """Return the changes for which the road's end has no field or table any more, as they were written."""
    return [change for change in found if _change(change, road) is None]


def _change(change: Change, road: Road) -> Change | None:
    now: Change | None = change
    for evolution in road:
        now = evolution.change(now) if now is not None else None
    return now


@dataclass(frozen=True, slots=True)
class Span:
    """The revisions after `after`, up to `until`, that one schema reads, and the way from it to the one at hand."""

    after: int
    until: int
    schema: Schema
    road: Road
    came: Evolution | None = None
    """What its first revision carried the rows over from."""

    def is_own(self, table: str, entry: HistoryEntry) -> bool:
        """Tell whether a step is one of a person, not a cell that a renaming left behind."""
        move = self.came.moves.get((table, entry.field)) if self.came is not None else None
        return entry.revision != self.after + 1 or move is None or not move.renamed


def story(connection: Connection, spans: Sequence[Span], table: str, rid: str) -> list[HistoryEntry]:
    """Return the steps of a row through all schemas that it lived under; what only the change of schema did is none."""
    entries: list[HistoryEntry] = []
    for span in spans:
        for name in (n for n in span.schema.tables if _table(n, span.road) == table):
            within = (span.after, span.until)
            found = history.of_row(connection, span.schema.tables[name], rid, None, within=within)
            entries += [_entry(entry, name, span.road) for entry in found if span.is_own(name, entry)]
    return list(_told(entries))


def former(spans: Sequence[Span]) -> dict[tuple[str, str], Field]:
    """Return the fields that there were once and are no more: (table as it is called now, last name) → field."""
    found: dict[tuple[str, str], Field] = {}
    for span in spans:
        for table in span.schema.tables.values():
            for field in table.fields.values() if _table(table.name, span.road) else ():
                place = _gone_at(table.name, field, span.road)
                if place is not None:
                    found[_table(table.name, span.road), place.name] = place
    return found


def _gone_at(table: str, field: Field, road: Road) -> Field | None:
    """Return a field as it was when it went; None while it is there, and for what is worked out."""
    for evolution in road:
        move = evolution.moves.get((table, field.name))
        if move is None:
            return None
        if move.new is None:
            return field
        table, field = move.now, move.new
    return None


def _table(name: str, road: Road) -> str:
    for evolution in road:
        name = evolution.tables.get(name, "")
    return name


def _entry(entry: HistoryEntry, table: str, road: Road) -> HistoryEntry:
    """Return one step in the terms of the road's end; a field that is gone keeps its name and value."""
    field, value = entry.field, entry.new
    for evolution in road:
        move = evolution.moves.get((table, field))
        table = evolution.tables.get(table, table)
        if move is None or move.new is None:
            continue
        field, value = move.new.name, evolution.value(move, value)
    return replace(entry, field=field, new=value)


def _told(entries: Iterable[HistoryEntry]) -> Iterator[HistoryEntry]:
    """Give each step what stood there before; leave out those of a change of schema that changed nothing."""
    before: dict[str, Value] = {}
    is_known = False
    for entry in entries:
        old = before.get(entry.field)
        is_move = entry.kind == KIND and (entry.new == old if entry.field else is_known and entry.act == "added")
        if not is_move:
            yield replace(entry, old=old) if entry.field else entry
        if entry.field:
            before[entry.field] = entry.new
        is_known = True


# ── roads ───────────────────────────────────────────────────────────────────────────────────────────


class Roads:
    """Builds the ways from earlier schemas to a later one, and keeps what it has built."""

    def __init__(self, schema_of: Callable[[str], Schema], names_of: Callable[[Step], Names]) -> None:
        self._schema_of, self._names_of = schema_of, names_of
        self._built: dict[tuple[str, str, int], Evolution] = {}

    def road(self, start: Schema, later: Sequence[Step], end: Schema) -> list[Evolution]:
        """Return the way from a schema over these steps to another."""
        found: list[Evolution] = []
        here = start
        for step in later:
            found += self._between(here, self._schema_of(step.old))
            found.append(self.step(step))
            here = self._schema_of(step.new)
        return [*found, *self._between(here, end)]

    def _between(self, old: Schema, new: Schema) -> list[Evolution]:
        """The way where nothing was carried over: the same names, the same values."""
        if old.digest == new.digest:
            return []
        key = (old.digest, new.digest, 0)
        if key not in self._built:
            self._built[key] = Evolution(old, new, today=dt.date.min)
        return [self._built[key]]

    def step(self, step: Step) -> Evolution:
        """Return what one change of schema did."""
        key = (step.old, step.new, step.number)
        if key not in self._built:
            old, new = self._schema_of(step.old), self._schema_of(step.new)
            self._built[key] = Evolution(old, new, today=step.day, names=self._names_of(step))
        return self._built[key]
