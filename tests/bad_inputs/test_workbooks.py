"""Workbooks that are somebody's copy, and not as they were issued: whose, of which round, with which sheets."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from bad_bench import FAR, LAKE, SHEET, codes, finding, rezipped
from catalogue import bad_input
from openpyxl.utils.datetime import MAC_EPOCH

from custsheet import Workspace
from custsheet.intake import stamp_of
from custsheet.stamp import SHEET as STAMP
from custsheet.stamp import decode, encode
from custsheet.xlsx.read import read_grid

EDIT = {(LAKE, "电话"): "13900000001"}
PHONE = "13900000001"


@bad_input(15)
def test_the_hidden_sheets_are_deleted(bad: Any) -> None:
    """A copy without its mark is known by the check codes of its rows, and that is said with how many agree."""
    with bad.opened() as book:
        del book[STAMP]
        _type(book, LAKE, "电话", PHONE)
    done = bad.merged(code=0)
    assert "100%" in finding(done, "F_STAMP_LOST")["message"]
    assert bad.phone() == PHONE


def _bare(bad: Any, *, named: bool) -> bytes:
    """王芳's copy without anything hidden; not `named`: without the names of her customers too."""
    with bad.opened() as book:
        del book[STAMP]
        for page in book.worksheets:
            for column in range(page.max_column, 0, -1):
                if str(page.cell(2, column).value).startswith("_"):
                    page.delete_cols(column)
        for row in book[SHEET].iter_rows(min_row=3, max_col=1) if not named else ():
            row[0].value = None
    path = bad.team.folder("inbox") / "王芳.xlsx"
    data: bytes = path.read_bytes()
    path.unlink()
    return data


@bad_input(15)
def test_the_hidden_sheets_and_columns_are_deleted(bad: Any) -> None:
    """Known by the names of its rows alone, and that is said (U2)."""
    path = bad.put(_bare(bad, named=True))
    found = bad.team.json("validate", path)["findings"]
    assert {"F_STAMP_LOST", "F_IDS_LOST"} <= {f["code"] for f in found}


@bad_input(15)
def test_nothing_is_left_that_tells_whose_copy_it_was(bad: Any) -> None:
    """Without mark, ids and names nobody can say whose it was: refused, and kept."""
    bad.refused(_bare(bad, named=False), "E_FOREIGN")


@bad_input(16)
def test_a_copy_of_another_team(bad: Any, team_of_others: Any) -> None:
    """Another ledger's copy is refused, and the words say of which team, round and member it is."""
    found = bad.refused(team_of_others.copy_of("王芳").read_bytes(), "E_FOREIGN")
    assert all(word in found["message"] for word in ("客户跟进", "2026-W47", "王芳"))


def _forged(data: bytes, change: Callable[[Any], Any], key: bytes = b"guessed") -> bytes:
    """A copy whose mark was changed and sealed again by somebody who has not got the ledger's key."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book[STAMP]
    stamp = decode([str(row[0].value) for row in page.iter_rows() if row[0].value])
    page.delete_rows(1, page.max_row)
    for at, text in enumerate(encode(change(stamp), key), 1):
        page.cell(at, 1).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _of_li(stamp: Any) -> Any:
    return replace(stamp, member_name="李雷", issue=replace(stamp.issue, member="li"))


@bad_input(17)
@pytest.mark.parametrize("key", [b"guessed", b""])
def test_a_mark_that_was_changed(bad: Any, key: bytes) -> None:
    """Another member's name in the mark, its checksum right and its seal not: nothing of the file is taken (T12)."""
    bad.refused(_forged(bad.typed(EDIT), _of_li, key), "E_FORGED")
    assert bad.phone() == "13800000001"


def _spoiled(book: Any) -> None:
    cell = book[STAMP]["A2"]
    cell.value = ("B" if cell.value[0] == "A" else "A") + cell.value[1:]


@bad_input(17)
def test_a_mark_that_is_damaged(bad: Any) -> None:
    """One character changed: the copy is known by its rows, that is said, and base and rights are the ledger's."""
    with bad.opened() as book:
        _spoiled(book)
        _type(book, LAKE, "电话", PHONE)
    done = bad.merged(code=0)
    found = finding(done, "F_STAMP_DAMAGED")
    assert (found["severity"], "王芳" in found["message"], "100%" in found["message"]) == ("warning", True, True)
    assert (bad.phone(), done["edits"]["total"]) == (PHONE, 1)


