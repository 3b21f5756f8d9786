"""A made-up round of many copies of one table: what was issued, what was typed, what a merge must make of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import NamedTuple

from custsheet.model import Returned, ReturnedRow, ReturnedTable, Table, Value
from custsheet.schema import from_body, grant_of
from custsheet.schema.records import Issue, Member, Schema, Team

TODAY = dt.date(2026, 11, 16)
TABLE = "customers"
WORDS = ("澄湖", "远山", "青禾", "北岭", "东屿", "南山", "西塘", "云溪", "长宁", "金桥", "临江", "安平")
CHOICES = ("潜在客户", "意向客户", "成交客户", "丢失客户")

Cell = tuple[str, str]
"""(row id, field)."""


def _field(title: str, **settings: object) -> dict[str, object]:
    return {"title": {"zh": title, "en": title}, **settings}


FIELDS: Mapping[str, dict[str, object]] = {
    "name": _field("客户名称", type="text", required=True),
    "contact": _field("联系人", type="text"),
    "phone": _field("电话", type="text"),
    "email": _field("邮箱", type="text"),
    "status": _field("客户状态", type="choice", options=list(CHOICES)),
    "grade": _field("等级", type="choice", options=["A", "B", "C"]),
    "region": _field("地区", type="text"),
    "address": _field("地址", type="text"),
    "source": _field("来源", type="text"),
    "first": _field("首次接触", type="date"),
    "last": _field("最近跟进", type="date"),
    "next": _field("下次跟进", type="date"),
    "amount": _field("预计金额", type="number"),
    "chance": _field("成交概率", type="number"),
    "plan": _field("下次跟进内容", type="text"),
    "remarks": _field("备注", type="text"),
}
"""The sixteen fields of each row."""
TYPED = ("phone", "status", "grade", "last", "next", "amount", "chance", "plan", "remarks")
"""What people type in; names and addresses stay."""


def schema_of() -> Schema:
    """Return a schema of one table with these fields, in which every seller may edit every cell."""
    rights = {"rows": "all", "see": "*", "edit": "*", "add": True}
    return from_body(
        {
            "schema": "bench",
            "version": "1",
            "title": {"zh": "样例", "en": "Sample"},
            "tables": {TABLE: _field("客户", key=["name"], fields=FIELDS)},
            "roles": {"sales": {TABLE: rights}, "manager": {"*": {**rights, "delete": True, "reassign": True}}},
        }
    )


@dataclass(frozen=True)
class Typed:
    """One copy: what was issued in it (the older rows where it is stale), and what its member did in it."""

    number: int
    stale: bool
    cells: Mapping[Cell, Value]
    added: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    @property
    def member(self) -> str:
        return f"m{self.number:04}"


@dataclass(frozen=True)
class Round:
    """Everything before the merge. `older` are the rows before the manager changed some of them."""

    older: Table
    opening: Table
    copies: tuple[Typed, ...]
    schema: Schema

    @cached_property
    def team(self) -> Team:
        return Team(tuple(Member(c.member, c.member, "sales") for c in self.copies))

    def base(self, copy: Typed) -> Table:
        """The rows with which a copy was issued."""
        return self.older if copy.stale else self.opening

    def issue(self, copy: Typed) -> Issue:
        """What the ledger knows of a copy."""
        member = self.team.by_id[copy.member]
        grant = grant_of(self.schema, member)
        return Issue(f"copy-{copy.member}", copy.member, "2026-W47", 1, 1, grant, {TABLE: self.base(copy)})

    def rows(self, copy: Typed, *, fresh: bool = False) -> dict[str, tuple[Value, ...]]:
        """Row id → row of a returned copy as intake hands it on: the very row as issued where nothing was typed.

        The others are new objects, one for each distinct value of a column; `fresh` makes all rows of new objects.
        """
        base, known = self.base(copy), [{} for _ in FIELDS]  # type: list[dict[Value, Value]]
        at = {name: position for position, name in enumerate(base.fields)}
        changed = defaultdict(dict)  # type: dict[str, dict[int, Value]]
        for (rid, name), value in copy.cells.items():
            changed[rid][at[name]] = value
        found = {}
        for rid, row in base.items():
            if rid in copy.missing:
                continue
            if not fresh and rid not in changed:
                found[rid] = row
                continue
            typed = (changed[rid].get(position, value) for position, value in enumerate(row))
            found[rid] = tuple(
                seen.get(v) or seen.setdefault(v, _fresh(v)) for seen, v in zip(known, typed, strict=True)
            )
        return found | copy.added

    def returned(self, copy: Typed, *, fresh: bool = False) -> Returned:
        """A copy as intake hands it on."""
        base = self.base(copy)
        rows = tuple(
            ReturnedRow(number, rid, row, kind="new" if rid in copy.added else "issued")
            for number, (rid, row) in enumerate(self.rows(copy, fresh=fresh).items(), 3)
        )
        columns = tuple(chr(66 + at) for at in range(len(FIELDS)))
        table = ReturnedTable(TABLE, "客户", base.fields, columns, rows, missing=tuple(sorted(copy.missing)))
        return Returned(f"copy-{copy.member}", copy.member, f"{copy.member}.xlsx", {TABLE: table}, (), f"{copy.number}")


def _fresh(value: Value) -> Value:
    """Return an equal value that is another object."""
    if isinstance(value, str):
        return "".join([value[:1], value[1:]])
    if isinstance(value, Decimal):
        return Decimal(str(value))
    return dt.date(value.year, value.month, value.day) if isinstance(value, dt.date) else value


def make_round(copies: int, rows: int, *, seed: int = 1) -> Round:
    """Make a round: each member types in about 5 % of the rows; every fifth copy is older than the manager's edits.

    From every tenth copy the last two rows are gone, and three rows were added.
    """
    rnd = Random(seed)
    rids = tuple(f"c{number:06}" for number in range(rows))
    older = Table(TABLE, tuple(FIELDS), rids, tuple(_row(rnd, number) for number in range(rows)))
    moved = {rid: rnd.choice(TYPED) for rid in rnd.sample(rids, max(2, rows // 50))}
    opening = Table(TABLE, older.fields, rids, tuple(_moved(rnd, older, rid, moved.get(rid, "")) for rid in rids))
    typed = [
        Typed(number, number % 5 == 0, {}, _added(rnd, number), frozenset(rids[-2:]))
        if number % 10 == 1
        else Typed(number, number % 5 == 0, {})
        for number in range(copies)
    ]
    known = Round(older, opening, (), schema_of())
    news = {(rid, name): _value(rnd, name) for rid in rids for name in TYPED}
    return Round(older, opening, tuple(_typed(rnd, known, copy, news) for copy in typed), known.schema)


def _typed(rnd: Random, known: Round, copy: Typed, news: Mapping[Cell, Value]) -> Typed:
    """Type the news about a customer, on which most people agree; one in thirty has it otherwise."""
    base, cells = known.base(copy), {}
    for rid in rnd.sample(base.rids[:-2], max(1, len(base) // 20)):
        for name in rnd.sample(TYPED, 1):
            value = _value(rnd, name) if rnd.random() < 1 / 30 else news[rid, name]
            if value != base.get(rid, name):
                cells[rid, name] = value
    return replace(copy, cells=cells)


def _added(rnd: Random, copy: int) -> dict[str, tuple[Value, ...]]:
    return {f"n{copy:05}{number}": _row(rnd, 10 * copy + number, "新") for number in range(3)}


def _row(rnd: Random, number: int, kind: str = "") -> tuple[Value, ...]:
    row = {name: None if rnd.random() < 0.15 else _value(rnd, name) for name in FIELDS}
    return tuple({**row, "name": f"{rnd.choice(WORDS)}{kind}{number:06}有限公司"}.values())


def _moved(rnd: Random, table: Table, rid: str, name: str) -> tuple[Value, ...]:
    row = table.by_rid[rid]
    return tuple(_value(rnd, f) if f == name else value for f, value in zip(table.fields, row, strict=True))


def _value(rnd: Random, name: str) -> Value:
    kind = FIELDS[name]["type"]
    if kind == "choice":
        options = FIELDS[name]["options"]
        assert isinstance(options, list)
        return str(rnd.choice(options))
    if kind == "date":
        return TODAY + dt.timedelta(days=rnd.randrange(30))
    if kind == "number":
        return Decimal(rnd.randrange(1, 11)) / 10 if name == "chance" else Decimal(rnd.randrange(1000, 1_000_000))
    if name == "phone":
        return f"138{rnd.randrange(10**8):08}"
    return f"{rnd.choice(WORDS)}{rnd.choice(WORDS)}{rnd.randrange(5000)}"


class Found(NamedTuple):
    """What a merge comes to: cells with their new values, cells in conflict, rows that are new, rows that are gone."""

    changed: dict[Cell, Value]
    conflicts: set[Cell]
    added: set[str]
    missing: set[str]


def expected(given: Round) -> Found:
    """Return what a merge must find by the cell rule."""
    claims: dict[Cell, list[tuple[Value, bool]]] = defaultdict(list)
    for copy in given.copies:
        base = given.base(copy)
        for (rid, name), value in copy.cells.items():
            claims[rid, name].append((value, base.get(rid, name) != given.opening.get(rid, name)))
    changed, conflicts = {}, set()
    for cell, found in claims.items():
        values = {value for value, _ in found}
        master = given.opening.get(*cell)
        if any(stale for _, stale in found):
            values.add(master)
        if len(values) > 1:
            conflicts.add(cell)
        elif values != {master}:
            changed[cell] = values.pop()
    added = {rid for copy in given.copies for rid in copy.added}
    return Found(changed, conflicts, added, {rid for copy in given.copies for rid in copy.missing})


def each_returned(given: Round, *, fresh: bool = False) -> Iterator[tuple[Returned, Issue]]:
    """Yield every copy as it came back with what was issued, made when asked for."""
    for copy in given.copies:
        yield given.returned(copy, fresh=fresh), given.issue(copy)
