"""Sheets of a copy in which heads, columns, rows or ranges are not as they were issued."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from bad_bench import FAR, HEAD, LAKE, NORTH, RICE, SHEET, codes, finding, rezipped
from catalogue import bad_input

PHONE = "13900000001"


def put(book: Any, key: str, head: str, value: object) -> None:
    """Type into the customers' sheet."""
    page = book[SHEET]
    page.cell(row(page, key), column(page, head)).value = value


def column(page: Any, head: str) -> int:
    """The column under a head, wherever the head stands."""
    return next(c.column for r in page.iter_rows(max_row=12) for c in r if c.value == head)


def row(page: Any, key: str) -> int:
    """The row of a customer."""
    return next(r[0].row for r in page.iter_rows(min_row=3) if any(c.value == key for c in r))


def data(bad: Any, name: str = "坏.xlsx") -> bytes:
    """What was returned under a name."""
    return (bad.team.folder("inbox") / name).read_bytes()


@bad_input(26)
def test_the_head_is_deleted(bad: Any) -> None:
    """Rows without their heads: which column is which nobody knows, so nothing is taken."""
    with bad.opened("坏.xlsx") as book:
        book[SHEET].delete_rows(HEAD)
    assert "表头" in bad.refused(data(bad), "E_HEADER")["message"]


@bad_input(26)
def test_the_head_was_pushed_down(bad: Any) -> None:
    """Title rows above it: the head is found where it is, and addresses are those of the sheet now."""
    with bad.opened() as book:
        page = book[SHEET]
        page.insert_rows(1, 4)
        page["B2"] = "王芳的客户"
        page.cell(row(page, LAKE), column(page, "电话")).value = "1.38E+10"
        at = page.cell(row(page, LAKE), column(page, "电话")).coordinate
    done = bad.merged(code=3)
    assert codes(done) == ["R_DIGITS_LOST"]
    assert (finding(done, "R_DIGITS_LOST")["sheet"], finding(done, "R_DIGITS_LOST")["cell"]) == (SHEET, at)


@bad_input(26, 34)
def test_two_heads_were_merged(bad: Any) -> None:
    """The second one's text is gone: its column is known by what it holds, and that is said."""
    with bad.opened() as book:
        page = book[SHEET]
        left = column(page, "联系人")
        page.merge_cells(start_row=HEAD, end_row=HEAD, start_column=left, end_column=left + 1)
        page.cell(row(page, LAKE), left).value = "林小"
    done = bad.merged(code=0)
    assert codes(done) == ["F_HEADER"]
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("contact", "林小")]


@bad_input(27)
def test_a_head_was_renamed(bad: Any) -> None:
    """Old and new are said, and what stands below is taken (P14)."""
    with bad.opened() as book:
        put(book, LAKE, "电话", PHONE)
        book[SHEET].cell(HEAD, column(book[SHEET], "电话")).value = "手机（必填）"
    done = bad.merged(code=0)
    assert all(word in finding(done, "F_HEADER")["message"] for word in ("手机（必填）", "电话"))
    assert bad.phone() == PHONE


@bad_input(28)
def test_a_head_is_there_twice(bad: Any) -> None:
    """Two columns of one name: the file is refused and the name is said."""
    with bad.opened("坏.xlsx") as book:
        book[SHEET].cell(HEAD, column(book[SHEET], "联系人")).value = "电话"
    assert "电话" in bad.refused(data(bad), "E_HEADER")["message"]


@bad_input(29)
def test_a_column_was_deleted(bad: Any) -> None:
    """It counts as unchanged, never as blank (L12)."""
    with bad.opened() as book:
        put(book, LAKE, "联系人", "林小")
        book[SHEET].delete_cols(column(book[SHEET], "电话"))
    done = bad.merged(code=0)
    assert "电话" in finding(done, "F_COLUMN_MISSING")["message"]
    assert (done["edits"]["total"], bad.phone()) == (1, "13800000001")


