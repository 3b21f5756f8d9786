"""What a member put into a copy for themselves survives `heal` and `validate --annotate` (U7, U12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from damage import LAKE, RICE, Page, typing
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

YELLOW = PatternFill("solid", fgColor="FFFFFF00")
PALE = PatternFill("solid", fgColor=Color(theme=4, tint=0.6))
Again = Callable[[Any, Path], Path]


def _healed(team: Any, tmp_path: Path) -> Path:
    return Path(team.json("heal", team.folder("inbox") / "王芳.xlsx")["healed"])


def _annotated(team: Any, tmp_path: Path) -> Path:
    done = team.json("validate", team.folder("inbox") / "王芳.xlsx", "--annotate", tmp_path / "back")
    return Path(done["files"][0]["annotated"])


@pytest.fixture(params=[_healed, _annotated], ids=["heal", "annotate"])
def again(request: pytest.FixtureRequest) -> Again:
    """Either way of laying a copy out again."""
    chosen: Again = request.param
    return chosen


def _cell(page: Page, key: str, head: str) -> Any:
    return page.sheet.cell(page.row(key), page.heads[head])


def _open(path: Path) -> Page:
    return Page(openpyxl.load_workbook(path)["客户"])


def _wrong(page: Page) -> None:
    """Something to annotate."""
    page[LAKE, "电话"] = "1.38E+10"


def test_colours_stay_on_their_cells(team: Any, tmp_path: Path, again: Again) -> None:
    """Yellow, and a colour of the theme with its tint, on a good cell and on a wrong one; no other cell has them."""
    with typing(team) as page:
        _wrong(page)
        _cell(page, LAKE, "电话").fill = YELLOW
        _cell(page, RICE, "联系人").fill = PALE
    page = _open(again(team, tmp_path))
    assert _cell(page, LAKE, "电话").fill.fgColor.rgb == "FFFFFF00"
    pale = _cell(page, RICE, "联系人").fill.fgColor.rgb
    assert len(pale) == len("FFRRGGBB")
    fills = [cell.fill.fgColor.rgb for row in page.sheet.iter_rows() for cell in row if cell.fill.fill_type]
    assert (fills.count("FFFFFF00"), fills.count(pale)) == (1, 1)


def test_notes_stay_with_their_author(team: Any, tmp_path: Path, again: Again) -> None:
    """A note on a good cell keeps text and author; one on a wrong cell stands below what we say about it."""
    with typing(team) as page:
        _wrong(page)
        _cell(page, LAKE, "电话").comment = Comment("他换号了", "王芳")
        _cell(page, RICE, "联系人").comment = Comment("周五再打", "王芳")
    page = _open(again(team, tmp_path))
    kept = _cell(page, RICE, "联系人").comment
    assert (kept.text, kept.author) == ("周五再打", "王芳")
    assert _cell(page, LAKE, "电话").comment.text.endswith("他换号了")


def test_a_reply_inside_our_note_is_read_and_stays(team: Any, tmp_path: Path) -> None:
    """王芳 writes below our remark: it is hers, is told to the manager once, and our remark is not taken for hers."""
    with typing(team) as page:
        _wrong(page)
    book = openpyxl.load_workbook(_annotated(team, tmp_path))
    note = _cell(Page(book["客户"]), LAKE, "电话").comment
    note.text += "\n号码在名片上，明天补"
    book.save(team.folder("inbox") / "王芳.xlsx")
    said = team.json("validate", team.folder("inbox") / "王芳.xlsx")["findings"]
    assert [f["value"] for f in said if f["code"] == "F_NOTE"] == ["号码在名片上，明天补"]
    text = _cell(_open(_annotated(team, tmp_path)), LAKE, "电话").comment.text
    assert text.endswith("号码在名片上，明天补")
    assert text.count("(R_DIGITS_LOST)") == 1


def test_own_sheets_stay_as_they_were(team: Any, tmp_path: Path, again: Again) -> None:
    """Texts, numbers, dates, a width, a colour and a note of an own sheet, and one that is hidden, come along."""
    with typing(team) as page:
        _wrong(page)
        book = page.sheet.parent
        own, secret = book.create_sheet("我的计算", 1), book.create_sheet("草稿")
        own["A1"], own["B2"], own["C3"] = "差旅", 0.25, dt.date(2026, 11, 3)
        own["A1"].fill, own["B2"].number_format = YELLOW, "0%"
        own["B2"].comment = Comment("估的", "王芳")
        own.column_dimensions["A"].width = 33
        secret["A1"], secret.sheet_state = "=1+1", "hidden"
        secret["A2"] = "=cmd|' /C calc'!A0"
        secret["A2"].data_type = "s"
    book = openpyxl.load_workbook(again(team, tmp_path))
    own, secret = book["我的计算"], book["草稿"]
    assert (own["A1"].value, own["B2"].value, own["C3"].value.date()) == ("差旅", 0.25, dt.date(2026, 11, 3))
    assert (own["A1"].fill.fgColor.rgb, own["B2"].number_format) == ("FFFFFF00", "0%")
    assert (own["B2"].comment.text, own.column_dimensions["A"].width) == ("估的", pytest.approx(33, abs=1))
    assert (secret.sheet_state, secret["A2"].value, secret["A2"].data_type) == ("hidden", "=cmd|' /C calc'!A0", "s")


def test_what_stood_beside_the_table_is_listed_with_its_place(team: Any, tmp_path: Path, again: Again) -> None:
    """A title above the head, a text at the side, a sum below, and an own column's cell in a blank row: all there."""
    with typing(team) as page:
        _wrong(page)
        sheet, last = page.sheet, page.sheet.max_row
        side = sheet.cell(page.row(RICE), sheet.max_column + 2)
        side.value = "记得报销"
        sheet.cell(last + 2, page.heads["客户名称"]).value = "合计"
        sheet.cell(last + 2, page.heads["等级"]).value = 12
        sheet.insert_rows(1)
        sheet["C1"] = "十一月的客户"
    book = openpyxl.load_workbook(again(team, tmp_path))
    lines = {(row[2].value, row[3].value) for row in book["表外内容"].iter_rows(min_row=5) if row[2].value}
    assert {("客户!C1", "十一月的客户"), (f"客户!{side.coordinate}", "记得报销")} <= lines
    assert {text for _, text in lines} == {"十一月的客户", "记得报销", "合计", "12"}


