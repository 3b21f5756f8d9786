"""Colours of the theme as spreadsheets show them."""

from __future__ import annotations

import pytest

from custsheet.container import USUAL
from custsheet.xlsx.fills import cell_fills

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
OFFICE_2007 = ("1F497D", "EEECE1", "4F81BD", "C0504D")
"""dk2, lt2 and the first accents of the theme that Excel 2007 and 2010 give a new workbook."""


def _styles(colour: str) -> bytes:
    fill = f'<fill><patternFill patternType="solid"><fgColor {colour}/></patternFill></fill>'
    return f'<styleSheet xmlns="{MAIN}"><fills>{fill}</fills><cellXfs><xf fillId="0"/></cellXfs></styleSheet>'.encode()


def _theme() -> bytes:
    names = zip(("dk2", "lt2", "accent1", "accent2"), OFFICE_2007, strict=True)
    own = "".join(f'<a:{name}><a:srgbClr val="{rgb}"/></a:{name}>' for name, rgb in names)
    system = '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
    system += '<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>'
    return f'<a:theme xmlns:a="{DRAWING}"><a:clrScheme>{system}{own}</a:clrScheme></a:theme>'.encode()


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        ('theme="4"', "4F81BD"),
        ('theme="4" tint="0.59999389629810485"', "B8CCE4"),
        ('theme="4" tint="0.79998168889431442"', "DCE6F1"),
        ('theme="4" tint="-0.249977111117893"', "366092"),
        ('theme="0" tint="-0.14999847407452621"', "D9D9D9"),
        ('theme="1"', "000000"),
        ('theme="2"', "EEECE1"),
        ('theme="3"', "1F497D"),
        ('theme="11"', ""),
        ('indexed="13"', "FFFF00"),
        ('rgb="FFFFC000"', "FFC000"),
        ('rgb="garbage!"', ""),
    ],
)
def test_a_fill_is_the_colour_that_excel_shows(colour: str, shown: str) -> None:
    """The shades are those of Excel's own palette (accent 1 lighter by 60 %, …), to one step: it rounds twice."""
    [found] = cell_fills("styles.xml", USUAL, _styles(colour), _theme())
    assert len(found) == len(shown)
    assert all(abs(a - b) <= 1 for a, b in zip(bytes.fromhex(found), bytes.fromhex(shown), strict=True))