@bad_input(30)
def test_a_column_of_ones_own(bad: Any) -> None:
    """Its name is said, its values stay in the original."""
    with bad.opened() as book:
        page = book[SHEET]
        page.cell(HEAD, page.max_column + 1).value = "家庭情况"
        page.cell(row(page, LAKE), page.max_column).value = "两个孩子"
    done = bad.merged(code=0)
    assert finding(done, "F_COLUMN_UNKNOWN")["value"] == "家庭情况"
    assert done["edits"]["total"] == 0


@bad_input(30, 35)
def test_something_beside_the_table(bad: Any) -> None:
    """A note typed where no column is: its place is said, so that it does not get lost in silence."""
    with bad.opened() as book:
        page = book[SHEET]
        place = page.cell(row(page, LAKE), page.max_column + 2)
        place.value, at = "记得回电话", place.coordinate
    done = bad.merged(code=0)
    assert finding(done, "F_COLUMN_UNKNOWN")["cell"] == at


@bad_input(31)
def test_only_the_filtered_rows_came_back(crowd: Any) -> None:
    """More than a tenth of the rows is missing: nothing of the file is taken, nothing is deleted (P46)."""
    with crowd.opened("坏.xlsx") as book:
        page = book[SHEET]
        for key in (LAKE, FAR, RICE, NORTH):
            page.delete_rows(row(page, key))
    found = crowd.refused(data(crowd), "E_ROWS_LOST")
    assert "4" in found["message"]
    assert SHEET in found["message"]
    assert crowd.phone() == "13800000001"


@bad_input(32)
def test_one_column_was_sorted_alone(crowd: Any) -> None:
    """The phones stand at other customers: the column and three rows are named, nothing is taken (P01)."""
    with crowd.opened("坏.xlsx") as book:
        page = book[SHEET]
        at = column(page, "电话")
        rows = [r for r in range(3, page.max_row + 1) if page.cell(r, at).value]
        for r, phone in zip(rows, sorted((page.cell(r, at).value for r in rows), reverse=True), strict=True):
            page.cell(r, at).value = phone
    found = crowd.refused(data(crowd), "E_PARTIAL_SORT")
    assert "电话" in found["message"]
    assert found["message"].count("、") >= 2


@bad_input(33)
def test_blank_and_title_rows_between(bad: Any) -> None:
    """Blank rows say nothing, and what stands below them is taken."""
    with bad.opened() as book:
        page = book[SHEET]
        put(book, NORTH, "电话", PHONE)
        page.insert_rows(row(page, NORTH), 3)
    assert codes(bad.merged(code=0)) == []
    assert bad.phone(NORTH) == PHONE


@bad_input(33)
def test_a_subtotal_and_a_note_between_and_below(bad: Any) -> None:
    """Rows that are no customers are named at their place and never become customers (P59)."""
    with bad.opened() as book:
        page = book[SHEET]
        put(book, LAKE, "电话", PHONE)
        below = row(page, NORTH)
        page.insert_rows(below)
        page.cell(below, column(page, "客户名称")).value = "小计"
        page.cell(below, column(page, "联系人")).value = f"=COUNTA(B3:B{below - 1})"
        note = page.max_row + 2
        page.cell(note, column(page, "客户名称")).value = "注：以上为 11 月数据"
        page.cell(note + 1, column(page, "客户名称")).value = "以上都核对过了"
    done = bad.merged(code=3)
    assert [c["label"] for c in done["changes"]] == [f"customers/{LAKE}"]
    lines = {re.sub("[A-Z]+", "", f["cell"]) for f in done["findings"] if f["code"] == "F_NOT_A_ROW"}
    assert lines == {str(below), str(note)}
    asked = {re.sub("[A-Z]+", "", f["cell"]) for f in done["findings"] if f["code"] != "F_NOT_A_ROW"}
    assert asked == {str(note + 1)}, "what may be a customer is asked about"


