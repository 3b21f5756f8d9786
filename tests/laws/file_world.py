"""A team in two rounds with real files: what each member types is drawn by a seed, and what becomes of it is known.

Every scene takes cells or rows that no other scene touches, so the bucket of each edit follows from the scene alone.
Values are words that occur nowhere else: where one of them stands in a file, its cell was told.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from file_hands import HANDS, Book, Page, Typed
from ruamel.yaml import YAML
from team_bench import run_here

ROUNDS = ("2026-W47", "2026-W48")
DAYS = {"2026-W47": "2026-11-16", "2026-W48": "2026-11-23"}
STATUSES = ("潜在客户", "意向客户", "成交客户")
HEADS = {
    "name": "客户名称",
    "owner": "负责人",
    "status": "状态",
    "phone": "电话",
    "amount": "金额",
    "next": "下次跟进",
    "plan": "计划",
    "secret": "底价",
}
ACTION = "操作"
FIELDS: dict[str, dict[str, Any]] = {
    "name": {"type": "text", "required": True},
    "owner": {"type": "member", "required": True},
    "status": {"type": "choice", "options": list(STATUSES)},
    "phone": {"type": "text"},
    "amount": {"type": "number"},
    "next": {"type": "date"},
    "plan": {"type": "text"},
    "secret": {"type": "text"},
}
READ = ("name", "owner", "status", "plan")
MEMBERS = (
    *((f"s{n}", "sales") for n in range(5)),
    *((f"o{n}", "own") for n in range(4)),
    *((f"r{n}", "reader") for n in range(3)),
)
CUSTOMERS = 36
WHOLE = 12
"""Rows kept for scenes that need a row of their own."""
CELLS = ("status", "phone", "amount", "next", "plan", "secret")


def _named(title: str, **more: Any) -> dict[str, Any]:
    return {"title": {"zh": title, "en": title}, **more}


BODY = {
    "schema": "files",
    "version": "1",
    "title": {"zh": "样例", "en": "Sample"},
    "language": "zh",
    "tables": {
        "customers": _named(
            "客户",
            key=["name"],
            owner="owner",
            spare=4,
            fields={name: _named(HEADS[name], **settings) for name, settings in FIELDS.items()},
        ),
        "log": _named(
            "记录",
            owner="via: customer",
            append_only=True,
            spare=4,
            fields={
                "customer": _named("客户", type="ref", to="customers", required=True),
                "content": _named("内容", type="text"),
            },
        ),
    },
    "roles": {
        "sales": {
            "customers": {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True},
            "log": {"rows": "all", "see": "*", "add": True},
        },
        "own": {
            "customers": {"rows": "own", "see": "*", "edit": "*", "add": True},
            "log": {"rows": "own", "see": "*", "add": True},
        },
        "reader": {"customers": {"rows": "all", "see": list(READ), "edit": ["plan"]}},
        "manager": {"*": {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True, "reassign": True}},
    },
}


def make_template(folder: Path) -> Path:
    """Make the team's workspace with its customers in the ledger; worlds are copies of it."""
    root = folder / "team"
    assert run_here("new", root, "--schema", "simple").code == 0
    with (root / "schema.yaml").open("w", encoding="utf-8") as out:
        YAML().dump(BODY, out)
    people = ["编号,姓名,角色", *(f"{who},{who},{role}" for who, role in MEMBERS), "boss,赵敏,manager"]
    (folder / "members.csv").write_text("\n".join(people), encoding="utf-8")
    rnd, words = Random(1), Words("base")
    rows = [",".join(HEADS.values())]
    for number in range(CUSTOMERS):
        owner = MEMBERS[number % 9][0]
        values = {name: words.value(rnd, name) for name in FIELDS} | {"name": f"客户{number}", "owner": owner}
        rows.append(",".join(map(str, values.values())))
    (folder / "customers.csv").write_text("\n".join(rows), encoding="utf-8")
    for call in (("members", "import", "members.csv"), ("import", "customers.csv", "--table", "customers")):
        done = run_here("-C", root, *(folder / a if a.endswith(".csv") else a for a in call), "--today", "2026-11-16")
        assert done.code == 0, done.out + done.err
    return root


class Words:
    """Values that nobody has typed before."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def value(self, rnd: Random, name: str) -> Any:
        """A value of a field, other than any value before it where the field has as many."""
        self._count += 1
        if name == "status":
            return rnd.choice(STATUSES)
        if name == "amount":
            return 1000 + self._count
        if name == "next":
            return dt.date(2027, 1, 1) + dt.timedelta(days=self._count)
        return f"{self._prefix}{name}{self._count}词"


@dataclass
class Told:
    """One value that was typed: by whom, of which row and field; the row's id is empty for an added one."""

    member: str
    rid: str
    name: str
    value: object


