"""`custsheet schema migrate`: what a changed schema does is said before it is done, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
import schema_bench as sb
from schema_bench import LAKE, change


def speaks(team: Any, language: str) -> None:
    """Let the workspace speak a language."""
    path = team.root / "custsheet.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"), encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ["去掉了「客户 · 下次跟进内容」", "7 处内容", f"customers/{LAKE}：发报价", "新的栏「客户 · 预算」",
                "还在外面的 3 份", "王芳（2026-W47）", "--accept-loss"]),
        ("en", ["“Customers · Next step” is taken out", "7 values", f"customers/{LAKE}: 发报价", "new field “Customers",
                "3 copies are out", "王芳 (2026-W47)", "--accept-loss"]),
    ],
)  # fmt: skip
def test_a_preview_says_everything_and_does_nothing(team: Any, language: str, said: list[str]) -> None:
    """Fields, counts, examples by label, what it means for each copy that is out, what to type next; R157."""
    speaks(team, language)
    change(team, sb.drop_plan, sb.add_budget)
    before = team.state()
    done = team.run("schema", "migrate", "--preview")
    assert done.code == 0
    assert [text for text in said if text not in done.out] == []
    assert "…" not in done.out
    assert team.state() == before


@pytest.mark.parametrize(("language", "said"), [("zh", "修订 r4"), ("en", "r4")])
def test_without_loss_it_is_done_at_once(team: Any, language: str, said: str) -> None:
    """A renaming needs no leave: one revision, a backup from before, and where it lies."""
    speaks(team, language)
    change(team, sb.rename_plan)
    done = team.run("schema", "migrate")
    assert (done.code, said in done.out, "backups" in done.out) == (0, True, True)
    assert team.run("schema", "migrate").code == 0
    assert team.json("log")["revisions"][0]["revision"] == 4


def test_values_that_do_not_fit_are_shown_beside_those_that_do(team: Any) -> None:
    """电话 as text, 下次跟进内容 as a date: what it becomes, and what stays as it is, each by its label."""

    def retype(data: dict[str, Any]) -> None:
        sb.fields(data)["phone"] = {"type": "text", "title": "电话", "important": True, "visible": True}
        sb.fields(data)["next_plan"]["type"] = "date"
        del sb.fields(data)["next_plan"]["aliases"]

    team.run("set", LAKE, "下次跟进内容", "2026-12-01")
    change(team, retype)
    effects = {e["name"]: e for e in team.json("schema", "migrate", "--preview")["effects"]}
    assert (effects["phone"]["kind"], effects["phone"]["lost"]) == ("type", 0)
    plan = effects["next_plan"]
    assert (plan["values"], plan["lost"]) == (7, 6)
    assert f"customers/{LAKE}" in [e["label"] for e in plan["examples"]]
    assert all(e["old"] and not e["new"] for e in plan["lost_examples"])
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    assert team.value(LAKE, "next_plan") == "2026-12-01"


def test_rows_that_break_a_new_rule_are_named(team: Any) -> None:
    """A new rule loses nothing and needs no leave: it is said which rows break it, and merge goes on."""
    change(team, sb.lost_needs_plan)
    done = team.json("schema", "migrate", "--preview")
    assert [(r["rule"], r["count"], r["labels"]) for r in done["rules"]] == [("lost", 1, ["customers/北岭示例物流"])]
    assert (done["needed"], done["lost"]) == (False, 0)
    assert team.run("merge").code == 0


@pytest.mark.parametrize("made", [sb.add_budget, sb.retitle_plan, sb.more_grades, sb.narrow_sales, sb.plan_at_most])
def test_what_touches_no_value_goes_through_silently(team: Any, made: sb.Change) -> None:
    """New fields and options, other titles, limits and rights: no command stops, and no step is written."""
    change(team, made)
    for command in ("status", "merge", "report", "generate"):
        done = team.run(command)
        assert done.code in (0, 3), done.err
    assert team.json("log")["revisions"][0]["revision"] == 3


def test_fields_that_never_held_anything_may_go(team: Any) -> None:
    """Taking out what nobody filled in loses nothing and asks nothing."""
    change(team, lambda data: sb.fields(data).pop("satisfaction"))
    assert team.run("merge").code == 0


def test_a_renamed_option_is_rewritten_and_still_taken_from_late_copies(team: Any) -> None:
    """R048: C becomes D in every row; who still writes C means D."""
    change(team, sb.rename_grade_c)
    assert "[SCHEMA_MOVED]" in team.run("merge").err
    (effect,) = team.json("schema", "migrate")["effects"]
    assert (effect["kind"], effect["values"], effect["lost"]) == ("options", 7, 0)
    assert {(e["old"], e["new"]) for e in effect["examples"]} == {("C", "D")}
    team.put("王芳", {("客户", LAKE, "等级"): "C"})
    team.run("merge")
    assert team.value(LAKE, "grade") == "D"


def needs_for_contact(data: dict[str, Any]) -> None:
    """联系人 is called `needs` now, as 需求 was until now."""
    del sb.fields(data)["needs"]
    sb.fields(data)["needs"] = {**sb.fields(data).pop("contact"), "was": ["contact"]}
    see = data["roles"]["support"]["customers"]["see"]
    see[see.index("contact")] = "needs"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "call", [("schema", "check"), ("schema", "migrate", "--preview"), ("schema", "migrate", "--accept-loss")]
)
def test_a_name_that_another_one_gives_up_is_taken_in_two_steps(team: Any, language: str, call: Any) -> None:
    """In one step it cannot be told which values are meant: refused before anything moves, with what to do."""
    speaks(team, language)
    change(team, needs_for_contact)
    before = team.state()
    done = team.run(*call)
    assert (done.code, "[SCHEMA_CROSSED]" in done.err, team.state() == before) == (2, True, True)
    assert all(word in done.err for word in ("needs", "contact", "custsheet schema migrate"))
    assert team.run("merge").code == 2


def test_in_two_steps_the_values_go_along(team: Any) -> None:
    """First 需求 goes, then 联系人 takes its name; what an old copy says under 联系人 goes along too (case 33)."""
    team.run("set", LAKE, "需求", "要快")

    def without_needs(data: dict[str, Any]) -> None:
        del sb.fields(data)["needs"]

    def rename(data: dict[str, Any]) -> None:
        sb.fields(data)["needs"] = {}
        needs_for_contact(data)

    change(team, without_needs)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    change(team, rename)
    assert team.run("schema", "migrate").code == 0
    assert team.value(LAKE, "needs") == "林晓"
    team.put("王芳", {("客户", LAKE, "联系人"): "林小", ("客户", LAKE, "需求"): "慢点"})
    done = team.json("merge")
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("needs", "林小")]
    assert [f["code"] for f in done["findings"] if f["severity"] == "rejected"] == ["R_COLUMN_REMOVED"]
    assert team.run("replay").code == 0


def test_a_former_name_says_nothing_once_it_was_followed(team: Any) -> None:
    """联系人 was renamed, and `was` stays in the file: it is in nobody's way."""

    def rename(data: dict[str, Any]) -> None:
        needs = data["tables"]["customers"]["fields"]
        needs["person"] = {**needs.pop("contact"), "was": ["contact"]}
        see = data["roles"]["support"]["customers"]["see"]
        see[see.index("contact")] = "person"

    change(team, rename)
    assert team.run("schema", "migrate").code == 0
    assert team.run("schema", "check").code == 0
    assert team.value(LAKE, "person") == "林晓"


