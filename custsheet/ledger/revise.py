"""Write one revision: what differs between the rows and their next state, cell by cell, with the cause of each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from custsheet.errors import Bug
from custsheet.ledger import dialect
from custsheet.ledger.codec import digest, to_json, value_to_text
from custsheet.ledger.layout import cause, cell, cell_history, revision, row, row_history
from custsheet.ledger.state import State, Stored, set_text
from custsheet.model import Change, Table
from custsheet.schema.records import TableDef

Place = tuple[str, str, str]
"""Table, row id, field; an empty field means the row."""

_CAUSE_OF_KIND = {"import": "import", "set": "set", "undo": "undo", "migrate": "migrate"}
"""Where a revision writes a cell that no change speaks of; else it is an edit."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a revision is: who did what when, and what a person reads of it."""

    number: int
    at: str
    actor: str
    kind: str
    summary: Mapping[str, object]


@dataclass(slots=True)
class Causes:
    """Why each cell or row changed; equal causes share one record."""

    kind: str
    first: int
    """Id of the first record that is still free."""
    by_place: Mapping[Place, Change]
    files: Mapping[Place, Sequence[str]]
    known: dict[tuple[str, tuple[str, ...], tuple[str, ...]], int] = field(default_factory=dict)

    def of(self, table: str, rid: str, name: str = "") -> int:
        """Return the record's id for one cell; a cell without a change of its own shares its row's."""
        place = (table, rid, name)
        change, files = self.by_place.get(place), self.files.get(place)
        if name and change is None:
            place = (table, rid, "")
            change, files = self.by_place.get(place), self.files.get(place)
        why = change.cause if change else _CAUSE_OF_KIND.get(self.kind, "edit")
        key = (why, change.members if change else (), tuple(files or ()))
        return self.known.setdefault(key, self.first + len(self.known))

    def records(self, number: int) -> list[dict[str, Any]]:
        """Return what the table of causes gets."""
        return [
            {"id": id_, "rev": number, "cause": why, "members": to_json(members), "files": to_json(files)}
            for (why, members, files), id_ in self.known.items()
        ]


