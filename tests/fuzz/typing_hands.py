"""What hands do to a copy, at random: cells typed over, rows copied, blanked and exchanged, columns exchanged."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from xml.sax.saxutils import escape

from seeds import unzipped, zipped

SHEET = "xl/worksheets/sheet2.xml"
"""Of a copy with one table: the first sheet is the guide."""
WORDS = (
    *("", " ", "x", "丢失客户", "意向客", "13800000001", "1.38E+10", "2026-11-03", "3/4/2026", "明天", "12万", "20%"),
    *("是", "王芳", "李雷", "没有这个人", "=1+1", "#REF!", "删除", "客户名称", "_id", "小计", "合计：3", "a" * 40_000),
    *("\u202e1", "😀", "示例0号", "示例1号", "，、；", "0" * 30, "-", "NaN", "TRUE", "1e400", "２０２６年１１月３日"),
    *("2026-02-30", "'0571"),
)
NUMBERS = ("0", "-1", "60", "46340", "46340.75", "1.5", "13800000001", "110101199003074512", "2958466", "1E+308", "0.2")
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>.*?</c>)', re.DOTALL)
_ROW = re.compile(r'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', re.DOTALL)
_STYLE = re.compile(r' s="\d+"')


def typed(data: bytes, chance: Random) -> bytes:
    """Return a copy after somebody had it in their hands."""
    parts = unzipped(data)
    xml = parts[SHEET].decode()
    for _ in range(chance.choice((1, 2, 4, 10))):
        xml = chance.choice(_HANDS)(xml, chance)
    return zipped({**parts, SHEET: xml.encode()})


def _content(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.6:
        return f' t="inlineStr"><is><t xml:space="preserve">{escape(chance.choice(WORDS))}</t></is></c>'
    if kind < 0.8:
        return f"><v>{chance.choice(NUMBERS)}</v></c>"
    if kind < 0.85:
        return f' t="b"><v>{chance.randint(0, 1)}</v></c>'
    if kind < 0.9:
        return ' t="e"><v>#N/A</v></c>'
    return "><f>A1&amp;1</f><v>2</v></c>" if kind < 0.95 else "></c>"


def _typed_over(xml: str, chance: Random) -> str:
    found = chance.choice(list(_CELL.finditer(xml)))
    style = _STYLE.search(found[3])
    start = f'<c r="{found[1]}{found[2]}"{style[0] if style else ""}'
    return xml[: found.start()] + start + _content(chance) + xml[found.end() :]


def _rows(xml: str, chance: Random) -> tuple[re.Match[str], re.Match[str]] | None:
    found = list(_ROW.finditer(xml))
    if len(found) < 2:
        return None
    first, second = sorted(chance.sample(found, 2), key=lambda row: row.start())
    return first, second


def _as(row: re.Match[str], number: str) -> str:
    """The content of a row under another row's number."""
    text = re.sub(r'(<c r="[A-Z]+)\d+"', rf'\g<1>{number}"', row[0])
    return re.sub(r'<row r="\d+"', f'<row r="{number}"', text, count=1)


def _row_copied(xml: str, chance: Random) -> str:
    found = _rows(xml, chance)
    if found is None:
        return xml
    first, second = found
    return xml[: second.start()] + _as(first, second[1]) + xml[second.end() :]


def _rows_exchanged(xml: str, chance: Random) -> str:
    found = _rows(xml, chance)
    if found is None:
        return xml
    a, b = found
    return "".join((xml[: a.start()], _as(b, a[1]), xml[a.end() : b.start()], _as(a, b[1]), xml[b.end() :]))


def _row_gone(xml: str, chance: Random) -> str:
    found = _rows(xml, chance)
    return xml[: found[0].start()] + xml[found[0].end() :] if found else xml


def _columns_exchanged(xml: str, chance: Random) -> str:
    """Exchange what stands in two columns, below the head or head and all."""
    columns = sorted({found[1] for found in _CELL.finditer(xml)}, key=lambda text: (len(text), text))
    if len(columns) < 2:
        return xml
    one, other = chance.sample(columns, 2)
    from_row = chance.choice((2, 3))
    cells = {(m[1], int(m[2])): m[0] for m in _CELL.finditer(xml)}

    def swapped(found: re.Match[str]) -> str:
        column, row = found[1], int(found[2])
        source = {one: other, other: one}.get(column)
        if source is None or row < from_row or (source, row) not in cells:
            return found[0]
        return cells[source, row].replace(f'r="{source}{row}"', f'r="{column}{row}"', 1)

    return _CELL.sub(swapped, xml)


_HANDS: tuple[Callable[[str, Random], str], ...] = (
    *(_typed_over, _typed_over, _typed_over, _typed_over, _row_copied, _rows_exchanged, _row_gone, _columns_exchanged),
)