def test_laid_out_twice_nothing_is_doubled_or_lost(team: Any, tmp_path: Path) -> None:
    """Healed, returned and healed again: the same colours, notes, own sheets and texts, each once."""
    with typing(team) as page:
        page.sheet.cell(page.row(RICE), page.sheet.max_column + 2).value = "记得报销"
        _cell(page, RICE, "联系人").fill = YELLOW
        _cell(page, RICE, "联系人").comment = Comment("周五再打", "王芳")
        page.sheet.parent.create_sheet("我的")["B2"] = "留着"
    first = _healed(team, tmp_path)
    team.folder("inbox").joinpath("王芳.xlsx").write_bytes(first.read_bytes())
    second = _healed(team, tmp_path)

    def contents(path: Path) -> dict[str, list[tuple[str, object, object, object]]]:
        book = openpyxl.load_workbook(path)
        return {
            page.title: [
                (cell.coordinate, cell.value, cell.comment and cell.comment.text, cell.fill.fgColor.rgb)
                for row in page.iter_rows()
                for cell in row
                if cell.value is not None or cell.comment
            ]
            for page in book
            if page.sheet_state == "visible" and page.title != "表外内容"
        }

    assert contents(second) == contents(first)
    aside = [openpyxl.load_workbook(path)["表外内容"]["D5"].value for path in (first, second)]
    assert aside == ["记得报销", "记得报销"]


def test_what_is_written_beside_our_list_is_said_and_stays(team: Any, tmp_path: Path) -> None:
    """The member answers in the list of problems: the manager reads it; laid out again it is kept."""
    team.put("王芳", {("客户", LAKE, "电话"): "1.38E+10"})
    first = team.json("validate", "--annotate", tmp_path / "1")["files"][0]["annotated"]
    book = openpyxl.load_workbook(first)
    page = book["问题"]
    page["J4"], page["J5"] = "回复", "这家已经不做了"
    page["C9"] = None
    book.save(team.folder("inbox") / "王芳.xlsx")
    said = {(f["sheet"], f["cell"], f["value"]) for f in team.json("merge")["findings"] if f["code"] == "F_REPLY"}
    assert said == {("问题", "J4", "回复"), ("问题", "J5", "这家已经不做了")}
    path = team.folder("inbox") / "王芳.xlsx"
    again = team.json("validate", "--annotate", tmp_path / "2", path)["files"][0]["annotated"]
    kept = {str(cell.value) for row in openpyxl.load_workbook(again)["表外内容"] for cell in row}
    assert {"问题!J5", "这家已经不做了"} <= kept


def test_our_lists_alone_say_nothing(team: Any, tmp_path: Path) -> None:
    """An annotated copy that comes back as it went, in either language: every head of the list is known as ours."""
    team.put("王芳", {("客户", LAKE, "电话"): "1.38E+10"})
    annotated = team.json("validate", "--annotate", tmp_path / "1")["files"][0]["annotated"]
    team.put("王芳", {}, source=Path(annotated))
    assert "F_REPLY" not in {f["code"] for f in team.json("validate")["findings"]}
