"""The report's pages of numbers: members, stages by month, what was won."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import coloured
from custsheet.books.report_page import (
    HEAD_ROW,
    LABEL,
    NUMBER,
    SHARE,
    Field,
    Page,
    Placed,
    Report,
    bar_chart,
    bars_height,
)
from custsheet.plan import Chart, Condition, DataBar, Look, Series, Sheet
from custsheet.summary import Stage, Total

TAB = "2A6F8D"
_CHANGE = NUMBER.with_(number_format='"↑ "#,##0_0;"↓ "#,##0_0;0_0')
_DASHED = NUMBER.with_(number_format='#,##0_0;-#,##0_0;"—"_0')
CHART_WIDTH = 560
STEPS = ((0.75, "BBD3EA"), (0.5, "CDDEF0"), (0.25, "DEE9F5"), (0.0, "EEF4FA"))
"""The heat map: from which share of the highest amount on, and the fill."""


# ── members ─────────────────────────────────────────────────────────────────────────────────────────


def people_sheet(report: Report) -> Sheet | None:
    """Lay out the numbers of each member."""
    found = report.summary
    people = found.people
    if not people:
        return None
    page = Page(report, "people", tab=TAB)
    name = Field(report.say("member"), [p.name for p in people], LABEL)
    fields = [name, Field(found.names["rows"], [p.rows for p in people], NUMBER, total="sum")]
    heads = {key: report.say(key) for key in ("this_week", "last_week", "change", "win_rate", "overdue", "stale")}
    if found.has_contacts:
        this, last = 4, 5
        fields += [
            Field(heads["this_week"], [p.contacts for p in people], NUMBER, total="sum"),
            Field(heads["last_week"], [p.contacts_before for p in people], NUMBER, total="sum"),
            Field(
                heads["change"],
                [p.contacts - p.contacts_before for p in people],
                _CHANGE,
                formula=f"{letters(this)}{{row}}-{letters(last)}{{row}}",
                total=found.contacts - found.contacts_before,
            ),
        ]
    fields += _outcome_fields(report, len(fields) + 2)
    if found.overdue is not None:
        fields.append(Field(heads["overdue"], [p.overdue for p in people], NUMBER, total="sum"))
    if found.stale is not None:
        fields.append(Field(heads["stale"], [p.stale for p in people], NUMBER, total="sum"))
    placed = page.table("report_members", fields, total=report.say("everybody"))
    page.freeze = common.address(HEAD_ROW + 1, 3)
    _people_marks(page, placed, heads)
    _people_charts(page, placed, heads)
    return page.sheet(report.say("people.title"), _people_explain(report))


def _outcome_fields(report: Report, column: int) -> list[Field]:
    """Won, lost and their rate, where the status has both."""
    found = report.summary
    won, lost = found.names.get("won"), found.names.get("lost")
    if not won or not lost:
        return []
    w, n = letters(column), letters(column + 1)
    return [
        Field(won, [p.won for p in found.people], NUMBER, total="sum"),
        Field(lost, [p.lost for p in found.people], NUMBER, total="sum"),
        Field(
            report.say("win_rate"),
            [p.win_rate for p in found.people],
            SHARE,
            width=15,
            formula=f'IF({w}{{row}}+{n}{{row}}=0,"",{w}{{row}}/({w}{{row}}+{n}{{row}}))',
            total=found.win_rate,
        ),
    ]


def _people_marks(page: Page, placed: Placed, heads: dict[str, str]) -> None:
    """Mark who changed much, and who has most to catch up on."""
    found = page.report.summary
    if heads["change"] in placed.columns:
        cells, first = placed.cells(heads["change"]), placed.first(heads["change"])
        for test, ink in (("<0", look.SIGNS["overdue"].ink), (">0", look.SIGNS["ok"].ink)):
            page.conditions.append(
                Condition(cells, f"{first}{test}", _CHANGE.with_(ink=ink), number_format=_CHANGE.number_format)
            )
    for key in ("overdue", "stale"):
        if heads[key] in placed.columns:
            sign, cells, first = look.SIGNS[key], placed.cells(heads[key]), placed.first(heads[key])
            most = max(getattr(p, key) for p in found.people)
            style = NUMBER.with_(fill=sign.fill, ink=sign.ink, bold=sign.bold)
            if most:
                page.conditions.append(
                    Condition(cells, f"{first}={most}", style, number_format=f'"{sign.sign} "#,##0_0')
                )
    if heads["win_rate"] in placed.columns:
        page.bars.append(DataBar(placed.cells(heads["win_rate"]), look.BAR))


def _people_charts(page: Page, placed: Placed, heads: dict[str, str]) -> None:
    found, report = page.report.summary, page.report
    names = (report.say("member"), [p.name for p in found.people])
    row, column = page.last_row + 2, letters(2)
    height = bars_height(len(found.people), 2 if found.has_contacts else 1)
    if found.has_contacts:
        page.chart(contacts_chart(report, placed, anchor=f"{column}{row}", height_px=height))
        column = _beside(page, CHART_WIDTH + 16)
    if heads["win_rate"] in placed.columns:
        colour = _won_colour(report)
        values = [float(p.win_rate or 0) for p in found.people]
        page.chart(
            bar_chart(
                report,
                report.say("chart.win_rate"),
                placed,
                names,
                [(heads["win_rate"], values, colour)],
                anchor=f"{column}{row}",
                width_px=CHART_WIDTH,
                height_px=height,
                percent_axis=True,
                number_format="0%",
                alt=report.say("chart.win_rate"),
            )
        )


def contacts_chart(
    report: Report, placed: Placed, *, anchor: str, height_px: int, most: int = 0, width_px: int = CHART_WIDTH
) -> Chart:
    """Return contacts of each member, this week and the week before."""
    people = report.summary.people
    title = report.say("chart.contacts") + _of_all(report, most, len(people))
    return bar_chart(
        report,
        title,
        placed,
        (report.say("member"), [p.name for p in people]),
        [
            (report.say("this_week"), [float(p.contacts) for p in people], look.ACCENT),
            (report.say("last_week"), [float(p.contacts_before) for p in people], look.EARLIER),
        ],
        anchor=anchor,
        most=most,
        width_px=width_px,
        height_px=height_px,
        alt=title,
    )


def _of_all(report: Report, most: int, count: int) -> str:
    return report.say("chart.first", most=most, count=count) if most and most < count else ""


def _beside(page: Page, pixels: int) -> str:
    """Return the column that starts at or after so many pixels from the first; pages are widened as needed."""
    column, reached = 2, 0
    while reached < pixels:
        reached += common.pixels(page.widths.setdefault(column, 9))
        column += 1
    return letters(column)


def _won_colour(report: Report) -> str:
    field = report.summary.status_field
    won = report.summary.names.get("won", "")
    found = [hue.mark for o, hue, _ in coloured(field) if o.text[report.language] in won] if field else []
    return found[0] if found else look.ACCENT


def _people_explain(report: Report) -> list[str]:
    found, names = report.summary, report.summary.names
    lines = []
    if found.has_contacts:
        key = "explain.contacts" if names.get("log") and names.get("last") else "explain.contacts.one"
        source = names.get("log") or names.get("last", "")
        period = report.say("days", first=f"{found.period.first:%m-%d}", last=f"{found.period.last:%m-%d}")
        lines.append(report.say(key, log=source, last=names.get("last", ""), period=period))
    if names.get("won") and names.get("lost"):
        lines.append(report.say("explain.win_rate", won=names["won"], lost=names["lost"], status=names["status"]))
    return [*lines, *due_explain(report), *left_out(report, names["rows"])]


def due_explain(report: Report) -> list[str]:
    """Say what overdue and stale mean here."""
    found, names = report.summary, report.summary.names
    facts = {"today": found.period.today.isoformat(), "lost": names.get("lost", ""), "days": look.STALE_DAYS}
    lines = []
    if found.overdue is not None:
        lines.append(report.say("explain.overdue", next=names["next"], **facts))
    if found.stale is not None:
        lines.append(report.say("explain.stale", last=names.get("last") or names.get("log", ""), **facts))
    return lines


# ── stages by month ─────────────────────────────────────────────────────────────────────────────────


def stages_sheet(report: Report) -> Sheet | None:
    """Lay out amounts by stage and month."""
    grid = report.summary.grid
    if grid is None:
        return None
    page = Page(report, "stages", tab=TAB)
    names = report.summary.names
    style = _DASHED
    stages = grid.stages
    sums = [sum((s.amounts[i] for s in stages), Decimal(0)) for i in range(len(grid.columns))]
    heads = [column_name(report, c) for c in grid.columns]
    fields = [Field(names["stage"], [s.text for s in stages], LABEL)]
    fields += [Field(head, [s.amounts[i] for s in stages], style, total="sum") for i, head in enumerate(heads)]
    all_of = sum(sums, Decimal(0))
    first, last = letters(3), letters(2 + len(heads))
    total = f"SUM({first}{{row}}:{last}{{row}})" if heads else "0"
    fields.append(
        Field(report.say("total"), [s.total for s in stages], style.with_(bold=True), formula=total, total=all_of)
    )
    fields.append(Field(names["deals"], [s.count for s in stages], NUMBER, total="sum"))
    placed = page.table("report_stages", fields, total=report.say("total"), autofilter=False)
    page.freeze = common.address(HEAD_ROW + 1, 3)
    _heat(page, placed, heads[: grid.months], stages, style)
    _stages_chart(page, placed, heads[: grid.months], stages)
    facts = {k: names.get(k, "") for k in ("stage", "amount", "close", "deals")}
    explain = [report.say("explain.stages", currency=report.summary.currency, **facts)]
    return page.sheet(report.say("stages.title"), [*explain, *left_out(report, names["deals"])])


def column_name(report: Report, column: str) -> str:
    """Return the head of a month, or of what lies before, after or without one."""
    return report.say(f"month.{column}") if column in ("earlier", "later", "none") else column


def _heat(page: Page, placed: Placed, heads: Sequence[str], stages: Sequence[Stage], style: Look) -> None:
    highest = max((a for s in stages for a in s.amounts[: len(heads)]), default=Decimal(0))
    if not highest:
        return
    first, last = placed.columns[heads[0]], placed.columns[heads[-1]]
    cells = common.area(placed.first_row, first, placed.last_row, last)
    corner = common.address(placed.first_row, first)
    whole = f"${letters(first)}${placed.first_row}:${letters(last)}${placed.last_row}"
    for share, fill in STEPS:
        test = f"AND({corner}>0,{corner}>={share}*MAX({whole}))"
        page.conditions.append(Condition(cells, test, style.with_(fill=fill), number_format=style.number_format))


def _stages_chart(page: Page, placed: Placed, heads: Sequence[str], stages: Sequence[Stage]) -> None:
    """Stack what may still come and what came; the darker, the nearer to signing."""
    report = page.report
    shown = [(i, s) for i, s in enumerate(stages) if s.kind != "lost" and any(s.amounts[: len(heads)])]
    if not shown or not heads:
        return
    first, last = letters(placed.columns[heads[0]]), letters(placed.columns[heads[-1]])
    ramp = _ramp(len(shown))
    head = common.on_sheet(placed.sheet, f"${first}${HEAD_ROW}:${last}${HEAD_ROW}")
    series = tuple(
        Series(
            title=stage.text,
            categories=head,
            values=common.on_sheet(placed.sheet, f"${first}${placed.first_row + i}:${last}${placed.first_row + i}"),
            colour=look.UNKNOWN_MARK if stage.kind == "unknown" else colour,
            category_cache=tuple(heads),
            value_cache=tuple(float(a) for a in stage.amounts[: len(heads)]),
            number_format="#,##0",
        )
        for colour, (i, stage) in zip(ramp, shown, strict=True)
    )
    single = len(series) == 1
    key = "chart.stages.one" if single else "chart.stages"
    title = report.say(key, stage=shown[0][1].text, close=report.summary.names.get("close", ""))
    page.chart(
        Chart(
            "column" if single else "stacked",
            title,
            series,
            f"B{page.last_row + 2}",
            width_px=max(660, 90 * len(heads)),
            height_px=320,
            gap=55,
            alt=title,
            legend=not single,
        )
    )


def _ramp(count: int) -> list[str]:
    if count == 1:
        return [look.ACCENT]
    return [look.STAGES[round(i * (len(look.STAGES) - 1) / (count - 1))] for i in range(count)]


def left_out(report: Report, table: str) -> list[str]:
    """Say which cells of a table could not be counted."""
    items = [item for item in report.summary.left_out if item.table == table]
    if not items:
        return []
    places = report.say("list").join(
        report.say("left_out.item", table=i.table, field=i.field, count=i.count) for i in items
    )
    return [report.say("left_out", count=sum(i.count for i in items), places=places)]


# ── what was won ────────────────────────────────────────────────────────────────────────────────────


def totals_sheet(report: Report) -> Sheet | None:
    """Lay out what was won by member, product and quarter."""
    totals = report.summary.totals
    if totals is None:
        return None
    page = Page(report, "totals", tab=TAB)
    names = report.summary.names
    by_member = _totals_table(page, "members", names.get("deal_owner", report.say("member")), totals.members, 2)
    column = page.last_column + 2
    page.widths[column - 1] = 2.5
    charts = column
    bottom = HEAD_ROW
    for key, head, lines in (
        ("products", names.get("product", ""), totals.products),
        ("quarters", report.say("quarter"), totals.quarters),
    ):
        if lines:
            _totals_table(page, key, head, lines, column)
            column = page.last_column + 2
            page.widths[column - 1] = 2.5
            bottom = max(bottom, HEAD_ROW + len(lines) + 1)
    page.freeze = common.address(HEAD_ROW + 1, 1)
    _totals_chart(page, by_member, totals.members, f"{letters(charts)}{bottom + 2}")
    facts = {k: names.get(k, "") for k in ("deals", "amount", "close", "deal_won", "deal_lost")}
    explain = [report.say("explain.totals", currency=report.summary.currency, **facts)]
    return page.sheet(report.say("totals.title", won=names["deal_won"]), [*explain, *left_out(report, names["deals"])])


def _totals_table(page: Page, key: str, head: str, lines: Sequence[Total], column: int) -> Placed:
    report, names = page.report, page.report.summary.names
    w, n = letters(column + 2), letters(column + 3)
    won, lost = sum(t.won for t in lines), sum(t.lost for t in lines)
    fields = [
        Field(head, [t.text for t in lines], LABEL),
        Field(report.say("open"), [t.open for t in lines], NUMBER, total="sum"),
        Field(names["deal_won"], [t.won for t in lines], NUMBER, total="sum"),
        Field(names["deal_lost"], [t.lost for t in lines], NUMBER, total="sum"),
    ]
    if key == "members":
        fields.append(
            Field(
                report.say("win_rate"),
                [t.win_rate for t in lines],
                SHARE,
                formula=f'IF({w}{{row}}+{n}{{row}}=0,"",{w}{{row}}/({w}{{row}}+{n}{{row}}))',
                total=Decimal(won) / (won + lost) if won + lost else None,
            )
        )
    fields.append(Field(names.get("amount", ""), [t.value for t in lines], _DASHED.with_(bold=True), total="sum"))
    if not names.get("amount"):
        fields.pop()
    return page.table(f"report_won_{key}", fields, column=column, total=report.say("total"), autofilter=False)


def _totals_chart(page: Page, placed: Placed, lines: Sequence[Total], anchor: str) -> None:
    report, amount = page.report, page.report.summary.names.get("amount", "")
    if amount and any(t.value for t in lines):
        page.chart(won_chart(report, placed, anchor=anchor, height_px=bars_height(len(lines))))


def won_chart(
    report: Report, placed: Placed, *, anchor: str, height_px: int, most: int = 0, width_px: int = CHART_WIDTH
) -> Chart:
    """Return what each member won."""
    totals, names = report.summary.totals, report.summary.names
    assert totals is not None
    lines = totals.members
    title = report.say("chart.won", won=names["deal_won"], amount=names["amount"]) + _of_all(report, most, len(lines))
    return bar_chart(
        report,
        title,
        placed,
        (names.get("deal_owner", report.say("member")), [t.text for t in lines]),
        [(names["amount"], [float(t.value) for t in lines], look.ACCENT)],
        anchor=anchor,
        most=most,
        width_px=width_px,
        height_px=height_px,
        number_format="#,##0",
        alt=title,
    )


__all__ = [
    "column_name",
    "contacts_chart",
    "due_explain",
    "left_out",
    "people_sheet",
    "stages_sheet",
    "totals_sheet",
    "won_chart",
]
