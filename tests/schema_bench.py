"""Changes that a manager makes to schema.yaml while copies are out: each a function on the file as plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML
from team_bench import TeamBench

Change = Callable[[dict[str, Any]], None]
LAKE, HILL, RICE, NORTH, EAST = "澄湖示例科技", "远山示例机械", "青禾示例食品", "北岭示例物流", "东屿示例制药"


def change(bench: TeamBench, *changes: Change) -> None:
    """Let the manager change the workspace's schema file."""
    path, yaml = bench.root / "schema.yaml", YAML()
    data = yaml.load(path.read_text(encoding="utf-8"))
    for one in changes:
        one(data)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)


def fields(data: dict[str, Any], table: str = "customers") -> dict[str, Any]:
    """The fields of a table in the file."""
    found: dict[str, Any] = data["tables"][table]["fields"]
    return found


def _without_rule(data: dict[str, Any], *names: str, table: str = "customers") -> None:
    rules = data["tables"][table]["rules"]
    rules[:] = [rule for rule in rules if rule["name"] not in names]


def rename_plan(data: dict[str, Any]) -> None:
    """`next_plan` is called `next_step` now."""
    _without_rule(data, "step")
    fields(data)["next_step"] = {**fields(data).pop("next_plan"), "was": ["next_plan"]}


def retitle_plan(data: dict[str, Any]) -> None:
    """The head of `next_plan` says 下一步 now."""
    fields(data)["next_plan"]["title"] = {"zh": "下一步", "en": "What next"}


def plan_as_number(data: dict[str, Any]) -> None:
    """`next_plan` holds numbers now."""
    fields(data)["next_plan"] = {"type": "number", "title": "下次跟进内容", "visible": True}


def drop_plan(data: dict[str, Any]) -> None:
    """`next_plan` is taken out."""
    _without_rule(data, "step")
    del fields(data)["next_plan"]


def add_budget(data: dict[str, Any]) -> None:
    """A new field, 预算."""
    fields(data)["budget"] = {"type": "money", "title": "预算", "currency": "CNY"}


def drop_grade_c(data: dict[str, Any]) -> None:
    """等级 has no C any more."""
    options = fields(data)["grade"]["options"]
    options[:] = [option for option in options if option["value"] != "C"]


def rename_grade_c(data: dict[str, Any]) -> None:
    """C is called D now; C is still said."""
    options = fields(data)["grade"]["options"]
    options[2] = {"value": "D", "also": ["C"], "cadence": 30}


def more_grades(data: dict[str, Any]) -> None:
    """A fourth grade."""
    fields(data)["grade"]["options"].append({"value": "E"})


def plan_at_most(data: dict[str, Any]) -> None:
    """`next_plan` has at most four characters."""
    fields(data)["next_plan"]["max_length"] = 4


def lost_needs_plan(data: dict[str, Any]) -> None:
    """A rule that is new: whoever is lost has no next date."""
    rule = {"name": "lost", "when": {"status": ["丢失客户"]}, "require": ["last_content"]}
    data["tables"]["customers"]["rules"].append(rule)


def narrow_sales(data: dict[str, Any]) -> None:
    """Sales see and edit the status alone."""
    data["roles"]["sales"]["customers"] = {"rows": "own", "see": ["name", "status", "owner"], "edit": ["status"]}


def drop_opportunities(data: dict[str, Any]) -> None:
    """The table of opportunities is taken out."""
    del data["tables"]["opportunities"]
    for grants in data["roles"].values():
        grants.pop("opportunities", None)


def rename_opportunities(data: dict[str, Any]) -> None:
    """The table of opportunities is called `deals` now."""
    data["tables"]["deals"] = {**data["tables"].pop("opportunities"), "was": ["opportunities"]}
    for grants in data["roles"].values():
        if "opportunities" in grants:
            grants["deals"] = grants.pop("opportunities")


def add_visits(data: dict[str, Any]) -> None:
    """A new table, 拜访."""
    named = {"type": "text", "title": "去哪里"}
    data["tables"]["visits"] = {"title": "拜访", "key": ["where"], "fields": {"where": named}}
    data["roles"]["sales"]["visits"] = {"rows": "all", "see": "*", "edit": "*", "add": True}
