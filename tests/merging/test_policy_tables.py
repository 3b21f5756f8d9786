"""What a field's policy, and how much of a row merges as one, make of several claims: tables to read down (U4)."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from merge_bench import BODY, Round, answer, buckets, codes, make_table, started

from custsheet.merging.questions import WITHDRAWN
from custsheet.model import Outcome
from custsheet.schema import from_body

D = Decimal
EXAMPLES = int(os.environ.get("CUSTSHEET_LAWS", "40"))


def day(number: int) -> dt.date:
    return dt.date(2026, 12, number)


def at(hour: int) -> dt.datetime:
    return dt.datetime(2026, 12, 1, hour)  # noqa: DTZ001  (as a sheet has it)


def _field(name: str, kind: str, policy: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "title": {"zh": name, "en": name}, "merge": policy, **more}


def _body(**settings_: Any) -> dict[str, Any]:
    body = copy.deepcopy(BODY)
    body["tables"]["customers"] |= {"groups": [["stage", "amount"]], **settings_}
    body["tables"]["customers"]["fields"] |= {
        "ask": _field("ask", "number", "ask"),
        "union": _field("union", "tags", "union"),
        "append": _field("append", "note", "append"),
        "max": _field("max", "number", "max"),
        "min": _field("min", "number", "min"),
        "latest": _field("latest", "date", "latest"),
        "latest_time": _field("latest_time", "datetime", "latest"),
        "sum": _field("sum", "number", "sum_of_changes", min=0, max=100),
        "owner_wins": _field("owner_wins", "text", "owner_wins"),
        "manager_wins": _field("manager_wins", "text", "manager_wins"),
    }
    return body


SCHEMA = from_body(_body())
BY_ROW = from_body(_body(strict="row"))


def returned(field: str, issued: Any, now: Any, claims: Mapping[str, Any], bases: Mapping[str, Any]) -> Round:
    """Each one's copy with the one cell typed; `li 2` is a second version of li's copy; `bases` are older states."""
    round_ = started(SCHEMA, {"a": {field: issued}}, now={"a": {field: now}})
    for who, value in claims.items():
        member, _, version = who.partition(" ")
        base = bases.get(member, issued)
        rows = {"a": {"name": "a", "owner": "wang", field: base}}
        round_.issued_from = {**round_.issued_from, "customers": make_table(SCHEMA, "customers", rows)}
        round_.back(member, int(version or 1), customers={"a": {field: value}})
    return round_


TABLE: list[tuple[str, Any, Any, dict[str, Any], dict[str, Any], Any, str]] = [
    # field       issued  now     claims                            older bases   comes to   asked
    ("ask",       D(1),   D(1),   {"wang": D(2), "li": D(3)},       {},           D(1),      "H_CELL"),
    ("ask",       D(1),   D(1),   {"wang": D(2), "li": D(2)},       {},           D(2),      ""),
    ("ask",       D(1),   D(1),   {"wang": None, "li": D(2)},       {},           D(1),      "H_CELL"),
    ("ask",       D(1),   D(1),   {"wang": None, "li": None},       {},           None,      ""),
    ("ask",       D(1),   D(5),   {"wang": D(2)},                   {},           D(5),      "H_STALE"),
    ("ask",       D(5),   D(5),   {"wang": D(2)},                   {"wang": D(1)}, D(5),    "H_STALE"),
    ("ask",       D(1),   D(1),   {"wang": D(2), "wang 2": D(3)},   {},           D(1),      "H_DIVERGED"),
    # tags: what each added and what each took away
    ("union",     ("a",), ("a",), {"wang": ("a", "b"), "li": ("a", "c")}, {},     ("a", "b", "c"), ""),
    ("union",     ("a",), ("a",), {"wang": ("b",), "li": ("a", "c")}, {},         ("b", "c"), ""),
    ("union",     ("a",), ("a",), {"wang": None, "li": ("a", "c")}, {},           ("c",),    ""),
    ("union",     ("a",), ("d",), {"wang": ("a", "b")},             {},           ("b", "d"), ""),
    ("union",     None,   None,   {"wang": ("b",), "wang 2": ("c",)}, {},         ("b", "c"), ""),
    ("union",     ("a",), ("a",), {"wang": ("b",), "li": ("a", "b")}, {"li": ("b",)}, ("a",), "H_CELL"),
    # texts: what each wrote below the base, in the order of member ids
    ("append",    "x",    "x",    {"wang": "x\nw", "li": "x\nl"},   {},           "x\nl\nw", ""),
    ("append",    None,   None,   {"wang": "w", "li": "l"},         {},           "l\nw",    ""),
    ("append",    "x",    "x",    {"wang": "x\nw", "li": "y"},      {},           "x",       "H_CELL"),
    ("append",    "x",    "x",    {"wang": "x\nw", "li": None},     {},           "x",       "H_CELL"),
    ("append",    "x",    "x\nm", {"wang": "x\nw"},                 {},           "x\nm\nw", ""),
    ("append",    "x",    "z",    {"wang": "x\nw"},                 {},           "z",       "H_STALE"),
    ("append",    "x",    "x",    {"li": "x\n1", "li 2": "x\n2"},   {},           "x\n1\n2", ""),
    # the largest, the smallest, the latest; the master takes part where somebody did not know it
    ("max",       D(1),   D(1),   {"wang": D(2), "li": D(3)},       {},           D(3),      ""),
    ("max",       D(9),   D(9),   {"wang": D(2), "li": D(3)},       {},           D(3),      ""),
    ("max",       D(1),   D(7),   {"wang": D(2), "li": D(3)},       {},           D(7),      ""),
    ("max",       D(1),   D(1),   {"wang": None, "li": D(3)},       {},           D(1),      "H_CELL"),
    ("max",       D(1),   D(1),   {"li": D(2), "li 2": D(4)},       {},           D(4),      ""),
    ("min",       D(9),   D(9),   {"wang": D(2), "li": D(3)},       {},           D(2),      ""),
    ("min",       D(9),   D(1),   {"wang": D(2)},                   {},           D(1),      ""),
    ("min",       D(9),   D(9),   {"wang": None, "li": D(3)},       {},           D(9),      "H_CELL"),
    ("latest",    None,   None,   {"wang": day(2), "li": day(9)},   {},           day(9),    ""),
    ("latest",    day(1), day(8), {"wang": day(2)},                 {},           day(8),    ""),
    ("latest_time", None, None,   {"wang": at(9), "li": at(15)}, {},
     at(15), ""),
    # what each added or took away, on top of what the master has
    ("sum",       D(10),  D(10),  {"wang": D(12), "li": D(15)},     {},           D(17),     ""),
    ("sum",       D(10),  D(10),  {"wang": D(8), "li": D(15)},      {},           D(13),     ""),
    ("sum",       D(10),  D(20),  {"wang": D(12)},                  {},           D(22),     ""),
    ("sum",       D(10),  D(12),  {"wang": D(12), "li": D(15)},     {},           D(17),     ""),
    ("sum",       None,   None,   {"wang": D(2), "li": D(5)},       {},           D(7),      ""),
    ("sum",       D(10),  D(10),  {"wang": D(12), "wang 2": D(15)}, {},           D(17),     ""),
    ("sum",       D(10),  D(10),  {"wang": D(12), "li": D(12)},     {},           D(12),     ""),
    ("sum",       D(10),  D(10),  {"wang": D(12), "li": D(12), "boss": D(15)}, {}, D(10),    "H_CELL"),
    ("sum",       D(10),  D(10),  {"wang": None, "li": D(12)},      {},           D(10),     "H_CELL"),
    ("sum",       D(10),  D(10),  {"wang": D(90), "li": D(80)},     {},           D(10),     "H_CELL"),
    # one person's word counts for more, but only if that person knew what the master has
    ("owner_wins", "x",   "x",    {"wang": "w", "li": "l"},         {},           "w",       ""),
    ("owner_wins", "x",   "x",    {"boss": "b", "li": "l"},         {},           "x",       "H_CELL"),
    ("owner_wins", "x",   "x",    {"wang": None, "li": "l"},        {},           None,      ""),
    ("owner_wins", "x",   "y",    {"wang": "w"},                    {},           "y",       "H_STALE"),
    ("owner_wins", "x",   "x",    {"wang": "w", "wang 2": "v", "li": "l"}, {},    "x",       "H_CELL"),
    ("manager_wins", "x", "x",    {"wang": "w", "boss": "b"},       {},           "b",       ""),
    ("manager_wins", "x", "x",    {"wang": "w", "li": "l"},         {},           "x",       "H_CELL"),
    ("manager_wins", "x", "y",    {"wang": "w", "boss": "b"},       {},           "y",       "H_CELL"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "issued", "now", "claims", "bases", "after", "asked"), TABLE)
def test_policies(
    field: str, issued: Any, now: Any, claims: dict[str, Any], bases: dict[str, Any], after: Any, asked: str
) -> None:
    """U4: each row is a cell as issued, as it is now, what came back, what it comes to, and what is asked."""
    outcome = returned(field, issued, now, claims, bases).merge()
    found = outcome.master["customers"].get("a", field)
    assert (tuple(sorted(found)) if isinstance(found, tuple) else found, "".join(codes(outcome))) == (after, asked)
    assert sum(buckets(outcome).values()) == len(claims)
    assert ("conflict" in buckets(outcome)) is bool(asked)


POOL: Mapping[str, Sequence[Any]] = {
    "ask": (None, D(1), D(2), D(3)),
    "union": (None, ("a",), ("a", "b"), ("b", "c")),
    "append": (None, "x", "x\na", "x\nb", "y"),
    "max": (None, D(1), D(2), D(3)),
    "min": (None, D(1), D(2), D(3)),
    "latest": (None, day(1), day(2), day(3)),
    "sum": (None, D(1), D(2), D(50), D(90)),
    "owner_wins": (None, "a", "b", "c"),
    "manager_wins": (None, "a", "b", "c"),
}


@st.composite
def rounds(draw: Any, field: str) -> tuple[Round, list[int]]:
    """Up to five claims on a cell, most from one state, and an order in which they come in."""
    value = st.sampled_from(POOL[field])
    copies = sorted(draw(st.sets(st.sampled_from(["wang", "wang 2", "li", "li 2", "boss"]), min_size=2)))
    issued = draw(value)
    bases = draw(st.dictionaries(st.sampled_from(["wang", "li"]), value, max_size=1))
    now = draw(st.one_of(st.just(issued), value))
    round_ = returned(field, issued, now, {who: draw(value) for who in copies}, bases)
    return round_, draw(st.permutations(range(len(round_.submissions))))


@pytest.mark.parametrize("field", POOL)
def test_the_order_of_copies_plays_no_part(field: str) -> None:
    """L3: a policy is a function of the base and the set of claims: any order, and each copy twice, says the same."""

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(rounds(field))
    def check(drawn: tuple[Round, list[int]]) -> None:
        round_, order = drawn
        expected = round_.merge()
        shuffled = [round_.submissions[at] for at in order]
        round_.submissions = [*shuffled, *shuffled]
        assert _said(round_.merge()) == _said(expected)

    check()


def _said(outcome: Outcome) -> tuple[Any, ...]:
    asked = [(q.id, q.code, q.digest, q.base, q.choices, sorted(map(repr, q.claims))) for q in outcome.questions]
    return outcome.master, asked, outcome.buckets, outcome.changes


ANSWERS: list[tuple[str, list[tuple[str, Any]], Any, dict[str, int]]] = [
    # field    answers, one after the other            comes to  edits of wang and li
    ("ask",    [("claim:0", None)],                    D(2),     {"applied": 1, "superseded": 1}),
    ("ask",    [("claim:0", None), ("claim:1", None)], D(3),     {"applied": 1, "superseded": 1}),
    ("ask",    [("claim:1", None), ("master", None)],  D(1),     {"superseded": 2}),
    ("ask",    [("value", D(9)), ("base", None)],      D(1),     {"superseded": 2}),
    ("ask",    [("master", None), ("value", D(9))],    D(9),     {"superseded": 2}),
    ("ask",    [("claim:0", None), (WITHDRAWN, None)], D(1),     {"conflict": 2}),
    ("append", [("both", None)],                       "y\nz",   {"applied": 2}),
    ("append", [("both", None), ("claim:1", None)],    "z",      {"applied": 1, "superseded": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "answers", "after", "placed"), ANSWERS)
def test_amended_answers(field: str, answers: list[tuple[str, Any]], after: Any, placed: dict[str, int]) -> None:
    """The last answer to the same candidates holds; one that is taken back asks again."""
    issued, one, two = (D(1), D(2), D(3)) if field == "ask" else ("x", "y", "z")
    round_ = returned(field, issued, issued, {"li": one, "wang": two}, {})
    [question] = round_.merge().questions
    round_.resolutions = [
        dataclasses.replace(answer(question, choice, value), at=f"2026-11-20T10:0{n}")
        for n, (choice, value) in enumerate(answers)
    ]
    outcome = round_.merge()
    assert outcome.master["customers"].get("a", field) == after
    assert buckets(outcome) == placed
    assert len(outcome.questions) == placed.get("conflict", 0) / 2


ISSUED = {"phone": "1", "plan": "p", "stage": "s", "amount": D(1)}
UNITS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    # merged by  changed since     wang                 li                    comes to                       asked
    ("cell",     {},               {"phone": "2"},      {"plan": "q"},        {"phone": "2", "plan": "q"},   ""),
    ("cell",     {"plan": "m"},    {"phone": "2"},      {},                   {"phone": "2", "plan": "m"},   ""),
    ("group",    {},               {"stage": "t"},      {"phone": "2"},       {"stage": "t", "phone": "2"},  ""),
    ("group",    {},               {"stage": "t"},      {"amount": D(2)},     {"stage": "s", "amount": D(1)}, "H_CELL"),
    ("group",    {},               {"stage": None},     {"amount": D(2)},     {"stage": "s", "amount": D(1)}, "H_CELL"),
    ("group",    {},               {"stage": "t", "amount": D(2)}, {"stage": "t", "amount": D(2)},
     {"stage": "t", "amount": D(2)}, ""),
    ("group",    {},               {"stage": "t"},      {"stage": "t", "amount": D(2)},
     {"stage": "s", "amount": D(1)}, "H_CELL"),
    ("group",    {"amount": D(5)}, {"stage": "t"},      {},                   {"stage": "s", "amount": D(5)},
     "H_STALE"),
    ("group",    {"phone": "9"},   {"stage": "t"},      {},                   {"stage": "t", "phone": "9"},  ""),
    ("row",      {},               {"phone": "2"},      {},                   {"phone": "2"},                ""),
    ("row",      {},               {"phone": "2"},      {"phone": "2"},       {"phone": "2"},                ""),
    ("row",      {},               {"phone": "2"},      {"plan": "q"},        {"phone": "1", "plan": "p"},   "H_CELL"),
    ("row",      {},               {"phone": None},     {"plan": "q"},        {"phone": "1", "plan": "p"},   "H_CELL"),
    ("row",      {"plan": "m"},    {"phone": "2"},      {},                   {"phone": "1", "plan": "m"},   "H_STALE"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "since", "wang", "li", "after", "asked"), UNITS)
def test_how_much_merges_as_one(
    unit: str, since: dict[str, Any], wang: dict[str, Any], li: dict[str, Any], after: dict[str, Any], asked: str
) -> None:
    """Cell, named group or row: who touch the same unit differently are asked about the whole of it, once (U4)."""
    schema = BY_ROW if unit == "row" else SCHEMA
    round_ = started(schema, {"a": ISSUED}, now={"a": since})
    round_.back("wang", customers={"a": wang})
    round_.back("li", customers={"a": li})
    outcome = round_.merge()
    assert {name: outcome.master["customers"].get("a", name) for name in after} == after
    assert "".join(codes(outcome)) == asked


@pytest.mark.parametrize("unit", ["group", "row"])
def test_an_answer_takes_the_whole_unit(unit: str) -> None:
    """The chosen claim's fields all come in, those of the other none; two versions of one person are asked likewise."""
    schema = BY_ROW if unit == "row" else SCHEMA
    round_ = started(schema, {"a": ISSUED})
    round_.back("wang", customers={"a": {"stage": "t"}})
    round_.back("wang", 2, customers={"a": {"amount": D(2)}})
    [question] = round_.merge().questions
    assert question.code == "H_DIVERGED"
    pick = next(n for n, claim in enumerate(question.claims) if dict(claim.row)["amount"] == D(2))
    round_.resolutions = [answer(question, f"claim:{pick}")]
    outcome = round_.merge()
    assert outcome.master["customers"].get("a", "stage") == "s"
    assert outcome.master["customers"].get("a", "amount") == D(2)
    assert buckets(outcome) == {"applied": 1, "superseded": 1}


def test_what_is_rejected_in_a_row_leaves_the_rest_of_it_alone() -> None:
    """Merged by row: an edit without the right is kept out, the other one of the same row arrives."""
    round_ = started(BY_ROW, {"a": ISSUED})
    round_.back("zhao", customers={"a": {"phone": "2", "name": "b"}})
    outcome = round_.merge()
    assert outcome.master["customers"].get("a", "phone") == "2"
    assert buckets(outcome) == {"applied": 1, "rejected": 1}
