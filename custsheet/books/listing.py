"""A sheet in front of a copy that lists places in it: one line each, with a link, most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custsheet import look
from custsheet.books import common
from custsheet.books.scope import FIRST_ROW, CopyScope
from custsheet.messages import word
from custsheet.plan import Block, Column, ExcelTable, Look, PlanCell, Sheet

LIST_FIRST: Final = 5
LIST_HEAD: Final = LIST_FIRST - 1
_INKS: Final = {"！": look.SIGNS["wrong"].ink, "▲": look.SIGNS["overdue"].ink, "□": look.SIGNS["theirs"].ink}
_TEXT: Final = look.ROW.with_(wrap=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a copy as it is laid out again."""

    table: str = ""
    row: int = -1
    """Counted from 0 over the issued rows and then the added ones; -1 for the sheet or the file."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the place that it leads to, and its texts by column; the first is its sign, the second the place."""

    spot: Spot
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What the sheet says and how it is called."""

    key: str
    """Its words are `<key>.sheet` and `<key>.head.<column>`; its Table is called the same."""
    columns: Sequence[tuple[str, float]]
    """Key of each column's head, and its width."""
    tab: str
    sentence: str
    lines: Sequence[Line]


def listing_sheet(copy: CopyScope, listing: Listing, name: str = "") -> Sheet:
    """Lay out a list; column A is air. `name` is the sheet's, where its usual one may be taken."""
    language = copy.language
    name = name or word(f"{listing.key}.sheet", language)
    rows = [[text or None for text in line.texts] for line in listing.lines] or [[None] * len(listing.columns)]
    last, right = LIST_FIRST + len(rows) - 1, len(listing.columns) + 1
    title = " · ".join((name, copy.member, copy.schema.title[language]))
    looks = (_TEXT,) * len(listing.columns)
    heads = tuple(word(f"{listing.key}.head.{key}", language) for key, _ in listing.columns)
    head_looks = (look.HEAD_MAY.with_(wrap=True),) * len(heads)
    return Sheet(
        name,
        tab=listing.tab,
        columns=(Column(width=2.0), *(Column(width=width) for _, width in listing.columns)),
        cells=(
            PlanCell(1, 2, title, look.TITLE),
            PlanCell(2, 2, listing.sentence, Look(ink=look.SOFT)),
            *(_link(copy, at, line) for at, line in enumerate(listing.lines) if line.spot.table in copy.layouts),
        ),
        blocks=(Block(LIST_FIRST, 2, looks, rows, heights=_heights(listing, rows), exceptions=_inks(copy, listing)),),
        tables=(ExcelTable(listing.key, common.area(LIST_HEAD, 2, last, right), heads, head_looks),),
        heights=((1, 34.0), (2, look.HEIGHT_SENTENCE), (3, 8.0), (LIST_HEAD, look.HEIGHT_HEAD)),
        freeze=common.address(LIST_FIRST, 1),
        print_area=common.area(1, 1, last, right),
        print_title_rows=f"{LIST_HEAD}:{LIST_HEAD}",
        footer=f"{name} · {copy.member}",
        active_cell=common.address(LIST_FIRST, 3),
    )


def place_of(copy: CopyScope, spot: Spot) -> str:
    """Return `客户!D7`, or as much of it as there is."""
    if spot.table not in copy.layouts:
        return ""
    sheet = copy.sheets[spot.table]
    return f"{sheet}!{_address(copy, spot)}" if spot.row >= 0 else sheet


def label_of(copy: CopyScope, spot: Spot) -> str:
    """Return what the label cell of a row shows."""
    if spot.row < 0 or spot.table not in copy.layouts:
        return ""
    layout, rows = copy.layouts[spot.table], copy.issue.base.get(spot.table)
    label = layout.columns[layout.label - 1].field
    issued = len(rows) if rows is not None else 0
    assert label is not None
    if rows is not None and spot.row < issued:
        value = rows.rows[spot.row][rows.at[label.name]]
    else:
        added = copy.refill(spot.table).added[spot.row - issued]
        value = added[copy.issue.grant[spot.table].see.index(label.name)]
    shown = copy.shown(label, value)
    return "" if shown is None else str(shown)


def _address(copy: CopyScope, spot: Spot) -> str:
    layout = copy.layouts[spot.table]
    return common.address(FIRST_ROW + max(spot.row, 0), layout.at.get(spot.field, layout.label))


def _link(copy: CopyScope, at: int, line: Line) -> PlanCell:
    target = common.jump(copy.sheets[line.spot.table], _address(copy, line.spot))
    return PlanCell(LIST_FIRST + at, 3, link=target)


def _inks(copy: CopyScope, listing: Listing) -> tuple[tuple[int, int, Look], ...]:
    bold = _TEXT.with_(align="center", bold=True)
    signs = [(at, 0, bold.with_(ink=_INKS.get(line.texts[0], look.SOFT))) for at, line in enumerate(listing.lines)]
    link = _TEXT.with_(ink=look.LINK, link=True)
    links = [(at, 1, link) for at, line in enumerate(listing.lines) if line.spot.table in copy.layouts]
    return (*signs, *links)


def _heights(listing: Listing, rows: Sequence[Sequence[str | None]]) -> list[float]:
    widths = [width for _, width in listing.columns]
    return [common.pieces_height([(text or "", w) for text, w in zip(row, widths, strict=True)]) for row in rows]