@bad_input(34)
def test_cells_were_merged_over_rows(bad: Any) -> None:
    """The first row keeps what the merged cell shows; the phones that it covers are not blanked (P20)."""
    with bad.opened() as book:
        page = book[SHEET]
        at, top = column(page, "电话"), row(page, LAKE)
        below = [page.cell(top + 1, column(page, "客户名称")).value, page.cell(top + 2, column(page, "客户名称")).value]
        page.merge_cells(start_row=top, end_row=top + 2, start_column=at, end_column=at)
        page.cell(top, at).value = PHONE
    before = [bad.phone(key) for key in below]
    done = bad.merged(code=0)
    assert finding(done, "F_MERGED_CELLS")["cell"].endswith(str(top))
    assert done["edits"]["total"] == 1
    assert (bad.phone(), [bad.phone(key) for key in below]) == (PHONE, before)


@bad_input(35)
def test_a_stray_cell_far_below(bad: Any) -> None:
    """Its address is said; the table above is read as ever."""
    with bad.opened() as book:
        put(book, LAKE, "电话", PHONE)
        book[SHEET].cell(90_000, column(book[SHEET], "联系人")).value = "x"
    done = bad.merged(code=3)
    assert finding(done, "F_ROW_GAP")["cell"] == "A90000"
    assert bad.phone() == PHONE


@bad_input(35)
def test_a_stray_cell_at_the_end_of_the_sheet(bad: Any) -> None:
    """A table that would reach over the whole sheet is refused with the way to clear it."""
    with bad.opened("坏.xlsx") as book:
        book[SHEET].cell(1_048_576, 16_384).value = "x"
    assert "清除" in bad.refused(data(bad), "E_SHEET_TOO_BIG")["fix"]


@bad_input(36)
@pytest.mark.timeout(120)
def test_a_sheet_that_is_formatted_to_row_200000(bad: Any) -> None:
    """Empty rows with a look are passed over in time and counted; no row is new (P32)."""

    def format_all(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet2.xml":
            return part
        empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(5_000, 200_000))
        return part.replace(b"</sheetData>", empty.encode() + b"</sheetData>")

    bad.put(rezipped(bad.typed({(LAKE, "电话"): PHONE}), format_all))
    done = bad.merged(code=0)
    assert "19" in finding(done, "F_EMPTY_ROWS_IGNORED")["value"]
    assert (done["edits"]["total"], bad.phone()) == (1, PHONE)


@bad_input(37)
def test_changed_rows_behind_a_filter(bad: Any) -> None:
    """Hidden rows are data: taken, and said with their numbers, since pasting over a filter hits them (P19)."""
    with bad.opened() as book:
        page = book[SHEET]
        put(book, LAKE, "电话", PHONE)
        page.row_dimensions[row(page, LAKE)].hidden = True
        page.row_dimensions[row(page, FAR)].hidden = True
        at = row(page, LAKE)
    done = bad.merged(code=0)
    assert codes(done) == ["F_HIDDEN_ROWS"]
    assert str(at) in finding(done, "F_HIDDEN_ROWS")["message"]
    assert bad.phone() == PHONE


@bad_input(37)
def test_a_changed_column_that_is_hidden(bad: Any) -> None:
    """What was typed before a column was hidden is taken."""
    with bad.opened() as book:
        page = book[SHEET]
        put(book, LAKE, "电话", PHONE)
        page.column_dimensions[page.cell(HEAD, column(page, "电话")).column_letter].hidden = True
    assert bad.merged(code=0)["edits"]["applied"] == 1
    assert bad.phone() == PHONE


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
@bad_input(2)
def test_a_part_that_breaks_off_while_the_zip_is_whole(bad: Any, part: str) -> None:
    """XML without its end is refused with the part's name."""
    cut = rezipped(bad.copy(), lambda name, body: body[: len(body) // 2] if name == part else body)
    with zipfile.ZipFile(io.BytesIO(cut)) as archive:
        assert archive.testzip() is None
    assert part in bad.refused(cut, "E_XML_SYNTAX")["message"]