def put_back(team: Any, *made: Any) -> tuple[bytes, dict[str, Any]]:
    """The manager takes something out with what it holds; the file of before, and what was told."""
    before = (team.root / "schema.yaml").read_bytes()
    change(team, *made)
    return before, team.json("schema", "migrate", "--accept-loss")


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", ["移出了 7 处内容", "不会自己回来"]), ("en", ["took 7 values out", "do not come back by themselves"])],
)
def test_a_column_that_is_put_back_is_said_to_be_empty(team: Any, language: str, said: list[str]) -> None:
    """What it held before stays in history: how much, where it is listed, and both ways to have it again (case 31)."""
    before, told = put_back(team, sb.drop_plan)
    (team.root / "schema.yaml").write_bytes(before)
    change(team, sb.add_budget)
    speaks(team, language)
    for call in (("schema", "migrate", "--preview"), ("schema", "migrate")):
        text = team.run(*call).out
        backup = f"custsheet restore backups/{told['backup'].rpartition('/')[2]}"
        ways = ["custsheet log -o", "--table customers --update", backup]
        assert [word for word in (*said, *ways) if word not in text] == []
    assert team.value(LAKE, "next_plan") == ""


def test_the_values_of_a_column_that_is_put_back_come_by_a_list(team: Any) -> None:
    """The advice holds: a list with the old values fills them in."""
    before, _ = put_back(team, sb.drop_plan)
    (team.root / "schema.yaml").write_bytes(before)
    assert team.run("schema", "migrate").code == 0
    path = team.root.parent / "list.csv"
    path.write_text(f"客户名称,下次跟进内容\n{LAKE},发报价\n", encoding="utf-8")
    assert team.run("import", path, "--table", "customers", "--update").code == 0
    assert (team.value(LAKE, "next_plan"), team.run("replay").code) == ("发报价", 0)


