"""A workbook as data: what `books` lays out and `xlsx` writes. Nothing here knows a file format's XML or openpyxl."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

Scalar = None | bool | int | float | Decimal | str | dt.date | dt.datetime
"""What a written cell may hold. A `str` is always written as text, never as a formula, whatever it starts with."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks: colours as RRGGBB, sizes in points. Compose with `with_`; equal looks share one style."""

    fill: str = ""
    ink: str = "1F2933"
    bold: bool = False
    size: float = 10
    link: bool = False
    """Underlined in the link colour."""
    align: Literal["", "left", "center", "right"] = ""
    valign: Literal["center", "top", "bottom"] = "center"
    wrap: bool = False
    indent: int = 0
    number_format: str = "General"
    bottom: str = ""
    """Line below as `style:RRGGBB`: `hair:DCE3EA`, `thin:…`, `medium:…`, `thick:…`; the same for the other three."""
    top: str = ""
    left: str = ""
    right: str = ""
    unlocked: bool = False
    """Stays editable on a protected sheet."""

    def with_(self, **changes: object) -> Look:
        """Return a copy with these properties changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without `=`, with the value that it has now (viewers that do not calculate show it)."""

    text: str
    value: Scalar = None


@dataclass(frozen=True, slots=True)
class PlanCell:
    """One cell placed by hand: guide, strip, head, small tables."""

    row: int
    column: int
    value: Scalar | Formula = None
    look: Look = PLAIN
    link: str = ""
    """`#'Sheet'!A1` inside the book."""
    note: str = ""
    note_author: str = ""
    """Who wrote the note; empty = we."""


@dataclass(frozen=True, slots=True)
class Column:
    """Width in units of the default font (0 = leave), and the look of the whole column, room below included."""

    width: float = 0
    look: Look | None = None
    hidden: bool = False
    outline: int = 0
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows spliced into the sheet at speed: one look per column, values row by row.

    A `Formula` in `formulas` at a column's position gives that column's formula with `{row}` for the row's number; the
    rows' values at that position are the cached values.
    """

    first_row: int
    first_column: int
    looks: tuple[Look, ...]
    rows: Sequence[Sequence[Scalar]]
    formulas: tuple[str | None, ...] = ()
    """Per column a formula template without `=`, or None. Empty = no formulas at all."""
    height: float = 0
    """Height of every row in points; 0 = default."""
    heights: Sequence[float] = ()
    """Height per row where rows differ; wins over `height`."""
    exceptions: tuple[tuple[int, int, Look], ...] = ()
    """(index in rows, index of column, look) of single cells that look otherwise."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter of one column shows: a set of texts, or one or two comparisons."""

    values: tuple[str, ...] = ()
    blank: bool = False
    comparisons: tuple[tuple[str, str], ...] = ()
    """(operator as `greaterThan`, value); empty = by `values`."""
    both: bool = False
    """Whether both comparisons have to hold."""


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """A real Excel Table (ListObject) over head and rows. The head's cells are written from `columns`."""

    name: str
    ref: str
    columns: tuple[str, ...]
    head_looks: tuple[Look, ...]
    autofilter: bool = True
    calculated: tuple[str | None, ...] = ()
    """Per column the calculated-column formula for new rows, or None."""
    filters: tuple[tuple[int, Filter], ...] = ()
    """(position of the column in the table, from 0) → what is shown; the rows it hides are `Sheet.hidden_rows`."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What Excel accepts in a range. A list always comes from a range or a defined name, never from a literal."""

    ref: str
    kind: Literal["list", "date", "decimal", "whole", "textLength", "custom"]
    formula: str
    """For a list: `_lists!$A$2:$A$6` or a defined name; for a comparison: the first bound."""
    formula2: str = ""
    operator: Literal["", "between", "greaterThanOrEqual", "lessThanOrEqual", "equal", "notEqual"] = ""
    severity: Literal["stop", "warning", "information"] = "stop"
    error_title: str = ""
    error: str = ""
    prompt_title: str = ""
    prompt: str = ""
    allow_blank: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One conditional format: complete and final (`stop`). `number_format` carries the sign: `"▲ "mm-dd`."""

    ref: str
    formula: str
    look: Look
    number_format: str = ""
    box: str = ""
    """Border all round as `style:RRGGBB`: `thin:C2321D`, `dashed:C2321D`."""
    stop: bool = True


@dataclass(frozen=True, slots=True)
class DataBar:
    """A solid data bar from `low` to `high` in a range."""

    ref: str
    colour: str
    low: float = 0
    high: float = 1


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: references into a sheet, and the values they hold now (written as the chart's cache)."""

    title: str
    categories: str
    """`'Sheet'!$A$2:$A$6`."""
    values: str
    colour: str = "1D4E79"
    point_colours: tuple[str, ...] = ()
    """One colour per point (pie, highlighted bars); empty = `colour`."""
    category_cache: tuple[str, ...] = ()
    value_cache: tuple[float, ...] = ()
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart in the visual language: values at the marks, title top left, no legend unless asked for."""

    kind: Literal["bar", "column", "pie", "stacked", "line"]
    title: str
    series: tuple[Series, ...]
    anchor: str
    """Top-left cell, `B5`."""
    width_px: int = 620
    height_px: int = 320
    gap: int = 45
    alt: str = ""
    percent_axis: bool = False
    legend: bool = False
    """A legend at the right: only for stacks of many series, whose parts nothing else names."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Rows, columns and cells are 1-based."""

    name: str
    tab: str = ""
    state: Literal["visible", "hidden", "veryHidden"] = "visible"
    columns: tuple[Column, ...] = ()
    """From column A on."""
    cells: tuple[PlanCell, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[ExcelTable, ...] = ()
    heights: tuple[tuple[int, float], ...] = ()
    """(row, points) of rows outside blocks."""
    hidden_rows: frozenset[int] = frozenset()
    merges: tuple[str, ...] = ()
    """Guide and tiles only, never in data."""
    freeze: str = ""
    """Top-left cell of the moving part, `C3`."""
    validations: tuple[Validation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    """In order of priority."""
    bars: tuple[DataBar, ...] = ()
    charts: tuple[Chart, ...] = ()
    ignore_text_numbers: str = ""
    """Ranges, blank-separated, whose "number stored as text" triangles are off."""
    protect: bool = False
    """Lock the sheet (without a password); cells with an `unlocked` look stay open."""
    summary_right: bool = False
    print_area: str = ""
    print_title_rows: str = ""
    """`1:2`."""
    landscape: bool = True
    footer: str = ""
    active_cell: str = "A1"
    gridlines: bool = False
    zoom: int = 100


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name: `cs_today` → `TODAY()` or a range."""

    name: str
    refers_to: str


@dataclass(frozen=True, slots=True)
class Book:
    """A whole workbook. `created` is the only time in it: the same Book gives the same bytes."""

    sheets: tuple[Sheet, ...]
    title: str = ""
    names: tuple[Name, ...] = ()
    created: dt.date = dt.date(2000, 1, 1)
    active: int = 0
    """Index of the sheet that opens."""
    properties: tuple[tuple[str, str], ...] = ()
    """Custom document properties, ASCII only."""