@dataclass
class Return:
    """One file that comes back: what is typed over the copy, and what has to become of each edit."""

    member: str
    typed: list[Typed] = field(default_factory=list)
    fate: Counter = field(default_factory=Counter)
    version: int = 1
    late: bool = False


@dataclass
class World:
    """One workspace under way, and the script's own knowledge of it."""

    root: Path
    rnd: Random
    round: str = ROUNDS[0]
    returns: list[Return] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = Words("".join(self.rnd.choices("bcdfghjklmnpqrstvwxz", k=8)))
        self.roles = dict(MEMBERS)
        self.free: set[tuple[str, str]] = set()
        self.whole: list[str] = []
        self.pages: dict[tuple[str, str], Page] = {}
        self.blanks: Counter = Counter()
        self.rows: dict[str, dict[str, str]] = {}

    # ── the manager ─────────────────────────────────────────────────────────────────────────────────

    def run(self, *args: object) -> dict[str, Any]:
        done = run_here("-C", self.root, *args, "--today", DAYS[self.round], "--json")
        assert done.code in (0, 3), done.out + done.err
        return done.json

    def issue(self, round_name: str) -> None:
        """Open a round; look up the rows as they are issued."""
        self.round = round_name
        self.run("generate")
        self.returns, self.pages, self.blanks = [], {}, Counter()
        is_first = not self.rows
        self.rows = {line["rid"]: line for line in state(self.root)["customers"]}
        if is_first:
            rids = self.rnd.sample(sorted(self.rows, key=self.label), len(self.rows))
            self.whole = rids[:WHOLE]
            self.free = {(rid, name) for rid in rids[WHOLE:] for name in CELLS}

    def copy_of(self, member: str, round_name: str = "") -> Path:
        name = round_name or self.round
        return self.root / "rounds" / name / "outbox" / f"样例_{member}_{name}.xlsx"

    def page(self, member: str, sheet: str = "客户") -> Page:
        """A sheet of a member's copy as it was issued."""
        if (member, sheet) not in self.pages:
            self.pages[member, sheet] = Page(Book(self.copy_of(member).read_bytes()), sheet)
        return self.pages[member, sheet]

    # ── what may be typed ───────────────────────────────────────────────────────────────────────────

    def label(self, rid: str) -> str:
        """By what rows stand in order: their ids are made by chance."""
        return self.rows[rid]["name"]

    def sees(self, member: str, rid: str) -> bool:
        return self.roles[member] != "own" or self.rows[rid]["owner"] == member

    def cells(self, *members: str) -> list[tuple[str, str]]:
        """The cells that all these may edit and nobody has touched; with a reader among them those of the plan."""
        return [
            (rid, name)
            for rid, name in sorted(self.free, key=lambda cell: (self.label(cell[0]), cell[1]))
            if all(self.sees(m, rid) for m in members)
            and (name == "plan") == any(self.roles[m] == "reader" for m in members)
        ]

    def cell(self, *members: str) -> tuple[str, str]:
        """Take one of these cells."""
        found = self.rnd.choice(self.cells(*members))
        self.free.discard(found)
        return found

    def row(self, *members: str) -> str:
        """Take a row that all these have and nobody has touched."""
        found = next(rid for rid in self.whole if all(self.sees(m, rid) for m in members))
        self.whole.remove(found)
        return found

    def other(self, rid: str, name: str, *values: object) -> object:
        """A value that differs from what stands in the cell, and from these."""
        while True:
            value = self.words.value(self.rnd, name)
            if str(value) not in (self.rows[rid][name], *map(str, values)):
                return value

    # ── what is typed ───────────────────────────────────────────────────────────────────────────────

    def back(self, member: str, version: int = 1) -> Return:
        """The file that a member returns, a second one for a second version."""
        found = next((r for r in self.returns if (r.member, r.version) == (member, version)), None)
        if found is None:
            found = Return(member, version=version)
            self.returns.append(found)
        return found

    def types(self, member: str, rid: str, name: str, value: object, fate: str, version: int = 1) -> None:
        """Let a member type into a cell of a row."""
        file = self.back(member, version)
        file.typed.append(self.page(member).at(rid, HEADS.get(name, ACTION), value))
        file.fate[fate] += 1
        self.told.append(Told(member, rid, name, value))

    def adds(self, member: str, sheet: str, cells: Mapping[str, object], fate: str, version: int = 1) -> int:
        """Let a member type a row into a blank one; return which."""
        at = self.blanks[member, sheet]
        self.blanks[member, sheet] += 1
        self.adds_at(member, sheet, at, cells, fate, version)
        return at

    def adds_at(self, member: str, sheet: str, at: int, cells: Mapping[str, object], fate: str, version: int) -> None:
        file = self.back(member, version)
        heads = HEADS if sheet == "客户" else {"customer": "客户", "content": "内容"}
        file.typed += self.page(member, sheet).new(at, {heads[name]: value for name, value in cells.items()})
        file.fate[fate] += len(cells)
        told = {"name" if name == "customer" else name: value for name, value in cells.items()}  # what a ref shows
        self.told += [Told(member, "", name, value) for name, value in told.items()]

    def goes_on(self, member: str) -> None:
        """Let a member return a second version that holds all that the first holds so far."""
        first, second = self.back(member, 1), self.back(member, 2)
        second.typed += first.typed
        second.fate += first.fate

    # ── the files ───────────────────────────────────────────────────────────────────────────────────

    def put(self, files: Iterable[Return], *, source: str = "") -> dict[str, Counter]:
        """Save files into the inbox, each by another hand; return name → what has to become of it."""
        inbox = self.root / "rounds" / self.round / "inbox"
        inbox.mkdir(parents=True, exist_ok=True)
        wanted = {}
        for file in files:
            name = f"{file.member}-{'late' if file.late else file.version}.xlsx"
            hand = self.rnd.choice(HANDS)
            (inbox / name).write_bytes(hand(self.copy_of(file.member, source).read_bytes(), file.typed))
            wanted[name] = file.fate
        return wanted


