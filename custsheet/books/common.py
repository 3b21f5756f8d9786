"""Lay a sheet out: addresses, measured widths, and a canvas with a cursor for guides, tiles and small tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from custsheet import look
from custsheet.addresses import letters
from custsheet.plan import PLAIN, Column, Formula, Look, PlanCell, Scalar, Sheet
from custsheet.text import display_width

ROW_LIMIT = 1_048_576
MAX_SHEET_NAME = 31


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────


def address(row: int, column: int) -> str:
    """Return the relative address of a cell."""
    return f"{letters(column)}{row}"


def area(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return the relative address of a rectangle; of one cell where it is one."""
    first, last = address(first_row, first_column), address(last_row, last_column)
    return first if first == last else f"{first}:{last}"


def column_range(column: int, first_row: int, last_row: int) -> str:
    """Return an absolute range in one column."""
    return f"${letters(column)}${first_row}:${letters(column)}${last_row}"


def on_sheet(name: str, reference: str) -> str:
    """Return a reference with its sheet's name, quoted."""
    return f"'{name.replace(chr(39), chr(39) * 2)}'!{reference}"


def jump(name: str, reference: str = "A1") -> str:
    """Return the target of a link inside the book."""
    return "#" + on_sheet(name, reference)


def quoted(text: str) -> str:
    """Return a text as a literal in a formula."""
    return '"' + text.replace('"', '""') + '"'


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """Return a title as a legal sheet name that nobody has taken."""
    plain = "".join(" " if c in "[]:*?/\\" or c < " " else c for c in title).strip(" '") or "-"
    return unique(plain[:MAX_SHEET_NAME], taken, limit=MAX_SHEET_NAME)


def unique(text: str, taken: Iterable[str], *, limit: int = 255) -> str:
    """Return a text that differs from all taken ones beyond case, with a number behind it where needed."""
    used = {t.casefold() for t in taken}
    candidate, number = text, 1
    while candidate.casefold() in used:
        number += 1
        tail = f" ({number})"
        candidate = text[: limit - len(tail)] + tail
    return candidate


# ── widths ──────────────────────────────────────────────────────────────────────────────────────────


def pixels(width: float) -> int:
    """Return the pixels that a column of so many units takes on screen."""
    return math.floor(7 * width + 5)


def fit_width(head: str, values: Iterable[str], *, cap: float, sign: bool = False) -> float:
    """Return the width for a head and nine of ten values, within the cap; `sign` leaves room for one before them."""
    sizes = sorted(display_width(v) for v in values if v)
    common = sizes[math.ceil(len(sizes) * 0.9) - 1] if sizes else 0
    return min(cap, max(display_width(head), common)) + 2 + (2 if sign else 0)


def lines_needed(text: str, width: float) -> int:
    """Return how many lines a wrapped text takes in a column of so many units."""
    room = max(2.0, width - 1)
    return sum(max(1, math.ceil(_ink(line) / room)) for line in text.split("\n")) if text else 1


def _ink(text: str) -> float:
    """Return the width of running text: Latin letters are narrower than the digits that a column unit is made of."""
    wide = display_width(text) - len(text)
    return 2 * wide + 0.9 * (len(text) - wide)


def within_budget(widths: Sequence[float], shrinkable: Sequence[bool], *, budget: int, least: float) -> list[float]:
    """Return the widths, the widest shrinkable ones narrowed until all fit into the budget of pixels."""
    fitted = list(widths)
    while sum(map(pixels, fitted)) > budget:
        wide = [i for i, ok in enumerate(shrinkable) if ok and fitted[i] > least]
        if not wide:
            break
        widest = max(wide, key=lambda i: fitted[i])
        fitted[widest] = max(least, fitted[widest] - 0.5)
    return fitted


# ── the canvas ──────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Canvas:
    """A sheet that is laid out from top to bottom: `row` is the cursor; `sheet` gives the finished record."""

    name: str
    widths: Sequence[float]
    """Units per column from A on."""
    row: int = 1
    cells: list[PlanCell] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)

    def put(
        self, column: int, value: Scalar | Formula, style: Look = PLAIN, *, to: int = 0, link: str = "", row: int = 0
    ) -> None:
        """Place a value in the cursor's row, merged up to column `to`, which all get the same look."""
        at = row or self.row
        last = max(column, to)
        for c in range(column, last + 1):
            self.cells.append(PlanCell(at, c, value if c == column else None, style, link=link if c == column else ""))
        if last > column:
            self.merges.append(area(at, column, at, last))

    def line(self, height: float, *pieces: tuple[int, int, Scalar | Formula, Look]) -> None:
        """Fill the cursor's row with (column, last column, value, look) pieces and go to the next row."""
        self.heights[self.row] = height
        for column, to, value, style in pieces:
            self.put(column, value, style, to=to)
        self.row += 1

    def gap(self, height: float = 12) -> None:
        """Leave a thin empty row."""
        self.heights[self.row] = height
        self.row += 1

    def section(self, *parts: tuple[int, int, str]) -> None:
        """Write section titles side by side: (column, last column, title)."""
        self.line(look.HEIGHT_SECTION, *((c, to, title, look.SECTION) for c, to, title in parts))

    def tile(self, column: int, to: int, lines: Sequence[tuple[float, Scalar | Formula, Look]], *, edge: str) -> None:
        """Write a tile of lines (height, value, look) from the cursor's row down, a thick edge at its left.

        The cursor stays, so that tiles stand side by side; go on with `row += len(lines)`.
        """
        for offset, (height, value, style) in enumerate(lines):
            at = self.row + offset
            self.heights[at] = max(height, self.heights.get(at, 0))
            boxed = style.with_(fill=style.fill or look.WASH, indent=1, left=f"thick:{edge}")
            self.put(column, value, boxed, row=at)
            for c in range(column + 1, to + 1):
                self.cells.append(PlanCell(at, c, None, boxed.with_(left="")))
            if to > column:
                self.merges.append(area(at, column, at, to))

    def sheet(self, **settings: object) -> Sheet:
        """Return the finished sheet; `settings` are those of `plan.Sheet`."""
        given: dict[str, object] = {
            "columns": tuple(Column(width=w) for w in self.widths),
            "cells": tuple(self.cells),
            "merges": tuple(self.merges),
            "heights": tuple(sorted(self.heights.items())),
            **settings,
        }
        return Sheet(self.name, **given)  # type: ignore[arg-type]


def pieces_height(pieces: Mapping[str, float] | Iterable[tuple[str, float]], *, base: float = look.HEIGHT_ROW) -> float:
    """Return the height of a row whose wrapped texts stand in columns of these widths."""
    pairs = pieces.items() if isinstance(pieces, Mapping) else pieces
    most = max((lines_needed(text, width) for text, width in pairs), default=1)
    return base + 13 * (most - 1)
