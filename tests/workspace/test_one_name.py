"""Two rows of one name, which a person let in: told apart wherever one of them is meant (P14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from later_bench import NEXT_WEEK, answer, cell, put
from later_bench import WEEK as THIS_WEEK
from later_bench import next_week as issue_next_week
from team_bench import CUSTOMERS, MEMBERS, TeamBench, run_here

from custsheet.xlsx.read import read_grid

LAKE = "澄湖示例科技"
LABEL, WEEK, NEXT = f"customers/{LAKE}", "2026-W48", "2026-11-23"
BOTH = f"{LAKE} (1)、{LAKE} (2)"
NEW = {"客户名称": LAKE, "联系人": "另一位", "电话": "13900000088", "客户状态": "丢失客户"}


def texts(data: bytes) -> list[str]:
    """What stands in the cells of a copy."""
    return [
        cell.raw for sheet in read_grid(data).sheets for row in sheet.rows for cell in row.cells if cell is not None
    ]


@pytest.fixture
def twice(team: Any) -> Any:
    """李雷 adds a customer of a name that is there already, and the manager wants both."""
    team.put("李雷", {("客户", "+0", head): text for head, text in NEW.items()})
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_DUP_KEY"]
    team.answer("add")
    assert team.json("merge")["questions"] == []
    return team


def test_a_name_that_two_rows_bear_is_asked_back(twice: Any) -> None:
    """Neither is changed in the place of the other; each has a label, and what tells it apart stands beside it."""
    for command in (("set", LABEL, "grade", "C"), ("set", LAKE, "grade", "C"), ("show", LABEL)):
        done = twice.run(*command)
        assert done.code == 2
        assert f"{LABEL} (1)（林晓 · 13800000001 · 意向客户）" in done.err
        assert f"{LABEL} (2)（另一位 · 13900000088 · 丢失客户）" in done.err
    assert twice.run("set", f"{LABEL} (1)", "grade", "C").code == 0
    assert twice.run("set", f"{LAKE} (2)", "grade", "B").code == 0
    assert [twice.value(f"{LABEL} ({n})", "grade") for n in (1, 2)] == ["C", "B"]
    assert [twice.value(f"{LABEL} ({n})", "contact") for n in (1, 2)] == ["林晓", "另一位"]


def test_a_name_of_one_row_needs_no_number(twice: Any) -> None:
    """Once the other is gone, or renamed, the plain name is enough."""
    assert twice.run("set", f"{LABEL} (2)", "name", "澄湖示例二部").code == 0
    assert twice.run("set", LABEL, "grade", "C").code == 0
    assert (twice.value(LABEL, "contact"), twice.value(LABEL, "grade")) == ("林晓", "C")
    assert twice.run("show", f"{LABEL} (1)").code == 0


def visit(team: Any, customer: str) -> Any:
    """李雷 writes down a visit in the next week's copy; what the merge says."""
    assert team.run("generate", today=NEXT).code == 0
    row = {"客户": customer, "日期": NEXT, "方式": "电话", "内容": "问好"}
    target = team.folder("inbox", WEEK) / "li.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    edits = {("跟进记录", "+0", head): text for head, text in row.items()}
    target.write_bytes(team.edited(team.copy_of("李雷", WEEK), edits))
    return team.json("merge", today=NEXT)


@pytest.mark.parametrize("typed", [f"{LAKE}（另一位）", f"{LAKE}(另一位)"])
def test_a_copy_tells_them_apart_by_what_it_shows(twice: Any, typed: str) -> None:
    """Brackets of either width: the visit is the second one's."""
    done = visit(twice, typed)
    assert (done["questions"], [f["code"] for f in done["findings"]]) == ([], [])
    [entry] = twice.json("show", f"{LABEL} (2)")["related"]["log"]
    assert "问好" in entry


def test_a_plain_name_is_guessed_by_nobody(twice: Any) -> None:
    """The finding says how to write the one that is meant; who sees one of the two sees no number."""
    [finding] = visit(twice, LAKE)["findings"]
    assert (finding["code"], finding["cell"]) == ("R_VALUE", "B5")
    assert finding["fix"] == f"叫这个名字的不止一行，写全：{LAKE}（另一位）、{LAKE}（林晓）"
    assert f"{LAKE} (" not in str(texts(twice.copy_of("王芳", WEEK).read_bytes()))


