"""One page of a report: title, definitions, tables, charts and links on a common grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import coloured
from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.plan import (
    Block,
    Chart,
    Column,
    Condition,
    DataBar,
    ExcelTable,
    Formula,
    Look,
    PlanCell,
    Scalar,
    Series,
    Sheet,
)
from custsheet.summary import Summary
from custsheet.text import display_width

FIRST_COLUMN = 2
HEAD_ROW = 4
ROW_HEIGHT = 24.0
ROW_PIXELS = 22
"""A row of default height, over which charts lie."""
TEXT_CAP = 30

_LEFT = look.ROW.with_(align="left")
_HEAD = look.HEAD_MAY.with_(bold=True, ink=look.ACCENT, wrap=True)
NUMBER = look.ROW.with_(align="right", number_format="#,##0_0")
SHARE = look.ROW.with_(align="right", number_format="0%_0")
TEXT = _LEFT.with_(number_format="@")
LABEL = TEXT.with_(bold=True)
QUIET = TEXT.with_(ink=look.SOFT)
DAY = _LEFT.with_(number_format="yyyy-mm-dd")


@dataclass
class Labels:
    """The hidden sheet with what charts write at their marks: one column per chart."""

    name: str = "_lists"
    cells: list[PlanCell] = field(default_factory=list)
    columns: int = 0

    def add(self, texts: Sequence[str]) -> str:
        """Add one column and return its range."""
        self.columns += 1
        self.cells += [PlanCell(row, self.columns, text) for row, text in enumerate(texts, 1)]
        return common.on_sheet(self.name, common.column_range(self.columns, 1, max(1, len(texts))))

    def sheet(self) -> Sheet:
        """Return the sheet."""
        return Sheet(self.name, state="hidden", cells=tuple(self.cells))


@dataclass(frozen=True)
class Report:
    """What every page needs: the summary, the language, the names of the sheets, the labels of the charts."""

    summary: Summary
    language: Language
    title: str
    round: str
    sheets: dict[str, str]
    """Key of a page → name of its sheet."""
    labels: Labels
    tables: dict[str, Placed]
    """Name of a table → where it stands, filled as the pages are laid out."""

    def say(self, key: str, **facts: object) -> str:
        """Return a word of reports."""
        return word(f"report.{key}", self.language, **facts)


@dataclass(frozen=True)
class Field:
    """One column of a table on a page."""

    head: str
    values: Sequence[Scalar]
    style: Look = TEXT
    width: float = 0
    """0 = as the values need."""
    formula: str = ""
    """Template with `{row}`; the values are what it comes to."""
    total: Scalar | str = None
    """What stands below: a value, or `sum`."""


@dataclass
class Placed:
    """Where a table stands."""

    sheet: str
    first_row: int
    last_row: int
    columns: dict[str, int]
    """Head → column."""

    def cells(self, head: str) -> str:
        """Return the relative range of a column's rows."""
        return common.area(self.first_row, self.columns[head], self.last_row, self.columns[head])

    def range(self, head: str, count: int = 0) -> str:
        """Return the absolute reference to a column's rows, or to the first of them."""
        last = min(self.last_row, self.first_row + count - 1) if count else self.last_row
        return common.on_sheet(self.sheet, common.column_range(self.columns[head], self.first_row, last))

    def first(self, head: str) -> str:
        """Return a column's first cell, the column fixed."""
        return f"${letters(self.columns[head])}{self.first_row}"


