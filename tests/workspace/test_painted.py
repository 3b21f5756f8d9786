"""Colours and notes of members are offered once as a tag; the answer is remembered for each person (U12)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

LAKE, HILL, RICE = "澄湖示例科技", "远山示例机械", "青禾示例食品"
NEXT = "2026-11-23"
YELLOW = PatternFill("solid", fgColor="FFFFFF00")


def _marked(team: Any, rows: tuple[str, ...], note: tuple[str, str] = ("", ""), *, today: str = "") -> Path:
    """王芳 paints rows yellow and writes a note on a name, as in Excel, and returns her copy."""
    week = "2026-W48" if today else team.round
    book = openpyxl.load_workbook(team.copy_of("王芳", week))
    page = book["客户"]
    at = next(cell.column for cell in page[2] if cell.value == "客户名称")
    for row in page.iter_rows(min_row=3):
        name = row[at - 1].value
        if name in rows:
            for cell in row:
                cell.fill = YELLOW
        if name and name == note[0]:
            row[at - 1].comment = Comment(note[1], "王芳")
    target: Path = team.folder("inbox", week) / "王芳.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def test_a_colour_is_no_edit_and_is_offered_as_a_tag(team: Any) -> None:
    """Painting changes nothing; what was painted is said with its rows, and one question names them."""
    _marked(team, (LAKE, RICE))
    done = team.json("merge")
    assert (done["edits"]["total"], done["changes"]) == (0, [])
    [said] = [f for f in done["findings"] if f["code"] == "F_PAINTED"]
    assert "黄色" in said["message"]
    assert "3、5" in said["message"]
    assert [(q["kind"], q["field"], q["label"]) for q in done["questions"]] == [
        ("H_FORMAT", "tags", "王芳：2 行涂成了黄色")
    ]


def test_the_answer_tags_the_rows_and_is_kept_when_the_round_is_merged_again(team: Any) -> None:
    """The tag joins those that were there; the next merge of the round takes nothing back and asks nothing."""
    _marked(team, (LAKE, RICE))
    team.run("merge")
    team.answer("value", "紧急")
    done = team.json("merge")
    assert (done["answers"], done["questions"]) == (1, [])
    assert team.value(f"customers/{LAKE}", "tags") == "展会、转介绍、紧急"
    assert team.value(f"customers/{RICE}", "tags") == "紧急"
    team.put("李雷", {("客户", "东屿示例制药", "下次跟进内容"): "带样品"})
    assert [c["field"] for c in team.json("merge")["changes"]] == ["next_plan"]
    assert team.value(f"customers/{RICE}", "tags") == "紧急"
    assert team.run("verify", "--full").code == 0


def test_it_is_remembered_for_this_person(team: Any) -> None:
    """Next week the same colour of the same member is taken as the tag without a word; another's is asked about."""
    _marked(team, (LAKE,))
    team.run("merge")
    team.answer("value", "紧急")
    team.run("merge")
    team.run("generate", today=NEXT)
    _marked(team, (HILL,), today=NEXT)
    done = team.json("merge", today=NEXT)
    assert done["questions"] == []
    assert [(c["label"], c["new"]) for c in done["changes"]] == [(f"customers/{HILL}", "紧急")]


def test_a_no_is_remembered_too(team: Any) -> None:
    """Dropped once, the colour is not offered again."""
    _marked(team, (LAKE,))
    team.run("merge")
    team.answer("drop")
    team.run("merge")
    team.run("generate", today=NEXT)
    _marked(team, (HILL,), today=NEXT)
    done = team.json("merge", today=NEXT)
    assert (done["questions"], done["changes"]) == ([], [])


