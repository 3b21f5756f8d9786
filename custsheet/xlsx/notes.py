"""Notes on cells: the comments part, and the drawing in the old format that every client still wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from custsheet.addresses import letters
from custsheet.look import FONT, INK
from custsheet.plan import PlanCell, Sheet
from custsheet.xlsx.markup import HEAD, MAIN, attr, text

_AUTHOR: Final = "custsheet"
_PAPER: Final = "#FFF4F1"
_WIDTH, _HEIGHT = 230, 92
_SHAPES: Final = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{order}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def comments_xml(cells: Sequence[PlanCell]) -> bytes:
    """Return the comments part of these cells' notes."""
    run = f'<rPr><sz val="9"/><color rgb="FF{INK}"/><rFont val="{FONT}"/><family val="2"/></rPr>'
    authors = list(dict.fromkeys(cell.note_author or _AUTHOR for cell in cells))
    notes = "".join(
        f'<comment ref="{letters(cell.column)}{cell.row}" authorId="{authors.index(cell.note_author or _AUTHOR)}">'
        f'<text><r>{run}<t xml:space="preserve">{text(cell.note)}</t></r></text></comment>'
        for cell in cells
    )
    body = "".join(f"<author>{text(author)}</author>" for author in authors)
    body = f"<authors>{body}</authors><commentList>{notes}</commentList>"
    return f'{HEAD}<comments xmlns="{MAIN}">{body}</comments>'.encode()


def shapes_xml(sheet: Sheet, cells: Sequence[PlanCell], order: int) -> bytes:
    """Return the boxes of the notes, hidden until pointed at; `order` is the sheet's position from 1."""
    shapes = "".join(_shape(sheet, cell, order * 1024 + index) for index, cell in enumerate(cells, 1))
    return (_SHAPES.format(order=order) + shapes + "</xml>").encode()


def _shape(sheet: Sheet, cell: PlanCell, key: int) -> str:
    heights = dict(sheet.heights)
    widths = dict(enumerate(sheet.columns, 1))

    def wide(place: int) -> int:
        column = widths.get(place)
        if column is None:
            return 68
        return 0 if column.hidden else int((column.width or 9) * 7 + 5)

    def high(place: int) -> int:
        return int(heights.get(place, 16.5) * 4 / 3)

    top = max(cell.row - 1, 1)
    right, right_offset = _walk(cell.column + 1, 15 + _WIDTH, wide)
    bottom, bottom_offset = _walk(top, 4 + _HEIGHT, high)
    anchor = (cell.column, 15, top - 1, 4, right - 1, right_offset, bottom - 1, bottom_offset)
    return (
        f'<v:shape id="_x0000_s{key}" type="#_x0000_t202" style="position:absolute;width:{_WIDTH * 0.75}pt;'
        f'height:{_HEIGHT * 0.75}pt;z-index:1;visibility:hidden" fillcolor="{attr(_PAPER)}" o:insetmode="auto">'
        f'<v:fill color2="{attr(_PAPER)}"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:Anchor>{', '.join(map(str, anchor))}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{cell.row - 1}</x:Row><x:Column>{cell.column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _walk(place: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
    """Return the column or row that lies so many pixels after the start of `place`, and the rest inside it."""
    while pixels >= size(place):
        pixels -= size(place)
        place += 1
    return place, pixels
