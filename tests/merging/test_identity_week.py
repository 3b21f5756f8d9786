"""Which row is which, through files, a ledger and a week: cases 8, 14-20, 26, 27, 34-36 of the table.

Four members do to their copies what people do; what the merge says of each, what the ledger keeps, and what stands in
the next copy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from team_bench import TeamBench
from week_bench import NEXT, WEEK, guide, new_team

from custsheet.model import Edit
from custsheet.workspace.folder import Folder

CHEN = {"负责人": "陈晨"}
ROWS = {name: {} for name in ("甲14", "甲15", "甲16", "甲17", "甲18a", "甲18b", "甲20a", "甲20b", "甲26")}
ROWS |= dict.fromkeys(("乙8", "乙19", "乙34"), CHEN)


class Sheet:
    """The customers of one copy in somebody's hands."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.at = {cell.value: cell.column for cell in page[2] if cell.value}
        self.below = page.max_row + 1

    def row(self, key: str) -> int:
        """Where a customer stands."""
        column = self.at["客户名称"]
        return next(r for r in range(3, self.page.max_row + 1) if self.page.cell(r, column).value == key)

    def cells(self, row: int) -> list[Any]:
        """A whole row, with what is hidden in it."""
        return [self.page.cell(row, column).value for column in range(1, self.page.max_column + 1)]

    def write(self, row: int, values: list[Any]) -> None:
        """Paste a whole row."""
        for column, value in enumerate(values, 1):
            self.page.cell(row, column).value = value

    def paste(self, key: str, **typed: str) -> None:
        """Copy a row with its id below all others, and type into the copy."""
        self.write(self.below, self.cells(self.row(key)))
        for head, value in typed.items():
            self.page.cell(self.below, self.at[head]).value = value
        self.below += 1

    def type(self, key: str, head: str, value: object) -> None:
        """Type into a cell."""
        self.page.cell(self.row(key), self.at[head]).value = value


@contextmanager
def typing(bench: TeamBench, member: str, name: str = "") -> Iterator[Sheet]:
    """A member opens the copy, does something, saves, and returns it."""
    book = openpyxl.load_workbook(bench.copy_of(member))
    yield Sheet(book["客户"])
    target = bench.folder("inbox") / f"{name or member}.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


@dataclass(frozen=True)
class Week:
    """Two merges, and what is there afterwards."""

    first: Mapping[str, Any]
    second: Mapping[str, Any]
    edits: Mapping[tuple[str, int], tuple[Edit, ...]]
    """(member, version) → what the ledger keeps of it."""
    phones: Mapping[str, str]
    receipts: Mapping[str, dict[str, list[str]]]
    """Member → key of the row → the receipt's line about it."""

    def about(self, member: str) -> dict[str, dict[str, Any]]:
        """The findings about one file of the first merge, by code."""
        return {f["code"]: f for f in self.first["findings"] if f["file"] == f"{member}.xlsx"}

    def asked(self, code: str) -> list[str]:
        """The rows that the first merge asks about under a code."""
        return sorted(q["label"].partition("/")[2] for q in self.first["questions"] if q["kind"] == code)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """What the four of them do."""
    bench = new_team(tmp_path_factory.mktemp("identity"), ROWS)
    assert bench.run("generate").code == 0
    with typing(bench, "王芳") as sheet:
        sheet.paste("甲14")
        sheet.paste("甲15", 客户名称="新15", 电话="15")
        sheet.paste("甲16", 电话="16")
        sheet.type("甲18a", "电话", "18")
        for key in ("甲18a", "甲18b"):
            sheet.page.cell(sheet.row(key), 1).value = None
    with typing(bench, "李雷") as sheet:
        sheet.type("甲17", "电话", "17")
        sheet.type("甲26", "电话", "26")
        sheet.page.cell(sheet.row("甲17"), 1).value = None
        one, two = sheet.row("甲20a"), sheet.row("甲20b")
        above, under = sheet.cells(one), sheet.cells(two)
        sheet.write(one, under)
        sheet.write(two, above)
    alien = openpyxl.load_workbook(bench.copy_of("王芳"))["客户"]
    with typing(bench, "陈晨") as sheet:
        sheet.paste("乙19", 客户名称="甲14", 电话="19")
        sheet.page.cell(sheet.below - 1, 1).value = alien.cell(Sheet(alien).row("甲14"), 1).value
        sheet.write(sheet.row("乙8"), [None] * sheet.page.max_column)
        sheet.type("乙34", "下一步", "34")
        for row in range(2, sheet.page.max_row + 1):
            sheet.page.cell(row, sheet.at["电话"]).value = None
    with typing(bench, "孙可") as sheet:
        sheet.type("甲14", "电话", "36")
        sheet.page.cell(2, sheet.at["电话"]).value = "联系电话"
        sheet.page.cell(2, sheet.page.max_column + 1).value = "年龄"
        sheet.page.cell(3, sheet.page.max_column).value = 35
    first = bench.json("merge")
    (bench.folder("inbox") / "又交一次.xlsx").write_bytes((bench.folder("inbox") / "陈晨.xlsx").read_bytes())
    with typing(bench, "李雷", "李雷2") as sheet:
        sheet.type("甲17", "电话", "17")
    second = bench.json("merge", bench.folder("inbox") / "又交一次.xlsx", bench.folder("inbox") / "李雷2.xlsx")
    assert bench.run("generate", today=NEXT).code == 0
    return _week(bench, first, second)