@bad_input(17)
def test_a_mark_that_is_damaged_over_rows_that_nobody_knows(bad: Any) -> None:
    """Nothing in the file tells whose it is: it is refused as damaged."""
    with bad.opened("坏.xlsx") as book:
        _spoiled(book)
        for page in book:
            if page.sheet_state == "visible":
                page.delete_rows(3, page.max_row)
    bad.refused((bad.team.folder("inbox") / "坏.xlsx").read_bytes(), "E_STAMP_DAMAGED")


@bad_input(17)
@pytest.mark.parametrize("longest", [255, 1_024])
def test_a_program_that_cuts_long_texts(bad: Any, longest: int) -> None:
    """SheetJS cuts every text of an .xls to 255 characters: no long text is taken for an edit, the file is refused."""
    with bad.opened("坏.xlsx") as book:
        for page in book:
            for cell in (cell for row in page.iter_rows() for cell in row):
                if isinstance(cell.value, str) and cell.data_type == "s":
                    cell.value = cell.value[: longest - (longest % 4 == 0)]
    found = bad.refused((bad.team.folder("inbox") / "坏.xlsx").read_bytes(), "E_TEXT_CUT")
    assert "截断" in found["message"]


@bad_input(18)
def test_a_copy_of_a_closed_round(bad: Any) -> None:
    """It joins the open round as late, is said so, and its edit is taken; nothing waits in silence (MERGE 28)."""
    assert bad.team.run("round", "close", bad.team.round).code == 0
    assert bad.team.run("generate", today="2026-11-23").code == 0
    bad.put(bad.typed(EDIT))
    done = bad.merged(code=0, today="2026-11-24")
    assert [f["state"] for f in done["files"]] == ["late"]
    assert codes(done) == ["F_LATE"]
    assert bad.phone() == PHONE


@bad_input(18)
def test_a_copy_of_a_closed_round_while_none_is_open(bad: Any) -> None:
    """Exit 2, the round that is closed, and the commands that go on; the file stays in the inbox."""
    assert bad.team.run("round", "close", bad.team.round).code == 0
    path = bad.put(bad.typed(EDIT))
    done = bad.team.run("merge")
    assert done.code == 2
    assert all(said in done.err for said in (bad.team.round, "custsheet generate", "custsheet round reopen"))
    assert path.exists()


@bad_input(19)
def test_a_copy_that_was_withdrawn(bad: Any) -> None:
    """Nothing of a revoked copy is taken; whose it was is said (MERGE 29)."""
    copy = stamp_of(read_grid(bad.copy())).issue.copy
    with Workspace.open(bad.team.root, today=dt.date(2026, 11, 16)) as work:
        ledger = work.folder.ledger
        with ledger.write(actor=work.folder.actor.id, kind="revoke", now=work.folder.now) as tx:
            tx.revoke_issue(copy)
    found = bad.refused(bad.typed(EDIT), "E_REVOKED")
    assert "王芳" in found["message"]
    assert bad.phone() == "13800000001"


@bad_input(21)
def test_two_sheets_of_one_name(bad: Any) -> None:
    """Programs read one or the other, so the file is refused."""
    data = rezipped(bad.copy(), lambda name, part: _doubled(part) if name == "xl/workbook.xml" else part)
    assert SHEET in bad.refused(data, "E_SHEET_NAME")["message"]


def _doubled(workbook: bytes) -> bytes:
    names = re.findall(rb'<sheet name="([^"]+)"', workbook)
    return workbook.replace(b'name="%s"' % names[2], b'name="%s"' % names[1], 1)


@bad_input(21)
def test_a_sheet_that_is_there_twice(bad: Any) -> None:
    """Two sheets with the same rows: nobody can say which counts, so nothing is taken."""
    with bad.opened("坏.xlsx") as book:
        book.copy_worksheet(book[SHEET])
    found = bad.refused((bad.team.folder("inbox") / "坏.xlsx").read_bytes(), "E_SHEET_TWICE")
    assert SHEET in found["message"]


