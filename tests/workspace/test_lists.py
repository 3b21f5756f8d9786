"""Lists that a manager brings, and cells that a manager sets: what is wrong in them is said with its place."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from later_bench import HEAD, listing
from team_bench import LOG, PROJECT

from custsheet.workspace.folder import Folder

LAKE, FAR = "澄湖示例科技", "远山示例机械"
EMPTY = ("…", "。。", "「」", "“”", ": .", "：。", "['", "('")
"""What shows that a sentence had nothing to say."""


def written(team: Any, name: str, text: str) -> Path:
    """A file beside the workspace."""
    path: Path = team.root.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def findings(team: Any, *call: object) -> dict[str, dict[str, Any]]:
    """The last finding of each code of a command's document."""
    return {found["code"]: found for found in team.json(*call)["findings"]}


# ── members ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_role_in_a_list_is_said_with_its_line(bare: Any) -> None:
    """File, line, column, the line itself, the nearest role; exit 2, and no member of the list is added."""
    people = written(bare, "people.csv", "姓名,角色,上级\n周周,sales,赵敏\n吴吴,salse,赵敏\n")
    before = bare.state()
    done = bare.run("members", "import", people)
    assert (done.code, done.out, bare.state()) == (2, "", before)
    assert "people.csv:3:4: 没有「salse」这个角色" in done.err
    assert "    吴吴,salse,赵敏\n" in done.err
    assert "是不是想写 sales？" in done.err


def test_roles_may_be_written_as_people_say_them(bare: Any) -> None:
    """销售 is sales where the schema has that role; a title over the heads is no member."""
    people = written(bare, "people.csv", "二组名单,\n姓名,角色\n周周,销售\n吴吴,客服\n郑郑,经理\n")
    assert bare.run("members", "import", people).code == 0
    listed = {m["name"]: m["role"] for m in bare.json("members", "list")["members"]}
    assert {name: listed.get(name) for name in ("周周", "吴吴", "郑郑", "二组名单")} == {
        "周周": "sales", "吴吴": "support", "郑郑": "manager", "二组名单": None
    }  # fmt: skip


def test_a_title_over_the_heads_is_no_row(bare: Any) -> None:
    """The heads stand in row 3: rows below are customers, what stands above is told, and cells keep their places."""
    text = "客户总表（2026年）,,\n制表：赵敏,,\n客户名称,电话,下次跟进时间\n甲样例,13800000001,不知道\n乙样例,1380,\n"
    done = bare.run("import", written(bare, "list.csv", text), "--table", "customers", "--json")
    assert (done.json["rows"]["added"], done.json["rows"]["total"]) == (2, 2)
    found = {f["code"]: f for f in done.json["findings"]}
    assert "客户总表（2026年）、制表：赵敏" in found["F_IMPORT_ABOVE"]["message"]
    assert [f["cell"] for f in done.json["findings"] if f["value"] == "不知道"] == ["C4"]
    assert bare.value("customers/甲样例", "phone") == "13800000001"


def test_a_head_with_nothing_below_is_an_empty_list(bare: Any) -> None:
    """Its title is no head and the head is no customer."""
    before = bare.state()
    path = written(bare, "empty.csv", "客户总表,,\n客户名称,电话,负责人\n")
    done = bare.run("import", path, "--table", "customers")
    assert (done.code, "[LISTING_EMPTY]" in done.err, bare.state()) == (2, True, before)


def test_a_list_that_was_taken_back_comes_again_without_a_word(bare: Any) -> None:
    """Its rows went with an undo, nobody deleted them; what a column that nobody knows held is counted."""
    path = written(bare, "new.csv", "客户名称,电话,最近情况\n甲样例,13800000001,在谈\n乙样例,13800000002,\n")
    first = bare.run("import", path, "--table", "customers")
    assert "没收进来的列：最近情况（1 格有字）" in first.out
    assert bare.run("undo", bare.json("log")["revisions"][0]["revision"]).code == 0
    again = bare.json("import", path, "--table", "customers")
    assert (again["rows"]["added"], "F_IMPORT_DELETED" in str(again)) == (2, False)


