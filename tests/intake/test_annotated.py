"""`validate --annotate`: a copy goes back to its member with every finding at its cell, and comes home as a version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from damage import HILL, LAKE, NORTH, RICE, changes, typing

DIRTY = {
    ("客户", LAKE, "电话"): "1.38E+10",
    ("客户", HILL, "客户状态"): "快成交了",
    ("客户", NORTH, "等级"): "优",
    ("客户", RICE, "下次跟进时间"): "2026.12.3",
    ("客户", "+0", "客户名称"): "新来示例",
    ("客户", "+0", "电话"): "一三八",
}


@pytest.fixture
def returned(team: Any, tmp_path: Path) -> tuple[dict[str, Any], Path]:
    """A dirty copy of 王芳 was checked; what validate said, and the annotated copy."""
    team.put("王芳", DIRTY)
    done = team.json("validate", "--annotate", tmp_path / "back")
    return done, Path(done["files"][0]["annotated"])


def _seen(done: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(f["code"], f["field"], f["value"]) for f in done["findings"]}


def test_every_finding_is_a_note_on_its_cell(returned: tuple[dict[str, Any], Path]) -> None:
    """Each cell with a finding has a note: its words, what was typed, the code; no other cell has one (R089)."""
    done, path = returned
    page = openpyxl.load_workbook(path)["客户"]
    heads = {cell.column: cell.value for cell in page[2]}
    noted = {
        (heads[cell.column], str(cell.value if cell.value is not None else "")): cell.comment.text
        for row in page.iter_rows(min_row=3)
        for cell in row
        if cell.comment is not None
    }
    assert {head for head, _ in noted} == {"电话", "客户状态", "等级", "下次跟进时间"}
    for finding in done["findings"]:
        assert any(finding["message"] in text and f"({finding['code']})" in text for text in noted.values())
    assert "你填的：快成交了" in noted["客户状态", "快成交了"]


def test_the_list_in_front_is_sorted_and_leads_to_the_cells(returned: tuple[dict[str, Any], Path]) -> None:
    """One line per finding, what must be fixed first; the link of each leads to the cell that holds what was typed."""
    done, path = returned
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "问题"
    page = book["问题"]
    lines = [row for row in page.iter_rows(min_row=5) if row[1].value]
    assert len(lines) == len(done["findings"])
    assert [row[1].value for row in lines] == sorted((row[1].value for row in lines), key="！□▲※".index)
    for row in lines:
        sheet, _, address = row[2].hyperlink.location.rpartition("!")
        target = book[sheet.strip("'")][address]
        assert row[2].value == f"{sheet.strip(chr(39))}!{address}"
        assert str(target.value or "") == str(row[5].value or "") or row[1].value == "※"


def test_it_says_the_same_when_it_is_read_again(
    team: Any, returned: tuple[dict[str, Any], Path], libreoffice: Callable[..., None], tmp_path: Path
) -> None:
    """The annotated copy, opened and saved by LibreOffice, has the same edits and the same things wrong with them."""
    done, path = returned
    libreoffice([(path, tmp_path / "again.xlsx", [])])
    again = team.json("validate", tmp_path / "again.xlsx")
    mended = {("F_REPAIRED", "next_follow_up", "2026.12.3")}  # it stands there mended now
    assert _seen(again) == _seen(done) - mended

    def edits(file: Path) -> set[tuple[str, str, str]]:
        return {(e["label"], e["field"], e["new"]) for e in team.json("diff", file)["edits"]}

    assert edits(tmp_path / "again.xlsx") == edits(team.folder("inbox") / "王芳.xlsx")


def test_corrected_and_sent_back_it_is_the_next_version(team: Any, returned: tuple[dict[str, Any], Path]) -> None:
    """Merged after the first version, the corrected copy is version 2; its values stand, nothing is left open."""
    _, path = returned
    assert team.run("merge").code == 3
    mended = {
        ("客户", LAKE, "电话"): "13900000001",
        ("客户", HILL, "客户状态"): "意向客户",
        ("客户", NORTH, "等级"): "B",
        ("客户", "新来示例", "电话"): "13900000009",
        ("客户", "新来示例", "客户状态"): "潜在客户",
        ("客户", "新来示例", "下次跟进时间"): "2026-12-01",
        ("客户", "新来示例", "下次跟进内容"): "演示",
    }
    team.put("王芳", mended, "改好的.xlsx", source=path)
    done = team.json("merge")
    assert [(f["version"], f["state"]) for f in done["files"]] == [(2, "merged")]
    assert done["findings"] == []
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"
    assert team.value("customers/新来示例", "status") == "潜在客户"
    assert team.value(f"customers/{RICE}", "next_follow_up") == "2026-12-03"


def test_a_copy_without_a_stamp_goes_back_with_one(team: Any, tmp_path: Path) -> None:
    """Hidden sheets deleted: the annotated copy has them again, and no later reading has to guess whose it is."""
    with typing(team) as page:
        page[LAKE, "电话"] = "1.38E+10"
        book = page.sheet.parent
        for name in [n for n in book.sheetnames if book[n].sheet_state != "visible"]:
            del book[name]
    first = team.json("validate", "--annotate", tmp_path)
    assert "F_STAMP_LOST" in {f["code"] for f in first["findings"]}
    again = team.json("validate", first["files"][0]["annotated"])
    assert {f["code"] for f in again["findings"]} == {"R_DIGITS_LOST"}


def test_outside_a_workspace_the_stamp_stays_as_it_is(team: Any, run: Callable[..., Any], tmp_path: Path) -> None:
    """Annotated from the file alone, the copy still carries the team's signature: the manager merges it."""
    source = team.put("王芳", {("客户", LAKE, "电话"): "13900000001", ("客户", HILL, "等级"): "优"})
    (tmp_path / "alone.xlsx").write_bytes(source.read_bytes())
    done = run("validate", "alone.xlsx", "--annotate", "back", "--today", "2026-11-16", "--json", cwd=tmp_path).json
    source.write_bytes((tmp_path / done["files"][0]["annotated"]).read_bytes())
    merged = team.json("merge")
    assert changes(merged) == [(LAKE, "phone", "13900000001")]
    assert [f["code"] for f in merged["findings"]] == ["R_VALUE"]


