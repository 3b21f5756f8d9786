"""The table of cases through files, a ledger and a week: outcome, code, what is kept, what manager and member read.

One row of customers for each case, named after it; everything is returned at once and merged in one run (L15 says that
rows do not disturb each other), then the next week's copies are issued with their receipts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import pytest
from merge_bench import BODY
from team_bench import TeamBench
from week_bench import NEXT, WEEK, guide, new_team

from custsheet.messages import say, severity, word
from custsheet.model import Edit
from custsheet.workspace.folder import Folder

DELETE = {"操作": "删除"}
SIGNS = {"waiting": "□", "refused": "！", "lost": "←"}

Typed = Mapping[str, Any]
"""Head → what is typed."""


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    number: str
    typed: Mapping[str, Typed]
    """Member → cells. A name that starts with 新 is a row typed into a spare place."""
    then: Mapping[str, str] | None
    """What the ledger has afterwards; None where there is no such row."""
    codes: str
    """Codes of questions and findings about this row."""
    told: Mapping[str, str]
    """Member → `taken`, `waiting`, `refused`, `lost`."""
    base: Mapping[str, str] = field(default_factory=dict)
    """What the row was issued with, besides phone 1 and 王芳 as its owner."""
    since: Mapping[str, str] = field(default_factory=dict)
    """What the manager changed after the copies were issued."""
    row: str = ""

    @property
    def name(self) -> str:
        """The key of its row."""
        return self.row or f"例{self.number}"


W, L, C, S = "王芳", "李雷", "陈晨", "孙可"
KEPT = {"phone": "1"}
CASES = [
    Case("2", {W: {"电话": "2"}}, {"phone": "2"}, "", {W: "taken"}),
    Case("3", {W: {"电话": "2"}, L: {"电话": "2"}}, {"phone": "2"}, "", {W: "taken", L: "taken"}),
    Case("4", {W: {"电话": "2"}, L: {"电话": "3"}}, KEPT, "H_CELL", {W: "waiting", L: "waiting"}),
    Case("5", {W: DELETE, L: {"电话": "3"}}, KEPT, "H_DELETE_EDIT", {W: "waiting", L: "waiting"}),
    Case("6", {W: DELETE, L: DELETE}, None, "", {W: "taken", L: "taken"}),
    Case("7", {W: DELETE}, KEPT, "H_DELETE", {W: "waiting"}),
    Case("7b", {W: DELETE}, KEPT, "H_STALE_DELETE", {W: "waiting"}, since={"下一步": "先等等"}),
    Case("10", {W: {"客户名称": "新10", "电话": "2"}}, {"phone": "2", "owner": W}, "", {W: "taken"}, row="新10"),
    Case("11", {W: {"客户名称": "新11", "电话": "2"}, L: {"客户名称": "新11", "电话": "2"}}, None, "H_OWNER",
         {W: "waiting", L: "waiting"}, row="新11"),
    Case("12", {W: {"客户名称": "新12", "电话": "2"}, L: {"客户名称": "新12", "电话": "3"}}, None, "H_DUP_KEY",
         {W: "waiting", L: "waiting"}, row="新12"),
    Case("13", {C: {"客户名称": "例13", "电话": "7"}}, {"phone": "13131313"}, "H_DUP_KEY", {C: "waiting"},
         base={"电话": "13131313"}),
    Case("22", {W: {"客户名称": "改名22"}}, None, "", {W: "taken"}),
    Case("23", {W: {"电话": "2"}}, {"phone": "2", "plan": "新计划"}, "", {W: "taken"}, since={"下一步": "新计划"}),
    Case("24", {W: {"电话": "2"}}, {"phone": "2"}, "", {W: "taken"}, since={"电话": "2"}),
    Case("25", {W: {"电话": "2"}}, {"phone": "9"}, "H_STALE", {W: "waiting"}, since={"电话": "9"}),
    Case("30", {C: {"电话": "2"}}, {"phone": "1", "owner": L}, "H_REASSIGNED", {C: "waiting"},
         base={"负责人": C}, since={"负责人": L}),
    Case("37", {S: {"客户名称": "别名"}}, KEPT, "R_READ_ONLY", {S: "refused"}),
    Case("38", {W: {"负责人": L}}, {"owner": W}, "R_NOT_PERMITTED", {W: "refused"}),
    Case("39", {W: {"金额": "许多", "电话": "2"}}, {"phone": "2", "amount": ""}, "R_VALUE", {W: "refused"}),
    Case("40", {W: {"电话": "#REF!"}}, KEPT, "R_CELL_ERROR", {W: "refused"}),
    Case("41", {W: {"客户名称": None}}, {"name": "例41"}, "R_REQUIRED", {W: "refused"}),
    Case("43", {W: {"客户状态": "丢失客户"}, L: {"下一步": None}}, {"status": "潜在客户", "plan": "x"}, "H_RULE",
         {W: "waiting", L: "waiting"}, base={"客户状态": "潜在客户", "下一步": "x"}),
    Case("44", {W: {"编号": "7"}}, {"code": ""}, "H_UNIQUE", {W: "waiting"}),
    Case("44", {L: {"编号": "7"}}, {"code": ""}, "H_UNIQUE", {L: "waiting"}, row="例44b"),
    Case("48", {W: {"电话": "=1+1"}}, KEPT, "R_FORMULA", {W: "refused"}),
]  # fmt: skip
IDS = [f"{case.number}-{case.name}" for case in CASES]
HEADS = {f["title"]["zh"]: name for name, f in BODY["tables"]["customers"]["fields"].items()} | {"操作": ""}


@dataclass(frozen=True)
class Week:
    """What the week came to."""

    merged: Mapping[str, Any]
    values: Mapping[str, Mapping[str, str]]
    """Key of a row → field → value as people read it."""
    edits: Mapping[str, tuple[Edit, ...]]
    """Member → what the ledger keeps of the copy that came back."""
    asked: list[str]
    """The rows of questions.xlsx as text."""
    receipts: Mapping[str, list[list[str]]]
    """Member → the lines of the next copy's guide about what came back."""
    others: Mapping[str, list[list[str]]]
    """Member → the lines about what others did."""
    history: Mapping[str, list[tuple[str, ...]]]
    """Key of a row → members of each change."""
    bench: TeamBench


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """The team issues, its manager goes on working, everybody returns, one merge, and the next week's copies."""
    rows = {case.name: case.base for case in CASES if not case.name.startswith("新")}
    bench = new_team(tmp_path_factory.mktemp("cases"), rows)
    assert bench.run("generate").code == 0
    for case in CASES:
        for head, value in case.since.items():
            assert bench.run("set", f"customers/{case.name}", head, value).code == 0
    for member in (W, L, C, S):
        _type(bench, member)
    merged = bench.json("merge")
    assert bench.run("generate", today=NEXT).code == 0
    folder = Folder.open(bench.root, now=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    try:
        yield _week(bench, folder, merged)
    finally:
        folder.close()


def _type(bench: TeamBench, member: str) -> None:
    """A member types into the copy what the cases say, and returns it."""
    book = openpyxl.load_workbook(bench.copy_of(member))
    page: Any = book["客户"]
    at = {cell.value: cell.column for cell in page[2] if cell.value}
    rows = {page.cell(row, at["客户名称"]).value: row for row in range(3, page.max_row + 1)}
    blank = iter(
        r for r in range(3, page.max_row + 1) if not page.cell(r, at["客户名称"]).value and page.cell(r, 1).value
    )
    for case in CASES:
        for head, value in case.typed.get(member, {}).items():
            row = rows.setdefault(case.name, 0) or rows.setdefault(f"{case.name}!", next(blank, 0))
            cell = page.cell(row, at[head])
            cell.value = value
            cell.data_type = "e" if value == "#REF!" else cell.data_type
    target = bench.folder("inbox") / f"{member}.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def _week(bench: TeamBench, folder: Folder, merged: Mapping[str, Any]) -> Week:
    tables = folder.ledger.tables(folder.schema)
    labels = folder.labels(tables)
    customers = tables["customers"]
    rids = {labels.text("customers", rid): rid for rid in customers.rids}
    values = {
        key: {f: labels.value("customers", f, customers.get(rid, f)) for f in customers.fields}
        for key, rid in rids.items()
    }
    history = {
        key: [entry.members for entry in folder.ledger.history("customers", rid, folder.schema)]
        for key, rid in rids.items()
    }
    submissions = folder.ledger.submissions(bench.round)
    edits = {folder.names[s.member]: s.edits for s in submissions}
    sheet = openpyxl.load_workbook(bench.questions()).worksheets[0]
    asked = ["｜".join(str(cell.value) for cell in row if cell.value is not None) for row in sheet.iter_rows(min_row=5)]
    guides = {member: guide(bench.copy_of(member, WEEK)) for member in (W, L, C, S)}
    ends = {m: next((n for n, r in enumerate(g) if r[:1] == [word("receipt.others", "zh")]), len(g))
            for m, g in guides.items()}  # fmt: skip
    receipts = {m: guide[: ends[m]] for m, guide in guides.items()}
    others = {m: guide[ends[m] :] for m, guide in guides.items()}
    return Week(merged, values, edits, asked, receipts, others, history, bench)


def _about(case: Case, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in found if item["label"] in (f"customers/{case.name}", case.name)]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_outcome_and_code(week: Week, case: Case) -> None:
    """The ledger has what the table says, and the question or finding about the row has its code and severity."""
    there = week.values.get(case.name)
    assert (there is None) is (case.then is None)
    assert {name: (there or {})[name] for name in case.then or {}} == dict(case.then or {})
    asked = _about(case, week.merged["questions"])
    found = [f for f in _about(case, week.merged["findings"]) if f["severity"] in ("held", "rejected")]
    assert {q["kind"] for q in asked} | {f["code"] for f in found} == ({case.codes} if case.codes else set())
    assert [q["default"] for q in asked if q["default"] not in ("master", "keep", "drop")] == []
    assert all(f["severity"] == severity(f["code"]) for f in found)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_is_logged(week: Week, case: Case) -> None:
    """Every cell that was typed is kept with its member, whatever became of it; a change names who made it."""
    for member, typed in case.typed.items():
        mine = [e for e in week.edits[member] if e.where.label.partition("/")[2] in (case.name, _typed_name(typed))]
        assert {e.field for e in mine} == {HEADS[head] for head in typed}
        assert all(e.where.cell and e.where.file == f"{member}.xlsx" for e in mine)
    if case.codes == "" and case.name in week.values and not case.since:
        ids = {{W: "wang", L: "li", C: "chen"}[m] for m in case.typed}
        assert set(week.history[case.name][-1]) == ids


def _typed_name(typed: Typed) -> str:
    return str(typed.get("客户名称") or "")


@pytest.mark.parametrize("case", [c for c in CASES if c.codes.startswith("H_")], ids=[
    i for i, c in zip(IDS, CASES, strict=True) if c.codes.startswith("H_")])  # fmt: skip
def test_what_the_manager_is_asked(week: Week, case: Case) -> None:
    """questions.xlsx has the row, what happened in a few words, and everybody who is behind it."""
    kind = word(f"question.kind.{case.codes}", "zh")
    [line] = [text for text in week.asked if f"｜{case.name}｜" in text and f"｜{kind}｜" in text]
    assert [member for member in case.typed if member not in line] == []


@pytest.mark.parametrize("case", [c for c in CASES if c.codes.startswith("R_")], ids=[
    i for i, c in zip(IDS, CASES, strict=True) if c.codes.startswith("R_")])  # fmt: skip
def test_what_the_manager_reads_of_what_was_kept_out(week: Week, case: Case) -> None:
    """Sheet, cell, what was typed, what is wrong and what to do, in both languages."""
    [found] = [f for f in _about(case, week.merged["findings"]) if f["code"] == case.codes]
    assert found["cell"]
    assert found["sheet"] == "客户"
    assert found["message"]
    assert found["fix"]
    assert say(case.codes, "en") != say(case.codes, "zh")


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_the_member_is_told(week: Week, case: Case) -> None:
    """The receipt has a line for what was not taken, with its sign; what was taken has none but is counted."""
    for member, kind in case.told.items():
        heads = [head for head in case.typed[member] if _is_told(case, head)]
        for line in (_line(week, member, case.name, head) for head in heads):
            assert (line[0][0] if line else "") == SIGNS.get(kind, "")


def _is_told(case: Case, head: str) -> bool:
    """What of case 39 was taken is not told with what was not."""
    return case.number != "39" or head == "金额"


def _line(week: Week, member: str, name: str, head: str) -> list[str]:
    mine = [r for r in week.receipts[member] if r and r[0][1:].strip() == name]
    found = [r for r in mine if head in ("操作", r[1]) or (r[1] == "新加的一行" and f"{head} " in r[2])]
    return next((row for row in found if row[0][0] in SIGNS.values()), [])


def test_case_1_a_copy_that_came_back_as_it_was(week: Week) -> None:
    """Every edit that was counted is one that was typed: cells nobody touched are none, in any of the copies."""
    typed = sum(len(cells) for case in CASES for cells in case.typed.values())
    assert week.merged["edits"]["total"] == typed
    assert typed == sum(n for name, n in week.merged["edits"].items() if name != "total")


def test_case_13_shows_nothing_of_a_row_that_a_member_may_not_see(week: Week) -> None:
    """陈晨 typed the name of somebody else's customer: the next copy says that it waits, and not whose it is."""
    [line] = [r for r in week.receipts[C] if r and "例13" in r[0]]
    assert line[1:3] == ["新加的一行", "客户名称 例13、电话 7"]
    assert W not in line
    book = openpyxl.load_workbook(week.bench.copy_of(C, WEEK))
    assert "13131313" not in {str(cell.value) for page in book for row in page.iter_rows() for cell in row}


def test_case_3_is_no_news_to_those_who_typed_it(week: Week) -> None:
    """Two typed the same: neither reads that others changed the cell; what only one of them typed is news."""
    told = {member: {row[0][1:].strip() for row in week.others[member] if row} for member in (W, L)}
    assert "例3" not in told[W] | told[L]
    assert "例2" in told[L] - told[W]
