"""What the sheets of one copy call each other: rows' spans, lists' ranges, and how an expression finds its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import TableLayout
from custsheet.books.refill import Refill
from custsheet.expr.scope import Related
from custsheet.expr.tree import CountOf, Expr, LatestOf, SumOf, fields_of, tables_of, walk
from custsheet.fields.base import Field, Language
from custsheet.model import Unreadable, Value
from custsheet.plan import Scalar
from custsheet.schema.records import Issue, Schema, TableDef, Team
from custsheet.summary import Receipt

LISTS: Final = "_lists"
STAMP: Final = "_custsheet"
TODAY: Final = "cs_today"
HEAD_ROW: Final = 2
FIRST_ROW: Final = 3
ROOM: Final = 200
"""Formatted rows below the Table, for clients that do not extend it."""
ROW: Final = "{row}"
"""Stands for the row's number in a formula that is written for many rows."""
_FRESH: Final = Refill()


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of one table's sheet."""

    issued: int
    spare: int
    room: int

    @property
    def first_free(self) -> int:
        """First spare row, or the first of the room."""
        return FIRST_ROW + self.issued

    @property
    def table_end(self) -> int:
        """Last row inside the Excel Table, which has at least one."""
        return HEAD_ROW + max(1, self.issued + self.spare)

    @property
    def end(self) -> int:
        """Last row that rules and counts reach."""
        return self.table_end + self.room


@dataclass(frozen=True)
class CopyScope:
    """Everything that the sheets of one copy need to know of each other."""

    schema: Schema
    issue: Issue
    team: Team
    names: Mapping[str, str]
    """Member id → display name."""
    checks: Mapping[str, str]
    computed: Mapping[str, Mapping[str, tuple[Value, ...]]]
    as_of: str
    due: str
    today: dt.date
    layouts: Mapping[str, TableLayout] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    """Table → sheet name."""
    guide: str = ""
    """Name of the guide's sheet."""
    lists: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, field) → the range of its dropdown."""
    extra: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, ref field) → the range of labels that the dropdown's column does not hold."""
    counts: Mapping[str, str] = field(default_factory=dict)
    """Table → the cell with its number of open errors."""
    receipt: Receipt | None = None
    """What became of what the member returned last; None in a first copy."""
    refills: Mapping[str, Refill] = field(default_factory=dict)
    """Table → what came back in it, where this is a returned copy that is laid out again."""

    @property
    def language(self) -> Language:
        """The language of the copy."""
        return self.issue.language

    @cached_property
    def member(self) -> str:
        """Display name of the member whose copy it is."""
        return self.names.get(self.issue.member, self.issue.member)

    def refill(self, table: str) -> Refill:
        """Return what a table's sheet shows beside its issue; nothing in a fresh copy."""
        return self.refills.get(table, _FRESH)

    def table(self, name: str) -> TableDef:
        """Return a table's definition."""
        return self.schema.tables[name]

    def span(self, name: str) -> Span:
        """Return the rows of a table's sheet."""
        rows = self.issue.base.get(name)
        spare = len(self.issue.spare.get(name, ()))
        return Span(len(rows) if rows is not None else 0, spare, ROOM if self.issue.grant[name].add else 0)

    def column(self, table: str, field_name: str, *, room: bool = True) -> str:
        """Return a field's cells as an absolute range with its sheet, spare rows included."""
        span = self.span(table)
        last = span.end if room else span.table_end
        at = self.layouts[table].at[field_name]
        return common.on_sheet(self.sheets[table], common.column_range(at, FIRST_ROW, last))

    def shown(self, field_: Field, value: Value) -> Scalar:
        """Return what a cell holds for a canonical value: a label for a ref, names for members."""
        if value is None:
            return None
        if isinstance(value, Unreadable):
            return value.raw
        kind = field_.spec.type
        if kind == "ref" and isinstance(value, str):
            value = self.issue.labels.get(field_.spec.to, {}).get(value, value)
        elif kind == "member" and isinstance(value, str):
            value = self.names.get(value, value)
        elif kind == "members" and isinstance(value, tuple):
            value = tuple(self.names.get(v, v) for v in value)
        return field_.write(value, language=self.language)

    def shown_all(self, field_: Field, values: Sequence[Value]) -> list[Scalar]:
        """Return what the cells of one field hold, each distinct value worked out once."""
        shown: dict[Value, Scalar] = {None: None}
        for value in values:
            if value not in shown:
                shown[value] = self.shown(field_, value)
        return [shown[value] for value in values]

    def related_to(self, rid: str) -> Related:
        """Return how to find the rows of this copy that refer to a row."""

        def find(table: str, via: str) -> Sequence[Mapping[str, Value]]:
            return self._referring.get((table, via), {}).get(rid, ())

        return find

    @cached_property
    def _referring(self) -> Mapping[tuple[str, str], Mapping[str, Sequence[Mapping[str, Value]]]]:
        """(table, ref field) → target row id → the rows that refer to it."""
        found: dict[tuple[str, str], dict[str, list[Mapping[str, Value]]]] = {}
        for name, rows in self.issue.base.items():
            for via in self.table(name).refs:
                if via in rows.at:
                    targets = found.setdefault((name, via), {})
                    for row in rows.rows:
                        targets.setdefault(str(row[rows.at[via]]), []).append(dict(zip(rows.fields, row, strict=True)))
        return found

    def own_key(self, table: str) -> str:
        """Return the key field whose cells show what refs call a row; empty where there is no such column."""
        key = self.table(table).key
        return key[0] if len(key) == 1 and key[0] in self.layouts[table].at else ""

    def speaks(self, table: str, expr: Expr) -> bool:
        """Tell whether a formula in this copy can say the expression with the same outcome as the ledger."""
        if not set(fields_of(expr)) <= set(self.layouts[table].at):
            return False
        if not tables_of(expr):
            return True
        return bool(self.own_key(table)) and all(
            self._whole(node.table, needed)
            for node in walk(expr)
            if isinstance(node, CountOf | SumOf | LatestOf)
            for needed in ((node.via,) if isinstance(node, CountOf) else (node.via, node.field))
        )

    def _whole(self, table: str, field_name: str) -> bool:
        """Whether that column is here with all rows that a row of ours may be referred to from."""
        return table in self.layouts and field_name in self.layouts[table].at and self.table(table).show_days is None


