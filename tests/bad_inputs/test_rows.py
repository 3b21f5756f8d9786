"""Rows of a copy of which it is not certain which row they are, or that do not fit what is there."""

from __future__ import annotations

import zipfile
from typing import Any

from bad_bench import EAST, FAR, HEAD, LAKE, SHEET, BadBench, codes, finding
from catalogue import bad_input

PHONE = "13900000001"
BELOW = 70
NEW = {"客户名称": "新示例客户", "联系人": "任一", "电话": "13700000001", "客户状态": "潜在客户"}
NEW |= {"下次跟进时间": "2026-12-01", "下次跟进内容": "打电话"}


def heads(page: Any) -> dict[str, int]:
    """Head → column."""
    return {c.value: c.column for c in page[HEAD] if c.value}


def row(page: Any, key: str) -> int:
    """The row of a customer."""
    return next(r[0].row for r in page.iter_rows(min_row=3) if any(c.value == key for c in r))


def copied(page: Any, key: str, to: int) -> None:
    """Copy a row with all that is hidden in it."""
    source = row(page, key)
    for at in range(1, page.max_column + 1):
        page.cell(to, at).value = page.cell(source, at).value


def spare(bad: Any, cells: dict[str, str]) -> None:
    """王芳 fills a spare row and returns her copy."""
    bad.team.put("王芳", {(SHEET, "+0", head): value for head, value in cells.items()})


@bad_input(38)
def test_a_row_was_copied_with_its_id_and_changed(bad: Any) -> None:
    """Two rows of one id: both are named, neither is applied, what was typed in either is counted (MERGE 16)."""
    with bad.opened() as book:
        page = book[SHEET]
        copied(page, LAKE, BELOW)
        page.cell(BELOW, heads(page)["电话"]).value = PHONE
        first = row(page, LAKE)
    done = bad.merged(code=3)
    message = finding(done, "R_DUP_ID")["message"]
    assert str(first) in message
    assert str(BELOW) in message
    assert (done["changes"], done["edits"]["rejected"]) == ([], done["edits"]["total"])
    assert bad.phone() == "13800000001"


@bad_input(38)
def test_a_row_was_copied_to_make_a_new_one(bad: Any) -> None:
    """The copy has a name of its own: it waits as a new row, the original is untouched (MERGE 15)."""
    with bad.opened() as book:
        page = book[SHEET]
        copied(page, LAKE, BELOW)
        page.cell(BELOW, heads(page)["客户名称"]).value = "澄湖示例二厂"
    done = bad.merged(code=3)
    assert codes(done, "held") == ["H_DUP_ID_SPLIT"]
    assert finding(done, "H_DUP_ID_SPLIT")["cell"].endswith(str(BELOW))
    assert [q["kind"] for q in done["questions"]] == ["H_DUP_ID_SPLIT"]


@bad_input(39)
def test_an_id_was_blanked(bad: Any) -> None:
    """The row is known again by its key, taken, and that is said (MERGE 17)."""
    with bad.opened() as book:
        page = book[SHEET]
        page.cell(row(page, LAKE), heads(page)["电话"]).value = PHONE
        page.cell(row(page, LAKE), heads(page)["_id"]).value = None
    assert codes(bad.merged(code=0)) == ["F_ID_RESTORED"]
    assert bad.phone() == PHONE


@bad_input(39)
def test_the_ids_of_two_rows_were_blanked(bad: Any) -> None:
    """Which is which is asked, with the rows' places; nothing is guessed (MERGE 18)."""
    with bad.opened() as book:
        page = book[SHEET]
        for key in (LAKE, FAR):
            page.cell(row(page, key), heads(page)["_id"]).value = None
        page.cell(row(page, LAKE), heads(page)["电话"]).value = PHONE
        rows = {str(row(page, key)) for key in (LAKE, FAR)}
    done = bad.merged(code=3)
    lost = [f for f in done["findings"] if f["code"] == "H_ID_LOST"]
    assert {f["cell"].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for f in lost} == rows
    assert (done["changes"], bad.phone()) == ([], "13800000001")


@bad_input(40)
def test_a_row_of_a_colleague_was_pasted(bad: Any) -> None:
    """Its id is none of this copy's: kept out, and neither words nor the file sent back tell of the other row."""
    source = _book(bad, "李雷")[SHEET]
    with bad.opened() as book:
        page = book[SHEET]
        for at in range(1, page.max_column + 1):
            page.cell(BELOW, at).value = None
        page.cell(BELOW, heads(page)["_id"]).value = source.cell(row(source, EAST), heads(source)["_id"]).value
        page.cell(BELOW, heads(page)["电话"]).value = PHONE
    assert bad.team.run("validate", "--annotate", bad.team.root.parent / "back").code == 3
    done = bad.merged(code=3)
    found = finding(done, "R_ID_NOT_ISSUED")
    assert found["cell"].endswith(str(BELOW))
    [back] = (bad.team.root.parent / "back").iterdir()
    with zipfile.ZipFile(back) as archive:
        assert not any(EAST.encode() in archive.read(name) for name in archive.namelist())
    assert not any(secret in found["message"] + found["fix"] for secret in (EAST, "郑一", "13800000005"))
    assert bad.phone(EAST) == "13800000005"


def _book(bad: Any, member: str) -> Any:
    import io  # noqa: PLC0415  # beside their only use

    import openpyxl  # noqa: PLC0415

    return openpyxl.load_workbook(io.BytesIO(bad.copy(member)))


@bad_input(41)
def test_a_new_row_without_its_key(bad: Any) -> None:
    """What is missing is said at its cell; what was typed is kept and counted, and no nameless customer appears."""
    spare(bad, {head: value for head, value in NEW.items() if head != "客户名称"})
    before = bad.team.json("status")["rows"]["customers"]
    done = bad.merged(code=3)
    missing = [f for f in done["findings"] if f["code"] == "R_REQUIRED" and f["field"] == "name"]
    assert len(missing) == 1
    assert missing[0]["cell"]
    assert done["edits"]["applied"] == 0
    assert bad.team.json("status")["rows"]["customers"] == before


@bad_input(42)
def test_a_new_row_of_a_customer_that_a_colleague_has(bad: Any) -> None:
    """It waits for the manager; the member's own words show nothing of the other row (MERGE 13)."""
    spare(bad, {**NEW, "客户名称": EAST})
    done = bad.merged(code=3)
    assert [q["kind"] for q in done["questions"]] == ["H_DUP_KEY"]
    assert done["edits"]["held"] == done["edits"]["total"] == len(NEW)
    said = " ".join(f["message"] + f["fix"] for f in done["findings"])
    assert not any(secret in said for secret in ("郑一", "13800000005", "李雷"))


@bad_input(44)
def test_two_good_edits_make_a_bad_row(bare: Any) -> None:
    """王芳 takes the phone out, 李雷 the address: together they leave nobody to reach, so both wait (MERGE 43)."""
    assert bare.run("set", f"customers/{LAKE}", "email", "lin@example.com").code == 0
    assert bare.run("generate").code == 0
    bad = BadBench(bare)
    bare.put("王芳", {(SHEET, LAKE, "电话"): None})
    bare.put("李雷", {(SHEET, LAKE, "邮箱"): None})
    done = bad.merged(code=3)
    assert [q["kind"] for q in done["questions"]] == ["H_RULE"]
    assert (done["edits"]["held"], done["changes"]) == (2, [])
    assert bad.phone() == "13800000001"
    assert bare.value(f"customers/{LAKE}", "email") == "lin@example.com"
