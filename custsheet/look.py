"""The visual language as tokens: every colour, size, sign and width that any workbook, page or picture uses, once."""

from __future__ import annotations

from typing import Final, NamedTuple

from custsheet.plan import Look

FONT: Final = "Microsoft YaHei"

INK: Final = "1F2933"
SOFT: Final = "52606D"
FAINT: Final = "5F6B7A"
ACCENT: Final = "1D4E79"
LINK: Final = "0B5CAD"
PAPER: Final = "FFFFFF"
WASH: Final = "F5F7FA"
ACCENT_SOFT: Final = "E8F0F8"
NEXT_FREE: Final = "EEF5FC"
HEAD: Final = "E6ECF3"
HEAD_RO: Final = "EEF0F2"
LINE: Final = "DCE3EA"
LINE2: Final = "B6C2CE"
BOX_BAD: Final = "C2321D"
BAR: Final = "A9C4DF"
EARLIER: Final = "9DBAD8"
STAGES: Final = ("C9D9EA", "9DBAD8", "6E98C3", "3F75AB", "1D4E79")
HEAT: Final = ("FFFFFF", "BBD3EA")
UNKNOWN_MARK: Final = "8A96A3"


class Hue(NamedTuple):
    """A categorical colour: cell fill and text, and the solid mark in charts."""

    fill: str
    ink: str
    mark: str


HUES: Final[dict[str, Hue]] = {
    "green": Hue("E4F3E1", "1E5B2A", "36A447"),
    "teal": Hue("DDF1F5", "0B4F5C", "2A6F8D"),
    "blue": Hue("E4E9FA", "24357F", "232A61"),
    "violet": Hue("EFE6F7", "562A7C", "8F53BB"),
    "red": Hue("F8E3E3", "8A1C22", "8A1B22"),
    "amber": Hue("FFF1D6", "6B4700", "C98A1B"),
    "brown": Hue("F3E9E0", "5C3A1E", "8A5A33"),
    "grey": Hue("ECEFF2", "3F4A56", "6B7785"),
}
"""`colour:` of a choice's option. Options without one take the next hue in this order."""

ICONS: Final[dict[str, str]] = {"ring": "○", "target": "◎", "dot": "●", "star": "★", "cross": "×", "sun": "⊙"}
"""`icon:` of a choice's option. Signs are in GBK, so terminals and every Chinese font show them."""


class Sign(NamedTuple):
    """What a sheet asks of its reader: a sign, a fill, an ink; `box` as `style:RRGGBB` all round."""

    sign: str
    fill: str
    ink: str
    bold: bool = False
    box: str = ""


SIGNS: Final[dict[str, Sign]] = {
    "wrong": Sign("！", "FFD9D2", "8F1200", True, f"thin:{BOX_BAD}"),
    "missing": Sign("□", "FFEDE9", "8F1200", False, f"dashed:{BOX_BAD}"),
    "overdue": Sign("▲", "FFDDB8", "7A3300", True),
    "today": Sign("◆", "FFEBB0", "5F4100", True),
    "soon": Sign("▽", "FFF7DB", "5F4A00"),
    "stale": Sign("◇", "E3DDF0", "463C6B"),
    "theirs": Sign("←", "DCEBFB", "0B4C8F"),
    "new": Sign("＋", "", "0B4C8F", True),
    "readonly": Sign("", "F3F4F6", "4B5563"),
    "ok": Sign("√", "E4F3E1", "1E5B2A", True),
    "gone": Sign("", "", "687482"),
}
"""In order of urgency: the first that holds wins."""

FILLS: Final = frozenset(
    (
        *(PAPER, WASH, ACCENT_SOFT, NEXT_FREE, HEAD, HEAD_RO, LINE, BAR, ACCENT, EARLIER, *STAGES, *HEAT),
        *(hue.fill for hue in HUES.values()),
        *(sign.fill for sign in SIGNS.values() if sign.fill),
    )
)
"""Every fill that we give a cell: any other one in a returned copy is a person's."""

TAB_READ: Final = "1D4E79"
TAB_ACT: Final = "E08A1E"
TAB_WRITE: Final = "36A447"
TAB_LOOK: Final = "8C97A4"

SOON_DAYS: Final = 3
STALE_DAYS: Final = 21

TEXT: Final = Look()
TITLE: Final = Look(ink=ACCENT, bold=True, size=18)
SHEET_TITLE: Final = Look(ink=ACCENT, bold=True, size=15)
GUIDE_TITLE: Final = Look(ink=ACCENT, bold=True, size=20)
SECTION: Final = Look(ink=ACCENT, bold=True, size=12, bottom=f"medium:{ACCENT}")
SUB: Final = Look(ink=SOFT)
FINE: Final = Look(ink=FAINT, size=9)
A_LINK: Final = Look(ink=LINK, link=True)
HEAD_MUST: Final = Look(fill=HEAD, ink=ACCENT, bold=True, bottom=f"thick:{ACCENT}")
HEAD_MAY: Final = Look(fill=HEAD, ink=INK, bottom=f"medium:{ACCENT}")
HEAD_SYSTEM: Final = Look(fill=HEAD_RO, ink=SOFT, bottom=f"thin:{LINE2}")
ROW: Final = Look(bottom=f"hair:{LINE}")
ROW_LABEL: Final = ROW.with_(bold=True)
ROW_READONLY: Final = ROW.with_(fill=SIGNS["readonly"].fill, ink=SIGNS["readonly"].ink)

HEIGHT_STRIP: Final = 30.0
HEIGHT_HEAD: Final = 28.0
HEIGHT_ROW: Final = 22.0
HEIGHT_SENTENCE: Final = 30.0
HEIGHT_SECTION: Final = 24.0
VISIBLE_COLUMNS: Final = 12
WIDTH_BUDGET_PX: Final = 1290
