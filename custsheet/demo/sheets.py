"""A written copy as a person at the screen knows it: rows by their name, columns by their title, the next free row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from custsheet.addresses import letters
from custsheet.fields.moments import from_serial
from custsheet.model import Cell, GridSheet
from custsheet.plan import Scalar
from custsheet.text import clean
from custsheet.xlsx.patch import CellEdit, patch
from custsheet.xlsx.read import read_grid

HEAD = 2


@dataclass
class Page:
    """One sheet of a copy."""

    sheet: GridSheet
    label: str
    """Title of the column by which rows are found."""
    taken: int = 0
    """Free rows that are filled already."""

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Title → 0-based column."""
        head = next(row for row in self.sheet.rows if row.number == HEAD)
        return {cell.raw: position for position, cell in enumerate(head.cells) if cell is not None}

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Name → number of the first row that has it; free rows are not here."""
        found: dict[str, int] = {}
        for number, cells in self._body():
            name = _text(cells, self.at[self.label])
            if name:
                found.setdefault(name, number)
        return found

    @cached_property
    def free(self) -> list[int]:
        """Numbers of the blank rows that wait with an id."""
        return [
            n for n, cells in self._body() if _text(cells, self.at["_id"]) and not _text(cells, self.at[self.label])
        ]

    def address(self, row: int, title: str) -> str:
        """Return the address of a cell."""
        return f"{letters(self.at[title] + 1)}{row}"

    def text(self, name: str, title: str) -> str:
        """Return what a cell shows."""
        return _text(self._cells[self.rows[name]], self.at[title])

    def day(self, name: str, title: str) -> dt.date | None:
        """Return the date in a cell; None where there is none."""
        cell = _cell(self._cells[self.rows[name]], self.at[title])
        moment = from_serial(Decimal(cell.raw)) if cell is not None and cell.kind == "number" else None
        return moment.date() if moment else None

    @cached_property
    def _cells(self) -> Mapping[int, tuple[Cell | None, ...]]:
        return dict(self._body())

    def _body(self) -> Iterator[tuple[int, tuple[Cell | None, ...]]]:
        return ((row.number, row.cells) for row in self.sheet.rows if row.number > HEAD)


@dataclass
class Desk:
    """One member's copy while it is being edited."""

    member: str
    data: bytes
    labels: Mapping[str, str]
    """Sheet → title of the column by which its rows are found."""
    edits: dict[tuple[str, str], CellEdit] = field(default_factory=dict)

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """The sheets by name."""
        grid = read_grid(self.data)
        return {s.name: Page(s, self.labels[s.name]) for s in grid.sheets if s.name in self.labels}

    def set(self, sheet: str, name: str, title: str, value: Scalar) -> str:
        """Type into a cell of the row with that name; return its address."""
        return self._put(sheet, self.pages[sheet].rows[name], title, value)

    def add(self, sheet: str, values: Mapping[str, Scalar]) -> int:
        """Fill the next free row; return its number."""
        page = self.pages[sheet]
        row = page.free[page.taken]
        page.taken += 1
        for title, value in values.items():
            if value is not None:
                self._put(sheet, row, title, value)
        return row

    def put(self, sheet: str, address: str, value: Scalar) -> None:
        """Type into a cell by its address."""
        self.edits[sheet, address] = CellEdit(sheet, address, value)

    def clear(self, sheet: str, address: str) -> None:
        """Take an edit back: the cell is again as it was issued."""
        self.edits.pop((sheet, address), None)

    def save(self) -> bytes:
        """Return the workbook with everything typed so far."""
        return patch(self.data, list(self.edits.values()))

    def _put(self, sheet: str, row: int, title: str, value: Scalar) -> str:
        address = self.pages[sheet].address(row, title)
        self.put(sheet, address, value)
        return address


def _cell(cells: tuple[Cell | None, ...], position: int) -> Cell | None:
    return cells[position] if position < len(cells) else None


def _text(cells: tuple[Cell | None, ...], position: int) -> str:
    cell = _cell(cells, position)
    return clean(cell.raw) if cell is not None else ""