@dataclass(slots=True)
class Steps:
    """What a revision will write, as the tables get it, and in the words over which its digest is taken."""

    rev: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    lives: list[dict[str, Any]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    """The history of cells."""
    now: list[dict[str, Any]] = field(default_factory=list)
    """The cells as they will be."""
    life_words: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Table, row id, act, cause."""
    cell_words: list[tuple[str, str, str, str | None, int]] = field(default_factory=list)
    """Table, row id, field, text, cause."""

    def life(self, table: str, rid: str, row_id: int, act: str, why: int) -> None:
        """Note that a row comes, comes back or goes."""
        self.lives.append({"row": row_id, "rev": self.rev, "act": act, "cause": why})
        self.life_words.append((table, rid, act, why))

    def cell(self, place: Place, row_id: int, text: str | None, why: int) -> None:
        """Note the next text of a cell."""
        name = place[2]
        self.cells.append({"row": row_id, "field": name, "rev": self.rev, "value": text, "cause": why})
        self.now.append({"row": row_id, "field": name, "value": text, "rev": self.rev})
        self.cell_words.append((*place, text, why))


def causes_for(
    connection: Connection, kind: str, changes: Sequence[Change], files: Mapping[Place, Sequence[str]]
) -> Causes:
    """Return the causes of a revision's steps, numbered after those that are kept already."""
    last = connection.execute(select(func.max(cause.c.id))).scalar() or 0
    return Causes(kind, last + 1, {(c.table, c.rid, c.field): c for c in changes}, files)


def plan(state: State, before: Table, target: Table, table: TableDef, causes: Causes, steps: Steps) -> None:
    """Bring `state` to `target` and note every step; fields that `target` lacks stay as they are."""
    unknown = set(target.fields) - set(table.fields)
    if unknown:
        raise Bug("LEDGER_FIELD", table=table.name, field=min(unknown))
    _plan_rows(state, before, target, causes, steps)
    _plan_cells(state, before, target, table, causes, steps)


def _plan_rows(state: State, before: Table, target: Table, causes: Causes, steps: Steps) -> None:
    """Rows that come, come back or go; a deleted row keeps its cells."""
    rows = state.rows(target.name)

    def note(stored: Stored, rid: str, act: str) -> None:
        stored.live = act != "deleted"
        steps.life(target.name, rid, stored.id, act, causes.of(target.name, rid))

    for rid in target.rids:
        stored = rows.get(rid)
        if stored is None:
            state.last_id += 1
            stored = rows[rid] = Stored(state.last_id, live=True)
            steps.rows.append({"id": stored.id, "table": target.name, "rid": rid, "created_rev": steps.rev})
            note(stored, rid, "added")
        elif not stored.live:
            note(stored, rid, "restored")
    for rid in before.rids:
        if rid not in target.by_rid:
            note(rows[rid], rid, "deleted")


def _plan_cells(state: State, before: Table, target: Table, table: TableDef, causes: Causes, steps: Steps) -> None:
    """Rows that are equal as tuples are passed over; only what differs is turned into text."""
    rows, known = state.rows(target.name), before.by_rid
    columns = [(at, before.at[name], table.fields[name]) for at, name in enumerate(target.fields)]
    same_shape = target.fields == before.fields
    for rid, new in target.items():
        old = known.get(rid)
        if same_shape and (old is new or old == new):
            continue
        stored = rows[rid]
        for at, was_at, one in columns:
            if old is not None and old[was_at] == new[at]:
                continue
            text = value_to_text(one, new[at])
            if text == stored.texts.get(one.name):
                continue
            set_text(stored, one.name, text)
            place = (target.name, rid, one.name)
            steps.cell(place, stored.id, text, causes.of(*place))


def store(connection: Connection, act: Act, state_digest: str, steps: Steps, causes: Causes) -> None:
    """Write a revision and its steps."""
    number = act.number
    connection.execute(
        insert(revision),
        [
            {
                "number": number,
                "at": act.at,
                "actor": act.actor,
                "kind": act.kind,
                "state_digest": state_digest,
                "summary": to_json(act.summary),
            }
        ],
    )
    dialect.many(connection, cause, causes.records(number))
    dialect.many(connection, row, steps.rows)
    dialect.many(connection, row_history, steps.lives)
    if steps.lives:
        connection.execute(
            update(row).where(row.c.id == bindparam("row_id")).values(deleted_rev=bindparam("gone")),
            [{"row_id": one["row"], "gone": number if one["act"] == "deleted" else None} for one in steps.lives],
        )
    dialect.many(connection, cell_history, steps.cells)
    dialect.many(connection, cell, steps.now, replacing=("row", "field"))


def digest_of(steps: Steps, causes: Causes) -> str:
    """Return the SHA-256 over everything that history says of one revision: values, causes, members, files."""
    return _digest({one["id"]: one for one in causes.records(steps.rev)}, steps.life_words, steps.cell_words)


def _digest(causes: Mapping[int, Any], lives: Iterable[tuple[Any, ...]], cells: Iterable[tuple[Any, ...]]) -> str:
    """Rows and cells in the order of their names, each with its cause in words instead of its number."""
    said = {number: [one["cause"], one["members"], one["files"]] for number, one in causes.items()}
    return digest([[(*step, said[why]) for *step, why in sorted(found)] for found in (lives, cells)])


def steps_digest(connection: Connection, number: int) -> str:
    """Return the digest of a revision's steps as history has them."""
    causes = {one["id"]: one for one in connection.execute(_of(cause, number)).mappings()}
    steps = select(row.c.table, row.c.rid)
    lives = steps.add_columns(row_history.c.act, row_history.c.cause).join(row_history, row_history.c.row == row.c.id)
    history = (cell_history.c.field, cell_history.c.value, cell_history.c.cause)
    cells = steps.add_columns(*history).join(cell_history, cell_history.c.row == row.c.id)
    return _digest(
        causes,
        map(tuple, connection.execute(lives.where(row_history.c.rev == number)).all()),
        map(tuple, connection.execute(cells.where(cell_history.c.rev == number)).all()),
    )


def _of(table: Any, number: int) -> Any:
    return select(table).where(table.c.rev == number)
