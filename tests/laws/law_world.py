"""Makes small worlds for the laws of the merge: a team, an opening, copies of older states, what came back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from custsheet.merging import core, edits
from custsheet.model import (
    ABSENT,
    Finding,
    Outcome,
    Returned,
    ReturnedRow,
    ReturnedTable,
    Submission,
    Table,
    Unreadable,
    Value,
)
from custsheet.schema import from_body, grant_of, project, visible_rows
from custsheet.schema.records import Issue, Member, Schema, Team

TODAY = dt.date(2026, 11, 20)
TEXT = {"type": "text"}


def _named(title: str, **settings: Any) -> dict[str, Any]:
    return {"title": {"zh": title, "en": title}, **settings}


BODY: dict[str, Any] = {
    "schema": "laws",
    "version": "1",
    "title": {"zh": "样例", "en": "Sample"},
    "tables": {
        "customers": _named(
            "customers",
            key=["name"],
            owner="owner",
            fields={
                "name": _named("name", **TEXT, required=True),
                "owner": _named("owner", type="member", required=True),
                "tags": _named("tags", type="tags", merge="union"),
                "notes": _named("notes", type="note", merge="append"),
                "grade": _named("grade", type="choice", options=["A", "B", "C"]),
                "next": _named("next", type="date", merge="latest"),
                "size": _named("size", type="number"),
                "plan": _named("plan", **TEXT),
                "code": _named("code", **TEXT),
            },
            rules=[
                {"name": "C has a plan", "when": {"grade": ["C"]}, "require": ["plan"]},
                {"name": "one code", "unique": ["code"]},
            ],
        ),
        "log": _named(
            "log",
            owner="via: customer",
            append_only=True,
            fields={
                "customer": _named("customer", type="ref", to="customers", required=True),
                "content": _named("content", **TEXT),
                "by": _named("by", type="member", filled="merge"),
            },
        ),
        "deals": _named(
            "deals",
            key=["deal"],
            groups=[["stage", "amount"]],
            fields={
                "deal": _named("deal", **TEXT, required=True),
                "customer": _named("customer", type="ref", to="customers"),
                "stage": _named("stage", **TEXT),
                "amount": _named("amount", type="number"),
            },
        ),
    },
    "roles": {
        "sales": {
            "customers": {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True},
            "log": {"rows": "all", "see": "*", "add": True},
            "deals": {"rows": "all", "see": "*", "edit": "*", "add": True},
        },
        "own": {
            "customers": {"rows": "own", "see": "*", "edit": "*", "add": True},
            "log": {"rows": "own", "see": "*", "add": True},
        },
        "reader": {
            "customers": {"rows": "all", "see": ["name", "owner", "plan", "size"], "edit": ["plan"]},
            "deals": {"rows": "all", "see": "*", "edit": ["stage"]},
        },
        "manager": {"*": {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True, "reassign": True}},
    },
}

DAYS = tuple(dt.date(2026, 11, day) for day in (1, 2, 3))
POOLS: Mapping[str, Sequence[Value]] = {
    "name": ("n1", "n2", "n3", "n4", "n5"),
    "tags": (None, ("x",), ("x", "y"), ("y", "z"), ("z",)),
    "notes": (None, "n", "n\nmore", "n\nother", "else"),
    "grade": (None, "A", "B", "C"),
    "next": (None, *DAYS),
    "size": (None, Decimal(1), Decimal(2), Decimal(3)),
    "plan": (None, "p", "q", "r"),
    "code": (None, None, "k1", "k2"),
    "content": (None, "c", "d", "d"),
    "deal": ("d1", "d2", "d3", "d4"),
    "stage": (None, "s1", "s2"),
    "amount": (None, Decimal(1), Decimal(2)),
}
MEMBERS = (("a-wang", "sales"), ("b-li", "sales"), ("c-chen", "own"), ("d-zhao", "reader"), ("e-boss", "manager"))


@cache
def schema() -> Schema:
    return from_body(BODY)


@dataclasses.dataclass(frozen=True)
class Copy:
    """One version of one copy as it came back."""

    issue: Issue
    returned: Returned
    version: int


@dataclasses.dataclass(frozen=True)
class World:
    """A round before its merge."""

    team: Team
    opening: Mapping[str, Table]
    gone: Mapping[str, Table]
    copies: tuple[Copy, ...]

    def submissions(self, copies: Sequence[Copy] | None = None) -> list[Submission]:
        return [self.found(copy)[0] for copy in (self.copies if copies is None else copies)]

    def found(self, copy: Copy) -> tuple[Submission, tuple[Finding, ...]]:
        return edits.find_edits(copy.returned, copy.issue, schema(), version=copy.version)

    def merge(self, submissions: Sequence[Submission] | None = None, **more: Any) -> Outcome:
        chosen = self.submissions() if submissions is None else submissions
        settings = {"team": self.team, "today": TODAY, "gone": self.gone, **more}
        return core.merge(settings.pop("opening", self.opening), chosen, schema(), **settings)


def make_world(rnd: Random, prefix: str = "") -> World:
    """Make a world; everything in it follows from the random numbers."""
    team = Team(tuple(Member(prefix + id_, prefix + id_, role, manager=prefix + "e-boss") for id_, role in MEMBERS))
    then = _tables(rnd, team)
    now = _drift(rnd, then, team)
    gone = {name: _only(table, set(table.rids) - set(now[name].rids)) for name, table in then.items()}
    copies: list[Copy] = []
    crowded = rnd.random() < 0.4  # several people over the same few cells, and little else
    for member in rnd.sample(team.members, rnd.randint(3, 4) if crowded else rnd.randint(1, 4)):
        issue = make_issue(team, member, now if rnd.random() < 0.4 else then)
        copies += _versions(rnd, issue, crowded)
    return World(team, now, gone, tuple(copies))


def make_issue(team: Team, member: Member, tables: Mapping[str, Table], number: int = 1) -> Issue:
    grant = grant_of(schema(), member)
    base = project(grant, visible_rows(schema(), team, member, tables, today=TODAY), tables)
    copy = f"{member.id}/{number}"
    spare = {name: tuple(f"{copy}-{name}-{n}" for n in range(3)) for name in grant}
    return Issue(copy, member.id, "2026-W47", number, 1, grant, base, spare)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def _tables(rnd: Random, team: Team) -> dict[str, Table]:
    customers = [
        {**_row(rnd, "customers"), "name": f"n{n + 1}", "code": f"k{n}", "owner": rnd.choice(team.members).id}
        for n in range(rnd.randint(1, 4))
    ]
    rids = [f"c{n}" for n in range(len(customers))]
    by = team.members[0].id
    log = [{"customer": rnd.choice(rids), "content": "c", "by": by} for _ in range(rnd.randint(0, 2))]
    deals = [
        {**_row(rnd, "deals"), "deal": f"d{n + 1}", "customer": rnd.choice(rids)} for n in range(rnd.randint(0, 2))
    ]
    return {
        "customers": _table("customers", dict(zip(rids, customers, strict=True))),
        "log": _table("log", {f"l{n}": row for n, row in enumerate(log)}),
        "deals": _table("deals", {f"o{n}": row for n, row in enumerate(deals)}),
    }


def _row(rnd: Random, table: str) -> dict[str, Value]:
    return {name: rnd.choice(POOLS[name]) for name in schema().tables[table].fields if name in POOLS}


def _table(name: str, rows: Mapping[str, Mapping[str, Value]]) -> Table:
    fields = tuple(schema().tables[name].fields)
    return Table(name, fields, tuple(rows), tuple(tuple(row.get(f) for f in fields) for row in rows.values()))


def _only(table: Table, rids: set[str]) -> Table:
    kept = [(rid, row) for rid, row in table.items() if rid in rids]
    return Table(table.name, table.fields, tuple(rid for rid, _ in kept), tuple(row for _, row in kept))


def _drift(rnd: Random, tables: Mapping[str, Table], team: Team) -> dict[str, Table]:
    """What happened since the copies were made: a cell here and there, a row gone."""
    found = {}
    for name, table in tables.items():
        rows = {rid: dict(zip(table.fields, row, strict=True)) for rid, row in table.items()}
        for rid in list(rows):
            if rnd.random() < 0.5:
                free = [f for f in table.fields if f in POOLS and f not in ("name", "deal", "code")]
                field = "plan" if "plan" in free and rnd.random() < 0.4 else rnd.choice(free)
                rows[rid][field] = _fashion(rid, field) if rnd.random() < 0.5 else rnd.choice(POOLS[field])
            if name == "customers" and rnd.random() < 0.2:
                rows[rid]["owner"] = rnd.choice(team.members).id
            if rnd.random() < 0.12:
                del rows[rid]
        found[name] = _table(name, rows)
    return found


def _fashion(rid: str, field: str) -> Value:
    """The value on which people tend to agree."""
    pool = POOLS[field]
    return pool[ord(rid[-1]) % len(pool)]


# ── what came back ──────────────────────────────────────────────────────────────────────────────────

Typed = dict[tuple[str, str], dict[str, Any]]
"""(table, rid) → field → what stands there now; `*` holds marks: delete, code, missing."""


def _versions(rnd: Random, issue: Issue, crowded: bool) -> list[Copy]:
    copies = []
    typed: Typed = {}
    for version in range(1, rnd.choice((1, 1, 1, 1) if crowded else (1, 1, 1, 2, 2, 3)) + 1):
        typed = _type(rnd, issue, typed if version == 1 or rnd.random() < 0.6 else {}, crowded)
        copies.append(Copy(issue, returned(issue, typed, _absent(rnd, issue), f"{version}"), version))
    return copies


def _absent(rnd: Random, issue: Issue) -> frozenset[tuple[str, str]]:
    if rnd.random() > 0.15:
        return frozenset()
    table = rnd.choice(sorted(issue.base))
    return frozenset((table, f) for f in rnd.sample(issue.base[table].fields, min(2, len(issue.base[table].fields))))


def _type(rnd: Random, issue: Issue, before: Typed, crowded: bool = False) -> Typed:
    """Type a few things over what an earlier version held."""
    typed = {key: dict(cells) for key, cells in before.items()}
    for name, table in sorted(issue.base.items()):
        fields = [f for f in table.fields if schema().tables[name].fields[f].editable]
        if rnd.random() < 0.85:
            fields = [f for f in fields if f in issue.grant[name].edit]
        for rid in table.rids:
            cells = typed.setdefault((name, rid), {})
            for field in rnd.sample(fields, min(len(fields), rnd.choice((2, 3, 4) if crowded else (0, 0, 1, 1, 2)))):
                cells[field] = _value(rnd, issue, name, field, rid=rid)
            if rnd.random() < 0.1:
                if rnd.random() < 0.5:
                    cells.clear()
                cells["*"] = rnd.choice(("delete", "delete", "missing", "R_DUP_ID", "H_ID_LOST"))
        for n in range(0 if crowded else rnd.choice((0, 0, 1, 2))):
            _type_new(rnd, issue, name, n, typed)
    if rnd.random() < 0.08:
        typed["customers", f"{issue.member}/forged"] = {"plan": "p", "*": "R_ID_NOT_ISSUED"}
    return typed


def _type_new(rnd: Random, issue: Issue, name: str, n: int, typed: Typed) -> None:
    rid = issue.spare[name][n] if rnd.random() < 0.7 else f"{issue.copy}-{name}-x{n}"
    fields = [f for f in issue.base[name].fields if schema().tables[name].fields[f].editable]
    cells = typed.setdefault((name, rid), {})
    if name == "log" and rnd.random() < 0.3 and issue.base["customers"].rids:
        cells.update(customer=issue.base["customers"].rids[0], content="d")  # log rows often are equal
        return
    if name == "customers" and rnd.random() < 0.2:
        cells["name"] = "shared"
        return
    for field in fields:
        if field != "owner" and rnd.random() < (0.95 if field in ("name", "deal", "customer") else 0.35):
            cells[field] = _value(rnd, issue, name, field, typed)


def _value(rnd: Random, issue: Issue, table: str, field: str, typed: Typed | None = None, rid: str = "") -> Value:
    if rnd.random() < 0.04:
        return Unreadable("??", rnd.choice(("R_VALUE", "R_CELL_ERROR", "R_FORMULA")))
    if field == "owner":
        prefix = issue.member[: -len(next(id_ for id_, _ in MEMBERS if issue.member.endswith(id_)))]
        return prefix + rnd.choice(MEMBERS)[0] if rnd.random() < 0.8 else issue.member
    if field == "customer":
        new = sorted(r for (name, r) in typed or {} if name == "customers" and r not in issue.base[name].by_rid)
        return rnd.choice([*new, *new, *issue.base["customers"].rids] or [None])
    if rid and rnd.random() < 0.5:
        return _fashion(rid, field)
    if field in ("name", "deal") and rid:
        return rnd.choice((POOLS[field][0], f"{field}-{table}-{rid}"))
    if field in ("name", "deal") and rnd.random() < 0.6:
        return f"{field}-{rnd.randint(1, 9)}"
    return rnd.choice(POOLS[field])


def returned(
    issue: Issue, typed: Typed, absent: frozenset[tuple[str, str]] = frozenset(), digest: str = ""
) -> Returned:
    """Lay what was typed over the rows as issued, as intake hands it on."""
    tables = {}
    for name, table in issue.base.items():
        rows = []
        missing = []
        for rid, row in table.items():
            cells = dict(typed.get((name, rid), {}))
            mark = cells.pop("*", "")
            if mark == "missing" and not missing:
                missing.append(rid)
                continue
            merged = dict(zip(table.fields, row, strict=True)) | cells
            code = mark if mark[:2] in ("R_", "H_") else ""
            rows.append(_returned_row(len(rows), rid, table, merged, name, absent, "issued", mark == "delete", code))
            if code == "R_DUP_ID":
                last = [f for f in table.fields if f in POOLS][-1]
                twin = {**merged, last: POOLS[last][-1]}
                rows.append(_returned_row(len(rows), rid, table, twin, name, absent, "issued", False, code))
        for (of, rid), cells in sorted(typed.items()):
            if of == name and rid not in table.by_rid:
                code = cells.get("*", "")
                rows.append(_returned_row(len(rows), rid, table, cells, name, absent, "new", False, code))
        columns = tuple("" if (name, f) in absent else chr(66 + at) for at, f in enumerate(table.fields))
        tables[name] = ReturnedTable(name, name, table.fields, columns, tuple(rows), tuple(missing))
    return Returned(issue.copy, issue.member, f"{issue.member}.xlsx", tables, (), f"{issue.copy}#{digest}")


def _returned_row(at, rid, table, cells, name, absent, kind, delete, code) -> ReturnedRow:
    values = tuple(ABSENT if (name, f) in absent else cells.get(f) for f in table.fields)
    if values == table.by_rid.get(rid):
        values = table.by_rid[rid]  # as intake hands on a row that nobody touched
    return ReturnedRow(at + 3, rid, values, kind, delete, code)