def test_one_known_name_among_the_rows_is_no_head(bare: Any) -> None:
    """The heads are all strange, and a row happens to hold the name of a field: the list is refused with its heads."""
    path = written(bare, "odd.csv", "名,号\n客户名称,1\n乙样例,2\n")
    done = bare.run("import", path, "--table", "customers")
    assert (done.code, "名、号" in done.err) == (2, True)


def test_every_unknown_role_of_a_list_is_in_the_document(bare: Any) -> None:
    """`--json` holds each of the lines, the one that is near nothing too."""
    people = written(bare, "people.csv", "姓名,角色\n周周,qqq\n吴吴,salse\n")
    found = bare.run("members", "import", people, "--json").json
    assert found["code"] == "ROLE_UNKNOWN"
    assert [(p["line"], p["nearest"]) for p in found["problems"]] == [(2, ""), (3, "sales")]


def test_an_unknown_role_of_one_member_is_said(bare: Any) -> None:
    """`members add --role salse` names the role that was meant."""
    done = bare.run("members", "add", "周周", "--role", "salse")
    assert done.code == 2
    assert "是不是想写 sales？" in done.err


# ── the map ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_map_with_a_head_that_the_file_lacks_is_refused(bare: Any) -> None:
    """With file, line and column, the line, and the head that was meant."""
    rows = written(bare, "c.csv", "公司全称,手机\n云上示例,13900000009\n")
    heads = written(bare, "map.yaml", "公司全称: name\n手几: phone\n")
    done = bare.run("import", rows, "--table", "customers", "--map", heads)
    assert done.code == 2
    assert "map.yaml:2:1: c.csv 里没有「手几」这个表头" in done.err
    assert "    手几: phone\n" in done.err
    assert "是不是想写 手机？" in done.err


def test_a_map_of_two_heads_to_one_field_is_refused(bare: Any) -> None:
    """One of the two columns would be dropped without a word."""
    rows = written(bare, "c.csv", "公司,手机,座机\n云上示例,13900000009,0571-88880000\n")
    heads = written(bare, "map.yaml", "公司: name\n手机: phone\n座机: phone\n")
    done = bare.run("import", rows, "--table", "customers", "--map", heads)
    assert done.code == 2
    assert "map.yaml:3:5: 「phone」第 2 行已经对上了一列" in done.err


def test_what_a_map_says_wins_over_a_heads_own_name(bare: Any) -> None:
    """The column that the map names is the key, not the one that happens to be called so."""
    rows = written(bare, "c.csv", "客户名称,公司全称,电话,客户状态\n旧名,云上示例,13900000009,丢失客户\n")
    heads = written(bare, "map.yaml", "公司全称: name\n")
    done = bare.run("import", rows, "--table", "customers", "--map", heads)
    assert "没收进来的列：客户名称" in done.out
    assert bare.value("customers/云上示例", "phone") == "13900000009"


def test_a_map_that_is_not_there_is_a_missing_file(bare: Any) -> None:
    """Nothing is said of a schema."""
    rows = written(bare, "c.csv", "客户名称\n云上示例\n")
    found = bare.run("import", rows, "--table", "customers", "--map", "no.yaml", "--json").json
    assert found["code"] == "FILE_MISSING"
    assert "schema" not in found["message"] + found["fix"]


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def test_cells_under_no_head_are_said(bare: Any) -> None:
    """A row with more cells than heads, and a column without a head: a warning with the row and the values."""
    rows = written(bare, "c.csv", "客户名称,,电话\n云上示例,甲,13900000009,乙\n")
    found = findings(bare, "import", rows, "--table", "customers")["F_IMPORT_SURPLUS"]
    assert (found["severity"], found["cell"], found["value"]) == ("warning", "B2", "甲、乙")
    assert "第 2 行" in found["message"]


