"""A cell that holds what was written into it is unchanged, whatever a program made of it; anything else is an edit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from team_bench import TeamBench, address

from custsheet.intake.unchanged import holds, level
from custsheet.model import Cell
from custsheet.plan import Scalar
from custsheet.xlsx.patch import CellEdit, patch

DAY = dt.date(2026, 11, 20)
MOMENT = dt.datetime.fromisoformat("2026-11-20T10:30:01")


def text(raw: str) -> Cell:
    return Cell("text", raw)


def number(raw: str, style: str = "general") -> Cell:
    return Cell("number", raw, style)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (text("A"), "_x0041_"),
        (text("_x005F_x0041_"), "_x0041_"),
        (text("_xD842__xDFB7_野家"), "𠮷野家"),
        (text("a\nb"), "a_x000D_b"),
        (text("one\r\ntwo\rthree"), "one\ntwo\nthree"),
        (text("left right"), "left\tright"),
        (text("澄\ufffd\ufffd示例\ufffd"), "澄湖示例科"),
        (text("  outer \t"), "outer"),
        (Cell("text", "2", "general", "1+1"), "=1+1"),
        (number("59"), "59"),
        (number("46346"), DAY),
        (number("46346.4375115741"), MOMENT),
        (number("1.5"), Decimal("1.5")),
        (number("0.3333333333333333"), Decimal("0.333333333333333")),
        (number("3", "date"), 3),
    ],
)
def test_what_programs_do_by_themselves_is_no_change(cell: Cell, written: Scalar) -> None:
    """Escapes, line ends, tabs, outer blanks, a date without its format: the cell holds what was written (P08, P52)."""
    assert holds(cell, written)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (text("B"), "_x0041_"),
        (text("two blanks"), "two  blanks"),
        (text("ab"), "a b"),
        (text("123"), "00123"),
        (number("123"), "00123"),
        (text("Long"), "Longer"),
        (text("a b"), "a\nb"),
        (text("澄\ufffd\ufffd示例改\ufffd"), "澄湖示例科技"),
        (text("\ufffdb"), "ab"),
        (number("46347"), DAY),
        (number("46346.4375231481"), MOMENT),
        (number("1.6"), Decimal("1.5")),
        (Cell("number", "1.5", "general", "3/2"), Decimal("1.5")),
        (Cell("bool", "TRUE"), 1),
        (Cell("error", "#N/A"), 1),
        (number("1E400"), 1),
    ],
)
def test_what_a_person_may_have_meant_is_a_change(cell: Cell, written: Scalar) -> None:
    """Zeros that are gone, a text cut short, another day, a formula: never taken for the doing of a program."""
    assert not holds(cell, written)


def test_a_level_text_stays_level() -> None:
    """Bringing a text to the level twice changes nothing more, however often it was escaped."""
    for given in ("_x005F_x005F_x0041_", "_xD842_", "_x0000_a", " \t_x000D_\n"):
        assert level(level(given)) == level(given)


def test_a_red_cell_that_nobody_touched_is_no_edit(bare: TeamBench) -> None:
    """A value that an import could not read goes out as text, comes back as one, and is neither edit nor finding."""
    book = openpyxl.Workbook()
    book.active.append(["客户名称", "客户状态", "负责人", "下次跟进内容", "标签", "电话"])
    book.active.append(["怪值示例", "潜在客户", "王芳", 1234567890123456, True, "#N/A"])
    book.save(bare.root.parent / "odd.xlsx")
    taken = bare.json("import", bare.root.parent / "odd.xlsx", "--table", "customers")
    assert {f["code"] for f in taken["findings"]} >= {"R_DIGITS_LOST", "R_VALUE", "R_CELL_ERROR"}
    assert bare.run("generate").code == 0
    assert bare.json("validate", bare.copy_of("王芳"))["findings"] == []
    assert bare.json("diff", bare.copy_of("王芳"))["edits"] == []


def test_characters_that_a_program_cut_in_two_change_nothing(team: TeamBench) -> None:
    """ExcelJS breaks a character at every 16 KB of text: neither the cell nor the head that it hits is changed."""
    copy = team.copy_of("王芳").read_bytes()
    name = address(copy, "客户", "澄湖示例科技", "客户名称")
    head = f"{name.rstrip('0123456789')}2"
    broken = [CellEdit("客户", name, "澄\ufffd\ufffd示例科技"), CellEdit("客户", head, "客户\ufffd\ufffd称")]
    path = team.folder("inbox") / "王芳.xlsx"
    path.write_bytes(patch(copy, broken))
    assert team.json("validate", path)["findings"] == []
    assert team.json("diff", path)["edits"] == []
