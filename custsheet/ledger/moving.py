"""Carry the rows of a ledger over to another schema: which cells and rows one revision has to write for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custsheet.ledger.codec import value_to_text
from custsheet.ledger.revise import Causes, Steps
from custsheet.ledger.state import State, Stored, set_text
from custsheet.model import Tables, Value
from custsheet.schema.evolution import Evolution
from custsheet.schema.records import TableDef


def plan(state: State, evolution: Evolution, carried: Sequence[Tables], causes: Causes, steps: Steps) -> None:
    """Bring `state` to the carried rows, the live and the deleted ones, and note every step."""
    for before in evolution.old.tables:
        now = evolution.tables.get(before)
        if now != before:
            _delete_all(state, before, causes, steps)
        if now is None:
            continue
        definition = evolution.new.tables[now]
        for tables, live in zip(carried, (True, False), strict=True):
            for rid, row in tables[now].items():
                stored = state.rows(now).get(rid) or _new(state, now, rid, causes, steps, live=live)
                if live and not stored.live:  # it was called so once before
                    _note(stored, now, rid, "restored", causes, steps)
                _cells(stored, definition, dict(zip(tables[now].fields, row, strict=True)), rid, causes, steps)


def _delete_all(state: State, table: str, causes: Causes, steps: Steps) -> None:
    """Rows of a table that is gone, or is called otherwise now; they keep their cells."""
    for rid, stored in state.rows(table).items():
        if stored.live:
            _note(stored, table, rid, "deleted", causes, steps)


def _new(state: State, table: str, rid: str, causes: Causes, steps: Steps, *, live: bool) -> Stored:
    state.last_id += 1
    stored = state.rows(table)[rid] = Stored(state.last_id, live=live)
    steps.rows.append({"id": stored.id, "table": table, "rid": rid, "created_rev": steps.rev})
    _note(stored, table, rid, "added" if live else "deleted", causes, steps)
    return stored


def _note(stored: Stored, table: str, rid: str, act: str, causes: Causes, steps: Steps) -> None:
    stored.live = act != "deleted"
    steps.life(table, rid, stored.id, act, causes.of(table, rid))


def _cells(  # a row as it is kept, and as it is to be
    stored: Stored, table: TableDef, row: Mapping[str, Value], rid: str, causes: Causes, steps: Steps
) -> None:
    texts = {name: value_to_text(table.fields[name], value) for name, value in row.items()}
    for name in sorted({*stored.texts, *texts}):
        text = texts.get(name)
        if text != stored.texts.get(name):
            set_text(stored, name, text)
            steps.cell((table.name, rid, name), stored.id, text, causes.of(table.name, rid, name))