@pytest.mark.parametrize(
    ("owner", "said"), [("王方", "是不是“王芳”？从下拉里选一位成员。"), ("nobody", "从下拉里选一位成员。")]
)
def test_an_unknown_member_in_a_list_is_said_with_what_to_do(bare: Any, owner: str, said: str) -> None:
    """The nearest name where there is one; never an ellipsis."""
    rows = written(bare, "c.csv", f"客户名称,负责人\n云上示例,{owner}\n")
    assert findings(bare, "import", rows, "--table", "customers")["R_VALUE"]["fix"] == said


def test_a_deleted_customer_comes_back_by_a_list_with_a_word(team: Any) -> None:
    """Deleted by an answer, it is in the list of another month: taken as a new row, and said with the day."""
    team.put("王芳", {("客户", FAR, "操作"): "删除"})
    team.run("merge")
    team.run("resolve", "--label", f"customers/{FAR}", "--with", "delete", today="2026-11-17")
    listed = written(
        team, "old.csv", f"客户名称,电话,客户状态\n{FAR},13800000009,潜在客户\n新来示例,13800000010,丢失客户\n"
    )
    done = team.run("import", listed, "--table", "customers", "--json", today="2026-11-20")
    told = [f for f in done.json["findings"] if f["code"] == "F_IMPORT_DELETED"]
    assert [(f["cell"], f"customers/{FAR}" in f["message"], "2026-11-17" in f["message"]) for f in told] == [
        ("A2", True, True)
    ]
    assert team.run("show", f"customers/{FAR}").code == 0


def test_an_unknown_row_in_a_list_is_said_with_what_to_do(bare: Any) -> None:
    """A log entry of a customer that is not there."""
    rows = written(bare, "l.csv", "客户,日期,内容\nqqq,2026-11-10,谈了\n")
    fix = findings(bare, "import", rows, "--table", "log")["R_VALUE"]["fix"]
    assert fix == "填另一张表里已有的名称，最好从下拉里选。"


def test_an_unknown_member_in_a_copy_is_said_with_what_to_do(team: Any) -> None:
    """The same in what a member returns."""
    path = team.put("王芳", {("客户", LAKE, "协助人"): "nobody"})
    fixes = [f["fix"] for f in team.json("validate", path)["findings"] if f["code"] == "R_VALUE"]
    assert fixes == ["写成员的名字，用“、”隔开，比如 王芳、李雷。"]


def test_an_unknown_table_is_said_with_the_nearest(bare: Any) -> None:
    """`--table customrs` is answered with customers, what is near nothing with the list alone."""
    rows = written(bare, "c.csv", "客户名称\n云上示例\n")
    assert "是不是想写 customers？" in bare.run("import", rows, "--table", "customrs").err
    assert "是不是" not in bare.run("import", rows, "--table", "qqq").err


def test_an_unknown_schema_is_said_with_the_nearest(run: Any, tmp_path: Path) -> None:
    """`--schema follow-upp` is answered with follow-up, what is near nothing with the list alone."""
    near, far = (run("new", "x", "--schema", name, "--lang", "en", cwd=tmp_path) for name in ("follow-upp", "qqq"))
    assert (near.code, far.code) == (2, 2)
    assert "follow-up？" in near.err or "Did you mean follow-up?" in near.err
    assert not any(sign in far.err for sign in EMPTY)


# ── set and log ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "call",
    [
        ("show", "customers/qqq"),
        ("blame", f"customers/{LAKE}", "qqq"),
        ("set", f"customers/{LAKE}", "status", "qqq"),
        ("set", f"customers/{LAKE}", "owner", "qqq"),
    ],
    ids=" ".join,
)
def test_where_nothing_is_near_nothing_empty_is_shown(bare: Any, call: tuple[str, ...]) -> None:
    """A sentence about near names stands only where there are some."""
    done = bare.run(*call)
    assert done.code == 2
    assert not any(sign in done.err for sign in EMPTY), done.err
    assert "像的有" not in done.err


def test_what_is_near_is_named_once(bare: Any) -> None:
    """Of a name and a title that differ in case alone one is enough."""
    assert "像的有：status。" in bare.run("set", f"customers/{LAKE}", "statu", "x").err