class Page:
    """One sheet in the making."""

    def __init__(self, report: Report, key: str, *, tab: str) -> None:
        self.report, self.key, self.tab = report, key, tab
        self.name = report.sheets[key]
        self.cells: list[PlanCell] = []
        self.blocks: list[Block] = []
        self.tables: list[ExcelTable] = []
        self.heights: dict[int, float] = {}
        self.widths: dict[int, float] = {1: 2}
        self.conditions: list[Condition] = []
        self.bars: list[DataBar] = []
        self.charts: list[Chart] = []
        self.last_row = HEAD_ROW
        self.last_column = FIRST_COLUMN
        self.freeze = ""

    def put(self, row: int, column: int, value: Scalar | Formula, style: Look, *, link: str = "") -> None:
        """Place one cell."""
        self.cells.append(PlanCell(row, column, value, style, link=link))

    def table(
        self,
        name: str,
        fields: Sequence[Field],
        *,
        row: int = HEAD_ROW,
        column: int = FIRST_COLUMN,
        total: str = "",
        autofilter: bool = True,
    ) -> Placed:
        """Place a table of equally long columns; `total` names the line below it, which stands outside of the table."""
        count = max((len(f.values) for f in fields), default=0)
        first, last = row + 1, row + max(1, count)
        rows = [tuple(f.values[i] for f in fields) for i in range(count)] or [(None,) * len(fields)]
        formulas = tuple(f.formula or None for f in fields) if any(f.formula for f in fields) and count else ()
        self.blocks.append(Block(first, column, tuple(f.style for f in fields), rows, formulas, ROW_HEIGHT))
        ref = common.area(row, column, last, column + len(fields) - 1)
        heads = tuple(_unique_heads([f.head for f in fields]))
        looks = tuple(_HEAD.with_(align=f.style.align, indent=f.style.indent) for f in fields)
        self.tables.append(ExcelTable(name, ref, heads, looks, autofilter=autofilter))
        self.heights[row] = look.HEIGHT_HEAD
        placed = Placed(self.name, first, last, {h: column + i for i, h in enumerate(heads)})
        for at, f in enumerate(fields, column):
            self.widths[at] = max(self.widths.get(at, 0), f.width or _width(f, autofilter=autofilter))
        self.last_column = max(self.last_column, column + len(fields) - 1)
        self.last_row = max(self.last_row, last)
        self.report.tables[name] = placed
        if total:
            self._total(total, fields, placed, column)
        return placed

    def _total(self, title: str, fields: Sequence[Field], placed: Placed, column: int) -> None:
        row = placed.last_row + 1
        self.heights[row] = ROW_HEIGHT
        for at, f in enumerate(fields, column):
            value: Scalar | Formula = title if at == column else f.total
            if f.total == "sum":
                own = letters(at)
                known = [v for v in f.values if isinstance(v, int | float) or hasattr(v, "quantize")]
                text = f"SUM({own}{placed.first_row}:{own}{placed.last_row})"
                value = Formula(text, sum(known))  # type: ignore[arg-type]
            elif f.formula and at != column:
                value = Formula(f.formula.replace("{row}", str(row)), f.total)
            self.put(row, at, value, f.style.with_(bold=True, top=f"medium:{look.ACCENT}"))
        self.last_row = max(self.last_row, row)

    def chart(self, chart: Chart) -> None:
        """Place a chart; what comes later stands below it."""
        self.charts.append(chart)
        bottom = int("".join(c for c in chart.anchor if c.isdigit())) + -(-chart.height_px // ROW_PIXELS)
        self.last_row = max(self.last_row, bottom)

    def sheet(self, title: str, explain: Sequence[str]) -> Sheet:
        """Return the finished sheet under its title, with what its numbers mean."""
        back = PlanCell(
            1,
            self.last_column,
            self.report.say("back"),
            look.A_LINK.with_(align="right"),
            link=common.jump(self.report.sheets["home"]),
        )
        width = sum(self.widths.get(c, 9) for c in range(FIRST_COLUMN, self.last_column + 1))
        text = "\n".join(explain)
        heights = {1: 34.0, 2: common.pieces_height([(text, width)], base=22), 3: 8.0, **self.heights}
        top = [PlanCell(1, FIRST_COLUMN, title, look.TITLE)]
        top.append(PlanCell(2, FIRST_COLUMN, text, look.SUB.with_(wrap=True, valign="top")))
        merges = [common.area(2, FIRST_COLUMN, 2, self.last_column)] if self.last_column > FIRST_COLUMN else []
        return Sheet(
            self.name,
            tab=self.tab,
            columns=tuple(Column(self.widths.get(c, 9)) for c in range(1, self.last_column + 1)),
            cells=(*top, back, *self.cells),
            blocks=tuple(self.blocks),
            tables=tuple(self.tables),
            heights=tuple(sorted(heights.items())),
            merges=tuple(merges),
            freeze=self.freeze,
            conditions=tuple(self.conditions),
            bars=tuple(self.bars),
            charts=tuple(self.charts),
            print_area=common.area(1, 1, self.last_row, self.last_column),
            print_title_rows=f"{HEAD_ROW}:{HEAD_ROW}" if self.tables else "",
            footer=f"{self.name} · {self.report.title}",
        )


def _unique_heads(heads: Sequence[str]) -> list[str]:
    found: list[str] = []
    for head in heads:
        found.append(common.unique(head, found))
    return found


def _width(field_: Field, *, autofilter: bool) -> float:
    """Wide enough for head and nine of ten values; numbers are never cut."""
    texts = [_shown(v, field_.style.number_format) for v in field_.values]
    texts.append(_shown(field_.total, field_.style.number_format) if field_.total != "sum" else "")
    if field_.total == "sum":
        texts.append(_shown(sum(v for v in field_.values if v is not None and not isinstance(v, str)), "#,##0"))  # type: ignore[misc]
    head = field_.head + ("    " if autofilter else "")
    if field_.style.align == "right":
        return max(map(display_width, (head, *texts)), default=8) + 2.5
    return max(9.0, common.fit_width(head, texts, cap=TEXT_CAP))


def _shown(value: Scalar | str, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return "2026-11-20 18:00" if "h" in number_format else "2026-11-20"
    return f"{value:,.0f}"


def bar_chart(
    report: Report,
    title: str,
    placed: Placed,
    names: tuple[str, Sequence[str]],
    series: Sequence[tuple[str, Sequence[float], str]],
    *,
    anchor: str,
    most: int = 0,
    **more: object,
) -> Chart:
    """Return lying bars over a table's columns: `names` and `series` are (head, values) and (head, values, colour)."""
    head, texts = names
    count = min(most, len(texts)) if most else len(texts)
    return Chart(
        "bar",
        title,
        tuple(
            Series(
                title=value_head,
                categories=placed.range(head, count),
                values=placed.range(value_head, count),
                colour=colour,
                category_cache=tuple(texts[:count]),
                value_cache=tuple(values[:count]),
                number_format=str(more.get("number_format", "General")),
            )
            for value_head, values, colour in series
        ),
        anchor,
        **{k: v for k, v in more.items() if k != "number_format"},  # type: ignore[arg-type]
    )


def bars_height(count: int, series: int = 1) -> int:
    """Return the pixels that so many bars need."""
    return max(290, 70 + count * (16 + 12 * series))


def chips(page: Page, cells: str, first: str) -> None:
    """Colour the statuses in a column: fill, ink and sign as in the copies."""
    field_ = page.report.summary.status_field
    if field_ is None:
        return
    for option, hue, icon in coloured(field_):
        page.conditions.append(
            Condition(
                cells,
                f"{first}={common.quoted(option.text[page.report.language])}",
                TEXT.with_(fill=hue.fill, ink=hue.ink),
                number_format=f'"{icon} "@',
            )
        )


Build = Callable[[Report], Sheet | None]
