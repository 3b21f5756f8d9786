"""One column sorted alone is caught; edits and whole-row sorts, which change or move as much, are not (U9, P02)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import custsheet as cs
from custsheet.errors import FileRefused
from custsheet.intake.sorts import moved_columns

STATUS = ("潜在客户", "意向客户", "成交客户", "丢失客户")
CITIES = tuple(f"{a}{b}" for a in "东南西北" for b in "岭湖屿")
COLUMNS = ("name", "phone", "city", "status", "next", "amount", "plan")
EDITABLE = (False, False, True, True, True, True, True)
Rows = list[list[Any]]


def sheet(rng: random.Random, count: int) -> Rows:
    """Rows as a team has them: names and phones are fixed, half of the amounts and plans are blank."""
    return [
        [
            f"{rng.choice('澄远青北东南西云')}{rng.choice('湖山禾岭屿塘溪')}{rng.randrange(10**5)}",
            f"138{rng.randrange(10**8):08d}",
            rng.choice(CITIES),
            rng.choice(STATUS),
            dt.date(2026, 11, 1) + dt.timedelta(rng.randrange(90)),
            rng.choice((None, rng.randrange(1, 500) * 100)),
            rng.choice((None, f"第{rng.randrange(10**5)}次回访")),
        ]
        for _ in range(count)
    ]


def edited(rng: random.Random, rows: Rows, share: float) -> Rows:
    """A week's work: statuses, dates, plans and some amounts typed anew."""
    fresh = sheet(rng, len(rows))
    at = {3: share, 4: share, 5: share / 3, 6: share}
    return [
        [new[c] if rng.random() < at.get(c, 0) else value for c, value in enumerate(row)]
        for row, new in zip(rows, fresh, strict=True)
    ]


def order_by(rows: Rows, column: int, *, down: bool) -> list[int]:
    """The order in which a spreadsheet puts rows: stable, blanks last."""
    filled = [i for i, row in enumerate(rows) if row[column] is not None]
    blank = [i for i, row in enumerate(rows) if row[column] is None]
    return [*sorted(filled, key=lambda i: rows[i][column], reverse=down), *blank]


def sorted_alone(rng: random.Random, rows: Rows, block: list[int]) -> Rows:
    """Only some columns are selected and sorted by one of them."""
    order = order_by(rows, rng.choice(block), down=rng.random() < 0.5)
    return [[rows[order[i]][c] if c in block else value for c, value in enumerate(row)] for i, row in enumerate(rows)]


def verdict(base: Rows, rows: Rows, issued: list[int] | None = None) -> str:
    """What is found: nothing, suspect, or hard evidence."""
    places = issued or list(range(len(rows)))
    found = moved_columns([base[i] for i in places], rows, places, EDITABLE)
    return "" if not found else "hard" if found[0].hard else "suspect"


@pytest.mark.parametrize("count", [50, 200])
def test_no_column_sorted_alone_is_missed(count: int) -> None:
    """500 sorts of one to four editable columns: each is found, and nearly all beyond doubt."""
    rng = random.Random(count)
    found: Counter[str] = Counter()
    for _ in range(500):
        base = sheet(rng, count)
        first = rng.randrange(2, 7)
        rows = sorted_alone(rng, base, list(range(first, min(7, first + rng.randrange(1, 5)))))
        if rows != base:
            found[verdict(base, rows)] += 1
    assert found[""] == 0, found
    assert found["hard"] >= 0.99 * found.total(), found


@pytest.mark.parametrize("count", [50, 200])
def test_no_read_only_block_that_moved_is_missed(count: int) -> None:
    """500 blocks from the left edge: the values of read-only columns moved to other rows, even with edits after it."""
    rng = random.Random(count + 1)
    for _ in range(500):
        base = sheet(rng, count)
        moved = sorted_alone(rng, base, list(range(rng.randrange(1, 7))))
        rows = [
            [a[c] if EDITABLE[c] else b[c] for c in range(7)]
            for a, b in zip(edited(rng, moved, 0.1), moved, strict=True)
        ]
        if [row[0] for row in rows] != [row[0] for row in base]:
            assert verdict(base, rows) == "hard"


