"""What a row is called that is not among those at hand: it is gone, or somebody typed it and it did not come in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from custsheet.fields.base import Language
from custsheet.model import Table
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema

if TYPE_CHECKING:
    from custsheet.ledger.store import Ledger


class Elsewhere:
    """Looks a row's name up in the whole ledger, once for each row that is asked about."""

    def __init__(self, ledger: Ledger, schema: Schema, names: Mapping[str, str], language: Language) -> None:
        self._ledger, self._schema, self._names, self._language = ledger, schema, names, language
        self._found: dict[tuple[str, str], str] = {}

    def name(self, table: str, rid: str) -> str:
        """Return what a row is or was called, or was typed as; empty where nobody ever named it."""
        place = (table, rid)
        if place not in self._found:
            name = self._kept.name(table, rid) or self._typed(table, rid)
            self._found[place] = "" if name == rid else name
        return self._found[place]

    @cached_property
    def _kept(self) -> Labels:
        live, gone = self._ledger.tables(self._schema), self._ledger.gone(self._schema)
        rows = {name: _joined(table, gone[name]) for name, table in live.items()}
        return Labels(self._schema, rows, language=self._language, names=self._names)

    def _typed(self, table: str, rid: str) -> str:
        """Return the name under which a new row was typed last."""
        rounds = (info.name for info in self._ledger.rounds())
        stored = (s for name in rounds for s in self._ledger.submissions(name, states=(), about=rid))
        edits = (e for s in stored for e in s.edits if e.kind == "add" and (e.table, e.rid) == (table, rid))
        labels = [e.where.label.partition("/")[2] for e in edits]
        return labels[-1] if labels else ""


def _joined(live: Table, gone: Table) -> Table:
    return Table(live.name, live.fields, (*live.rids, *gone.rids), (*live.rows, *gone.rows))