def test_a_good_copy_is_not_annotated(team: Any, tmp_path: Path) -> None:
    """Where there is nothing to say no file is written, and that is said."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    done = team.run("validate", "--annotate", tmp_path / "back")
    assert done.code == 0
    assert "没有要标的问题" in done.out
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("command", ["annotate", "heal"])
def test_what_could_not_be_read_is_not_accepted_on_the_way_back(team: Any, tmp_path: Path, command: str) -> None:
    """A formula and a phone without its digits, laid out as text and returned untouched, stay refused."""
    with typing(team) as page:
        page[LAKE, "联系人"], page[HILL, "电话"] = "=A1&B1", 1.38e10
        page.sheet.cell(page.row(HILL), page.heads["电话"]).number_format = "0.00E+00"
        page[RICE, "联系人"] = "#REF!"
    source = team.folder("inbox") / "王芳.xlsx"
    if command == "heal":
        again = team.json("heal", source)["healed"]
    else:
        again = team.json("validate", source, "--annotate", tmp_path)["files"][0]["annotated"]

    def said(path: object) -> set[tuple[str, str, str]]:
        return {(e["label"], e["field"], e["code"]) for e in team.json("diff", path)["edits"]}

    assert said(again) == said(source)
    assert {code for _, _, code in said(again)} >= {"R_FORMULA"}


def test_two_own_columns_of_one_title_stay_two(team: Any, tmp_path: Path) -> None:
    """Doubled titles of one's own are numbered; both columns keep their values."""
    with typing(team) as page:
        last = page.heads["标签"]
        page.sheet.insert_cols(last, 2)
        for offset, value in enumerate(("甲", "乙")):
            page.sheet.cell(2, last + offset).value, page.sheet.cell(3, last + offset).value = "备忘", value
    healed = openpyxl.load_workbook(team.json("heal", team.folder("inbox") / "王芳.xlsx")["healed"])["客户"]
    kept = {cell.value: healed.cell(3, cell.column).value for cell in healed[2] if str(cell.value).startswith("备忘")}
    assert set(kept.values()) == {"甲", "乙"}


def test_what_is_not_theirs_is_no_task(team: Any, tmp_path: Path) -> None:
    """A cell that she may only read stands last, with a sign and a count of its own: there is nothing to mend."""
    team.put("王芳", {**DIRTY, ("客户", LAKE, "负责人"): "李雷"})
    done = team.json("validate", "--annotate", tmp_path / "back")
    page = openpyxl.load_workbook(done["files"][0]["annotated"])["问题"]
    lines = [(row[1].value, row[4].value) for row in page.iter_rows(min_row=5) if row[1].value]
    assert lines[-1] == ("－", "负责人")
    assert [row[8].value for row in page.iter_rows(min_row=5) if row[1].value == "－"] == [None]
    assert [sign for sign, _ in lines].count("！") == len(lines) - 2
    said = next(text for row in page.iter_rows(max_row=4) for cell in row if "要改" in (text := str(cell.value)))
    assert f"要改 {len(lines) - 2} 处，不归你改的 1 处（原来的没动，不用管），要人定 0 处" in said
    assert f"必须改 {len(lines) - 2}，不归本人改、没有收 1，" in team.run("validate").out


def test_of_two_versions_the_last_alone_is_annotated(team: Any, tmp_path: Path) -> None:
    """She amended her copy before anybody looked: one file to go on in; what knows nothing of it is another."""
    first = team.put("王芳", DIRTY, "一.xlsx")
    team.put("王芳", {("客户", LAKE, "电话"): None, ("客户", LAKE, "职位"): "主任"}, "二.xlsx", source=first)
    done = team.json("validate", "--annotate", tmp_path / "back")
    assert [Path(f["annotated"]).name for f in done["files"] if "annotated" in f] == ["二.xlsx"]
    team.put("王芳", {("客户", NORTH, "等级"): "良"}, "三.xlsx")
    done = team.json("validate", "--annotate", tmp_path / "again")
    assert [Path(f["annotated"]).name for f in done["files"] if "annotated" in f] == ["三.xlsx", "二.xlsx"]