def state(root: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of the ledger as texts, read from its file with custsheet's own reader."""
    from custsheet.workspace.folder import Folder  # noqa: PLC0415

    folder = Folder.open(root, now=dt.datetime(2026, 11, 16))  # noqa: DTZ001
    try:
        tables = folder.ledger.tables(folder.schema)
        return {
            name: [
                {"rid": rid, **{f: "" if v is None else str(v) for f, v in zip(table.fields, row, strict=True)}}
                for rid, row in table.items()
            ]
            for name, table in tables.items()
        }
    finally:
        folder.close()


# ── scenes ──────────────────────────────────────────────────────────────────────────────────────────


def alone(w: World) -> None:
    """Edits that nobody else makes are applied."""
    for member, _ in MEMBERS:
        most = min(len(w.cells(member)), 1 if w.roles[member] == "reader" else 3)
        for _ in range(w.rnd.randint(0, most)):
            rid, name = w.cell(member)
            w.types(member, rid, name, w.other(rid, name), "applied")


def agreement(w: World) -> None:
    """The same value from several is applied for each."""
    people = w.rnd.sample([m for m, role in MEMBERS if role == "sales"], 3)
    rid, name = w.cell(*people)
    value = w.other(rid, name)
    for member in people:
        w.types(member, rid, name, value, "applied")


def conflict(w: World) -> None:
    """Different values on one cell wait for a person."""
    one, two = w.rnd.sample([m for m, role in MEMBERS if role != "own"], 2)
    rid, name = w.cell(one, two)
    first = w.other(rid, name)
    w.types(one, rid, name, first, "conflict")
    w.types(two, rid, name, w.other(rid, name, first), "conflict")


def unreadable(w: World) -> None:
    """What no field can read is rejected."""
    wrong = {"amount": "很多", "next": "不知道哪天", "status": "没有这个状态"}
    name = w.rnd.choice(sorted(wrong))
    w.types("s0", w.row("s0"), name, wrong[name], "rejected")


def no_right(w: World) -> None:
    """What the member may not change is rejected."""
    rid = w.row("r0")
    w.types("r0", rid, "status", w.other(rid, "status"), "rejected")
    rid = w.row("s1")
    w.types("s1", rid, "owner", "s2" if w.rows[rid]["owner"] != "s2" else "s3", "rejected")


def deletes(w: World) -> None:
    """One who asks to delete waits for approval; two who ask are enough."""
    w.types("s2", w.row("s2"), "action", "删除", "held")
    rid = w.row("s3", "s4")
    w.types("s3", rid, "action", "删除", "applied")
    w.types("s4", rid, "action", "删除", "applied")


def added(w: World) -> None:
    """A new customer comes in whole, and what refers to it in the same copy."""
    member = w.rnd.choice(("s0", "s1", "o0", "o1"))
    name = w.words.value(w.rnd, "name")
    w.adds(member, "客户", {"name": name, "phone": w.words.value(w.rnd, "phone")}, "applied")
    w.adds(member, "记录", {"customer": name, "content": w.words.value(w.rnd, "plan")}, "applied")


def equal_adds(w: World) -> None:
    """Equal rows of a log are as many rows as were typed, in one copy and in two."""
    rid, _ = w.cell("s1", "s2")
    cells = {"customer": w.rows[rid]["name"], "content": w.words.value(w.rnd, "plan")}
    for member in ("s1", "s1", "s2"):
        w.adds(member, "记录", cells, "applied")
        w.told[-1].rid = rid  # who has the customer has its log


def same_key(w: World) -> None:
    """Two who add a customer of one name, and one who adds what is there: all of it waits."""
    name = w.words.value(w.rnd, "name")
    for member in ("s3", "o2"):
        w.adds(member, "客户", {"name": name, "phone": w.words.value(w.rnd, "phone")}, "held")
    w.adds("o3", "客户", {"name": w.rows[w.row("s0")]["name"], "plan": w.words.value(w.rnd, "plan")}, "held")


def set_since(w: World) -> None:
    """The manager changed cells since: another value waits, the same value is the same."""
    for fate in ("conflict", "same"):
        rid, name = w.cell("s4")
        value = w.other(rid, name)
        w.run("set", f"customers/{w.rows[rid]['name']}", name, value)
        w.told.append(Told("boss", rid, name, value))
        w.types("s4", rid, name, value if fate == "same" else w.other(rid, name, value), fate)


def handed_over(w: World) -> None:
    """Somebody still edits a row that has gone to somebody else: a proposal."""
    rid = next(rid for rid in w.whole if w.rows[rid]["owner"] in ("o0", "o1", "o2", "o3"))
    w.whole.remove(rid)
    member = w.rows[rid]["owner"]
    w.run("set", f"customers/{w.rows[rid]['name']}", "owner", "s0")
    w.types(member, rid, "plan", w.other(rid, "plan"), "held")


def two_versions(w: World) -> None:
    """A second version goes on from the first: what it dropped is superseded."""
    kept, dropped, later = (w.cell("r1") for _ in range(3))
    w.types("r1", *kept, w.other(*kept), "applied", 1)
    w.goes_on("r1")
    w.types("r1", *dropped, w.other(*dropped), "superseded", 1)
    w.types("r1", *later, w.other(*later), "applied", 2)


def amended_add(w: World) -> None:
    """A row added in the first version and amended in the second is one row."""
    at = w.adds("o3", "客户", {"name": w.words.value(w.rnd, "name")}, "applied")
    w.goes_on("o3")
    w.adds_at("o3", "客户", at, {"phone": w.words.value(w.rnd, "phone")}, "superseded", 1)
    w.adds_at("o3", "客户", at, {"phone": w.words.value(w.rnd, "phone")}, "applied", 2)


def branches(w: World) -> None:
    """Office PC and home PC: two versions that share nothing both count."""
    one, two, both = (w.cell("r2") for _ in range(3))
    w.types("r2", *one, w.other(*one), "applied", 1)
    w.types("r2", *two, w.other(*two), "applied", 2)
    first = w.other(*both)
    w.types("r2", *both, first, "conflict", 1)
    w.types("r2", *both, w.other(*both, first), "conflict", 2)


def late(w: World, member: str, typed: Iterable[Typed]) -> Return:
    """Somebody goes on typing in last week's copy: only what is new in it counts, whatever else it holds."""
    rid, name = w.cell(member)
    value = w.other(rid, name)
    w.told.append(Told(member, rid, name, value))
    old = Page(Book(w.copy_of(member, ROUNDS[0]).read_bytes()), "客户")
    return Return(member, [*typed, old.at(rid, HEADS[name], value)], Counter(applied=1), late=True)


FIRST_WEEK: tuple[Callable[[World], None], ...] = (
    *(
        handed_over,
        unreadable,
        no_right,
        deletes,
        same_key,
        set_since,
        added,
        equal_adds,
        agreement,
        conflict,
        conflict,
    ),
    *(alone, two_versions, amended_add, branches),
)
"""Versions come last: a second one holds what the first holds."""
SECOND_WEEK: tuple[Callable[[World], None], ...] = (added, equal_adds, agreement, conflict, alone)
