"""Rules looked at after the merge: what is held because of one may break another, until all that is left can stand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from merge_bench import Round, answer, buckets, codes, started

from custsheet.schema import from_body


def _text(name: str) -> dict[str, Any]:
    return {"type": "text", "title": {"zh": name, "en": name}}


BODY: dict[str, Any] = {
    "schema": "chains",
    "version": "1",
    "title": "chains",
    "language": "zh",
    "tables": {
        "customers": {
            "title": "customers",
            "key": ["name"],
            "owner": "owner",
            "fields": {
                "name": _text("name") | {"required": True},
                "owner": {"type": "member", "title": "owner", "required": True},
                **{name: _text(name) for name in ("first", "second", "third", "code")},
            },
            "rules": [
                {"name": "first needs second", "when": {"first": ["x"]}, "require": ["second"]},
                {"name": "second needs third", "when": {"second": ["x"]}, "require": ["third"]},
                {"name": "third needs code", "when": {"third": ["x"]}, "require": ["code"]},
                {"name": "one code", "unique": ["code"]},
            ],
        },
        "log": {"title": "log", "fields": {"content": _text("content")}},
    },
    "roles": {"sales": {"*": {"rows": "all", "see": "*", "edit": "*", "add": True}}} | {
        role: {"*": {"rows": "all", "see": "*", "edit": "*", "add": True, "reassign": True}}
        for role in ("own", "reader", "manager")
    },
}  # fmt: skip
SCHEMA = from_body(BODY)
Typed = dict[str, dict[str, dict[str, Any]]]
KEPT = ("", "", "", "")

TABLE: list[tuple[Typed, list[str], dict[str, tuple[str, str, str, str]]]] = [
    # who types what into which row; what is asked; the rows afterwards
    ({"wang": {"a": {"first": "x", "second": "y"}}},                [],                   {"a": ("x", "y", "", "")}),
    ({"wang": {"a": {"first": "x"}}},                               ["H_RULE"],           {"a": KEPT}),
    ({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "y"}}}, [],                   {"a": ("x", "y", "", "")}),
    ({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "x"}}}, ["H_RULE", "H_RULE"], {"a": KEPT}),
    ({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "x"}}, "chen": {"a": {"third": "y"}}},
     [], {"a": ("x", "x", "y", "")}),
    ({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "x"}}, "chen": {"a": {"third": "x"}}},
     ["H_RULE", "H_RULE", "H_RULE"], {"a": KEPT}),
    # the last link is in conflict, so the whole chain waits
    ({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "y"}}, "boss": {"a": {"second": "z"}}},
     ["H_CELL", "H_RULE"], {"a": KEPT}),
    # a clash of two rows pulls the chain of one of them
    ({"wang": {"a": {"code": "7", "third": "x"}}, "li": {"b": {"code": "7"}}},
     ["H_RULE", "H_UNIQUE", "H_UNIQUE"], {"a": KEPT, "b": KEPT}),
    ({"wang": {"a": {"code": "7", "third": "x", "second": "x", "first": "x"}}, "li": {"b": {"code": "7"}}},
     ["H_RULE", "H_RULE", "H_RULE", "H_UNIQUE", "H_UNIQUE"], {"a": KEPT, "b": KEPT}),
    # a value that somebody gives up is free for another row
    ({"wang": {"c": {"code": "8"}}, "li": {"a": {"code": "9"}}},
     [], {"a": ("", "", "", "9"), "c": ("", "", "", "8")}),
    # unless giving it up is held: then the other row's claim clashes after all
    ({"wang": {"c": {"code": "8"}}, "li": {"a": {"code": "9"}}, "boss": {"c": {"code": "6"}}},
     ["H_CELL", "H_UNIQUE"], {"a": KEPT, "c": ("", "", "", "9")}),
]  # fmt: skip


def returned(typed: Typed) -> Round:
    """Three customers; c has code 9."""
    round_ = started(SCHEMA, {"a": {}, "b": {}, "c": {"code": "9"}})
    for who, rows in typed.items():
        round_.back(who, customers=rows)
    return round_


@pytest.mark.parametrize(("typed", "asked", "after"), TABLE)
def test_chains(typed: Typed, asked: list[str], after: dict[str, tuple[str, str, str, str]]) -> None:
    """Cases 43 and 44: whatever falls with a held claim is held too, in any order of copies."""
    round_ = returned(typed)
    found = set()
    for order in itertools.permutations(round_.submissions):
        outcome = round_.merge(*order)
        rows = {rid: tuple(round_.cell(outcome, rid, f) or "" for f in ("first", "second", "third", "code"))
                for rid in after}  # fmt: skip
        found.add((tuple(sorted(codes(outcome))), tuple(sorted(rows.items()))))
    assert found == {(tuple(sorted(asked)), tuple(sorted(after.items())))}


def test_an_answer_frees_the_rest_of_the_chain() -> None:
    """Let pass where the chain broke, the claims that hung on it come in by themselves."""
    round_ = returned({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "x"}}})
    [broken] = [q for q in round_.merge().questions if dict(q.facts)["rule"] == "second needs third"]
    round_.resolutions = [answer(broken, "both")]
    outcome = round_.merge()
    assert (codes(outcome), buckets(outcome)) == ([], {"applied": 2})


def test_an_answer_to_give_way_leaves_the_rest_waiting() -> None:
    """The second claim is dropped for good, so the first one still has nothing to stand on."""
    round_ = returned({"wang": {"a": {"first": "x"}}, "li": {"a": {"second": "x"}}})
    [broken] = [q for q in round_.merge().questions if dict(q.facts)["rule"] == "second needs third"]
    round_.resolutions = [answer(broken, "master")]
    outcome = round_.merge()
    assert [dict(q.facts)["rule"] for q in outcome.questions] == ["first needs second"]
    assert buckets(outcome) == {"held": 1, "superseded": 1}
    assert outcome.master == round_.opening


def test_new_rows_fall_with_a_rule_as_well() -> None:
    """A new row of a code that a held claim had to give up waits; without the conflict it comes in."""
    free = returned({"wang": {"c": {"code": "8"}}})
    free.back("li", customers={"new": [{"name": "n", "code": "9"}]})
    assert codes(free.merge()) == []
    kept = returned({"wang": {"c": {"code": "8"}}, "boss": {"c": {"code": "6"}}})
    kept.back("li", customers={"new": [{"name": "n", "code": "9"}]})
    assert sorted(codes(kept.merge())) == ["H_CELL", "H_UNIQUE"]
    assert len(kept.merge().master["customers"]) == 3
