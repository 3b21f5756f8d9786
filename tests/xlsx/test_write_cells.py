"""Values in cells: text stays text, numbers keep their digits, formulas carry what they are worth now."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import IntEnum

import pytest

from custsheet.addresses import letters
from custsheet.errors import Bug, CallError
from custsheet.plan import PLAIN, Block, Formula, Look, PlanCell
from custsheet.xlsx.markup import bounds, short

BOLD = Look(bold=True)


class Level(IntEnum):
    HIGH = 3


VALUES = [
    # value, type in the file, stored value
    ("王芳", "s", "0"),
    ("=1+1", "s", "0"),
    (True, "b", "1"),
    (False, "b", "0"),
    (0, None, "0"),
    (Level.HIGH, None, "3"),
    (0.1, None, "0.1"),
    (3.0, None, "3"),
    (1e300, None, "1e+300"),
    (Decimal("1.10"), None, "1.10"),
    (Decimal("1E+3"), None, "1000"),
    (dt.date(1900, 1, 1), None, "1"),
    (dt.date(1900, 2, 28), None, "59"),
    (dt.date(1900, 3, 1), None, "61"),
    (dt.date(2026, 11, 20), None, "46346"),
    (dt.datetime.fromisoformat("2026-11-20T18:00"), None, "46346.75"),
    (dt.date(1899, 12, 31), "s", "0"),
    (None, None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("value", "kind", "stored"), VALUES)
@pytest.mark.parametrize("way", ["cell", "block"])
def test_each_kind_of_value(written, way, value, kind, stored):
    """A value is stored the same, whether placed by hand or spliced in."""
    placed = (
        {"cells": (PlanCell(1, 1, value, BOLD),)} if way == "cell" else {"blocks": (Block(1, 1, (BOLD,), [(value,)]),)}
    )
    (cell,) = written(**placed).sheet("//m:c[@r='A1']")
    assert (cell.get("t"), cell.findtext("{*}v")) == (kind, stored)
    assert cell.get("s") == "1"


TEXTS = [
    ("<a> & \"b\" 'c'", "<a> & \"b\" 'c'"),
    ("_x0041_", "_x005F_x0041_"),
    ("_x004_", "_x004_"),
    ("_x005F_x0041_", "_x005F_x005F_x005F_x0041_"),
    ("a\x00b\x1f", "a_x0000_b_x001F_"),
    ("一\r\n二", "一_x000D_\n二"),
    ("\ufffe\ud800", "_xFFFE__xD800_"),
    (" 两头有空 ", " 两头有空 "),
    ("列\t列", "列\t列"),
    ("\ufdd0甲", "\ufdd0甲"),
    ("𠮷野家", "𠮷野家"),
]


@pytest.mark.parametrize(("typed", "stored"), TEXTS)
def test_text_is_stored_so_that_it_reads_back(written, typed, stored):
    """Markup, control signs and look-alikes of escapes neither break a part nor change a value."""
    assert written(blocks=(Block(1, 1, (PLAIN, PLAIN), [("x", typed)]),)).texts() == ["x", stored]


def test_one_odd_text_does_not_move_the_others(written):
    """Shared strings keep their places when some need escapes and some do not."""
    texts = [f"t{i}" + ("\n<" if i == 300 else " " if i == 301 else "") for i in range(600)]
    assert written(blocks=(Block(1, 1, (PLAIN,), [(t,) for t in texts]),)).texts() == texts


def test_equal_texts_are_stored_once(written):
    """A text that stands in many cells is one shared string, whatever sheet or way it came."""
    book = written(cells=(PlanCell(1, 1, "甲"),), blocks=(Block(2, 1, (PLAIN,), [("甲",), ("乙",)]),))
    assert book.texts() == ["甲", "乙"]
    assert book.sheet("//m:c/m:v/text()") == ["0", "0", "1"]


def test_no_text_stands_inline(everything, written):
    """Numbers drops inline strings: every text cell points at the shared ones."""
    book = written(everything)
    assert not [name for name, data in book.parts.items() if b"inlineStr" in data]


def test_text_is_text_in_libreoffice(written, libreoffice_csv):
    """What begins like a formula, looks like an escape or a long number comes back as it was typed."""
    typed = ["=1+1", "+86", "-3", "@sum", "_x0041_", "00123", "110101199001011234", "a\nb"]
    book = written(blocks=(Block(1, 1, (Look(number_format="@"),) * len(typed), [tuple(typed)]),))
    assert libreoffice_csv(book.data) == [typed]


FORMULAS = [
    # value now, type in the file, stored value
    (5, None, "5"),
    ("▲ <3>", "str", "▲ <3>"),
    ("", "str", ""),
    (True, "b", "1"),
    (dt.date(2026, 11, 20), None, "46346"),
    (None, None, None),
]


@pytest.mark.parametrize(("value", "kind", "stored"), FORMULAS)
@pytest.mark.parametrize("way", ["cell", "block"])
def test_a_formula_carries_its_value(written, way, value, kind, stored):
    """Viewers that calculate nothing show what the formula is worth now."""
    text = 'IF($B{row}<3,"a&b","")'
    placed = (
        {"cells": (PlanCell(4, 1, Formula(text.replace("{row}", "4"), value)),)}
        if way == "cell"
        else {"blocks": (Block(4, 1, (PLAIN,), [(value,)], (text,)),)}
    )
    (cell,) = written(**placed).sheet("//m:c[@r='A4']")
    assert cell.findtext("{*}f") == 'IF($B4<3,"a&b","")'
    assert (cell.get("t"), cell.findtext("{*}v")) == (kind, stored)


def test_a_text_longer_than_a_cell_is_named_by_its_place(written):
    """What Excel cannot hold is never cut: the cell is named."""
    long = "x" * 32_768
    for placed in (
        {"cells": (PlanCell(5, 2, long),)},
        {"blocks": (Block(4, 1, (PLAIN, PLAIN), [("a", "b"), ("c", long)]),)},
    ):
        with pytest.raises(CallError) as stopped:
            written(**placed)
        assert stopped.value.facts == {"sheet": "客户", "cell": "B5", "length": 32_768}
    assert written(cells=(PlanCell(1, 1, "x" * 32_767),))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), object(), [1]])
def test_what_no_cell_can_hold_is_a_bug(written, value):
    """A value that is no scalar never reaches a file."""
    with pytest.raises((Bug, TypeError)):
        written(cells=(PlanCell(1, 1, value),))


def test_blocks_and_cells_share_rows_in_order(written):
    """Cells beside a block, and blocks beside each other, stand in one row from left to right."""
    left, right = Block(1, 2, (PLAIN, PLAIN), [(1, 2), (3, 4)]), Block(2, 5, (PLAIN,), [(6,)])
    book = written(blocks=(right, left), cells=(PlanCell(2, 4, 5), PlanCell(1, 1, 0)))
    assert book.sheet("//m:c/@r") == ["A1", "B1", "C1", "B2", "C2", "D2", "E2"]
    assert book.sheet("//m:v/text()") == ["0", "1", "2", "3", "4", "5", "6"]
    assert book.sheet("string(//m:dimension/@ref)") == "A1:E2"


def test_a_block_with_a_short_row_is_a_bug(written):
    """A row that does not fit its block would shift or lose values."""
    with pytest.raises(Bug, match="not 2 cells wide"):
        written(blocks=(Block(1, 1, (PLAIN, PLAIN), [(1, 2), (3,)]),))


def test_an_exception_changes_one_cell_alone(written):
    """A single cell of a block may look otherwise."""
    red = Look(fill="FFD9D2")
    book = written(blocks=(Block(1, 1, (BOLD, BOLD), [(1, 2), (3, 4)], exceptions=((1, 0, red),)),))
    styles = {c.get("r"): c.get("s") for c in book.sheet("//m:c")}
    assert styles["A1"] == styles["B1"] == styles["B2"] != styles["A2"]
    assert book.find("styles", f"//m:cellXfs/m:xf[{int(styles['A2']) + 1}]/@fillId") != ["0"]


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ({"height": 22}, ["22", "22"]),
        ({"heights": (22, 35)}, ["22", "35"]),
        ({"height": 9, "heights": (22, 0)}, ["22"]),
    ],
)
def test_row_heights(written, heights, expected):
    """Heights stand in the file: the suites disagree on automatic ones."""
    book = written(blocks=(Block(1, 1, (PLAIN,), [(1,), (2,)], **heights),))
    assert book.sheet("//m:row[@customHeight='1']/@ht") == expected


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA"), (16_384, "XFD")])
def test_column_letters(column, name):
    """Columns are counted in letters, and back."""
    assert letters(column) == name
    assert bounds(f"${name}$7") == (7, column, 7, column)


@pytest.mark.parametrize(("text", "expected"), [("abcd", "abcd"), ("abcde", "abc…"), ("𠮷𠮷𠮷", "𠮷…")])
def test_short_counts_as_clients_do(text, expected):
    """A sign outside the basic plane counts twice and is never cut in half."""
    assert short(text, 4) == expected
