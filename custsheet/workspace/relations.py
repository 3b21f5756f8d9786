"""Which rows refer to which: what counts, sums and computed fields look into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from custsheet.expr import Related, Scope, evaluate
from custsheet.fields.base import Language
from custsheet.model import Tables, Value
from custsheet.schema.records import Schema


class Relations:
    """The rows of some tables by the row that they refer to, indexed when first asked for."""

    def __init__(self, schema: Schema, tables: Tables) -> None:
        self._schema = schema
        self._tables = tables
        self._index: dict[tuple[str, str], dict[str, list[Mapping[str, Value]]]] = {}

    def of(self, rid: str) -> Related:
        """Return what an expression over this row asks for rows that refer to it."""

        def related(table: str, via: str) -> Sequence[Mapping[str, Value]]:
            return self._by(table, via).get(rid, ())

        return related

    def _by(self, table: str, via: str) -> dict[str, list[Mapping[str, Value]]]:
        if (table, via) not in self._index:
            found: dict[str, list[Mapping[str, Value]]] = {}
            rows = self._tables.get(table)
            if rows is not None and via in rows.at:
                at = rows.at[via]
                for row in rows.rows:
                    if isinstance(row[at], str):
                        found.setdefault(str(row[at]), []).append(dict(zip(rows.fields, row, strict=True)))
            self._index[table, via] = found
        return self._index[table, via]


def computed(
    schema: Schema, tables: Tables, *, today: dt.date, language: Language
) -> dict[str, dict[str, dict[str, Value]]]:
    """Return table → row id → computed field → value, worked out over these rows alone."""
    index = Relations(schema, tables)
    found: dict[str, dict[str, dict[str, Value]]] = {}
    for name, rows in tables.items():
        formulas = {
            field: f.spec.compute
            for field in rows.fields
            if (f := schema.tables[name].fields[field]).spec.compute is not None
        }
        if not formulas:
            continue
        found[name] = {}
        for rid, row in rows.items():
            scope = Scope(dict(zip(rows.fields, row, strict=True)), today, index.of(rid), language)
            found[name][rid] = {field: evaluate(expr, scope) for field, expr in formulas.items()}
    return found