def test_notes_are_read_whole_and_offered(team: Any) -> None:
    """A note of the member is said at its cell with its text, and listed in the offer; ours are not mistaken for it."""
    _marked(team, (), (LAKE, "老板说先别催"))
    done = team.json("merge")
    [said] = [f for f in done["findings"] if f["code"] == "F_NOTE"]
    assert (said["value"], said["label"], said["cell"]) == ("老板说先别催", f"customers/{LAKE}", "B3")
    [question] = done["questions"]
    assert question["label"] == "王芳：1 行写了批注"
    page = openpyxl.load_workbook(team.questions()).worksheets[0]
    assert any("澄湖示例科技：老板说先别催" in str(cell.value) for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_notes_are_read_from_other_formats_too(team: Any, libreoffice: Any, tmp_path: Path, kind: str) -> None:
    """LibreOffice saves the copy with a note of two lines: said whole at its cell, and kept by `heal`."""
    path = _marked(team, (), (LAKE, "老板说先别催\n周五再说"))
    saved = path.with_suffix(f".{kind}")
    libreoffice([(path, saved, [])])
    path.unlink()
    done = team.json("merge")
    [said] = [f for f in done["findings"] if f["code"] == "F_NOTE"]
    assert (said["value"], said["label"], said["cell"]) == ("老板说先别催\n周五再说", f"customers/{LAKE}", "B3")
    assert (done["edits"]["total"], [q["label"] for q in done["questions"]]) == (0, ["王芳：1 行写了批注"])
    assert team.run("heal", saved, "-o", tmp_path / "新.xlsx").code == 0
    page = openpyxl.load_workbook(tmp_path / "新.xlsx")["客户"]
    assert "老板说先别催\n周五再说" in {cell.comment.text for row in page for cell in row if cell.comment}


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_colours_are_read_from_other_formats_too(team: Any, libreoffice: Any, tmp_path: Path, kind: str) -> None:
    """Two yellow rows, saved by LibreOffice: offered like those of an .xlsx, ours are not, and `heal` keeps them."""
    path = _marked(team, (LAKE, RICE))
    saved = path.with_suffix(f".{kind}")
    libreoffice([(path, saved, [])])
    path.unlink()
    done = team.json("merge")
    [said] = [f for f in done["findings"] if f["code"] == "F_PAINTED"]
    assert ("黄色" in said["message"], "3、5" in said["message"]) == (True, True)
    assert (done["edits"]["total"], [q["label"] for q in done["questions"]]) == (0, ["王芳：2 行涂成了黄色"])
    assert team.run("heal", saved, "-o", tmp_path / "新.xlsx").code == 0
    page = openpyxl.load_workbook(tmp_path / "新.xlsx")["客户"]
    yellow = {cell.row for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFFF00"}
    assert yellow == {3, 5}


THREAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<threadedComment ref="B4" dT="2026-11-17T02:00:00.00" personId="{A}" id="{1}"><text>约到周四了</text></threadedComment>
<threadedComment ref="B4" dT="2026-11-17T03:00:00.00" personId="{A}" id="{2}" parentId="{1}"><text>改周五</text>
</threadedComment>
</ThreadedComments>"""
"""As Excel 365 writes a thread with one reply."""


def test_threaded_comments_are_read_with_their_replies(team: Any) -> None:
    """The old note that Excel keeps for old programs is not said beside the thread."""
    path = _marked(team, (), (HILL, "[Threaded comment] Your version of Excel allows you to read this …"))
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    rels = next(n for n in source.namelist() if "worksheets/_rels" in n and b"comments" in source.read(n))
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    link = f'<Relationship Id="rIdT" Type="{kind}" Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            out.writestr(name, data.replace(b"</Relationships>", link.encode()) if name == rels else data)
        out.writestr("xl/threadedComments/threadedComment1.xml", THREAD)
    done = team.json("validate", path)
    assert [(f["value"], f["cell"]) for f in done["findings"] if f["code"] == "F_NOTE"] == [
        ("约到周四了\n改周五", "B4")
    ]


def test_marks_in_a_file_that_brings_no_new_cell_are_offered_too(team: Any) -> None:
    """王芳 sends the same data again with a note: the cells are known, the note is told and asked about, once."""
    team.put("王芳", {})
    team.run("merge")
    first = team.folder("inbox") / "王芳.xlsx"
    first.rename(first.with_name("第一次.xlsx"))
    _marked(team, (), (RICE, "周五再打"))
    done = team.json("merge")
    assert [f["state"] for f in done["files"]] == ["duplicate"]
    assert [f["value"] for f in done["findings"] if f["code"] == "F_NOTE"] == ["周五再打"]
    assert [q["kind"] for q in done["questions"]] == ["H_FORMAT"]
    team.answer("drop")
    assert team.json("merge")["questions"] == []
