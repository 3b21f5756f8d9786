"""What was in order when it came in stays so, however late the round is merged again (case 43)."""

from __future__ import annotations

from typing import Any

from later_bench import GRADE, NEXT, WEEK, cell, put, told
from schema_bench import change

NORTH = "北岭示例物流"
LABEL = f"customers/{NORTH}"


def ahead(data: dict[str, Any]) -> None:
    """The next talk lies ahead."""
    data["tables"]["customers"]["rules"].append({"name": "ahead", "compare": ["next_follow_up", ">=", "today"]})


def dated(team: Any) -> None:
    change(team, ahead)
    assert team.run("schema", "migrate").code == 0
    put(team, "王芳", {cell(NEXT, NORTH): "2026-11-20"}, "w.xlsx")
    assert team.value(LABEL, "next_follow_up") == "2026-11-20"


def test_a_merge_days_later_takes_nothing_back(team: Any) -> None:
    """Nothing came in since; and when she sends the copy again with another grade, her day is still Monday's."""
    dated(team)
    later = team.json("merge", today="2026-11-25")
    assert (told(later), later["questions"]) == ([], [])
    team.put("王芳", {cell(NEXT, NORTH): "2026-11-20", cell(GRADE, NORTH): "B"}, "w2.xlsx")
    done = team.json("merge", today="2026-11-25")
    assert (done["questions"], team.value(LABEL, "grade")) == ([], "B")
    assert team.value(LABEL, "next_follow_up") == "2026-11-20"


def test_what_comes_in_too_late_is_held(team: Any) -> None:
    """The same day, in a copy that comes when it is over, breaks the rule."""
    change(team, ahead)
    assert team.run("schema", "migrate").code == 0
    team.put("王芳", {cell(NEXT, NORTH): "2026-11-20"}, "w.xlsx")
    done = team.json("merge", today="2026-11-25")
    assert [q["kind"] for q in done["questions"]] == ["H_RULE"]
    assert team.value(LABEL, "next_follow_up") != "2026-11-20"


def test_a_closed_week_replays_on_another_day(team: Any) -> None:
    """What the day is when somebody looks is no part of what the files said."""
    dated(team)
    team.run("round", "close", WEEK)
    assert team.run("replay", today="2026-11-25").code == 0
