"""The hidden sheet behind the dropdowns: one column per list, and the count of open errors per table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.scope import FIRST_ROW, LISTS, CopyScope
from custsheet.fields.base import Field
from custsheet.messages import word
from custsheet.model import Value
from custsheet.plan import Formula, PlanCell, Scalar, Sheet


@dataclass
class ListSheet:
    """Collects lists, and gives each its range."""

    name: str = LISTS
    cells: list[PlanCell] = field(default_factory=list)
    columns: int = 0
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def add(self, head: str, values: Iterable[str]) -> str:
        """Add a list and return its range; the same values share one column. No values, no range."""
        kept = tuple(dict.fromkeys(v for v in values if v))
        if not kept:
            return ""
        if kept not in self._known:
            self.columns += 1
            self.cells.append(PlanCell(1, self.columns, head))
            self.cells += [PlanCell(row, self.columns, v) for row, v in enumerate(kept, 2)]
            self._known[kept] = f"{self.name}!{common.column_range(self.columns, 2, len(kept) + 1)}"
        return self._known[kept]

    def number(self, row: int, head: str, value: Scalar | Formula, *, column: int) -> str:
        """Place a named number and return its cell."""
        self.cells.append(PlanCell(row, column, head))
        self.cells.append(PlanCell(row, column + 1, value))
        return f"{self.name}!${letters(column + 1)}${row}"

    def sheet(self) -> Sheet:
        """Return the finished sheet, hidden."""
        return Sheet(self.name, state="hidden", cells=tuple(self.cells))


def dropdowns(copy: CopyScope, lists: ListSheet) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Lay out every dropdown; return (table, field) → range, and for refs the range of labels beside the column."""
    ranges: dict[tuple[str, str], str] = {}
    extra: dict[tuple[str, str], str] = {}
    for table, layout in copy.layouts.items():
        for column in layout.columns:
            f = column.field
            limit = f.limit() if f is not None else None
            if f is None or limit is None or not (column.edit or column.enter):
                continue
            at = (table, f.name)
            if limit.source == "options":
                ranges[at] = lists.add(column.head, [o.text[copy.language] for o in f.spec.options])
            elif limit.source == "members":
                ranges[at] = lists.add(word("copy.members", copy.language), _names(copy, table, f))
            elif limit.source == "ref":
                ranges[at], extra[at] = _keys(copy, f, lists)
    return {k: v for k, v in ranges.items() if v}, {k: v for k, v in extra.items() if v}


def _names(copy: CopyScope, table: str, field_: Field) -> list[str]:
    """Active members, and those whom a cell of this copy names; only the copy's own where no other may be chosen."""
    if field_.name == copy.table(table).owner and not copy.issue.grant[table].reassign:
        return [copy.member]
    rows = copy.issue.base.get(table)
    here = {m for v in (rows.column(field_.name) if rows is not None else ()) for m in _members(v)}
    return [copy.names.get(m.id, m.name) for m in copy.team.members if m.active or m.id in here]


def _members(value: Value) -> Sequence[str]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _keys(copy: CopyScope, field_: Field, lists: ListSheet) -> tuple[str, str]:
    """Return the target's key column, and a list of the labels that it lacks; a list of all where it is not here."""
    target = field_.spec.to
    labels = copy.issue.labels.get(target, {})
    key = copy.own_key(target) if target in copy.layouts else ""
    if not key:
        return lists.add(target, labels.values()), ""
    rows = copy.issue.base.get(target)
    field_of = copy.table(target).fields[key]
    shown = {str(copy.shown(field_of, v)) for v in (rows.column(key) if rows is not None else ())}
    others = [text for text in labels.values() if text not in shown]
    return copy.column(target, key, room=False), lists.add(f"{target}+", others)


def counts(copy: CopyScope, lists: ListSheet, opened: dict[str, int]) -> dict[str, str]:
    """Lay out the number of open errors per table; return the cell of each, and under `""` that of the sum."""
    column = lists.columns + 2
    cells: dict[str, str] = {}
    for row, (table, layout) in enumerate(copy.layouts.items(), 2):
        at = layout.place("open")
        span = copy.span(table)
        reach = common.on_sheet(copy.sheets[table], common.column_range(at, FIRST_ROW, span.end))
        formula = Formula(f'SUMIF({reach},">0")', opened.get(table, 0))
        cells[table] = lists.number(row, table, formula, column=column)
    first, last = 2, len(copy.layouts) + 1
    total = f"SUM({common.column_range(column + 1, first, last)})"
    cells[""] = lists.number(last + 1, "", Formula(total, sum(opened.values())), column=column)
    return cells
