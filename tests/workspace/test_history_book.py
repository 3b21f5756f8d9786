"""The whole history as a workbook: typed values, every change once, text stays text (R080, R081)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import schema_bench as sb

from custsheet.xlsx.lint import lint

LAKE, HILL = "澄湖示例科技", "远山示例机械"


def _rows(path: Path, sheet: str = "历史") -> list[dict[str, Any]]:
    page = openpyxl.load_workbook(path)[sheet]
    head = [c.value for c in page[3]]
    return [dict(zip(head, (c.value for c in row), strict=True)) for row in page.iter_rows(min_row=4)]


def _written(team: Any, tmp_path: Path) -> Path:
    tmp_path.mkdir(exist_ok=True)
    out = tmp_path / "历史.xlsx"
    assert team.json("log", "-o", out) == {"custsheet": "log@1", "file": str(out)}
    return out


def test_every_change_is_one_typed_row(team: Any, tmp_path: Path) -> None:
    """Latest first: who typed it, from which file, old and new as date, number or text, and why."""
    team.put("王芳", {("客户", LAKE, "下次跟进时间"): "2026-12-01", ("客户", LAKE, "下次跟进内容"): "=1+1 报价"})
    team.run("merge")
    team.run("set", "opportunities/澄湖年框", "预计金额", "130000", today="2026-11-17")
    path = _written(team, tmp_path)
    assert lint(path.read_bytes()) == []
    first, second, third = _rows(path)[:3]
    assert (first["谁做的"], first["原来"], first["改成"], first["原因"]) == ("赵敏", 120000, 130000, "直接修改")
    dated = second if second["哪一栏"] == "下次跟进时间" else third
    days = tuple(dated[key].date() for key in ("原来", "改成"))
    assert days == (dt.date(2026, 11, 20), dt.date(2026, 12, 1))
    assert (dated["谁填的"], dated["哪一行"], dated["来自哪份表"]) == ("王芳", LAKE, "王芳.xlsx")
    assert isinstance(dated["时间"], dt.datetime)
    text = third if dated is second else second
    assert text["改成"] == "=1+1 报价"
    page = openpyxl.load_workbook(path)["历史"]
    assert {c.data_type for row in page.iter_rows(min_row=4) for c in row if c.value == "=1+1 报价"} == {"s"}


def test_the_rows_are_as_many_as_the_ledger_has_changes(team: Any, tmp_path: Path) -> None:
    """Rows that came, went and came back are there too; every act links to its first change."""
    team.put("王芳", {("客户", HILL, "操作"): "删除"})
    team.run("merge")
    team.answer("delete")
    done = team.json("merge", today="2026-11-17")
    team.run("undo", done["revision"], today="2026-11-18")
    path = _written(team, tmp_path)
    rows, steps = _rows(path), _rows(path, "每一步")
    counted = {step["版本"]: step["改动"] for step in steps}
    assert counted == {n: sum(row["版本"] == n for row in rows) for n in counted}
    assert [step["版本"] for step in steps][:2] == [f"r{done['revision'] + 1}", f"r{done['revision']}"]
    gone = next(row for row in rows if row["版本"] == f"r{done['revision']}")
    assert (gone["哪一行"], gone["原因"]) == (HILL, "删除 · 按你的决定")
    page = openpyxl.load_workbook(path)["每一步"]
    target = page["B4"].hyperlink.location.rpartition("!")[2]
    assert openpyxl.load_workbook(path)["历史"][target].value == page["B4"].value


def test_what_a_changed_schema_took_out_is_still_in_the_history(team: Any, tmp_path: Path) -> None:
    """A column and a whole sheet are gone: what stood there, by its titles and names of then, and the step itself."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "带合同", ("商机", "澄湖年框", "产品"): "甲产品"})
    team.run("merge")
    before = {tuple(row.values()) for row in _rows(_written(team, tmp_path))}
    sb.change(team, sb.drop_plan, sb.drop_opportunities)
    step = team.json("schema", "migrate", "--accept-loss")["revision"]
    rows = _rows(_written(team, tmp_path / "now"))
    after = {tuple(row.values()) for row in rows}
    assert before <= after
    taken = [(row["表"], row["哪一行"], row["哪一栏"], row["原来"]) for row in rows if row["版本"] == f"r{step}"]
    assert ("客户", LAKE, "下次跟进内容", "带合同") in taken
    assert ("商机", "澄湖年框") in {place[:2] for place in taken}
    assert ("商机", "澄湖年框", "产品", "甲产品") in {(r["表"], r["哪一行"], r["哪一栏"], r["改成"]) for r in rows}


def test_a_history_in_the_inbox_is_no_copy_and_none_is_written_over(team: Any, tmp_path: Path) -> None:
    """It is skipped with a line like our other books, and a second one lies beside the first."""
    path = _written(team, tmp_path)
    team.run("set", f"customers/{LAKE}", "电话", "13900000001")
    assert Path(team.json("log", "-o", path)["file"]).name == "历史-new.xlsx"
    team.folder("inbox").mkdir(parents=True, exist_ok=True)
    (team.folder("inbox") / "历史.xlsx").write_bytes(path.read_bytes())
    assert [f["file"] for f in team.json("merge")["skipped"]] == ["历史.xlsx"]


def test_the_log_says_tables_fields_and_answers_in_words(team: Any) -> None:
    """Titles instead of the schema's names; rows and answers are counted as what they are."""
    team.run("set", "customers/澄湖示例科技", "next_plan", "自写")
    team.put("王芳", {("客户", "远山示例机械", "操作"): "删除"}, "w.xlsx")
    team.run("merge")
    team.run("resolve", "--label", "customers/远山示例机械", "--with", "delete")
    said = team.run("log").out.splitlines()
    assert "合并  2026-W47  1 个决定" in said[0]
    assert "修改  下次跟进内容  customers/澄湖示例科技" in said[1]
    assert any(all(word in line for word in ("导入", "客户", "customers.csv", "8 行")) for line in said)
