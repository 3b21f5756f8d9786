"""The examples run as they are printed, and come out as they say."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import openpyxl
import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def test_the_python_example_merges_two_copies_that_openpyxl_edited(capsys: pytest.CaptureFixture[str]) -> None:
    """R168: two who type one phone in two ways agree, two who choose two statuses are asked about."""
    runpy.run_path(str(EXAMPLES / "from_python.py"), run_name="__main__")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == str(
        {"total": 4, "applied": 2, "same": 0, "conflict": 2, "held": 0, "rejected": 0, "superseded": 0}
    )
    assert said[1] == "changed: phone 13800010002 → 13900010002 by jia、yi"
    assert said[2] == "to decide: status ['丢失客户', '成交客户']"


def test_the_small_team_reaches_its_copies(run: Any, tmp_path: Path) -> None:
    """The commands of examples/README.md, run in order: five customers, each in the copy of whoever owns it."""
    team = tmp_path / "my-team"
    assert run("new", team, "--schema", "simple").code == 0
    lists = EXAMPLES / "small-team"
    assert run("-C", team, "members", "import", lists / "名单.csv").code == 0
    assert run("-C", team, "import", lists / "客户.csv", "--table", "customers").code == 0
    assert run("-C", team, "generate", "--round", "2026-W48", "--today", "2026-11-23").code == 0
    book = openpyxl.load_workbook(team / "rounds" / "2026-W48" / "outbox" / "简单跟进_示例甲_2026-W48.xlsx")
    names = [row[1].value for row in book["客户"].iter_rows(min_row=3) if row[1].value]
    assert names == ["澄湖示例科技", "远山示例机械"]