def test_set_refuses_a_key_that_another_row_has(bare: Any) -> None:
    """MERGE 22: keys stay unique; exit 2, a sentence that names the other row, and nothing is changed."""
    before = bare.state()
    done = bare.run("set", f"customers/{LAKE}", "name", f"{FAR} ")
    assert (done.code, bare.state()) == (2, before)
    assert f"已经有「customers/{FAR}」了" in done.err


def test_set_writes_a_key_that_is_free(bare: Any) -> None:
    """Another name, and the same one in another spelling, is no double."""
    assert bare.run("set", f"customers/{LAKE}", "name", "Lake").code == 0
    assert bare.run("set", "customers/Lake", "name", "LAKE").code == 0


def test_set_says_a_rule_whole(bare: Any) -> None:
    """The manager sees the whole row, so the sentence names every field that the rule is about."""
    found = findings(bare, "set", f"customers/{FAR}", "next_follow_up", "")["F_RULE"]
    assert "不是“丢失客户”时" in found["message"]


def test_set_says_what_it_took_for_another_writing(bare: Any) -> None:
    """A name with blanks drawn in is read, and said; so are digits in full width."""
    done = bare.json("set", f"customers/{LAKE}", "owner", "李 雷")
    assert [(f["code"], f["severity"]) for f in done["findings"]] == [("F_TERM", "info")]
    assert [c["new"] for c in done["changes"]] == ["李雷"]
    told = bare.run("set", f"customers/{LAKE}", "phone", "１３９１２３４５６７８")
    assert "１３９１２３４５６７８ → 13912345678" in told.out
    assert told.code == 0


def test_the_set_of_the_readme_does_what_it_says(bare: Any) -> None:
    """The first thing that a reader tries takes a word that follow-up knows."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    call = next(shlex.split(line) for line in re.findall(r"`custsheet (set [^`]*)`", readme))
    head = "客户名称,电话,客户状态,下次跟进时间,下次跟进内容,负责人\n"
    row = f"{call[1].split('/')[1]},13900000009,潜在客户,2026-11-20,打电话,王芳\n"
    bare.run("import", written(bare, "c.csv", head + row), "--table", "customers")
    done = bare.run(*call)
    assert done.code == 0, done.out + done.err


def test_log_joins_the_names_of_files(team: Any) -> None:
    """Files as a sentence names them, never as a list of Python."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"}, "a.xlsx")
    team.put("李雷", {("客户", "东屿示例制药", "电话"): "13900000002"}, "b.xlsx")
    team.run("merge")
    said = team.run("log").out
    assert not any(sign in said for sign in "[]{}'"), said