def test_a_table_that_is_put_back_is_said_to_be_empty(team: Any) -> None:
    """Its rows stay where they were put."""
    before, _ = put_back(team, sb.drop_opportunities)
    (team.root / "schema.yaml").write_bytes(before)
    text = team.run("schema", "migrate", "--preview").out
    assert all(word in text for word in ("移出了 2 行", "--table opportunities", "custsheet restore backups/ledger-"))


def test_a_copy_never_both_has_a_column_and_has_it_not(team: Any) -> None:
    """Issued before the column went: what is typed there is kept out; of no column is it said that it lacks it."""
    before, _ = put_back(team, sb.drop_plan)
    (team.root / "schema.yaml").write_bytes(before)
    change(team, sb.add_budget)
    copies = team.json("schema", "migrate", "--preview")["copies"]
    assert {(tuple(c["removed"]), tuple(c["added"])) for c in copies} == {(("下次跟进内容",), ("预算",))}


def test_a_copy_of_the_very_schema_that_is_put_back_is_taken_as_always(team: Any) -> None:
    """Nothing is another for it: what it says is compared with the rows, and asked about where they are empty now."""
    before, _ = put_back(team, sb.drop_plan)
    (team.root / "schema.yaml").write_bytes(before)
    copies = team.json("schema", "migrate", "--preview")["copies"]
    assert {(tuple(c["removed"]), tuple(c["added"])) for c in copies} == {((), ())}
    team.run("schema", "migrate")
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "带合同"})
    done = team.json("merge")
    assert [(q["kind"], q["field"]) for q in done["questions"]] == [("H_STALE", "next_plan")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_undo_advises_of_a_removed_column_is_true(team: Any, language: str) -> None:
    """It comes back empty, and is filled in from a list; the backup of before is named."""
    _, told = put_back(team, sb.drop_plan)
    speaks(team, language)
    done = team.run("undo", f"r{told['revision']}")
    assert (done.code, "[NOT_UNDOABLE_SCHEMA]" in done.err) == (2, True)
    assert f"custsheet restore backups/{told['backup'].rpartition('/')[2]}" in done.err
    assert ("加回来是空的" if language == "zh" else "come back empty") in done.err


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ["新的栏：客户 · 预算", "去掉的栏：客户 · 下次跟进内容", "移出或读不出的：客户 · 下次跟进内容 7 处"]),
        ("en", ["new fields: Customers · 预算", "fields taken out: Customers · Next step",
                "moved out or not readable: Customers · Next step, 7 places", "version of the schema: 1"]),
    ],
)  # fmt: skip
def test_the_log_says_in_words_what_a_migration_did(team: Any, language: str, said: list[str]) -> None:
    """Which fields came and went, and how many values have no place; a renaming is called one."""
    speaks(team, language)
    change(team, sb.drop_plan, sb.add_budget)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    told = team.run("log").out
    assert [text for text in said if text not in told] == []


def test_the_log_calls_a_renaming_one(team: Any) -> None:
    """Nothing is lost, the version is the same: the line still says what happened."""
    change(team, sb.rename_plan)
    assert team.run("schema", "migrate").code == 0
    assert "换表样  改名的栏：客户 · 下次跟进内容  表样版本 1" in team.run("log", "-n", "1").out
