"""The receipt on a copy's guide: what became of each edit of the last copy, and what others changed."""

from __future__ import annotations

from typing import Final

from custsheet import look
from custsheet.books import common
from custsheet.books.common import Canvas
from custsheet.books.scope import FIRST_ROW, CopyScope
from custsheet.messages import word
from custsheet.plan import Look
from custsheet.summary import Receipt, ReceiptLine
from custsheet.text import join

FIRST, LAST = 2, 16
_SOFT: Final = Look(ink=look.SOFT)
_HEAD: Final = Look(ink=look.SOFT, size=9, fill=look.HEAD_RO)
_LINE: Final = look.ROW.with_(wrap=True)
_SIGNS: Final = {"lost": "←", "refused": "！", "waiting": "□", "theirs": "←"}
_SPANS: Final = ((2, 4), (5, 5), (6, 9), (10, 12), (13, 16))
"""Columns of row, field, yours, now, why."""
_UNIT: Final = 11.5


def receipt(canvas: Canvas, copy: CopyScope) -> None:
    """Write the receipt at the cursor; nothing in somebody's first copy."""
    found = copy.receipt
    if found is None:
        return
    language = copy.language
    canvas.gap(14)
    canvas.section((FIRST, LAST, word("receipt.title", language)))
    canvas.line(look.HEIGHT_SENTENCE, (FIRST, LAST, _sum(found, copy), Look(bold=True)))
    if found.lines:
        _heads(canvas, copy, "yours")
        for line in found.lines:
            _line(canvas, copy, line)
        _more(canvas, copy, found.total - len(found.lines))
    if found.others:
        canvas.gap(8)
        canvas.line(look.HEIGHT_SENTENCE, (FIRST, LAST, word("receipt.others", language), Look(bold=True)))
        _heads(canvas, copy, "before")
        for line in found.others:
            _line(canvas, copy, line)
        _more(canvas, copy, found.others_total - len(found.others))


def _sum(found: Receipt, copy: CopyScope) -> str:
    """The counts, which add up; or that nothing came back, or nothing was changed."""
    language = copy.language
    kinds = ("taken", "lost", "refused", "waiting", "mended")
    parts = [word(f"receipt.count.{k}", language, count=found.counts[k]) for k in kinds if found.counts.get(k)]
    counts = " · ".join(parts) if parts else word("receipt.unchanged", language)
    late = word("receipt.late", language, rounds=join(found.late, language)) if found.late else ""
    if found.returned:
        return " ".join(filter(None, (counts, late)))
    none = word("receipt.undone" if found.undone else "receipt.none", language, round=found.round)
    return " ".join((none, late, counts)) if late else none


def _heads(canvas: Canvas, copy: CopyScope, third: str) -> None:
    keys = ("row", "field", third, "now", "why")
    pieces = [(a, b, word(f"receipt.head.{k}", copy.language), _HEAD) for (a, b), k in zip(_SPANS, keys, strict=True)]
    canvas.line(look.HEIGHT_ROW, *pieces)


def _line(canvas: Canvas, copy: CopyScope, line: ReceiptLine) -> None:
    blank = word("receipt.blank", copy.language)
    texts = (f"{_SIGNS[line.kind]} {_row(copy, line)}", line.title, line.yours or blank, line.now or blank, line.why)
    (left, right), *_ = _SPANS
    wraps = common.pieces_height([(texts[0], _UNIT * (right - left + 1))]) > common.pieces_height([("", _UNIT)])
    target = "" if wraps else _target(copy, line)  # LibreOffice breaks no line within a link: its end would be cut off
    for (first, last), text in zip(_SPANS, texts, strict=True):
        link = target if first == FIRST else ""
        canvas.put(first, text, _LINE.with_(ink=look.LINK, link=True) if link else _LINE, to=last, link=link)
    sized = [(text, _UNIT * (b - a + 1)) for (a, b), text in zip(_SPANS, texts, strict=True)]
    canvas.heights[canvas.row] = common.pieces_height(sized)
    canvas.row += 1


def _row(copy: CopyScope, line: ReceiptLine) -> str:
    """Return how people call the row: with its sheet, unless that is the first one."""
    sheet = copy.sheets.get(line.table, "")
    is_first = sheet == next(iter(copy.sheets.values()), "")
    if is_first or not (sheet and line.label):
        return line.label or sheet
    return word("receipt.row", copy.language, sheet=sheet, label=line.label)


def _target(copy: CopyScope, line: ReceiptLine) -> str:
    """A link to the row, where it is in this copy."""
    rows = copy.issue.base.get(line.table)
    if rows is None or line.table not in copy.layouts or line.rid not in rows.by_rid:
        return ""
    layout = copy.layouts[line.table]
    at = FIRST_ROW + rows.rids.index(line.rid)
    return common.jump(copy.sheets[line.table], common.address(at, layout.label))


def _more(canvas: Canvas, copy: CopyScope, count: int) -> None:
    if count > 0:
        canvas.line(look.HEIGHT_ROW, (FIRST, LAST, word("receipt.more", copy.language, count=count), _SOFT))