@dataclass(frozen=True, slots=True)
class RowScope:
    """How an expression finds its cells in one table's sheet; the row's number is left open."""

    copy: CopyScope
    table: str

    @property
    def today(self) -> str:
        """The day, as the defined name says it."""
        return TODAY

    @property
    def language(self) -> Language:
        """The language of the copy."""
        return self.copy.language

    def cell(self, field: str) -> str:
        """Return this row's cell of a field."""
        return f"${letters(self.copy.layouts[self.table].at[field])}{ROW}"

    def related(self, table: str, field: str) -> str:
        """Return a column of another table, spare rows and room included."""
        return self.copy.column(table, field)

    def own_key(self) -> str:
        """Return the cell with the text under which refs show this row."""
        return self.cell(self.copy.own_key(self.table))

    def text(self, field: str, value: Value) -> str:
        """Return how a cell of this field shows a value, as a literal."""
        shown = self.copy.shown(self.copy.table(self.table).fields[field], value)
        if isinstance(shown, bool):
            return "TRUE" if shown else "FALSE"
        return common.quoted(str(shown))


def texts(copy: CopyScope, table: str) -> dict[str, Sequence[str]]:
    """Return the shown texts of every text field of a table, for measuring columns."""
    rows = copy.issue.base.get(table)
    if rows is None:
        return {}
    fields = [(name, copy.table(table).fields[name]) for name in rows.fields]
    return {
        name: [str(shown) for shown in copy.shown_all(f, rows.column(name)) if shown is not None]
        for name, f in fields
        if f.show().width == 0
    }
