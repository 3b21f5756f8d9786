"""What was merged under one schema and team stays when either changes; what was asked stays asked (cases 30 to 33)."""

from __future__ import annotations

from typing import Any

import pytest
from later_bench import LABEL, NEW, PLAN, WEEK, cell, differ, new, proved, put, told
from ruamel.yaml import YAML
from schema_bench import change, fields, lost_needs_plan

EAST = "东屿示例制药"


def role(team: Any, who: str, now: str) -> None:
    """Change a member's role in members.yaml; an empty one takes the member out."""
    path, yaml = team.root / "members.yaml", YAML()
    data = yaml.load(path.read_text(encoding="utf-8"))
    data["members"] = [m for m in data["members"] if m["id"] != who or now]
    for member in data["members"]:
        member["role"] = now if member["id"] == who else member["role"]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)


def kinds(done: dict[str, Any]) -> list[str]:
    return [question["kind"] for question in done["questions"]]


# ── another schema ──────────────────────────────────────────────────────────────────────────────────


def source(data: dict[str, Any]) -> None:
    """Every customer has to say where they come from."""
    fields(data).update(source={"type": "text", "title": "来源", "required": True})


def test_a_new_required_column_takes_no_merged_row_away(team: Any) -> None:
    """The customer came when nobody asked for that; one who comes now has to say it."""
    put(team, "王芳", new(), "w.xlsx")
    change(team, source)
    assert team.run("schema", "migrate").code == 0
    done = team.json("merge")
    assert (kinds(done), told(done), team.run("show", NEW).code) == ([], [], 0)
    later = new(客户名称="孙氏样例", 电话="13900000078")
    assert kinds(put(team, "李雷", later, "l.xlsx")) == ["H_INCOMPLETE"]


def test_a_new_rule_takes_no_merged_edit_back(team: Any) -> None:
    """Lost customers have no plan any more: she lost hers on Monday, he loses his on Tuesday."""
    put(team, "王芳", {cell("客户状态"): "丢失客户"}, "w.xlsx")
    change(team, lost_needs_plan)
    assert team.run("schema", "migrate").code == 0
    done = team.json("merge")
    assert (kinds(done), told(done), team.value(LABEL, "status")) == ([], [], "丢失客户")
    again = put(team, "王芳", {cell("客户状态"): "丢失客户", cell("等级"): "B"}, "w2.xlsx")
    assert (kinds(again), team.value(LABEL, "grade")) == ([], "B")  # sent again, it is still Monday's


def test_a_closed_week_replays_under_a_new_rule(team: Any) -> None:
    """Its files were in order when they came."""
    put(team, "王芳", {cell("客户状态"): "丢失客户"}, "w.xlsx")
    team.run("round", "close", WEEK)
    change(team, lost_needs_plan)
    assert team.run("schema", "migrate").code == 0
    assert team.run("replay").code == 0


