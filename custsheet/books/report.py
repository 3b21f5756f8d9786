"""The report: a first page that says in sentences how the week went, then pages of numbers and lists behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import coloured
from custsheet.books.copy import stamp_sheet
from custsheet.books.report_lists import changes_sheet, due_sheet, quality_sheet
from custsheet.books.report_numbers import contacts_chart, people_sheet, stages_sheet, totals_sheet, won_chart
from custsheet.books.report_page import (
    LABEL,
    NUMBER,
    ROW_PIXELS,
    SHARE,
    Build,
    Field,
    Labels,
    Page,
    Placed,
    Report,
)
from custsheet.fields.base import Language
from custsheet.plan import Book, Chart, Scalar, Series, Sheet
from custsheet.stamp import Stamp, encode
from custsheet.summary import Summary

__all__ = ["report_book"]

PAGES: dict[str, Build] = {
    "people": people_sheet,
    "stages": stages_sheet,
    "totals": totals_sheet,
    "due": due_sheet,
    "quality": quality_sheet,
    "changes": changes_sheet,
}
"""Key of a page → what lays it out, in the order of the book; one that has nothing to show is left out."""

TILES, TILE_SPAN, TILE_UNITS, TILE_GAP = 5, 3, 10.6, 1.5
LAST = 2 + TILES * (TILE_SPAN + 1) - 2
"""Last column of the first page's grid."""
CHART_WIDTH = 612
MOST_BARS, MOST_PAIRS = 10, 8


def report_book(
    found: Summary,
    *,
    title: str,
    language: Language,
    round: str,  # noqa: A002 - the project's word
    today: dt.date,
    stamp_cells: Sequence[str] = (),
) -> Book:
    """Lay out the report of a round; without `stamp_cells` the stamp is unsigned."""
    report = Report(found, language, title, round, {}, Labels(), {})
    for key in ("home", *PAGES):
        name = common.sheet_name(report.say(f"sheet.{key}"), [*report.sheets.values(), report.labels.name])
        report.sheets[key] = name
    made = {key: sheet for key, build in PAGES.items() if (sheet := build(report)) is not None}
    home = _home(report, made)
    stamp = stamp_cells or encode(Stamp(kind="report", round=round))
    sheets = (home, *made.values(), report.labels.sheet(), stamp_sheet(stamp))
    return Book(sheets, title=title, created=today)


# ── the first page ──────────────────────────────────────────────────────────────────────────────────


def _home(report: Report, made: dict[str, Sheet]) -> Sheet:
    grid = [TILE_GAP if (c - 1) % (TILE_SPAN + 1) == 0 else TILE_UNITS for c in range(2, LAST + 1)]
    canvas = common.Canvas(report.sheets["home"], (2, *grid))
    canvas.line(34, (2, LAST, report.title, look.TITLE))
    canvas.line(22, (2, LAST, _sub(report), look.SUB))
    canvas.gap(8)
    _tiles(report, canvas)
    canvas.gap(12)
    _sentences(report, canvas, made)
    canvas.gap(14)
    charts, page = _pictures(report, canvas.row)
    return canvas.sheet(
        tab=look.TAB_READ,
        cells=(*canvas.cells, *page.cells),
        blocks=tuple(page.blocks),
        tables=tuple(page.tables),
        heights=tuple(sorted({**canvas.heights, **page.heights}.items())),
        conditions=tuple(page.conditions),
        charts=tuple(charts),
        print_area=common.area(1, 1, page.last_row, LAST),
        footer=report.title,
    )


def _sub(report: Report) -> str:
    found = report.summary
    days = report.say("days", first=found.period.first.isoformat(), last=found.period.last.isoformat())
    rows = report.say("sub.rows", count=f"{found.rows:,}", rows=found.names["rows"]) if found.rows else ""
    people = report.say("sub.people", count=sum(bool(p.id) for p in found.people)) if found.people else ""
    parts = [days, people, rows, report.say("sub.as_of", day=found.period.today.isoformat())]
    return " · ".join(p for p in parts if p)


@dataclass(frozen=True)
class _Tile:
    name: str
    value: Scalar
    number_format: str
    below: str = ""
    mood: str = ""
    """`good`, `bad`, or nothing where nobody has to act or may be glad."""


