"""The rows at one revision as canonical text, read at speed, turned into tables, and their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from custsheet.ledger.codec import text_to_value, to_json
from custsheet.ledger.layout import cell, cell_history, row, row_history
from custsheet.model import Table, Value
from custsheet.schema.records import Schema, TableDef

Texts = dict[str, str]
"""Field → canonical text; blank fields are not in it."""


@dataclass(slots=True)
class Stored:
    """One row as it is kept."""

    id: int
    live: bool
    texts: Texts = field(default_factory=dict)
    line: str = ""
    """The row's line of the dump; empty until it is needed and after every change."""


@dataclass(slots=True)
class State:
    """Every row that was there by a revision, table by table, in the order of first appearance."""

    revision: int
    tables: dict[str, dict[str, Stored]] = field(default_factory=dict)
    last_id: int = 0

    def rows(self, table: str) -> dict[str, Stored]:
        """Return the rows of one table by row id, deleted ones too."""
        return self.tables.setdefault(table, {})

    def digest(self) -> str:
        """Return the SHA-256 over the sorted canonical dump of the live rows."""
        lines: list[str] = []
        for name, rows in self.tables.items():
            for rid, stored in rows.items():
                if stored.live:
                    stored.line = stored.line or to_json([name, rid, stored.texts])
                    lines.append(stored.line)
        lines.sort()
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def current(connection: Connection, revision: int) -> State:
    """Read the rows as they are now."""
    state, by_id = State(revision), {}
    found = connection.execute(select(row.c.id, row.c.table, row.c.rid, row.c.deleted_rev).order_by(row.c.id))
    for number, table, rid, deleted in found:
        by_id[number] = state.rows(table)[rid] = Stored(number, deleted is None)
        state.last_id = number
    cells = select(cell.c.row, cell.c.field, cell.c.value).where(cell.c.value.is_not(None))
    for number, name, value in connection.execute(cells).all():
        by_id[number].texts[name] = value
    return state


def as_of(connection: Connection, revision: int) -> State:
    """Read the rows as they were after a revision, from history."""
    state = State(0)
    for later in replay(connection, revision):
        state = later
    return state


def replay(connection: Connection, until: int) -> Iterator[State]:
    """Yield the rows after each revision in turn; it is one State that moves on."""
    lives = select(row.c.id, row.c.table, row.c.rid, row_history.c.rev, row_history.c.act)
    lives = lives.select_from(row_history.join(row)).where(row_history.c.rev <= until).order_by(row.c.id)
    cells = select(cell_history.c.row, cell_history.c.rev, cell_history.c.field, cell_history.c.value)
    lives_of = _by_revision(connection.execute(lives).all())
    cells_of = _by_revision(connection.execute(cells.where(cell_history.c.rev <= until)).all())
    state, by_id = State(0), dict[int, Stored]()
    for number in range(1, until + 1):
        for found in lives_of.get(number, ()):
            stored = by_id.setdefault(found.id, Stored(found.id, live=True))
            state.rows(found.table)[found.rid] = stored
            stored.live = found.act != "deleted"
        for found in cells_of.get(number, ()):
            stored = by_id[found.row]
            set_text(stored, found.field, found.value)
        state.revision = number
        yield state


def _by_revision(found: Iterable[Any]) -> dict[int, list[Any]]:
    steps: dict[int, list[Any]] = {}
    for one in found:
        steps.setdefault(one.rev, []).append(one)
    return steps


def set_text(stored: Stored, name: str, value: str | None) -> None:
    """Change one cell; None blanks it."""
    stored.line = ""
    if value is None:
        stored.texts.pop(name, None)
    else:
        stored.texts[name] = value


def to_tables(state: State, schema: Schema, *, live: bool = True) -> dict[str, Table]:
    """Return the live (or the deleted) rows with all fields of the schema, in the schema's order."""
    return {name: _to_table(state.tables.get(name, {}), table, live) for name, table in schema.tables.items()}


def _to_table(rows: Mapping[str, Stored], table: TableDef, live: bool) -> Table:
    kept = {rid: stored.texts for rid, stored in rows.items() if stored.live is live}
    columns: list[list[Value]] = []
    for name, one in table.fields.items():
        texts = [texts.get(name) for texts in kept.values()]
        values = {text: text_to_value(one, text) for text in set(texts)}  # each distinct text is read once
        columns.append([values[text] for text in texts])
    body = tuple(zip(*columns, strict=True)) if columns else ((),) * len(kept)
    return Table(table.name, tuple(table.fields), tuple(kept), body)