# ── another role ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("now", ["finance", "manager", ""])
def test_a_proposal_of_a_former_owner_stays_a_proposal(team: Any, now: str) -> None:
    """王芳 types into a row that is another's by now, and gets another job before anybody answered."""
    team.run("set", LABEL, "owner", "陈晨")
    team.run("set", LABEL, "helpers", "")
    assert kinds(put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")) == ["H_REASSIGNED"]
    role(team, "wang", now)
    done = team.json("merge")
    assert (kinds(done), team.value(LABEL, "next_plan")) == (["H_REASSIGNED"], "发报价")


def test_a_row_that_is_not_whole_waits_on(team: Any) -> None:
    """She may not enter a state any more, which is required: the row is not whole for that."""
    assert kinds(put(team, "王芳", new(客户状态=None), "w.xlsx")) == ["H_INCOMPLETE"]
    role(team, "wang", "finance")
    assert (kinds(team.json("merge")), team.run("show", NEW).code) == (["H_INCOMPLETE"], 2)


def test_what_was_theirs_to_change_then_stays(team: Any) -> None:
    """Sales could change all rows on Monday, and only their own from Tuesday on; closed, the week replays."""
    change(team, lambda data: data["roles"]["sales"]["customers"].update(rows="all"))
    team.run("generate", "--again", "--member", "王芳")
    put(team, "王芳", {cell(PLAN, EAST): "王的"}, "w.xlsx", WEEK, 2)
    change(team, lambda data: data["roles"]["sales"]["customers"].update(rows="own"))
    done = team.json("merge")
    assert (kinds(done), told(done), team.value(f"customers/{EAST}", "next_plan")) == ([], [], "王的")
    team.run("round", "close", WEEK)
    assert team.run("replay").code == 0


# ── another policy ──────────────────────────────────────────────────────────────────────────────────


def policy(name: str) -> Any:
    """A change of schema: plans merge by another policy."""

    def to(data: dict[str, Any]) -> None:
        fields(data)["next_plan"]["merge"] = name

    return to


def migrated(team: Any, name: str) -> None:
    change(team, policy(name))
    assert team.run("schema", "migrate").code == 0


@pytest.mark.parametrize("now", ["ask", "owner_wins"])
@pytest.mark.parametrize("is_closed", [False, True])
def test_what_a_policy_settled_stays_under_another(team: Any, now: str, is_closed: bool) -> None:
    """Both plans stand one under the other since Monday; what comes in now is settled as is said now."""
    migrated(team, "append")
    differ(team, first="发报价\n甲甲", second="发报价\n乙乙")
    merged = team.value(LABEL, "next_plan")
    assert sorted(merged.split("\n")) == ["乙乙", "发报价", "甲甲"]
    if is_closed:
        team.run("round", "close", WEEK)
    migrated(team, now)
    if not is_closed:
        assert (kinds(done := team.json("merge")), told(done)) == ([], [])
    assert team.value(LABEL, "next_plan") == merged
    assert proved(team)


def test_a_new_policy_settles_what_waits_in_an_open_week(team: Any) -> None:
    """What nobody had answered is settled by the next merge; closed after that, the week replays."""
    differ(team)
    assert kinds(team.json("merge")) == ["H_CELL"]
    migrated(team, "owner_wins")
    done = team.json("merge")
    assert (kinds(done), team.value(LABEL, "next_plan")) == ([], "甲甲")
    assert proved(team)
    team.run("round", "close", WEEK)
    migrated(team, "manager_wins")
    assert proved(team)


@pytest.mark.parametrize("last", ["ask", "manager_wins"])
def test_what_a_new_policy_settled_stays_under_the_one_after_it(team: Any, last: str) -> None:
    """Asked on Monday, settled by Tuesday's policy: Wednesday's is for what comes in from then on."""
    differ(team)
    migrated(team, "owner_wins")
    assert kinds(team.json("merge")) == []
    migrated(team, last)
    done = team.json("merge")
    assert (kinds(done), told(done), team.value(LABEL, "next_plan")) == ([], [], "甲甲")
    assert proved(team)
    later = put(team, "李雷", {cell(PLAN): "乙二"}, "l2.xlsx")
    assert kinds(later) == ["H_CELL"]
    assert proved(team)


def test_a_new_policy_settles_nothing_in_a_closed_week(team: Any) -> None:
    """It was closed with its question open: so it replays."""
    differ(team)
    team.run("round", "close", WEEK)
    migrated(team, "owner_wins")
    assert team.value(LABEL, "next_plan") == "发报价"
    assert proved(team)


# ── fields that merge together ──────────────────────────────────────────────────────────────────────


def grouped(*groups: tuple[str, ...], strict: str = "cell") -> Any:
    """A change of schema: these fields of a customer merge together."""

    def to(data: dict[str, Any]) -> None:
        data["tables"]["customers"].update(groups=[list(group) for group in groups], strict=strict)

    return to


STEP = ("next_plan", "next_follow_up")


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize(
    ("before", "after"),
    [(grouped(), grouped(STEP)), (grouped(STEP), grouped()), (grouped(), grouped(strict="row"))],
)
def test_an_answer_stands_when_other_fields_merge_together(team: Any, before: Any, after: Any, is_closed: bool) -> None:
    """It was given about a cell, or about the fields that merged then; nobody is asked again."""
    change(team, before)
    assert team.run("schema", "migrate").code == 0
    differ(team)
    team.answer("claim:0")
    answered = team.json("resolve")
    plan = team.value(LABEL, "next_plan")
    assert (kinds(answered), plan != "发报价") == ([], True)
    if is_closed:
        team.run("round", "close", WEEK)
    change(team, after)
    assert team.run("schema", "migrate").code == 0
    if not is_closed:
        assert (kinds(done := team.json("merge")), told(done)) == ([], [])
    assert (team.value(LABEL, "next_plan"), proved(team)) == (plan, True)


def test_who_comes_later_is_judged_by_the_fields_that_merge_together_now(team: Any) -> None:
    """What two typed beside each other stands; of what comes under the group the whole group is asked."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    put(team, "李雷", {cell("下次跟进时间"): "2026-12-01"}, "l.xlsx")
    change(team, grouped(STEP))
    assert team.run("schema", "migrate").code == 0
    done = team.json("merge")
    assert (kinds(done), told(done), team.value(LABEL, "next_plan")) == ([], [], "甲甲")
    later = put(team, "李雷", {cell("下次跟进时间"): "2026-12-02"}, "l2.xlsx")
    assert kinds(later) == ["H_CELL"]
    assert proved(team)
