"""Heads that people typed over, emptied, doubled, took out or added: no edit goes by unseen (MERGE cases 34 to 36)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from damage import HEAD, HILL, LAKE, NORTH, RICE, changes, codes, refusal, typing


@pytest.mark.parametrize("head", ["手机号码", "联系方式（必填）", "x", None])
def test_a_renamed_column_is_known_by_what_it_holds(team: Any, head: str | None) -> None:
    """Case 36: 提示 stands between 电话 and its neighbour in the schema, and the changed phone still arrives."""
    with typing(team) as page:
        page.head("电话", head)
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["F_HEADER"]
    assert "电话" in done["findings"][0]["message"]


def test_two_renamed_columns_are_told_apart(team: Any) -> None:
    """Case 36: one by one, by what each holds, though they stand side by side."""
    with typing(team) as page:
        page.head("联系人", "姓名")
        page.head("电话", "号码")
        page[LAKE, "电话"], page[HILL, "联系人"] = "13900000009", "何建国"
    done = team.json("merge")
    assert sorted(changes(done)) == sorted([(LAKE, "phone", "13900000009"), (HILL, "contact", "何建国")])
    assert codes(done) == ["F_HEADER", "F_HEADER"]


def test_a_renamed_column_that_was_blank_is_known_by_its_neighbours(team: Any) -> None:
    """Case 36: nothing was issued under 职位, so its place between its neighbours has to do."""
    with typing(team) as page:
        page.head("职位", "头衔")
        page[LAKE, "职位"] = "采购经理"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "title", "采购经理")]
    assert codes(done) == ["F_HEADER"]


def test_a_renamed_computed_column_loses_nothing(team: Any) -> None:
    """Case 36: 提示 is worked out by formulas, which say which column it is."""
    with typing(team) as page:
        page.head("提示", "怎么办")
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["F_HEADER"]


def test_a_renamed_action_column_still_deletes(team: Any) -> None:
    """Case 36: a mark under 删除? in place of 操作 is a mark."""
    with typing(team) as page:
        page.head("操作", "删除?")
        page[NORTH, "操作"] = "删除"
    done = team.json("merge")
    assert codes(done)[0] == "F_HEADER"
    assert done["edits"]["total"] == 1


def test_a_column_that_cannot_be_told_refuses_the_file(team: Any) -> None:
    """Case 36, else: another head over other values where 电话 was; the file is kept and nothing taken."""
    with typing(team) as page:
        page.head("电话", "工号")
        for at, key in enumerate((LAKE, HILL, RICE, NORTH)):
            page[key, "电话"] = f"N{at}"
        page[LAKE, "联系人"] = "林小"
    done = team.json("merge")
    code, message = refusal(done)
    assert code == "E_HEADER"
    assert all(word in message for word in ("工号", "客户", f"第 {HEAD} 行"))


def test_a_doubled_head_refuses_the_file(team: Any) -> None:
    """Case 36: two columns 电话, and nobody can say which counts."""
    with typing(team) as page:
        page.head("联系人", "电话")
    code, message = refusal(team.json("merge"))
    assert code == "E_HEADER"
    assert "「电话」出现了两次" in message


def test_a_column_of_ones_own_is_reported_and_left(team: Any) -> None:
    """Case 35: 年龄 is nobody's field; the edit beside it is taken."""
    with typing(team) as page:
        page.sheet.insert_cols(page.heads["电话"])
        page.sheet.cell(HEAD, page.heads["电话"]).value = "年龄"
        page.sheet.cell(page.row(LAKE), page.heads["电话"]).value = 41
        page.sheet.cell(page.row(LAKE), page.heads["联系人"]).value = "林小"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "contact", "林小")]
    assert codes(done) == ["F_COLUMN_UNKNOWN"]


def test_a_deleted_column_is_absent_not_blank(team: Any) -> None:
    """Case 34: no phone is blanked where the column 电话 was taken out, and the other edits are taken."""
    with typing(team) as page:
        page[LAKE, "联系人"] = "林小"
        page.sheet.delete_cols(page.heads["电话"])
    done = team.json("merge")
    assert changes(done) == [(LAKE, "contact", "林小")]
    assert codes(done) == ["F_COLUMN_MISSING"]
    assert team.value(LAKE, "phone") == "13800000001"


def test_a_column_moved_elsewhere_is_still_itself(team: Any) -> None:
    """Cut and pasted behind the last column, 电话 keeps its head, and its edits."""
    with typing(team) as page:
        page[LAKE, "电话"] = "13900000009"
        page.move("电话", page.sheet.max_column + 1)
    assert changes(team.json("merge")) == [(LAKE, "phone", "13900000009")]


@pytest.mark.parametrize("how", ["emptied", "deleted"])
def test_rows_without_a_head_refuse_the_file(team: Any, how: str) -> None:
    """Case 36: ids stand in the rows and no head above them; what was typed is kept, and said."""
    with typing(team) as page:
        page[LAKE, "电话"] = "13900000009"
        if how == "deleted":
            page.sheet.delete_rows(HEAD)
        else:
            for column in range(1, page.sheet.max_column + 1):
                page.sheet.cell(HEAD, column).value = None
    code, message = refusal(team.json("merge"))
    assert code == "E_HEADER"
    assert "表头不在了" in message
    assert (team.folder("inbox") / "王芳.xlsx").exists()


def test_a_lost_head_of_the_row_ids_alone_changes_nothing(team: Any) -> None:
    """The column of ids is known by what it holds: no row is new, and the edit arrives."""
    with typing(team) as page:
        page.head("_id", None)
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == []


def test_a_copy_saved_by_libreoffice_says_nothing(team: Any, resaved: Callable[[Path], bytes]) -> None:
    """Opened and saved, nothing typed: no finding about heads, ids or check codes."""
    (team.folder("inbox") / "王芳.xlsx").write_bytes(resaved(team.copy_of("王芳")))
    done = team.json("merge")
    assert done["findings"] == []
    assert done["edits"]["total"] == 0


def test_a_column_taken_out_and_one_of_ones_own_behind_are_two_things(team: Any) -> None:
    """Cases 34 and 35 in one sheet: what stands behind the issued columns is none of them."""
    with typing(team) as page:
        page[LAKE, "联系人"] = "林小"
        page.sheet.cell(HEAD, page.sheet.max_column + 1).value = "年龄"
        page.sheet.cell(page.row(LAKE), page.sheet.max_column).value = 41
        page.sheet.delete_cols(page.heads["电话"])
    done = team.json("merge")
    assert changes(done) == [(LAKE, "contact", "林小")]
    assert codes(done) == ["F_COLUMN_MISSING", "F_COLUMN_UNKNOWN"]


def test_a_sheet_without_issued_rows_knows_its_renamed_columns(team: Any) -> None:
    """Case 36 where only spare rows were issued: 姓名 is told by its neighbours, and the contact arrives whole."""
    with typing(team, sheet="联系人") as page:
        page.head("姓名", "名字")
        page[3, "客户"], page[3, "姓名"], page[3, "电话"] = LAKE, "林二", "13900000009"
    done = team.json("merge")
    assert codes(done) == ["F_HEADER"]
    [new] = done["changes"]
    assert "林二" in new["label"]
    assert done["edits"]["applied"] == done["edits"]["total"] >= 3
