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


@pytest.mark.parametrize("way", ["--update", "set"])
def test_a_difference_that_was_taken_is_settled_for_good(team: Any, differing: Path, way: str) -> None:
    """The list's value stood, and somebody went on from it: to offer it again would be a step back."""
    if way == "set":
        team.run("set", f"customers/{LAKE}", "grade", "C", today="2026-11-18")
    else:
        team.run("import", differing, "--table", "customers", way, today="2026-11-18")
    team.run("set", f"customers/{LAKE}", "grade", "B", today="2026-11-19")
    assert (f"customers/{LAKE}", "grade") not in [(q["label"], q["field"]) for q in team.json("merge")["questions"]]
    last = team.json("log")["revisions"][0]["revision"]
    assert team.run("undo", last).code == team.run("undo", last - 1).code == 0
    assert (f"customers/{LAKE}", "grade") in [(q["label"], q["field"]) for q in team.json("merge")["questions"]]


def test_a_dry_run_asks_nothing(team: Any) -> None:
    """Going the same way and writing nothing leaves no question behind."""
    path = team.root.parent / "x.csv"
    path.write_text(f"客户名称,电话\n{LAKE},13900000001\n", encoding="utf-8")
    team.run("import", path, "--table", "customers", "--dry-run")
    assert team.json("merge")["questions"] == []


def test_what_was_decided_is_not_asked_by_the_same_list(team: Any, differing: Path) -> None:
    """Case 49: kept or written by hand, the same difference rests; another value, or a cell changed since, asks."""
    phone = ("--label", f"customers/{LAKE}", "--field", "phone")
    team.json("merge")
    assert team.run("resolve", *phone, "--with", "master").code in (0, 3)
    assert team.run("resolve", "--label", f"customers/{HILL}", "--field", "grade", "--with", "B+").code != 0
    assert team.run("resolve", "--label", f"customers/{HILL}", "--field", "grade", "--with", "master").code in (0, 3)
    again = team.json("import", differing, "--table", "customers")
    assert (again["rows"]["held"], again["rows"]["decided"]) == (1, 1)  # the grade of the first waits still
    said = {(f["code"], f["cell"], f["severity"]) for f in again["findings"]}
    assert said == {("F_IMPORT_DECIDED", "B2", "info"), ("H_IMPORT", "C2", "held"), ("F_IMPORT_DECIDED", "C3", "info")}
    assert "另有 1 行和账本里不一样，以前定过" in team.run("import", differing, "--table", "customers").out
    assert [(q["label"], q["field"]) for q in team.json("merge")["questions"]] == [(f"customers/{LAKE}", "grade")]
    team.run("set", f"customers/{HILL}", "grade", "C")  # what was decided was about another value
    assert team.json("import", differing, "--table", "customers")["rows"]["held"] == 2
    differing.write_text(f"客户名称,电话\n{LAKE},13900000009\n", encoding="utf-8")
    assert team.json("import", differing, "--table", "customers")["rows"]["held"] == 1
    assert team.run("import", differing, "--table", "customers", "--update").code == 0
    assert team.value(f"customers/{LAKE}", "phone") == "13900000009"


def test_an_answer_that_was_taken_back_is_asked_again(team: Any, differing: Path) -> None:
    """Somebody's own words settle it as well; undone, they count no longer, and done again they do."""
    differing.write_text(f"客户名称,等级\n{LAKE},C\n{HILL},A\n", encoding="utf-8")
    team.run("import", differing, "--table", "customers")
    team.run("resolve", "--label", f"customers/{LAKE}", "--field", "phone", "--with", "master")
    team.json("merge")
    team.answer("value", "B")
    team.json("merge")
    assert team.value(f"customers/{LAKE}", "grade") == "B"

    def rows() -> tuple[int, int]:
        found = team.json("import", differing, "--table", "customers", "--dry-run")["rows"]
        return found["held"], found["decided"]

    assert rows() == (0, 2)
    number = team.json("log")["revisions"][0]["revision"]
    assert team.run("undo", number).code == 0
    assert rows() == (2, 0)
    assert team.run("undo", number + 1).code == 0
    assert rows() == (0, 2)
    assert (team.run("verify", "--full").code, team.run("replay").code) == (0, 0)


def test_two_lists_in_turn_ask_once_each(team: Any) -> None:
    """Each says another grade, and each was decided about."""
    path, held = team.root.parent / "one.csv", []
    for grade in ("B", "C", "B", "C"):
        path.write_text(f"客户名称,等级\n{LAKE},{grade}\n", encoding="utf-8")
        held.append(team.json("import", path, "--table", "customers")["rows"]["held"])
        if team.json("merge")["questions"]:
            team.run("resolve", "--label", f"customers/{LAKE}", "--field", "grade", "--with", "master")
    assert held == [1, 1, 0, 0]
