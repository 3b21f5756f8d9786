"""`custsheet heal`: what was typed goes into a fresh skin, and columns sorted alone go back with a proof (U2, U7)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from damage import HILL, LAKE, RICE, Page, changes, typing
from openpyxl.worksheet.filters import CustomFilter, CustomFilters, FilterColumn, Filters


def _page(path: str | Path, sheet: str = "客户") -> Any:
    return openpyxl.load_workbook(path)[sheet]


def _heads(page: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in page[2] if cell.value}


def test_skin_is_as_issued_again_and_own_things_stay(team: Any, tmp_path: Path) -> None:
    """Dropdowns, formats, rules and head are as issued; the own column, its width, a filter and every value stay."""
    with typing(team) as page:
        sheet = page.sheet
        page[LAKE, "电话"] = "13900000001"
        sheet.insert_cols(5)
        sheet.cell(2, 5).value = "我的备注"
        sheet.cell(3, 5).value, sheet.cell(5, 5).value = "先打电话", 0.25
        sheet.column_dimensions["E"].width = 31
        sheet.data_validations.dataValidation.clear()
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.style = "Normal"
    done = team.json("heal", team.folder("inbox") / "王芳.xlsx")
    healed, fresh = _page(done["healed"]), _page(team.copy_of("王芳"))
    own = _heads(healed)["我的备注"]
    assert done["own"] == ["我的备注"]
    assert [healed.cell(row, own).value for row in (3, 4, 5)] == ["先打电话", None, 0.25]
    assert healed.column_dimensions[healed.cell(2, own).column_letter].width == pytest.approx(31, abs=1)
    assert len(healed.data_validations.dataValidation) == len(fresh.data_validations.dataValidation)
    assert len(healed.conditional_formatting) == len(fresh.conditional_formatting)
    for head in ("电话", "客户状态", "下次跟进时间"):
        cells = [page.cell(3, _heads(page)[head]) for page in (healed, fresh)]
        assert cells[0].number_format == cells[1].number_format
        assert cells[0].fill.fgColor.rgb == cells[1].fill.fgColor.rgb
    assert [e["new"] for e in team.json("diff", done["healed"])["edits"]] == ["13900000001"]


def test_filters_stay_with_the_rows_that_they_hide(team: Any) -> None:
    """A filter by value and one by comparison are on the same columns again; the rows out of sight are the same."""
    with typing(team) as page:
        sheet, heads = page.sheet, page.heads
        shown = FilterColumn(colId=heads["客户状态"] - 1, filters=Filters(filter=["意向客户"]))
        above = CustomFilters(customFilter=[CustomFilter(operator="greaterThan", val="46000")])
        dated = FilterColumn(colId=heads["下次跟进时间"] - 1, customFilters=above)
        next(iter(sheet.tables.values())).autoFilter.filterColumn = [shown, dated]
        for row in range(4, 7):
            sheet.row_dimensions[row].hidden = True
    healed = _page(team.json("heal", team.folder("inbox") / "王芳.xlsx")["healed"])
    kept = {c.colId + 1: c for c in next(iter(healed.tables.values())).autoFilter.filterColumn}
    assert list(kept[_heads(healed)["客户状态"]].filters.filter) == ["意向客户"]
    [test] = kept[_heads(healed)["下次跟进时间"]].customFilters.customFilter
    assert (test.operator, str(test.val)) == ("greaterThan", "46000")
    assert [row for row in range(3, 9) if healed.row_dimensions[row].hidden] == [4, 5, 6]


@pytest.fixture
def many(team: Any, tmp_path: Path, run: Callable[..., Any]) -> Any:
    """王芳 has forty customers more, in a week of its own."""
    line = "样本{:02}示例,{},潜在客户,王芳,2026-12-{:02},打电话\n"
    rows = "".join(line.format(n, 13800001000 + n * 37 % 41, n % 28 + 1) for n in range(40))
    text = f"客户名称,电话,客户状态,负责人,下次跟进时间,下次跟进内容\n{rows}"
    (tmp_path / "more.csv").write_text(text, encoding="utf-8")
    assert team.run("import", tmp_path / "more.csv", "--table", "customers").code == 0
    assert team.run("generate", "--member", "王芳", "--again").code == 0
    shutil.rmtree(team.folder("inbox"), ignore_errors=True)
    return team


def _sort(page: Any, heads: list[str], by: str, rows: int) -> None:
    """Sort these columns of the first rows by one of them, as with a selection: all else stays."""
    columns = [page.heads[head] for head in heads]
    at = heads.index(by)
    cells = [[page.sheet.cell(row, column).value for column in columns] for row in range(3, 3 + rows)]
    cells.sort(key=lambda line: str(line[at] or ""))
    for row, line in enumerate(cells, 3):
        for column, value in zip(columns, line, strict=True):
            page.sheet.cell(row, column).value = value


def _scrambled(team: Any, heads: list[str], by: str, *, before: tuple[str, str, str] | None = None) -> Path:
    book = openpyxl.load_workbook(team.copy_of("王芳", number=2))
    page = Page(book["客户"])
    if before is not None:
        page[before[0], before[1]] = before[2]
    _sort(page, heads, by, 44)
    target: Path = team.folder("inbox") / "王芳.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


@pytest.mark.parametrize("heads", [["电话"], ["电话", "客户状态", "下次跟进时间"]])
def test_a_partial_sort_is_refused_and_heal_proposes_its_undoing(many: Any, heads: list[str]) -> None:
    """The merge takes nothing and names heal; the healed copy has no edit, and its proof shows each cell put back."""
    path = _scrambled(many, heads, "电话")
    refused = many.json("merge")
    assert refused["files"][0]["code"] == "E_PARTIAL_SORT"
    assert "heal" in refused["files"][0]["fix"]
    done = many.json("heal", path)
    assert many.json("diff", done["healed"])["edits"] == []
    proof = _page(done["healed"], "核对")
    lines = [[cell.value for cell in row[1:8]] for row in proof.iter_rows(min_row=5) if row[1].value]
    assert len(lines) == done["put_back"]["back"] > 30
    assert all(issued == back != returned for _, _, _, _, issued, returned, back in lines)
    assert {field for _, _, _, field, *_ in lines} <= {*heads}


def test_nothing_is_applied_before_a_person_says_so(many: Any) -> None:
    """Healing writes beside the inbox; only when the file is put into it is the edit that was typed merged."""
    path = _scrambled(many, ["电话"], "电话", before=(HILL, "电话", "13800009999"))
    many.run("merge")
    healed = Path(many.json("heal", path)["healed"])
    assert many.folder("inbox") not in healed.parents
    assert many.json("merge")["changes"] == []
    (many.folder("inbox") / "改好.xlsx").write_bytes(healed.read_bytes())
    assert changes(many.json("merge")) == [(HILL, "phone", "13800009999")]


def test_all_visible_columns_sorted_under_standing_ids_go_back_with_their_edit(many: Any) -> None:
    """A selection leaves the hidden columns out: whole rows moved, and the edit typed before goes home with its row."""
    visible = ["客户名称", "联系人", "电话", "客户状态", "等级", "标签", "下次跟进时间", "下次跟进内容"]
    path = _scrambled(many, visible, "电话", before=(RICE, "下次跟进内容", "改约下周"))
    done = many.json("heal", path)
    edits = many.json("diff", done["healed"])["edits"]
    assert [(e["label"], e["field"], e["new"]) for e in edits] == [(f"customers/{RICE}", "next_plan", "改约下周")]


def test_the_column_of_the_ids_sorted_alone_goes_back(many: Any) -> None:
    """Ids unhidden and sorted by themselves: check codes and content tell which row each line is."""
    path = _scrambled(many, ["_id"], "_id")
    assert many.json("merge")["files"][0]["code"] == "E_PARTIAL_SORT"
    done = many.json("heal", path)
    assert many.json("diff", done["healed"])["edits"] == []
    assert done["put_back"]["back"] > 30


def test_heal_works_from_the_file_alone(many: Any, run: Callable[..., Any], tmp_path: Path) -> None:
    """Outside a workspace the copy's own stamp suffices; the healed copy is merged by the team as its own."""
    path = _scrambled(many, ["电话"], "电话", before=(LAKE, "电话", "13800009999"))
    (tmp_path / "far.xlsx").write_bytes(path.read_bytes())
    done = run("heal", "far.xlsx", "-o", "good.xlsx", "--today", "2026-11-16", "--json", cwd=tmp_path).json
    assert done["verified"] is False
    path.write_bytes((tmp_path / "good.xlsx").read_bytes())
    assert changes(many.json("merge")) == [(LAKE, "phone", "13800009999")]


def test_a_file_that_cannot_be_read_is_not_healed(team: Any, tmp_path: Path) -> None:
    """A foreign file gives its refusal and exit code 4; nothing is written."""
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    done = team.run("heal", tmp_path / "other.xlsx")
    assert done.code == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.xlsx", "team"]
