"""Which rows and fields a member sees, and which of them may be changed (DESIGN 6, R119–R122)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custsheet.errors import CallError
from custsheet.model import Table, Tables, Value
from custsheet.schema import (
    grant_from_json,
    grant_of,
    grant_to_json,
    holders_of,
    owners_of,
    project,
    visible_rows,
)
from custsheet.schema.records import Member, Schema, Team

TODAY = dt.date(2026, 11, 20)

TEAM = Team(
    (
        Member("w", "王芳", "sales", manager="c"),
        Member("l", "李雷", "sales", manager="c"),
        Member("z", "赵敏", "sales"),
        Member("c", "陈晨", "lead"),
    )
)

RIGHTS = """\
schema: rights
version: "1"
title: 权限
tables:
  firms:
    title: 公司
    key: [name]
    fields:
      name: {type: text, title: 名称, required: true}
      parent: {type: ref, title: 母公司, to: firms}
      secret: {type: text, title: 内情}
  deals:
    title: 商机
    key: [code]
    owner: owner
    helpers: helpers
    fields:
      code: {type: text, title: 编号, required: true}
      firm: {type: ref, title: 公司, to: firms}
      amount: {type: number, title: 金额}
      due: {type: date, title: 期限}
      left: {type: computed, title: 还剩, compute: {days_until: due}}
      owner: {type: member, title: 负责人, required: true}
      helpers: {type: members, title: 协助人}
  log:
    title: 记录
    owner: "via: deal"
    append_only: true
    show: 90d
    fields:
      deal: {type: ref, title: 商机, to: deals, required: true}
      date: {type: date, title: 日期, required: true}
      said: {type: text, title: 内容}
      by: {type: member, title: 跟进人, filled: merge}
roles:
"""


def rows(name: str, fields: str, *lines: tuple[Value, ...]) -> Table:
    """Return a table: the first value of each line is the row id."""
    return Table(name, tuple(fields.split()), tuple(str(line[0]) for line in lines), tuple(line[1:] for line in lines))


def day(days_ago: int) -> dt.date:
    """Return the day that many days before today."""
    return TODAY - dt.timedelta(days=days_ago)


DATA: Tables = {
    "firms": rows(
        "firms",
        "name parent secret",
        ("f1", "甲示例公司", "f2", "s1"),
        ("f2", "乙示例公司", "f3", "s2"),
        ("f3", "丙示例公司", None, "s3"),
        ("f4", "丁示例公司", "f1", "s4"),
        ("f5", "戊示例公司", None, "s5"),
    ),
    "deals": rows(
        "deals",
        "code firm amount due left owner helpers",
        ("d1", "D1", "f1", None, None, None, "w", ()),
        ("d2", "D2", "f4", None, None, None, "l", ("w", "z")),
        ("d3", "D3", "f5", None, None, None, "z", None),
        ("d4", "D4", None, None, None, None, "c", None),
        ("d5", "D5", "gone", None, None, None, None, None),
    ),
    "log": rows(
        "log",
        "deal date said by",
        ("g1", "d1", day(1), "a", "w"),
        ("g2", "d1", day(91), "b", "w"),
        ("g3", "d2", day(90), "c", "l"),
        ("g4", "d3", None, "d", "z"),
        ("g5", "gone", day(1), "e", "z"),
    ),
}


@pytest.fixture
def schema(load: Callable[[str], Schema]) -> Callable[..., Schema]:
    """Return a function that loads the schema with these rights for `sales`."""

    def with_rights(*grants: str) -> Schema:
        lines = "".join(f"    {grant}\n" for grant in grants)
        return load(f'{RIGHTS}  sales:\n{lines}  lead:\n    "*": {{rows: all, see: "*", edit: "*", delete: true}}\n')

    return with_rights


def seen(schema: Schema, who: str, role: str = "sales") -> dict[str, str]:
    """Return the ids that a member with that role sees, joined."""
    member = Member(who, TEAM.by_id[who].name, role)
    return {table: " ".join(ids) for table, ids in visible_rows(schema, TEAM, member, DATA, today=TODAY).items()}


@pytest.mark.parametrize(
    ("scope", "who", "ids"),
    [
        ("all", "w", "d1 d2 d3 d4 d5"),
        ("none", "w", ""),
        ("own", "w", "d1 d2"),
        ("own", "l", "d2"),
        ("own", "z", "d2 d3"),
        ("own", "c", "d4"),
        ("team", "c", "d1 d2 d4"),
        ("team", "w", "d1 d2"),
        ("team", "z", "d2 d3"),
    ],
)
def test_a_scope_shows_its_rows(schema: Callable[..., Schema], scope: str, who: str, ids: str) -> None:
    """Own rows are those I own or help with; a team's are those of my people, and mine (R014, R120)."""
    assert seen(schema(f'deals: {{rows: {scope}, see: "*"}}'), who) == {"deals": ids}


