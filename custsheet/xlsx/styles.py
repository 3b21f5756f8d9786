"""Looks and conditional looks as `styles.xml`, and the theme; the only door to openpyxl in the writer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.writer.theme import theme_xml
from openpyxl.xml.functions import tostring

from custsheet.look import ACCENT, FONT, HUES, LINK
from custsheet.plan import PLAIN, Look
from custsheet.xlsx.markup import HEAD

_FONT_ORDER: Final = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign",
    "sz", "color", "name", "family", "charset", "scheme",
)  # fmt: skip
_FIRST_FREE_FORMAT: Final = 164


@dataclass(frozen=True, slots=True)
class Rule:
    """How a conditional format looks."""

    look: Look
    number_format: str = ""
    box: str = ""


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """`styles.xml`, and the index in it of each look and rule."""

    xml: bytes
    cells: Mapping[Look, int]
    rules: Mapping[Rule, int]


@lru_cache(maxsize=32)
def stylesheet(looks: tuple[Look, ...], rules: tuple[Rule, ...]) -> Stylesheet:
    """Build the styles of a set of looks once; copies of the same shell share them. Style 0 is the plain look."""
    book = Workbook()
    plain = _font(PLAIN)
    book._fonts = IndexedList([plain])  # type: ignore[attr-defined]
    normal: Any = book._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font, normal.alignment = plain, _alignment(PLAIN)
    book._cell_styles = IndexedList()  # type: ignore[attr-defined]
    cells = {look: _cell_style(book, look) for look in (PLAIN, *looks)}
    differences: Any = book._differential_styles  # type: ignore[attr-defined]
    formats: Any = book._number_formats  # type: ignore[attr-defined]
    ids = {rule: differences.add(_difference(rule, formats)) for rule in rules}
    tree: Any = write_stylesheet(book)
    for font in tree.iter("font"):  # the schema's order; openpyxl's own is another
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(child.tag))
    xml = tostring(tree).replace(b" />", b"/>")  # the same bytes with and without lxml
    return Stylesheet(HEAD.encode() + xml, cells, ids)


def _cell_style(book: Any, look: Look) -> int:
    cell = book.active.cell(1, 1)
    cell._style = type(cell._style)()
    cell.font, cell.alignment = _font(look), _alignment(look)
    cell.number_format = look.number_format
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=_rgb(look.fill))
    if look.top or look.bottom or look.left or look.right:
        cell.border = _border(look)
    if look.unlocked:
        cell.protection = Protection(locked=False)
    index: int = cell.style_id
    return index


def _difference(rule: Rule, formats: Any) -> DifferentialStyle:
    look, box, code = rule.look, rule.box, rule.number_format
    edged = look.with_(top=box, bottom=box, left=box, right=box) if box else look
    return DifferentialStyle(
        font=Font(b=look.bold or None, u="single" if look.link else None, color=_rgb(look.ink)),
        # One number per code in the whole book, or a cell's format would answer for a rule's.
        numFmt=NumberFormat(_FIRST_FREE_FORMAT + formats.add(code), code) if code else None,
        # In a rule the *background* colour is the one that a solid fill shows.
        fill=PatternFill("solid", fgColor=_rgb(look.fill), bgColor=_rgb(look.fill)) if look.fill else None,
        border=_border(edged) if edged.top or edged.bottom or edged.left or edged.right else None,
    )


def _font(look: Look) -> Font:
    return Font(
        name=FONT,
        sz=look.size,
        b=look.bold or None,
        u="single" if look.link else None,
        color=_rgb(look.ink),
        family=2,
        charset=134,
    )


def _alignment(look: Look) -> Any:
    return Alignment(
        horizontal=look.align or ("left" if look.indent else None),
        vertical=look.valign if look.valign != "bottom" else None,
        wrap_text=look.wrap or None,
        indent=look.indent,
    )


def _border(look: Look) -> Border:
    def side(line: str) -> Side:
        style, _, colour = line.partition(":")
        return Side(style=style, color=_rgb(colour)) if style else Side()  # type: ignore[arg-type]

    return Border(left=side(look.left), right=side(look.right), top=side(look.top), bottom=side(look.bottom))


def _rgb(colour: str) -> str:
    return "FF" + colour


@cache
def theme() -> bytes:
    """Return a theme in our font and colours, so that what a person adds to the book fits to it."""
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface=""/>'
    fonts = (
        f'<a:fontScheme name="custsheet"><a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>'
        "</a:fontScheme>"
    )
    out = re.sub(r"<a:fontScheme.*?</a:fontScheme>", fonts, theme_xml, flags=re.DOTALL)
    marks = [ACCENT, *(hue.mark for hue in HUES.values())]
    for name, colour in [*((f"accent{i}", marks[i - 1]) for i in range(1, 7)), ("hlink", LINK), ("folHlink", LINK)]:
        out = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{colour}"/>\g<2>', out, flags=re.DOTALL)
    return out.encode()