def _tiles(report: Report, canvas: common.Canvas) -> None:
    inks = {"good": look.SIGNS["ok"].ink, "bad": look.SIGNS["overdue"].ink, "": look.SOFT}
    for at, tile in enumerate(_measured(report)[:TILES]):
        first = 2 + at * (TILE_SPAN + 1)
        ink = inks[tile.mood]
        lines = [
            (24.0, tile.name, look.SUB.with_(valign="bottom")),
            (38.0, tile.value, look.TEXT.with_(size=24, bold=True, align="left", number_format=tile.number_format)),
            (24.0, tile.below, look.FINE.with_(ink=ink, valign="top")),
        ]
        edge = look.LINE2 if not tile.mood else ink
        canvas.tile(first, first + TILE_SPAN - 1, lines, edge=edge)
    canvas.row += 3


def _measured(report: Report) -> list[_Tile]:
    """Return the KPIs that this schema has fields for, the most telling first."""
    found, names, say = report.summary, report.summary.names, report.say
    tiles = []
    if found.has_contacts:
        below, mood = _compared(report, found.contacts, found.contacts_before, good=1)
        tiles.append(_Tile(say("kpi.contacts"), found.contacts, say("format.times"), below, mood))
    if found.totals and not found.has_contacts and names.get("amount"):
        tiles.append(_amount(report, say("kpi.won_value", won=names["deal_won"]), found.won_value))
    if names.get("won"):
        tiles.append(_won(report))
    tiles += _open(report)
    for key, due in (("overdue", found.overdue), ("stale", found.stale)):
        if due is not None:
            before = getattr(found.before, key) if found.before else None
            below, mood = _compared(report, len(due), before, good=-1)
            tiles.append(_Tile(say(f"kpi.{key}"), len(due), _count_format(report), below, mood))
    if found.returned:
        back = sum(r.returned for r in found.returned)
        below = say("kpi.returned.of", count=len(found.returned))
        tiles.append(_Tile(say("kpi.returned"), back, say("format.copies"), below))
    return tiles


def _won(report: Report) -> _Tile:
    found = report.summary
    share = found.win_rate
    below, mood = _compared(report, found.won, found.before.won if found.before else None, good=1)
    rate = report.say("kpi.win_rate", share=f"{share:.0%}") if share is not None else ""
    text = " · ".join(p for p in (below, rate) if p)
    return _Tile(found.names["won"], found.won, _count_format(report), text, mood)


def _open(report: Report) -> list[_Tile]:
    """What may still come: in money where there is any, else how many."""
    found, say = report.summary, report.say
    if found.now is None or found.totals is None:
        return []
    if found.grid is not None and found.now.open_amount:
        below = say("kpi.open.of", count=f"{found.open_count:,}")
        return [_amount(report, say("kpi.open"), found.now.open_amount, below)]
    return [_Tile(say("kpi.open.count"), found.open_count, say("format.deals"))]


def _amount(report: Report, name: str, amount: Decimal, below: str = "") -> _Tile:
    """Large yuan are said in 万 where Chinese is spoken."""
    currency = report.summary.currency
    if currency == "CNY" and report.language == "zh" and abs(amount) >= 10000:
        return _Tile(name, amount / 10000, '#,##0.0" 万"', below)
    sign = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}.get(currency, "")
    return _Tile(name, amount, f'"{sign}"#,##0' if sign else "#,##0", below or ("" if sign else currency))


def _compared(report: Report, now: int, before: int | None, *, good: int) -> tuple[str, str]:
    """Say a change since a week ago, and whether it is `good` (more is good: 1, less is good: -1)."""
    if before is None:
        return "", ""
    if now == before:
        return report.say("kpi.same"), ""
    more = now > before
    mood = "good" if (now - before) * good > 0 else "bad"
    text = report.say("kpi.more" if more else "kpi.less", n=f"{abs(now - before):,}")
    return text + (report.say("kpi.bad") if mood == "bad" and good < 0 else ""), mood


def _count_format(report: Report) -> str:
    """Customers are counted with another word than opportunities."""
    same = report.summary.names.get("rows") == report.summary.names.get("deals")
    return report.say("format.deals" if same else "format.rows")