def test_linked_rows_are_those_that_a_seen_row_refers_to(schema: Callable[..., Schema]) -> None:
    """A linked row comes with what it refers to itself, and with nothing that refers to it."""
    grants = ('firms: {rows: linked, see: "*"}', 'deals: {rows: own, see: "*"}')

    assert seen(schema(*grants), "l")["firms"] == "f1 f2 f3 f4"
    assert seen(schema(*grants), "c")["firms"] == ""


def test_a_ref_that_is_not_seen_links_nothing(schema: Callable[..., Schema]) -> None:
    """What a hidden field refers to is not given away by a linked row."""
    grants = ("firms: {rows: linked, see: [name]}", "deals: {rows: own, see: [code, firm]}")

    assert seen(schema(*grants), "l")["firms"] == "f4"
    assert seen(schema(grants[0], "deals: {rows: own, see: [code]}"), "l")["firms"] == ""


def test_rows_inherit_their_owner_and_old_ones_stay_at_home(schema: Callable[..., Schema]) -> None:
    """Log rows follow their deal's people; `show: 90d` keeps the last ninety days and rows without a date."""
    own = schema('log: {rows: own, see: "*"}', 'deals: {rows: none, see: "*"}')

    assert seen(own, "w") == {"deals": "", "log": "g1 g3"}
    assert seen(own, "z")["log"] == "g3 g4"


def test_owners_and_holders_of_a_row(schema: Callable[..., Schema]) -> None:
    """An owner is named by the row or inherited; helpers hold a row without owning it."""
    loaded = schema('log: {rows: own, see: "*"}')

    assert owners_of(loaded, DATA, "deals", "d2") == {"l"}
    assert holders_of(loaded, DATA, "deals", "d2") == {"l", "w", "z"}
    assert owners_of(loaded, DATA, "log", "g3") == {"l"}
    assert owners_of(loaded, DATA, "log", "g5") == frozenset()
    assert owners_of(loaded, DATA, "firms", "f1") == frozenset()


EDITS = [
    # right in the file, what may be changed in a row that is there, what may be typed in an added one
    ('rows: own, see: "*", edit: "*", add: true', "code firm amount due helpers", "code firm amount due owner helpers"),
    ('rows: own, see: "*", edit: "*", add: true, reassign: true', "code firm amount due owner helpers", None),
    ('rows: own, see: "*", edit: [amount]', "amount", ""),
    ('rows: own, see: "*", edit: [amount], add: true', "amount", "code amount owner"),
    ('rows: own, see: [owner, code, left], edit: "*", add: true', "code", "code owner"),
    ('rows: own, see: "*", add: true', "", "code owner"),
    ('rows: own, see: "*"', "", ""),
    ('rows: linked, see: "*", edit: "*", add: true', "", "code firm amount due owner helpers"),
]


@pytest.mark.parametrize(("right", "edit", "enter"), EDITS)
def test_what_a_right_lets_change(schema: Callable[..., Schema], right: str, edit: str, enter: str | None) -> None:
    """`edit: "*"` never holds the owner without `reassign`, nor what is computed; linked rows are read-only."""
    found = schema(f"deals: {{{right}}}").roles["sales"]["deals"]

    assert set(edit.split()) == found.edit
    assert set((edit if enter is None else enter).split()) == found.enter