def _week(bench: TeamBench, first: Mapping[str, Any], second: Mapping[str, Any]) -> Week:
    folder = Folder.open(bench.root, now=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    rows = folder.ledger.tables(folder.schema)["customers"]
    phones = dict(zip(rows.column("name"), rows.column("phone"), strict=True))
    edits = {(folder.names[s.member], s.version): s.edits for s in folder.ledger.submissions(bench.round)}
    folder.close()
    receipts = {
        member: {row[0][1:].strip(): row for row in guide(bench.copy_of(member, WEEK)) if len(row) == 5}
        for member in ("王芳", "李雷", "陈晨")
    }
    return Week(first, second, edits, phones, receipts)  # type: ignore[arg-type]


def kept(week: Week, member: str, version: int = 1) -> set[tuple[str, str, str]]:
    """What the ledger keeps of a version: (field, value, code)."""
    return {(e.field, str(e.value), e.code) for e in week.edits[member, version]}


def test_case_8_a_row_is_missing(week: Week) -> None:
    """It stays; its file says how many are missing, one question asks whether it was meant."""
    assert week.phones["乙8"] == "1"
    assert week.about("陈晨")["F_ROW_MISSING"]["severity"] == "warning"
    assert "行）：乙8。没有当作删除" in week.about("陈晨")["F_ROW_MISSING"]["message"]
    assert week.asked("H_ROW_MISSING") == ["乙8"]


def test_case_14_a_row_is_there_twice_and_equal(week: Week) -> None:
    """Taken once, which is no edit; the manager reads how many rows that were."""
    assert week.about("王芳")["F_DUP_ID_SAME"]["severity"] == "warning"
    assert "甲14" not in {e.where.label.partition("/")[2] for e in week.edits["王芳", 1]}


def test_case_15_a_copied_row_has_a_name_of_its_own(week: Week) -> None:
    """The original is untouched, the copy waits as a new row with all its cells, and its member reads that."""
    assert week.asked("H_DUP_ID_SPLIT") == ["新15"]
    assert week.phones["甲15"] == "1"
    assert "新15" not in week.phones
    assert ("phone", "15", "H_DUP_ID_SPLIT") in kept(week, "王芳")
    assert week.receipts["王芳"]["新15"][0].startswith("□")


def test_case_16_two_rows_of_one_id_that_cannot_be_told(week: Week) -> None:
    """Neither is taken, what was typed is kept, the manager reads it as rejected and the member why."""
    assert week.phones["甲16"] == "1"
    assert week.about("王芳")["R_DUP_ID"]["severity"] == "rejected"
    assert ("phone", "16", "R_DUP_ID") in kept(week, "王芳")
    assert week.receipts["王芳"]["甲16"] == ["！ 甲16", "电话", "16", "1", "这一行在你的表里有两份，没法分清"]


def test_case_17_an_id_was_blanked(week: Week) -> None:
    """The only missing row is known by its key and taken; how it was known is said."""
    assert week.phones["甲17"] == "17"
    assert week.about("李雷")["F_ID_RESTORED"]["severity"] == "warning"


def test_case_18_two_ids_were_blanked(week: Week) -> None:
    """Nothing is guessed: the rows wait as typed, once and not as missing too, and their member is told."""
    assert [label.partition(" ")[0] for label in week.asked("H_ID_LOST")] == ["甲18a", "甲18b"]
    assert week.phones["甲18a"] == "1"
    assert ("phone", "18", "H_ID_LOST") in kept(week, "王芳")
    assert week.receipts["王芳"]["甲18a"][0].startswith("□")


def test_case_19_a_row_with_an_id_of_somebody_elses(week: Week) -> None:
    """Kept out with a red line for the manager; the member hears that it is not theirs, nothing of the other row."""
    assert week.about("陈晨")["R_ID_NOT_ISSUED"]["severity"] == "rejected"
    assert ("phone", "19", "R_ID_NOT_ISSUED") not in kept(week, "陈晨")  # its column did not come back: case 34
    assert ("name", "甲14", "R_ID_NOT_ISSUED") in kept(week, "陈晨")
    assert week.receipts["陈晨"]["甲14"][3:] == ["（空）", "这一格不归你改"]


def test_case_20_whole_rows_changed_places(week: Week) -> None:
    """No edit, no word."""
    assert {e.where.label for e in week.edits["李雷", 1]} == {"customers/甲17", "customers/甲26"}


def test_case_26_a_later_version_takes_an_edit_back(week: Week) -> None:
    """What it carries stands, what it dropped is gone, kept, listed for the manager and told to the member."""
    assert (week.phones["甲17"], week.phones["甲26"]) == ("17", "1")
    assert [f["label"] for f in week.second["findings"] if f["code"] == "F_SUPERSEDED"] == ["customers/甲26"]
    assert ("phone", "26", "") in kept(week, "李雷", 1)
    assert week.receipts["李雷"]["甲26"] == ["← 甲26", "电话", "26", "1", "你后来交的那份里没有了"]
    assert "甲17" not in week.receipts["李雷"]


def test_case_27_the_same_copy_twice(week: Week) -> None:
    """It was taken before: said so with its version, and it is no version of its own."""
    [again] = [f for f in week.second["files"] if f["file"] == "又交一次.xlsx"]
    assert (again["state"], again["version"], again["edits"]) == ("duplicate", 1, {})
    assert {version for member, version in week.edits if member == "陈晨"} == {1}


def test_case_34_a_column_did_not_come_back(week: Week) -> None:
    """Nobody's phone is blanked, the column is named, and the edit beside it arrives."""
    assert week.about("陈晨")["F_COLUMN_MISSING"]["severity"] == "warning"
    assert week.phones["乙34"] == "1"
    assert ("plan", "34", "") in kept(week, "陈晨")


def test_case_35_a_column_of_ones_own(week: Week) -> None:
    """It is named, and nothing of it is merged."""
    assert "年龄" in week.about("孙可")["F_COLUMN_UNKNOWN"]["message"]
    assert kept(week, "孙可") == {("phone", "36", "")}


def test_case_36_a_head_was_renamed(week: Week) -> None:
    """Both heads are named, and what stands below is taken."""
    assert "联系电话" in week.about("孙可")["F_HEADER"]["message"]
    assert week.phones["甲14"] == "36"