def _sentences(report: Report, canvas: common.Canvas, made: dict[str, Sheet]) -> None:
    said = report.summary.sentences
    canvas.section((2, LAST, report.say("sentences")))
    line = look.ROW
    for sentence in said:
        sign = look.SIGNS[sentence.sign]
        canvas.heights[canvas.row] = look.HEIGHT_SENTENCE
        canvas.put(2, sign.sign, line.with_(ink=sign.ink, bold=True, size=12, align="center"))
        canvas.put(3, sentence.text, line.with_(size=12, indent=1), to=LAST - 2)
        if sentence.goto in made:
            key = "go.list" if sentence.goto == "due" else "go.numbers"
            style = look.A_LINK.with_(align="right", bottom=line.bottom)
            canvas.put(LAST - 1, report.say(key), style, to=LAST, link=common.jump(report.sheets[sentence.goto]))
        else:
            canvas.put(LAST - 1, None, line, to=LAST)
        canvas.row += 1


def _pictures(report: Report, row: int) -> tuple[list[Chart], Page]:
    """Place two charts side by side, and below them the numbers behind the pie."""
    page = Page(report, "home", tab=look.TAB_READ)
    charts = []
    height = 330
    below = row + -(-height // ROW_PIXELS) + 1
    if report.summary.statuses:
        placed = _status_table(report, page, below)
        charts.append(_pie(report, placed, f"B{row}", height))
    page.last_row = max(page.last_row, below)
    right = f"{letters(2 + 2 * (TILE_SPAN + 1) + 2)}{row}" if charts else f"B{row}"
    beside = _beside_pie(report, right, height)
    return [*charts, *([beside] if beside else [])], page


def _status_table(report: Report, page: Page, row: int) -> Placed:
    found = report.summary
    rows = found.rows
    widths = dict.fromkeys(range(2, LAST + 1), TILE_UNITS)
    page.widths.update(widths)
    counts = [s.count for s in found.statuses]
    last = row + len(counts)
    fields = [
        Field(found.names["status"], [s.text for s in found.statuses], LABEL, width=TILE_UNITS),
        Field(found.names["rows"], counts, NUMBER, width=TILE_UNITS, total="sum"),
        Field(
            report.say("share"),
            [Decimal(n) / rows if rows else Decimal(0) for n in counts],
            SHARE,
            width=TILE_UNITS,
            formula=f"IF(SUM($C${row + 1}:$C${last})=0,0,C{{row}}/SUM($C${row + 1}:$C${last}))",
            total=Decimal(1) if rows else Decimal(0),
        ),
    ]
    return page.table("report_status", fields, row=row, total=report.say("total"), autofilter=False)


def _pie(report: Report, placed: Placed, anchor: str, height: int) -> Chart:
    found = report.summary
    field = found.status_field
    hues = {o.value: (hue.mark, icon) for o, hue, icon in coloured(field)} if field else {}
    plain = iter([h.mark for h in look.HUES.values()] * len(found.statuses))
    marks, texts = [], []
    for one in found.statuses:
        mark, icon = hues.get(one.value) or ((look.UNKNOWN_MARK, "") if not one.value else (next(plain), ""))
        marks.append(mark)
        texts.append(f"{icon} {one.text}　{one.count:,}".strip())
    title = report.say("chart.status", count=f"{found.rows:,}", rows=found.names["rows"], status=found.names["status"])
    series = Series(
        title=found.names["status"],
        categories=report.labels.add(texts),
        values=placed.range(found.names["rows"]),
        point_colours=tuple(marks),
        category_cache=tuple(texts),
        value_cache=tuple(float(s.count) for s in found.statuses),
    )
    return Chart("pie", title, (series,), anchor, width_px=CHART_WIDTH, height_px=height, alt=title)


def _beside_pie(report: Report, anchor: str, height: int) -> Chart | None:
    """Contacts of the members, or what they won, where they stand on a page of their own."""
    found = report.summary
    people, won = report.tables.get("report_members"), report.tables.get("report_won_members")
    if people and found.has_contacts:
        return contacts_chart(report, people, anchor=anchor, height_px=height, most=MOST_PAIRS, width_px=CHART_WIDTH)
    if won and found.names.get("amount") and found.won_value:
        return won_chart(report, won, anchor=anchor, height_px=height, most=MOST_BARS, width_px=CHART_WIDTH)
    return None
