"""A team in which every cell, title, option, alias and rule name carries a token of its own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PROJECT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 16)

MEMBERS = (
    ("wang", "王芳", "sales"),
    ("li", "李雷", "sales"),
    ("zhou", "周宁", "support"),
    ("qian", "钱进", "finance"),
    ("wu", "吴越", "viewer"),
    ("sun", "孙悦", "manager"),
)
NAMES = {who: name for who, name, _ in MEMBERS}
ROLES = {who: role for who, _, role in MEMBERS}
LANGUAGES = {"wu": "en"}

Body = dict[str, Any]


class Tokens:
    """Unique letters, phones and amounts; the same in every run."""

    def __init__(self) -> None:
        self._random = random.Random(20261116)
        self._number = 0

    def word(self) -> str:
        return "".join(self._random.choices("bcdfghjklmnpqrstvwxz", k=11))

    def phone(self) -> str:
        self._number += 1
        return f"1391{self._random.randrange(1000, 9999)}{self._number:03d}"

    def amount(self) -> str:
        self._number += 1
        return f"{self._random.randrange(100_000, 999_999)}{self._number:03d}"


@dataclass
class Row:
    """One row as typed into a list: field → text, the tokens of each field, owner and helpers, age in days."""

    table: str
    key: str
    texts: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, list[str]] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()
    refers: dict[str, Row] = field(default_factory=dict)
    age: int = 0


@dataclass
class World:
    """The whole of it, as the test knows it without asking custsheet."""

    body: Body
    rows: list[Row]
    words: dict[tuple[str, str], list[str]]
    """(table, field) → tokens of its title, help, aliases, options, sections."""
    rule_words: list[tuple[str, frozenset[str], str]]
    """(table, fields that the rule speaks of, token of its name)."""
    emails: list[str]


def make_world() -> World:
    """Read the built-in schema as plain YAML and put a token into everything that can carry one."""
    body: Body = YAML(typ="safe", pure=True).load((PROJECT / "schemas" / "follow-up.yaml").read_text("utf-8"))
    tokens = Tokens()
    words: dict[tuple[str, str], list[str]] = {}
    rule_words: list[tuple[str, frozenset[str], str]] = []
    for name, table in body["tables"].items():
        renamed: dict[str, dict[str, str]] = {}
        for fname, f in table["fields"].items():
            words[name, fname] = found = []
            _mark_field(f, tokens, found, renamed.setdefault(fname, {}))
        for f in table["fields"].values():
            _rename_options(f.get("compute"), renamed)
        for rule in table.get("rules", []):
            _rename_options(rule, renamed)
            token = tokens.word()
            rule_words.append((name, frozenset(_names(rule)) & set(table["fields"]), token))
            rule["name"] = f"{rule['name']}_{token}"
    return World(body, _rows(body, tokens), words, rule_words, [f"{tokens.word()}@example.cn" for _ in MEMBERS])


def _mark_field(f: Body, tokens: Tokens, found: list[str], renamed: dict[str, str]) -> None:
    def mark(text: str) -> str:
        found.append(tokens.word())
        return f"{text} {found[-1]}"

    f["title"] = {lang: mark(text) for lang, text in f["title"].items()}
    for key in ("aliases", "sections"):
        if key in f:
            f[key] = [mark(text) for text in f[key]]
    if "help" in f:
        f["help"] = {lang: mark(text) for lang, text in f["help"].items()}
    for option in f.get("options", []):
        renamed[option["value"]] = option["value"] = mark(option["value"])
        if "en" in option:
            option["en"] = mark(option["en"])


def _rename_options(node: Any, renamed: Mapping[str, Mapping[str, str]], at: str = "") -> None:
    """Rewrite option values under the field that they belong to: `status: {not: [丢失客户]}`."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = key if key in renamed else at
            node[key] = renamed.get(here, {}).get(value, value) if isinstance(value, str) else value
            _rename_options(value, renamed, here)
    elif isinstance(node, list):
        for at_, value in enumerate(node):
            if isinstance(value, str):
                node[at_] = renamed.get(at, {}).get(value, value)
            else:
                _rename_options(value, renamed, at)


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _names(value)
    elif isinstance(node, str):
        yield node


