"""What is done in the workbook of the client test, the same by a person at the screen and by a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from custsheet.demo.client_team import CUSTOMERS, TABLE
from custsheet.demo.sheets import Page
from custsheet.fields.base import Language, Text
from custsheet.messages import word
from custsheet.model import Grid
from custsheet.schema.records import Schema

How = Literal["text", "number", "date", "choice", "clear"]
Kind = Literal["change", "append", "insert", "remove", "mark"]
KINDS: Final[tuple[Kind, ...]] = ("change", "append", "insert", "remove", "mark")


@dataclass(frozen=True, slots=True)
class Typed:
    """One cell that is typed into: what a program puts there, what a person types, what custsheet is to find."""

    field: str
    how: How
    value: Text | float | None = None
    typed: str = ""
    """Empty where a person types the value itself."""
    found: str = ""
    """Empty where it is the value itself."""

    def put(self, language: Language) -> str | float | None:
        """Return what a program puts into the cell."""
        return self.value[language] if isinstance(self.value, Text) else self.value

    def say(self, language: Language) -> str:
        """Return what a person types."""
        return self.typed or str(self.put(language) or "")

    def expect(self, language: Language) -> str:
        """Return the new value as `diff` says it."""
        return self.found or str(self.put(language) or "")


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What happens to one row: cells changed, a row added at the end or between two others, deleted, marked."""

    kind: Kind
    row: Text
    """The row that is changed; for `insert` the one that it stands above."""
    cells: tuple[Typed, ...] = ()


def _same(text: str) -> Text:
    return Text(text, text)


_END, _BETWEEN = Text("末行示例文具", "Last Row Stationery"), Text("插行示例乐器", "Inserted Instruments")
EDITS: Final[Sequence[RowEdit]] = (
    RowEdit("change", CUSTOMERS[0], (Typed("words", "text", Text("00789 改过", "00789 changed")),)),
    RowEdit("change", CUSTOMERS[1], (Typed("day", "date", _same("2026-12-24")),)),
    RowEdit("change", CUSTOMERS[2], (Typed("amount", "number", 8888.5, found="¥8,888.5"),)),
    RowEdit("change", CUSTOMERS[3], (Typed("share", "number", 0.35, typed="35%", found="35%"),)),
    RowEdit("change", CUSTOMERS[4], (Typed("stage", "choice", Text("丢单", "Lost & gone")),)),
    RowEdit("change", CUSTOMERS[5], (Typed("yes", "choice", Text("是", "Yes")), Typed("tags", "clear"))),
    RowEdit("change", CUSTOMERS[7], (Typed("phone", "text", _same("13900139000")),)),
    RowEdit("append", CUSTOMERS[0], (
        Typed("customer", "text", _END),
        Typed("stage", "choice", Text("洽谈", "Talking")),
        Typed("day", "date", _same("2026-12-31")),
        Typed("number", "number", 12, found="12"),
    )),
    RowEdit("mark", CUSTOMERS[10]),
    RowEdit("remove", CUSTOMERS[9]),
    RowEdit("insert", CUSTOMERS[6], (Typed("customer", "text", _BETWEEN), Typed("amount", "number", 20, found="¥20"))),
)  # fmt: skip
"""In an order in which no row moves before it is found: from the bottom up where rows come and go."""

Found = tuple[str, str, str, str]
"""Kind of the edit, name of the row, field, new value."""


def expected(language: Language, kinds: Sequence[Kind] = KINDS) -> frozenset[Found]:
    """Return the edits that custsheet is to find after these kinds of edits, and no others."""
    found: set[Found] = set()
    for edit in EDITS:
        if edit.kind not in kinds:
            continue
        new = edit.kind in ("append", "insert")
        name = edit.cells[0].expect(language) if new else edit.row[language]
        if edit.kind in ("mark", "remove"):
            found.add(("delete", name, "", ""))
        found |= {("add" if new else "cell", name, cell.field, cell.expect(language)) for cell in edit.cells}
    return frozenset(found)


def acts(grid: Grid, schema: Schema, language: Language, kinds: Sequence[Kind]) -> list[list[object]]:
    """Return these edits for a program that drives another: a verb, a sheet, an address or a row, a value."""
    return [act for edit in EDITS if edit.kind in kinds for act in _Desk(grid, schema, language).acts(edit)]


class _Desk:
    def __init__(self, grid: Grid, schema: Schema, language: Language) -> None:
        self._language = language
        self._table = schema.tables[TABLE]
        self._sheet = self._table.title[language]
        sheet = grid.sheet(self._sheet)
        assert sheet is not None
        self._page = Page(sheet, self._title("customer"))

    def _title(self, name: str) -> str:
        return self._table.fields[name].spec.title[self._language]

    def acts(self, edit: RowEdit) -> list[list[object]]:
        if edit.kind == "append":
            return self._type(self._page.free[0], edit.cells)
        row = self._page.rows[edit.row[self._language]]
        if edit.kind == "remove":
            return [["delete", self._sheet, row]]
        if edit.kind == "mark":
            at = self._page.address(row, word("copy.action", self._language))
            return [["text", self._sheet, at, word("copy.delete", self._language)]]
        before: list[list[object]] = [["insert", self._sheet, row]] if edit.kind == "insert" else []
        return [*before, *self._type(row, edit.cells)]

    def _type(self, row: int, cells: Sequence[Typed]) -> list[list[object]]:
        return [self._act(cell, self._page.address(row, self._title(cell.field))) for cell in cells]

    def _act(self, cell: Typed, at: str) -> list[object]:
        verb = "text" if cell.how == "choice" else cell.how
        return [verb, self._sheet, at] if verb == "clear" else [verb, self._sheet, at, cell.put(self._language)]