@bad_input(21)
def test_a_sheet_that_is_gone(bad: Any) -> None:
    """Its rows count as unchanged, that is said, and the other sheets are taken."""
    with bad.opened() as book:
        del book["跟进记录"]
        _type(book, LAKE, "电话", PHONE)
    done = bad.merged(code=0)
    assert "跟进记录" in finding(done, "F_SHEET_MISSING")["message"]
    assert (bad.phone(), done["edits"]["total"]) == (PHONE, 1)


@bad_input(21)
def test_a_sheet_that_was_renamed_and_moved(bad: Any) -> None:
    """A table is known by its rows, not by what its sheet is called or where it stands (P57)."""
    with bad.opened() as book:
        page = book[SHEET]
        page.title = "王芳11月"
        book.move_sheet(page, 3)
        _type(book, LAKE, "电话", PHONE, sheet="王芳11月")
    assert codes(bad.merged(code=0)) == []
    assert bad.phone() == PHONE


@bad_input(22)
def test_a_sheet_of_ones_own(bad: Any) -> None:
    """It is named and left out; the copy's own sheets are taken (P58)."""
    with bad.opened() as book:
        book.create_sheet("我的草稿")["B3"] = "电话 13700000000"
        _type(book, LAKE, "电话", PHONE)
    done = bad.merged(code=0)
    found = finding(done, "F_SHEET_UNKNOWN")
    assert (found["sheet"], found["severity"]) == ("我的草稿", "warning")
    assert (bad.phone(), done["edits"]["total"]) == (PHONE, 1)


@bad_input(22)
def test_a_hidden_sheet_of_somebody_elses(bad: Any) -> None:
    """A hidden sheet that was not issued is named; ours are not."""
    with bad.opened() as book:
        page = book.create_sheet("底稿")
        page["A1"], page.sheet_state = "x", "hidden"
    assert finding(bad.merged(code=0), "F_HIDDEN_SHEET")["sheet"] == "底稿"


@bad_input(23)
def test_days_counted_from_1904(bad: Any) -> None:
    """A Mac's old setting: every date is the day that the sheet shows, and that is said (P07)."""
    book = openpyxl.load_workbook(io.BytesIO(bad.copy()))
    book.epoch = MAC_EPOCH
    _type(book, LAKE, "下次跟进时间", dt.date(2026, 12, 24))
    out = io.BytesIO()
    book.save(out)
    bad.put(out.getvalue())
    done = bad.merged(code=0)
    assert codes(done) == ["F_DATE1904"]
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("next_follow_up", "2026-12-24")]


@bad_input(24)
def test_strict_open_xml(bad: Any) -> None:
    """Excel's other format of the same name is said by its name."""

    def strict(_: str, part: bytes) -> bytes:
        part = part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        return part.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    assert "Strict" in bad.refused(rezipped(bad.typed(EDIT), strict), "E_STRICT_OOXML")["message"]


@bad_input(25)
def test_what_other_programs_leave_in_a_workbook(bad: Any) -> None:
    """WPS's dimension of one cell and its name, openpyxl's way to save: no edit but the one that was typed (L1)."""
    with bad.opened() as book:
        _type(book, LAKE, "电话", PHONE)
    path = bad.team.folder("inbox") / "王芳.xlsx"
    bad.put(rezipped(path.read_bytes(), _like_wps))
    done = bad.merged(code=0)
    assert (codes(done), done["edits"]["total"], bad.phone()) == ([], 1, PHONE)


def _like_wps(name: str, part: bytes) -> bytes:
    if name == "docProps/app.xml":
        return re.sub(rb"<Application>.*?</Application>", "<Application>WPS 表格</Application>".encode(), part)
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', part) if "worksheets/" in name else part


def _type(book: Any, key: str, head: str, value: object, *, sheet: str = SHEET) -> None:
    page = book[sheet]
    column = next(c.column for c in page[2] if c.value == head)
    row = next(r[0].row for r in page.iter_rows(min_row=3) if any(c.value == key for c in r))
    page.cell(row, column).value = value


def test_the_copies_of_these_tests_are_honest(bad: Any) -> None:
    """The copy as issued holds the row and the value that the tests change."""
    raw = {c.raw for row in read_grid(bad.copy()).sheets[1].rows for c in row.cells if c is not None}
    assert {LAKE, FAR, "13800000001"} <= raw
    shutil.copy(bad.team.copy_of("王芳"), bad.team.folder("inbox") / "王芳.xlsx")
    assert bad.merged(code=0)["edits"]["total"] == 0