def test_an_append_only_table_takes_new_rows_alone(schema: Callable[..., Schema]) -> None:
    """In a log nothing that is there is changed or deleted, by nobody; an added row may be typed in full (R019)."""
    loaded = schema('log: {rows: own, see: "*", add: true}')

    assert loaded.roles["sales"]["log"].enter == {"deal", "date", "said"}
    for role in loaded.roles.values():
        assert (role["log"].edit, role["log"].delete) == (frozenset(), False)


def test_a_table_that_a_role_does_not_name_is_not_there(schema: Callable[..., Schema]) -> None:
    """Only named tables are granted; a table's own right wins over the one for all tables."""
    loaded = schema("deals: {rows: own, see: [owner, code]}")
    both = schema('"*": {rows: all, see: "*"}', "deals: {rows: none, see: [code]}")

    assert list(loaded.roles["sales"]) == ["deals"]
    assert loaded.roles["sales"]["deals"].see == ("code", "owner")
    assert [g.rows for g in both.roles["sales"].values()] == ["all", "none", "all"]


def test_a_role_that_the_schema_lacks_stops(schema: Callable[..., Schema]) -> None:
    """A member whose role is gone gets no copy by accident."""
    with pytest.raises(CallError) as stopped:
        grant_of(schema('deals: {rows: own, see: "*"}'), Member("w", "王芳", "sale"))

    assert (stopped.value.code, stopped.value.facts["nearest"]) == ("MEMBER_ROLE", "sales")


def test_a_grant_survives_json(schema: Callable[..., Schema]) -> None:
    """What the stamp and the ledger keep of a grant is the same grant again."""
    for grant in schema('deals: {rows: own, see: "*", edit: "*", add: true}').roles.values():
        assert grant_from_json(json.loads(json.dumps(grant_to_json(grant), sort_keys=True))) == grant


NAMES = ("code", "firm", "amount", "owner", "helpers")
PEOPLE = st.sampled_from(["w", "l", "z", "c", None])
DEALS = st.lists(st.tuples(PEOPLE, st.sampled_from(["f1", "f2", "f3", "f4", "f5", None])), max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    deals=DEALS,
    who=st.sampled_from(["w", "l", "z", "c"]),
    scope=st.sampled_from(["own", "team", "none"]),
    see=st.sets(st.sampled_from(NAMES), min_size=1),
)
def test_a_projection_never_leaves_the_grant(
    deals: list[tuple[str | None, str | None]], who: str, scope: str, see: set[str]
) -> None:
    """Whatever the rows and rights, a projection holds granted tables, seen fields, and rows in scope alone (L17)."""
    from custsheet.schema import from_body  # noqa: PLC0415  # a fixture cannot feed a property
    from custsheet.schema.source import parse_source  # noqa: PLC0415

    deals_right = f"deals: {{rows: {scope}, see: [{', '.join(see)}]}}"
    text = f"{RIGHTS}  sales:\n    {deals_right}\n    firms: {{rows: linked, see: [name]}}\n"
    schema = from_body(parse_source(text, "", code="SCHEMA_WRONG").data)
    lines = [(f"d{i}", f"D{i}", firm, None, None, None, owner, None) for i, (owner, firm) in enumerate(deals)]
    data = {**DATA, "deals": rows("deals", "code firm amount due left owner helpers", *lines)}
    member = Member(who, "x", "sales")
    grant = grant_of(schema, member)

    shown = project(grant, visible_rows(schema, TEAM, member, data, today=TODAY), data)

    people = {"own": {who}, "team": set(TEAM.under(who)), "none": set()}[scope]
    mine = {line[0] for line in lines if line[6] in people}
    assert set(shown) == {"deals", "firms"}
    assert set(shown["deals"].fields) == see
    assert set(shown["deals"].rids) == mine
    assert shown["firms"].fields == ("name",)
    linked = {str(line[2]) for line in lines if line[0] in mine and line[2]} if "firm" in see else set()
    assert set(shown["firms"].rids) == linked
