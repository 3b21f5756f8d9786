"""A small team with sample customers, as copies of the built-in follow-up schema."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from custsheet import schema as schemas
from custsheet.books.copy import copy_book
from custsheet.ids import check_code, spare_ids
from custsheet.model import Table, Tables, Unreadable, Value
from custsheet.plan import Book
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Member, Schema, Team

TODAY = dt.date(2026, 11, 20)
TEAM = Team(
    (
        Member("m1", "王芳", "sales", manager="m3"),
        Member("m2", "李雷", "sales", manager="m3"),
        Member("m3", "陈晨", "manager"),
        Member("m4", "赵敏", "finance"),
    )
)
NAMES = {m.id: m.name for m in TEAM.members}
CUSTOMERS: tuple[dict[str, Value], ...] = (
    {"name": "澄湖示例科技", "contact": "林晓", "phone": "13800000001", "status": "意向客户", "owner": "m1",
     "grade": "A", "next_follow_up": dt.date(2026, 11, 20), "next_plan": "发分部门报价单", "tags": ("展会", "转介绍")},
    {"name": "远山示例机械", "contact": "何建国", "phone": "13800000002", "status": "潜在客户", "owner": "m1",
     "last_follow_up": dt.date(2026, 10, 11), "last_content": "前台转接，留了资料",
     "next_follow_up": dt.date(2026, 11, 17)},
    {"name": "青禾示例食品", "contact": "吴倩", "phone": Unreadable("1.38E+10"), "status": "成交客户", "owner": "m1",
     "next_follow_up": dt.date(2026, 11, 22), "next_plan": "回复价格"},
    {"name": "北岭示例物流", "phone": "13800000004", "status": "丢失客户", "owner": "m1"},
    {"name": "云溪示例教育", "phone": "13800000005", "status": "潜在客户", "owner": "m1"},
    {"name": "东屿示例制药", "phone": "13800000006", "status": "意向客户", "owner": "m2",
     "next_follow_up": dt.date(2026, 12, 2)},
)  # fmt: skip
LOG: tuple[dict[str, Value], ...] = (
    {"customer": "c0", "date": dt.date(2026, 11, 17), "channel": "电话", "content": "看了演示", "member": "m1"},
    {"customer": "c1", "date": dt.date(2026, 11, 11), "channel": "拜访", "content": "留了资料", "member": "m1"},
)


def _table(schema: Schema, name: str, prefix: str, rows: tuple[dict[str, Value], ...]) -> Table:
    fields = tuple(schema.tables[name].fields)
    rids = tuple(f"{prefix}{n}" for n in range(len(rows)))
    return Table(name, fields, rids, tuple(tuple(row.get(f) for f in fields) for row in rows))


@pytest.fixture(scope="session")
def follow_up() -> Schema:
    return schemas.load_schema(schemas.builtin("follow-up"))


@pytest.fixture(scope="session")
def tables(follow_up: Schema) -> Tables:
    empty = {name: _table(follow_up, name, name, ()) for name in follow_up.tables}
    return {
        **empty,
        "customers": _table(follow_up, "customers", "c", CUSTOMERS),
        "log": _table(follow_up, "log", "l", LOG),
    }


@pytest.fixture(scope="session")
def issue_of(follow_up: Schema, tables: Tables) -> Callable[..., Issue]:
    def issue(member: str, language: str = "zh") -> Issue:
        who = TEAM.by_id[member]
        grant = schemas.grant_of(follow_up, who)
        base = schemas.project(grant, schemas.visible_rows(follow_up, TEAM, who, tables, today=TODAY), tables)
        labels = Labels(follow_up, base, language=language, names=NAMES)  # type: ignore[arg-type]
        targets = {to for t in grant for to in follow_up.tables[t].refs.values()}
        return Issue(
            copy=f"copy-{member}",
            member=member,
            round="2026-W47",
            number=1,
            revision=1,
            grant=grant,
            base=base,
            spare={t: spare_ids(f"copy-{member}", t, follow_up.tables[t].spare) for t in grant if grant[t].add},
            labels={t: dict(labels.of(t)) for t in targets},
            language=language,  # type: ignore[arg-type]
            due="2026-11-27 15:00",
        )

    return issue


@pytest.fixture(scope="session")
def book_of(follow_up: Schema, issue_of: Callable[..., Issue]) -> Callable[..., Book]:
    made: dict[tuple[str, str], Book] = {}

    def book(member: str, language: str = "zh") -> Book:
        if (member, language) not in made:
            issue = issue_of(member, language)
            rids = [
                *(rid for t in issue.base.values() for rid in t.rids),
                *(r for s in issue.spare.values() for r in s),
            ]
            made[member, language] = copy_book(
                follow_up,
                issue,
                team=TEAM,
                names=NAMES,
                stamp_cells=("custsheet-stamp-1 copy 1 x -", "eJw"),
                checks={rid: check_code(issue.copy, rid) for rid in rids},
                as_of="11-20 18:00",
                due=issue.due,
                today=TODAY,
            )
        return made[member, language]

    return book


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


@pytest.fixture
def recalculated(tmp_path: Path) -> Callable[[bytes], tuple[dict[str, object], dict[str, object]]]:
    """Per formula cell the value that we wrote, and the one that LibreOffice works out."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("needs LibreOffice: soffice is not on the path")

    def values(path: Path, *, formulas: bool = False) -> dict[str, object]:
        book = openpyxl.load_workbook(path, data_only=not formulas)
        cells = ((f"{s.title}!{c.coordinate}", c.value) for s in book for row in s.iter_rows() for c in row)
        return {at: _plain(value) for at, value in cells}

    def calculate(data: bytes) -> tuple[dict[str, object], dict[str, object]]:
        path, profile = tmp_path / "book.xlsx", tmp_path / "profile"
        path.write_bytes(data)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
        out = tmp_path / "out"
        call = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
        subprocess.run([*call, "--outdir", out, path], capture_output=True, check=True, timeout=120)
        formulas = values(path, formulas=True)
        ours, theirs = values(path), values(out / "book.xlsx")
        found = [at for at, text in formulas.items() if isinstance(text, str) and text.startswith("=")]
        return {at: ours[at] for at in found}, {at: theirs.get(at) for at in found}

    return calculate


def _plain(value: object) -> object:
    """LibreOffice may give a number a date format of its own: the number is what counts."""
    return to_excel(value) if isinstance(value, dt.datetime | dt.time) else value