# ── in English ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pipeline(run: Any, tmp_path: Path) -> Any:
    """An English workspace with two agents, one product and one account."""
    done = run("new", tmp_path / "deals", "--schema", "pipeline", "--lang", "en")
    assert done.code == 0, done.err

    def call(*words: object) -> Any:
        return run("-C", tmp_path / "deals", *words, "--today", "2018-01-05")

    for name, text in (
        ("members", "sales_agent,manager\nAnn,Zoe\nBob,Zoe\n"),
        ("products", "product\nGTX\n"),
        ("accounts", "account\nAcme\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        table = () if name == "members" else ("--table", name)
        words = ("members", "import") if name == "members" else ("import",)
        assert call(*words, tmp_path / f"{name}.csv", *table).code == 0
    (tmp_path / "deals.csv").write_text(
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value,colour,size\n"
        "A1,Ann,GTX,Acme,Won,10/20/2016,3/1/2017,100,red,big\n"
        "A2,Ann,GTX,,Won,10/20/2016,3/13/2017,100,,\n"
        "A3,Bob,GTX,Acme,Prospecting,,,,,\n"
        "A4,Bob,GTX,,Engaging,10/21/2016,,,,\n",
        encoding="utf-8",
    )
    return call


def test_deals_without_account_or_forecast_are_warnings(pipeline: Any, tmp_path: Path) -> None:
    """They are imported, and said: two without account, two open ones without a value; exit 0."""
    done = pipeline("import", tmp_path / "deals.csv", "--table", "opportunities", "--json")
    rules = Counter((f["rule"], f["severity"]) for f in done.json["findings"] if f["code"] == "F_RULE")
    assert rules == {("account", "warning"): 2, ("forecast", "warning"): 2}
    assert (done.code, done.json["rows"]["added"]) == (0, 4)


def test_an_untouched_copy_of_such_deals_has_no_finding(pipeline: Any, tmp_path: Path) -> None:
    """What was blank before is nobody's edit."""
    pipeline("import", tmp_path / "deals.csv", "--table", "opportunities")
    pipeline("generate")
    copies = sorted((tmp_path / "deals" / "rounds").rglob("*.xlsx"))
    found = pipeline("validate", *copies, "--json").json["findings"]
    assert len(copies) >= 2
    assert [f for f in found if f["origin"] == "edit"] == []


def test_a_whole_date_is_doubted_for_its_order_alone(pipeline: Any, tmp_path: Path) -> None:
    """3/1/2017 lacks nothing but the order of day and month, 3/13/2017 not even that; an import is no copy."""
    done = pipeline("import", tmp_path / "deals.csv", "--table", "opportunities", "--json")
    dates = {f["value"]: f for f in done.json["findings"] if f["field"].endswith("_date")}
    assert {value: f["code"] for value, f in dates.items()} == {
        "3/1/2017": "F_DATE_ORDER",
        "3/13/2017": "F_REPAIRED",
        "10/20/2016": "F_REPAIRED",
        "10/21/2016": "F_REPAIRED",
    }
    assert "month first: 3/1/2017 → 2017-03-01" in dates["3/1/2017"]["message"]
    assert not any("copy" in f["fix"] for f in done.json["findings"])


def test_english_has_english_commas(pipeline: Any, tmp_path: Path) -> None:
    """Names in a row, and what stands behind a title."""
    imported = pipeline("import", tmp_path / "deals.csv", "--table", "opportunities").out
    assert "Columns not taken: colour (filled cells: 1) and size (filled cells: 1)" in imported
    shown = pipeline("show", "opportunities/A1").out
    assert "Account: (blank) → Acme" in shown
    assert not any(sign in imported.replace("；", "") + shown for sign in "、：")


def test_customers_of_a_member_who_was_added_later_are_that_members(bare: Any, tmp_path: Path) -> None:
    """P58: a list came before its member: importing it again, with the member, makes the rows the member's own."""
    listed = tmp_path / "c.csv"
    head = "客户名称,电话,客户状态,下次跟进时间,下次跟进内容,负责人"
    listed.write_text(f"{head}\n江畔示例造纸,13800000020,潜在客户,2026-12-01,打电话,示例小李\n", encoding="utf-8")
    bare.run("import", listed, "--table", "customers")
    assert bare.run("members", "add", "示例小李", "--role", "sales").code == 0
    assert bare.json("import", listed, "--table", "customers")["rows"]["updated"] == 1
    bare.run("generate")
    names = [row[1].value for row in openpyxl.load_workbook(bare.copy_of("示例小李"))["客户"].iter_rows(min_row=3)]
    assert "江畔示例造纸" in names


def test_wrong_settings_are_said_in_the_language_that_they_ask_for(bare: Any) -> None:
    """A Chinese workspace's settings are explained in Chinese, whatever the system speaks."""
    path = bare.root / "custsheet.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("ledger:", "ledgr:"), encoding="utf-8")
    done = bare.run("status")
    assert done.code == 2
    assert "ledgr" in done.err
    assert re.search("[\u4e00-\u9fff]", done.err.splitlines()[0])


def test_who_makes_a_workspace_is_its_manager_by_name(run: Any, tmp_path: Path) -> None:
    """`new --as 周主管`: no second manager of another name is left when the list of members names this one (P45)."""
    run("new", tmp_path / "team", "--schema", "simple", "--as", "周主管")
    (tmp_path / "team" / "名单.csv").write_text("姓名,角色,上级\n王芳,sales,周主管\n", encoding="utf-8")
    run("members", "import", "名单.csv", cwd=tmp_path / "team")
    listed = run("members", "list", "--json", cwd=tmp_path / "team").json["members"]
    assert [(m["name"], m["role"]) for m in listed] == [("周主管", "manager"), ("王芳", "sales")]


# ── rows that were called otherwise when they came ──────────────────────────────────────────────────


@pytest.mark.parametrize("by", ["manager", "member"])
def test_a_list_brings_a_new_row_under_a_former_name_of_another(team: Any, by: str) -> None:
    """远山 was imported and is called otherwise now: the one in the list is new, and the renamed one stays as it is."""
    if by == "manager":
        assert team.run("set", f"customers/{FAR}", "name", "远山新名").code == 0
    else:
        team.put("王芳", {("客户", FAR, "客户名称"): "远山新名"}, "w.xlsx")
        team.json("merge")
    before = team.json("show", "customers/远山新名")["values"]
    done = team.json("import", written(team, "new.csv", f"客户名称,联系人\n{FAR},新人\n"), "--table", "customers")
    assert (done["rows"]["added"], team.json("show", "customers/远山新名")["values"]) == (1, before)
    assert team.value(f"customers/{FAR}", "contact") == "新人"


def test_a_list_without_a_key_adds_beside_a_row_that_was_mended(bare: Any) -> None:
    """One of its rows was mended since: as the list has it, that is one row more; undone and again, no second one."""

    def contents() -> list[Any]:
        folder = Folder.open(bare.root, now=dt.datetime(2026, 11, 16))  # noqa: DTZ001
        try:
            return sorted(folder.ledger.tables(folder.schema)["log"].column("content"))
        finally:
            folder.close()

    before = contents()
    assert bare.run("set", f"log/{LAKE} · 2026-11-10", "content", "看了演示，很满意").code == 0
    path = written(bare, "again.csv", LOG)
    done = bare.json("import", path, "--table", "log")
    assert (done["rows"]["added"], done["rows"]["same"]) == (1, len(before) - 1)
    assert contents() == sorted([*before, "看了演示，很满意"])
    assert bare.run("undo", done["revision"]).code == 0
    assert bare.json("import", path, "--table", "log")["rows"] == done["rows"]
    assert contents() == sorted([*before, "看了演示，很满意"])


@pytest.mark.parametrize("named", ["customers", "客户", "Customers"])
def test_a_list_goes_into_a_table_by_its_name_or_title(team: Any, named: str) -> None:
    """As people call the page; left out, or no table at all, what there is stands in the sentence."""
    file = listing(team, HEAD + "钱氏样例,钱示例,13900000077,潜在客户,B,2026-11-20,打电话,王芳\n")
    assert team.json("import", file, "--table", named)["rows"]["added"] == 1
    for words in ((), ("--table", "顾客")):
        done = team.run("import", file, *words)
        assert (done.code, "customers（客户）" in done.err) == (2, True)


def test_a_row_without_a_name_waits_in_the_file(team: Any) -> None:
    """Taken, it would be a second customer once its name was filled in; two of them are two, each told by its row."""
    rest = "钱示例,13900000077,潜在客户,B,2026-11-20,打电话,王芳\n"
    done = team.run("import", listing(team, HEAD + f",{rest},{rest}"), "--table", "customers", "--json")
    assert (done.code, done.json["rows"]["added"], done.json["rows"]["held"]) == (3, 0, 2)
    assert [(f["code"], f["cell"]) for f in done.json["findings"]] == [("F_IMPORT_NAMELESS", "A2"),
                                                                       ("F_IMPORT_NAMELESS", "A3")]  # fmt: skip
    mended = team.json("import", listing(team, HEAD + f"钱氏样例,{rest}孙氏样例,{rest}"), "--table", "customers")
    assert (mended["rows"]["added"], len(mended["findings"])) == (2, 0)