def _rows(body: Body, tokens: Tokens) -> list[Row]:
    sellers = ("wang", "li", "wang", "li", "wang", "li")
    customers = [
        _row(body, tokens, "customers", n, owner=who, helpers=("li",) if n == 2 else ())
        for n, who in enumerate(sellers)
    ]
    rows = list(customers)
    for n, customer in enumerate(customers):
        rows.append(_row(body, tokens, "contacts", n, customer=customer))
        rows.append(_row(body, tokens, "log", n, customer=customer))
        rows.append(_row(body, tokens, "problems", n, customer=customer, owner=sellers[n]))
    rows.append(_row(body, tokens, "log", 1, customer=customers[0], age=120))
    for n, (customer, owner) in enumerate(((customers[0], "wang"), (customers[1], "li"), (customers[4], "li"))):
        rows.append(_row(body, tokens, "opportunities", n, customer=customer, owner=owner))
    rows += [_row(body, tokens, "feedback", n, owner=who) for n, who in enumerate(("wang", "li", "zhou"))]
    return rows


def _row(
    body: Body,
    tokens: Tokens,
    table: str,
    n: int,
    *,
    owner: str = "",
    helpers: tuple[str, ...] = (),
    customer: Row | None = None,
    age: int = 5,
) -> Row:
    row = Row(table, "", age=age, owners=frozenset((owner, *helpers)) - {""})
    if customer is not None:
        row.refers["customer"] = customer
        row.owners = row.owners or customer.owners
    for name, f in body["tables"][table]["fields"].items():
        text, found = _value(f, tokens, n, name, row, owner=owner, helpers=helpers, age=age)
        if text:
            row.texts[name], row.tokens[name] = text, found
    row.key = row.texts.get("name", "")
    return row


def _value(
    f: Body, tokens: Tokens, n: int, name: str, row: Row, *, owner: str, helpers: tuple[str, ...], age: int
) -> tuple[str, list[str]]:
    kind = f["type"]
    if kind in ("text", "note"):
        return (token := tokens.word()), [token]
    if kind == "tags":
        pair = [tokens.word(), tokens.word()]
        return "、".join(pair), pair
    if kind == "phone":
        return (phone := tokens.phone()), [phone]
    if kind == "email":
        mail = f"{tokens.word()}@example.cn"
        return mail, [mail.partition("@")[0]]
    if kind == "money":
        return (amount := tokens.amount()), [amount]
    if kind == "date":
        return (DAY - dt.timedelta(days=age)).isoformat(), []
    if kind == "choice":
        return f["options"][n % len(f["options"])]["value"], []
    if kind == "ref":
        return row.refers[name].key, [row.refers[name].key]
    if kind == "member":
        return NAMES[owner or min(row.owners)], []
    if kind == "members":
        return "、".join(NAMES[who] for who in helpers), []
    return {"bool": "是", "score": "4"}.get(kind, ""), []


def csv_of(body: Body, table: str, rows: list[Row]) -> str:
    """Return the rows of a table as a list with titles for heads."""
    fields = [name for name, f in body["tables"][table]["fields"].items() if f["type"] != "computed"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([body["tables"][table]["fields"][name]["title"]["zh"] for name in fields])
    writer.writerows([[row.texts.get(name, "") for name in fields] for row in rows if row.table == table])
    return text.getvalue()


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()


@pytest.fixture(scope="session")
def copies(world: World, run: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Member id → the copy that the command line wrote."""
    root = tmp_path_factory.mktemp("disclosure") / "team"
    assert run("new", root, "--schema", "follow-up").code == 0
    yaml = YAML()
    with (root / "schema.yaml").open("w", encoding="utf-8") as out:
        yaml.dump(world.body, out)
    lists = root.parent
    people = ["编号,姓名,角色,邮箱,语言"]
    for (who, name, role), mail in zip(MEMBERS, world.emails, strict=True):
        people.append(f"{who},{name},{role},{mail},{LANGUAGES.get(who, '')}")
    (lists / "members.csv").write_text("\n".join(people), encoding="utf-8")
    _ok(run("members", "import", lists / "members.csv", "-C", root))
    for table in world.body["tables"]:
        (lists / f"{table}.csv").write_text(csv_of(world.body, table, world.rows), encoding="utf-8")
        _ok(run("import", lists / f"{table}.csv", "--table", table, "-C", root, "--today", DAY))
    _ok(run("generate", "-C", root, "--today", DAY))
    outbox = root / "rounds" / "2026-W47" / "outbox"
    return {who: next(outbox.glob(f"*_{name}_*.xlsx")) for who, name, _ in MEMBERS}


def _ok(done: Any) -> None:
    assert done.code == 0, done.out + done.err


@pytest.fixture(scope="session")
def roles() -> dict[str, str]:
    return ROLES
