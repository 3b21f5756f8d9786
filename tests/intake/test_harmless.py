"""Whatever happened to the workbook around the rows, an edit arrives and nothing else does (U2, P14-P19, P57-P59)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from damage import HILL, LAKE, NORTH, RICE, Page, changes, codes, typing

PHONE = "13900000001"
EDIT = [(LAKE, "phone", PHONE)]


def _renamed(page: Page) -> None:
    page.sheet.title = "我的客户"


def _moved(page: Page) -> None:
    book = page.sheet.parent
    book.move_sheet(page.sheet, offset=-len(book.sheetnames))


def _titles(page: Page) -> None:
    page.sheet.insert_rows(1, 6)
    page.sheet["B2"] = "华东区客户表（内部）"
    page.sheet["B4"] = "制表：王芳　2026-11-18"


def _inserted(page: Page) -> None:
    page.sheet.insert_cols(4, 2)
    page.sheet.cell(2, 4).value, page.sheet.cell(3, 4).value = "我的排序", 7


def _reordered(page: Page) -> None:
    """Cut every visible column and paste them in the reverse order."""
    places = sorted(at for head, at in page.heads.items() if not str(head).startswith("_"))
    columns = {at: [page.sheet.cell(row, at).value for row in range(2, page.sheet.max_row + 1)] for at in places}
    for at, source in zip(places, reversed(places), strict=True):
        for row, value in enumerate(columns[source], 2):
            page.sheet.cell(row, at).value = value


def _sorted(page: Page) -> None:
    """Sort whole rows, hidden columns included."""
    rows = [[cell.value for cell in row] for row in page.sheet.iter_rows(min_row=3, max_row=6)]
    for row, values in zip(range(3, 7), reversed(rows), strict=True):
        for column, value in enumerate(values, 1):
            page.sheet.cell(row, column).value = value


def _blank_rows(page: Page) -> None:
    page.sheet.insert_rows(4)
    page.sheet.insert_rows(6, 3)


def _hidden(page: Page) -> None:
    for row in range(3, 7):
        page.sheet.row_dimensions[row].hidden = True
    page.sheet.column_dimensions["D"].hidden = True


def _unhidden(page: Page) -> None:
    for sheet in page.sheet.parent.worksheets:
        sheet.sheet_state = "visible"
        for column in sheet.column_dimensions.values():
            column.hidden = False


@pytest.mark.parametrize(
    "damage", [_renamed, _moved, _titles, _inserted, _reordered, _sorted, _blank_rows, _hidden, _unhidden]
)
def test_the_edit_arrives_alone(team: Any, damage: Callable[[Page], None]) -> None:
    """One phone was changed, then the workbook was rearranged: one change, no question, nothing refused or rejected."""
    with typing(team) as page:
        page[LAKE, "电话"] = PHONE
        damage(page)
    done = team.json("merge")
    assert changes(done) == EDIT
    assert done["questions"] == []
    assert {f["severity"] for f in done["findings"]} <= {"warning", "info"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"客户名称": "合计", "电话": 4}, "合计 · 4"),
        ({"客户名称": "王芳 汇总", "下次跟进时间": 46350}, "王芳 汇总 · 46350"),
        ({"客户名称": "小计：", "标签": "共 2 家"}, "小计： · 共 2 家"),
        ({"标签": "Grand Total", "下次跟进时间": "=SUBTOTAL(3,B3:B6)"}, "Grand Total"),
    ],
)
@pytest.mark.parametrize("row", [5, 7])
def test_sums_between_rows_or_in_a_spare_row_are_no_rows(
    team: Any, line: dict[str, object], said: str, row: int
) -> None:
    """A line of sums, inserted between rows or typed below them, is told with what stands in it and adds nothing."""
    with typing(team) as page:
        page[LAKE, "电话"] = PHONE
        if row == 5:
            page.sheet.insert_rows(5)
        for head, value in line.items():
            page[row, head] = value
    done = team.json("merge")
    assert changes(done) == EDIT
    [found] = [f for f in done["findings"] if f["code"] == "F_NOT_A_ROW"]
    assert (found["cell"][1:], found["value"].startswith(said)) == (str(row), True)


def test_a_note_between_rows_is_not_taken_for_a_customer(team: Any) -> None:
    """A line of text across merged cells is told as what it is."""
    with typing(team) as page:
        page[LAKE, "电话"] = PHONE
        page.sheet.insert_rows(5)
        page.sheet.cell(5, 2).value = "—— 以下都是老客户，语气客气点 ——"
        page.sheet.merge_cells(start_row=5, end_row=5, start_column=2, end_column=page.sheet.max_column)
    done = team.json("merge")
    assert (changes(done), done["questions"]) == (EDIT, [])
    assert [f["value"] for f in done["findings"] if f["code"] == "F_NOT_A_ROW"] == ["—— 以下都是老客户，语气客气点 ——"]


@pytest.mark.parametrize("name", ["合计示例公司", "Total Sample", "汇总", "Total"])
def test_a_customer_whose_name_only_sounds_like_a_sum_is_a_customer(team: Any, name: str) -> None:
    """A row with a phone and a status is a customer, whatever it is called (L5)."""
    with typing(team) as page:
        for head, value in (("客户名称", name), ("电话", "13800000123"), ("客户状态", "丢失客户"), ("标签", "合计")):
            page[7, head] = value
    found = team.json("merge")
    assert [c["label"] for c in found["changes"] if c["kind"] == "add"] == [f"customers/{name}"]


def _without_ids(page: Page, *more: str) -> None:
    """Delete the column of the row ids, and others, from the last on."""
    for at in sorted((page.heads[head] for head in ("_id", *more)), reverse=True):
        page.sheet.delete_cols(at)


@pytest.mark.parametrize("more", [(), ("_check",)])
def test_without_the_column_of_ids_rows_are_known_by_code_or_key(team: Any, more: tuple[str, ...]) -> None:
    """Every row is itself again, a renamed one by the rest of its cells; how each was known is said once."""
    with typing(team) as page:
        page[LAKE, "电话"] = PHONE
        page[HILL, "客户名称"] = "远山机械（新名）"
        _without_ids(page, *more)
    done = team.json("merge")
    assert sorted(changes(done)) == sorted([*EDIT, ("远山机械（新名）", "name", "远山机械（新名）")])
    [lost] = [f for f in done["findings"] if f["code"] == "F_IDS_LOST"]
    assert "4 行" in lost["message"]
    assert ("1 行按内容" in lost["message"]) is bool(more)


def test_without_ids_a_new_row_is_new_and_a_doubtful_one_waits(team: Any) -> None:
    """A row that has nothing of any issued one is added; two that are as close to one issued row wait for a person."""
    with typing(team) as page:
        row = page.row(NORTH)
        page[row + 1, "客户名称"], page[row + 1, "电话"] = "全新示例", "13800000123"
        page[row + 1, "客户状态"] = "丢失客户"
        page.copy_row(RICE, row + 2)
        page[row + 2, "电话"], page[RICE, "联系人"] = "13800000099", "吴二"
        _without_ids(page, "_check")
    done = team.json("merge")
    assert [c["label"] for c in done["changes"]] == ["customers/全新示例"]
    assert "H_ID_LOST" in codes(done)


def test_without_stamp_and_ids_the_copy_is_known_by_its_rows_names(team: Any) -> None:
    """Only one sheet without machine columns came back: whose copy it is is said, and the edit arrives."""
    with typing(team) as page:
        page[LAKE, "电话"] = PHONE
        _without_ids(page, "_check")
        book = page.sheet.parent
        for name in book.sheetnames:
            if name != "客户":
                del book[name]
    done = team.json("merge")
    assert changes(done) == EDIT
    [lost] = [f for f in done["findings"] if f["code"] == "F_STAMP_LOST"]
    assert ("王芳" in lost["message"], "100%" in lost["message"]) == (True, True)


def test_names_that_fit_two_copies_are_not_guessed(team: Any) -> None:
    """A file with rows of two members' copies, without any machine data, is refused and kept."""
    with typing(team) as page:
        for at, name in enumerate(("东屿示例制药", "南山示例建材", "西塘示例服装", "云溪示例教育")):
            page[7 + at, "客户名称"] = name
        _without_ids(page, "_check")
        book = page.sheet.parent
        for name in book.sheetnames:
            if name != "客户":
                del book[name]
    done = team.json("merge")
    assert [(f["state"], f["code"]) for f in done["files"]] == [("refused", "E_FOREIGN")]
