"""Rows whose hidden id was copied, blanked or exchanged: which row is this (MERGE cases 14 to 19, 48b, L21)."""

from __future__ import annotations

import re
from typing import Any

import openpyxl
import pytest
from damage import HILL, LAKE, RICE, changes, codes, refusal, typing

BELOW = 60
ALIEN = "zzzzzzzzzzzzz"


def test_a_row_copied_as_it_is_counts_once(team: Any) -> None:
    """Case 14: the same id twice, the rows equal: taken once, and said."""
    with typing(team) as page:
        page[LAKE, "电话"] = "13900000009"
        page.copy_row(LAKE, BELOW)
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["F_DUP_ID_SAME"]


def test_a_copied_row_with_another_name_waits_as_a_new_row(team: Any) -> None:
    """Case 15: one row keeps the issued key and its edits are taken; the other is proposed as a new row."""
    with typing(team) as page:
        page.copy_row(LAKE, BELOW)
        page[BELOW, "客户名称"] = "澄湖示例二厂"
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["H_DUP_ID_SPLIT"]
    assert done["edits"]["held"] == done["edits"]["total"] - 1 > 0


@pytest.mark.parametrize("names", [(LAKE, LAKE), ("甲示例", "乙示例")])
def test_two_rows_of_one_id_that_cannot_be_told_are_not_taken(team: Any, names: tuple[str, str]) -> None:
    """Case 16: both keep the key, or neither: no edit of either is applied, all are counted."""
    with typing(team) as page:
        page.copy_row(LAKE, BELOW)
        page[BELOW, "电话"] = "13900000009"
        page[LAKE, "联系人"] = "林小"
        first = page.row(LAKE)
        page[first, "客户名称"], page[BELOW, "客户名称"] = names
    done = team.json("merge")
    assert changes(done) == []
    assert codes(done) == ["R_DUP_ID"]
    assert done["edits"]["rejected"] == done["edits"]["total"] >= 2


def test_a_blanked_id_is_known_again_by_the_key(team: Any) -> None:
    """Case 17: exactly one issued row is missing and its key stands here: reattached, and taken."""
    with typing(team) as page:
        page[LAKE, "_id"] = None
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["F_ID_RESTORED"]


def test_blanked_ids_of_several_rows_wait(team: Any) -> None:
    """Case 18: two issued rows are missing, so which is which is asked; nothing is applied or added."""
    with typing(team) as page:
        page[LAKE, "_id"] = page[HILL, "_id"] = None
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == []
    assert codes(done).count("H_ID_LOST") == 2
    assert done["edits"]["held"] == done["edits"]["total"] > 0


def test_an_id_that_was_never_issued_keeps_the_row_out(team: Any) -> None:
    """Case 19: a row pasted with somebody else's id is kept out with all its cells."""
    with typing(team) as page:
        page.copy_row(LAKE, BELOW)
        page[BELOW, "_id"] = ALIEN
        page[HILL, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(HILL, "phone", "13900000009")]
    assert codes(done) == ["R_ID_NOT_ISSUED"]
    assert done["edits"]["rejected"] == done["edits"]["total"] - 1 > 0


def test_an_overwritten_formula_is_not_taken(team: Any) -> None:
    """Case 48b: a constant typed over 提示 is no edit; it is said, and comes back in the next copy."""
    with typing(team) as page:
        page[LAKE, "提示"] = "随便"
    done = team.json("merge")
    assert codes(done) == ["F_COMPUTED"]
    assert re.search(r"有 1 处被改动（[A-Z]+3 随便）", done["findings"][0]["message"])
    assert done["edits"]["total"] == 0


def test_an_unknown_word_in_the_action_column_deletes_nothing(team: Any) -> None:
    """DESIGN 8: only 删除 and Delete are marks; another word is said, and the row's edits are taken."""
    with typing(team) as page:
        page[LAKE, "操作"] = "不要了"
        page[LAKE, "电话"] = "13900000009"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["F_ACTION"]


@pytest.mark.parametrize("check", [None, "AAAAAA"])
def test_check_codes_that_are_gone_or_alien_are_said_once_for_the_sheet(team: Any, check: str | None) -> None:
    """DESIGN 8: rows known by their id alone are taken, and one finding names how many and the first."""
    with typing(team) as page:
        page[LAKE, "_check"] = page[RICE, "_check"] = check
        page[LAKE, "电话"] = "13900000009"
        rows = f"{page.row(LAKE)}、{page.row(RICE)}"
    done = team.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert codes(done) == ["F_CHECK"]
    assert rows in done["findings"][0]["message"]


def test_a_stamp_with_another_signature_is_refused(team: Any) -> None:
    """E_FORGED: the stamp names this ledger and was not signed with its key; nothing of the file is taken."""
    with typing(team) as page:
        page[LAKE, "电话"] = "13900000009"
    path = team.folder("inbox") / "王芳.xlsx"
    book = openpyxl.load_workbook(path)
    [cell] = [c for row in book["_custsheet"] for c in row if str(c.value).startswith("custsheet-stamp")]
    text = str(cell.value)
    cell.value = text[:-1] + ("0" if text[-1] != "0" else "1")
    book.save(path)
    assert refusal(team.json("merge"))[0] == "E_FORGED"


def added(team: Any, name: str, *rows: tuple[str, str]) -> dict[str, Any]:
    """Return a copy with rows typed below the spare ones, and merge it."""
    with typing(team, name) as page:
        for at, (customer, phone) in enumerate(rows):
            page[BELOW + at, "客户名称"], page[BELOW + at, "电话"] = customer, phone
            page[BELOW + at, "客户状态"] = "丢失客户"
    found: dict[str, Any] = team.json("merge")
    return found


def test_an_added_row_amended_in_name_and_phone_stays_one_row(team: Any) -> None:
    """L21: nothing of its key is left, and it is the only added row without a match: the same row by its position."""
    first = added(team, "1.xlsx", ("新示例甲", "13900000001"))
    then = added(team, "2.xlsx", ("新示例乙", "13900000002"))
    assert {c["rid"] for c in first["changes"]} == {c["rid"] for c in then["changes"]}
    assert team.run("show", "新示例乙").code == 0
    assert team.run("show", "新示例甲").code != 0


def test_of_two_added_rows_the_one_that_changed_is_known_by_elimination(team: Any) -> None:
    """L21: 乙 is still there by its key, so the other one is 甲, amended."""
    first = added(team, "1.xlsx", ("新示例甲", "13900000001"), ("新示例乙", "13900000002"))
    then = added(team, "2.xlsx", ("新示例丙", "13900000003"), ("新示例乙", "13900000002"))
    [rid] = {c["rid"] for c in first["changes"] if c["label"].endswith("甲")}
    assert {c["rid"] for c in then["changes"]} == {rid}


def test_one_more_added_row_is_a_new_row(team: Any) -> None:
    """L21: 甲 is known by its key and the second has no earlier row to be: a new one."""
    first = added(team, "1.xlsx", ("新示例甲", "13900000001"))
    then = added(team, "2.xlsx", ("新示例甲", "13900000001"), ("新示例乙", "13900000002"))
    assert not {c["rid"] for c in first["changes"]} & {c["rid"] for c in then["changes"]}
