"""The report's lists: what to do first, what came back and what was wrong in it, what changed."""

from __future__ import annotations

from collections.abc import Sequence

from custsheet import look
from custsheet.books import common
from custsheet.books.report_numbers import due_explain
from custsheet.books.report_page import (
    DAY,
    HEAD_ROW,
    LABEL,
    NUMBER,
    QUIET,
    TEXT,
    Field,
    Page,
    Placed,
    Report,
    bar_chart,
    bars_height,
    chips,
)
from custsheet.model import Bucket
from custsheet.plan import DataBar, Sheet
from custsheet.summary import Due, Returned

BUCKETS: tuple[Bucket, ...] = ("applied", "same", "conflict", "held", "rejected", "superseded")
GAP = 2.5
MOMENT = DAY.with_(number_format="yyyy-mm-dd hh:mm")


# ── who waits ───────────────────────────────────────────────────────────────────────────────────────


def due_sheet(report: Report) -> Sheet | None:
    """Lay out who is overdue and, beside it, who was not contacted for long."""
    found = report.summary
    if found.overdue is None and found.stale is None:
        return None
    page = Page(report, "due", tab=look.TAB_ACT)
    column = 2
    for key, due in (("overdue", found.overdue), ("stale", found.stale)):
        if due is not None:
            _due_table(page, key, due, column)
            column = page.last_column + 2
            page.widths[column - 1] = GAP
    page.freeze = common.address(HEAD_ROW + 1, 1)
    named = (("overdue", found.overdue), ("stale", found.stale))
    parts = [
        report.say("due.part", name=report.say(f"kpi.{k}"), count=f"{len(d):,}") for k, d in named if d is not None
    ]
    never = [report.say("explain.never", count=found.never, rows=found.names["rows"])] if found.never else []
    return page.sheet(report.say("due.title", parts=report.say("list").join(parts)), [*due_explain(report), *never])


def _due_table(page: Page, key: str, due: Sequence[Due], column: int) -> None:
    report, names = page.report, page.report.summary.names
    sign = look.SIGNS[key]
    bars = {"overdue": "F6C795", "stale": "CFC5E6"}
    days = TEXT.with_(ink=sign.ink, bold=True, number_format=report.say("format.days", sign=sign.sign))
    amounts = key == "overdue" and any(d.amount is not None for d in due)
    plans = key == "overdue" and any(d.plan for d in due)
    fields = [
        Field(report.say("member"), [d.member for d in due], TEXT),
        Field(names["rows"], [d.label for d in due], LABEL),
        Field(names["status"], [d.status for d in due], TEXT),
        Field(report.say(key), [d.days for d in due], days, width=12),
        Field(names["next" if key == "overdue" else "last"] if _dated(report, key) else report.say("day"),
              [d.day for d in due], DAY, width=13),
    ]  # fmt: skip
    if amounts:
        fields.append(Field(names["amount"], [d.amount for d in due], NUMBER))
    if plans:
        fields.append(Field(names["plan"], [d.plan for d in due], QUIET))
    placed = page.table(f"report_{key}", fields, column=column, autofilter=True)
    if due:
        most = max(d.days for d in due)
        page.bars.append(DataBar(placed.cells(report.say(key)), bars[key], 0, max(14, most)))
        chips(page, placed.cells(names["status"]), placed.first(names["status"]))


def _dated(report: Report, key: str) -> bool:
    return bool(report.summary.names.get("next" if key == "overdue" else "last"))


# ── what came back ──────────────────────────────────────────────────────────────────────────────────


def quality_sheet(report: Report) -> Sheet | None:
    """Lay out what became of every member's edits, and which files could not be read."""
    found = report.summary
    if not found.returned and not found.refused:
        return None
    page = Page(report, "quality", tab=look.TAB_LOOK)
    lines = found.returned
    heads = {b: report.say(f"bucket.{b}") for b in BUCKETS}
    member, total = report.say("member"), report.say("edits")
    fields = [
        Field(member, [r.name for r in lines], LABEL),
        Field(report.say("came"), [report.say("came.yes" if r.returned else "came.no") for r in lines], TEXT),
        Field(total, [r.edits for r in lines], NUMBER, total="sum"),
        *(Field(heads[b], [r.buckets.get(b, 0) for r in lines], NUMBER, total="sum") for b in BUCKETS),
        Field(report.say("findings"), [r.findings for r in lines], NUMBER.with_(bold=True), total="sum"),
        Field(
            report.say("problems"), [_problems(report, r) for r in lines], QUIET.with_(wrap=True, indent=1), width=44
        ),
    ]
    placed = page.table("report_quality", fields, total=report.say("everybody"))
    page.freeze = common.address(HEAD_ROW + 1, 3)
    for offset, line in enumerate(lines):
        needed = common.pieces_height([(_problems(report, line), 44)])
        if needed > look.HEIGHT_ROW:
            page.heights[placed.first_row + offset] = needed
    _refused(page)
    _findings_chart(page, placed, lines)
    return page.sheet(report.say("quality.title"), [report.say("explain.quality")])


def _problems(report: Report, line: Returned) -> str:
    return report.say("list").join(f"{text} {count}" for text, count in line.problems[:3])


def _refused(page: Page) -> None:
    """List the files that were not read, below the members."""
    report, refused = page.report, page.report.summary.refused
    if not refused:
        return
    row = page.last_row + 2
    fields = [
        Field(report.say("file"), [name for name, _ in refused], LABEL),
        Field(report.say("why"), [why for _, why in refused], TEXT),
    ]
    widths = dict(page.widths)
    page.table("report_refused", fields, row=row, autofilter=False)
    page.widths.update(widths)  # what is said runs on over the empty cells beside it


def _findings_chart(page: Page, placed: Placed, lines: Sequence[Returned]) -> None:
    report = page.report
    if not any(r.findings for r in lines):
        return
    head = report.say("findings")
    title = report.say("chart.findings")
    page.chart(
        bar_chart(
            report,
            title,
            placed,
            (report.say("member"), [r.name for r in lines]),
            [(head, [float(r.findings) for r in lines], look.ACCENT)],
            anchor=f"B{page.last_row + 2}",
            width_px=620,
            height_px=bars_height(len(lines)),
            alt=title,
        )
    )


# ── what changed ────────────────────────────────────────────────────────────────────────────────────


def changes_sheet(report: Report) -> Sheet | None:
    """List every change of the round, in the order in which it came."""
    lines = report.summary.changes
    page = Page(report, "changes", tab=look.TAB_LOOK)
    fields = [
        Field(report.say("table"), [c.table for c in lines], QUIET),
        Field(report.say("row"), [c.label for c in lines], LABEL),
        Field(report.say("field"), [c.field for c in lines], TEXT),
        Field(report.say("old"), [c.old for c in lines], QUIET),
        Field(report.say("new"), [c.new for c in lines], TEXT),
        Field(report.say("who"), [c.who for c in lines], TEXT),
        Field(report.say("when"), [c.at for c in lines], MOMENT, width=17),
    ]
    page.table("report_changes", fields)
    page.freeze = common.address(HEAD_ROW + 1, 4)
    return page.sheet(report.say("changes.title"), [report.say("explain.changes", count=len(lines))])
