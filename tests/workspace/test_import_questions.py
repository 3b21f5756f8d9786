"""Where an imported list differs, the next questions.xlsx asks cell by cell (U3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

LAKE, HILL = "澄湖示例科技", "远山示例机械"


@pytest.fixture
def differing(team: Any) -> Path:
    """A list that says other things about two customers was imported, without --update."""
    path: Path = team.root.parent / "网站导出.csv"
    path.write_text(f"客户名称,电话,等级\n{LAKE},13900000001,C\n{HILL},13800000002,A\n", encoding="utf-8")
    done = team.run("import", path, "--table", "customers", "--json")
    assert (done.code, done.json["rows"]["held"]) == (3, 2)
    return path


def test_each_difference_is_a_question_until_it_is_answered(team: Any, differing: Path) -> None:
    """Master beside what the list says; the list's value, once chosen, is in the ledger and not asked again."""
    asked = team.json("merge")["questions"]
    assert {(q["kind"], q["label"], q["field"], q["master"], q["claims"][0]["value"]) for q in asked} == {
        ("H_IMPORT", f"customers/{LAKE}", "phone", "13800000001", "13900000001"),
        ("H_IMPORT", f"customers/{LAKE}", "grade", "A", "C"),
        ("H_IMPORT", f"customers/{HILL}", "grade", "B", "A"),
    }
    team.answer("claim:0")
    done = team.json("merge")
    assert (done["answers"], done["questions"]) == (3, [])
    assert (team.value(f"customers/{LAKE}", "phone"), team.value(f"customers/{HILL}", "grade")) == ("13900000001", "A")
    assert team.run("verify", "--full").code == 0


def test_a_difference_that_went_away_is_not_asked(team: Any, differing: Path) -> None:
    """Importing it again with --update settles all; importing it twice asks once."""
    team.run("import", differing, "--table", "customers")
    assert len(team.json("merge")["questions"]) == 3
    team.run("import", differing, "--table", "customers", "--update")
    assert team.json("merge")["questions"] == []


def test_a_dry_run_asks_nothing(team: Any) -> None:
    """Going the same way and writing nothing leaves no question behind."""
    path = team.root.parent / "x.csv"
    path.write_text(f"客户名称,电话\n{LAKE},13900000001\n", encoding="utf-8")
    team.run("import", path, "--table", "customers", "--dry-run")
    assert team.json("merge")["questions"] == []