def test_no_list_and_no_manager_means_one_of_two(twice: Any) -> None:
    """Imported or set, the plain name is refused with both labels; written in full it is taken."""
    deals = twice.root.parent / "deals.csv"
    for customer, code in ((LAKE, 3), (f"{LAKE} (2)", 0)):
        deals.write_text(f"商机名称,客户,商机阶段,负责人\n新单{code},{customer},需求确认,李雷\n", encoding="utf-8")
        done = twice.json("import", deals, "--table", "opportunities")
        fixes = [f["fix"] for f in done["findings"] if f["code"] == "R_VALUE"]
        assert fixes == ([f"叫这个名字的不止一行，写全：{BOTH}"] if code else [])
    for customer, code in ((LAKE, 2), (f"{LAKE} (1)", 0)):
        done = twice.run("set", "opportunities/澄湖年框", "customer", customer)
        assert (done.code, BOTH in done.err) == (code, bool(code))
    stories = [twice.json("show", f"{LABEL} ({n})")["related"]["opportunities"] for n in (1, 2)]
    assert [[deal.partition(" ·")[0] for deal in deals] for deals in stories] == [["澄湖年框"], ["新单0"]]


def test_the_decision_stands_in_the_story_of_the_row_that_came(twice: Any) -> None:
    """Letting a second row in says nothing about the first."""
    said = [[a["said"] for a in twice.json("show", f"{LABEL} ({n})")["answers"]] for n in (1, 2)]
    assert said == [[], ["收下这一行"]]


def test_a_number_in_a_name_is_no_number_of_ours(bare: Any) -> None:
    """A name that ends in (2024) is another name: the one without it is no name of two."""
    listed = bare.root.parent / "more.csv"
    rows = [f"{name},{n},1380000009{n},丢失客户,王芳" for n, name in enumerate(("海天示例", "海天示例 (2024)"))]
    listed.write_text("\n".join(["客户名称,联系人,电话,客户状态,负责人", *rows, ""]), encoding="utf-8")
    bare.run("import", listed, "--table", "customers")
    assert bare.run("set", "opportunities/澄湖年框", "customer", "海天示例").code == 0
    assert bare.run("set", "customers/海天示例", "grade", "B").code == 0
    assert bare.value("customers/海天示例 (2024)", "grade") == ""


PAID = """  payments:
    title: {zh: 回款, en: Payments}
    owner: "via: deal"
    fields:
      deal: {type: ref, to: opportunities, title: {zh: 商机, en: Deal}, required: true}

  log:
    title: {zh: 跟进记录"""


def test_what_tells_two_rows_apart_numbers_no_row_that_is_not_shown(tmp_path: Path, sample_manager: None) -> None:
    """Two deals of one name are told apart by their customers; that another one bears that name 李雷 may not know."""
    team = TeamBench(tmp_path / "team")
    assert run_here("new", team.root, "--schema", "follow-up").code == 0
    path = team.root / "schema.yaml"
    text = path.read_text(encoding="utf-8").replace("  log:\n    title: {zh: 跟进记录", PAID)
    grant = '    payments: {rows: own, see: "*", edit: "*", add: true}\n'
    path.write_text(text.replace("    problems: {rows: own,", grant + "    problems: {rows: own,", 1), encoding="utf-8")
    for name, body in (("members", MEMBERS), ("customers", CUSTOMERS.replace(",李雷\n", ",\n"))):
        file = tmp_path / f"{name}.csv"
        file.write_text(body, encoding="utf-8")
        team.run(*(("members", "import", file) if name == "members" else ("import", file, "--table", name)))
    team.run("generate")
    put(team, "李雷", {cell(head, "+0"): said for head, said in NEW.items()}, "l.xlsx")
    answer(team, "add")  # a second customer of that name; 李雷 sees only his own
    deals = tmp_path / "deals.csv"
    deals.write_text(f"商机名称,客户,商机阶段,负责人\n年框,{LAKE} (2),赢单,李雷\n", encoding="utf-8")
    team.run("import", deals, "--table", "opportunities")
    row = {"商机名称": "年框", "客户": "东屿示例制药", "商机阶段": "赢单"}
    team.run("generate", "--member", "李雷", "--again")
    put(team, "李雷", {("商机", "+0", head): said for head, said in row.items()}, "l2.xlsx", THIS_WEEK, 2)
    answer(team, "add")
    issue_next_week(team)
    shown = texts(team.copy_of("李雷", NEXT_WEEK).read_bytes())
    assert [one for one in shown if f"{LAKE} (2)" in one] == []
    assert [one for one in shown if one == f"年框（{LAKE}）"]