@pytest.mark.parametrize("count", [50, 200])
def test_work_and_whole_row_sorts_are_seldom_taken_for_it(count: int) -> None:
    """500 sheets edited by 0 to 100 % and mostly sorted by whole rows: hard at most 0.5 %, suspect at most 5 %."""
    rng = random.Random(count + 2)
    found: Counter[str] = Counter()
    for _ in range(500):
        base = sheet(rng, count)
        rows, places = edited(rng, base, rng.choice((0, 0.1, 0.3, 0.6, 1))), list(range(count))
        if rng.random() < 0.7:
            places = order_by(rows, rng.randrange(7), down=rng.random() < 0.5)
        found[verdict(base, [rows[i] for i in places], places)] += 1
    assert found["hard"] <= 0.005 * 500, found
    assert found["suspect"] <= 0.05 * 500, found


def test_sorted_and_then_edited_is_at_least_asked_about() -> None:
    """A column sorted alone, a tenth of it typed anew afterwards: held as suspect, or refused, in 198 of 200."""
    rng = random.Random(9)
    missed = 0
    for _ in range(200):
        base = sheet(rng, 100)
        rows = edited(rng, sorted_alone(rng, base, [rng.randrange(2, 7)]), 0.1)
        missed += verdict(base, rows) == ""
    assert missed <= 2


# ── through real files ──────────────────────────────────────────────────────────────────────────────

HERE = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 23)


@pytest.fixture
def copy_of_sixty(tmp_path: Path) -> Path:
    """A copy with sixty customers, as it was issued."""
    rng = random.Random(1)
    schema = cs.load_schema(HERE / "schemas" / "simple.yaml")
    members = tmp_path / "members.yaml"
    members.write_text("members:\n  - {id: jia, name: 示例甲, role: sales}\n", encoding="utf-8")
    rows = [
        {"name": r[0], "phone": r[1], "status": r[3], "next_follow_up": r[4], "title": r[6], "owner": "jia"}
        for r in sheet(rng, 60)
    ]
    team = cs.load_team(members, schema)
    data = cs.generate(schema, {"customers": rows}, team=team, member="示例甲", round="2026-W48", today=DAY)
    path = tmp_path / "示例甲.xlsx"
    path.write_bytes(data)
    return path


def _retype(path: Path, head: str, change: Any) -> None:
    """Let openpyxl put other values into one column, as `change` makes them of the old ones."""
    book = openpyxl.load_workbook(path)
    page = book["客户"]
    column = next(cell.column for cell in page[2] if cell.value == head)
    cells = [page.cell(row, column) for row in range(3, 63)]
    for cell, value in zip(cells, change([c.value for c in cells]), strict=True):
        cell.value = value
    book.save(path)


@pytest.mark.parametrize("head", ["客户状态", "下次跟进时间", "电话"])
def test_a_file_with_one_column_sorted_alone_is_refused_with_three_examples(copy_of_sixty: Path, head: str) -> None:
    """MERGE 21: nothing of the file is taken, and the message names sheet, column and rows."""
    _retype(copy_of_sixty, head, sorted)
    with pytest.raises(FileRefused) as refused:
        cs.read(copy_of_sixty, today=DAY)
    assert refused.value.code == "E_PARTIAL_SORT"
    assert (refused.value.facts["sheet"], refused.value.facts["title_zh"]) == ("客户", head)
    rows = refused.value.facts["rows"]
    assert isinstance(rows, list)
    assert len(rows) == 3


def test_a_column_that_looks_sorted_waits_as_a_whole_and_the_others_go_on(copy_of_sixty: Path) -> None:
    """MERGE 21, second tier: the column's edits are held behind one question, the other edits are applied."""
    rng = random.Random(3)

    def sort_and_retype(values: list[Any]) -> list[Any]:
        return [rng.choice(STATUS) if rng.random() < 0.15 else v for v in sorted(values)]

    _retype(copy_of_sixty, "客户状态", sort_and_retype)
    _retype(copy_of_sixty, "邮箱", lambda values: ["a@kehu.example", *values[1:]])
    copy = cs.read(copy_of_sixty, today=DAY)
    codes = Counter((e.field, e.code) for e in copy.edits)
    assert set(codes) == {("status", "H_SUSPECT_SORT"), ("email", "")}
    outcome = cs.merge(copy.base, [copy], copy.schema, team=_team(), today=DAY)
    assert [q.code for q in outcome.questions] == ["H_SUSPECT_SORT"]
    assert [c.field for c in outcome.changes] == ["email"]


def _team() -> Any:
    from custsheet.schema.records import Member, Team  # noqa: PLC0415

    return Team((Member("jia", "示例甲", "sales"),))
