"""Versions of one copy, rows that have gone or changed hands, and what comes after an answer: tables to read down."""

from __future__ import annotations

from typing import Any

import pytest
from merge_bench import BODY, Round, answer, buckets, codes, started

from custsheet.schema import from_body

SCHEMA = from_body(BODY)
Cells = dict[str, Any]

VERSIONS: list[tuple[list[Cells], Cells, list[str], list[tuple[str, ...]]]] = [
    # versions of li's copy, one after the other        comes to                     asked, said       each one's edits
    ([{"phone": "2"}, {"phone": "2", "plan": "q"}],     {"phone": "2", "plan": "q"}, [],
     [("applied",), ("applied", "applied")]),
    ([{"phone": "2", "plan": "q"}, {"phone": "2"}],     {"phone": "2", "plan": "p"}, ["F_SUPERSEDED"],
     [("applied", "superseded"), ("applied",)]),
    ([{"phone": "2", "plan": "q"}, {"phone": "2", "plan": "r"}], {"phone": "2", "plan": "r"}, ["F_SUPERSEDED"],
     [("applied", "superseded"), ("applied", "applied")]),
    ([{}, {"phone": "2"}],                              {"phone": "2", "plan": "p"}, [],
     [(), ("applied",)]),
    ([{"phone": "2"}, {}],                              {"phone": "2", "plan": "p"}, [],
     [("applied",), ()]),
    ([{"phone": "2"}, {"plan": "q"}],                   {"phone": "2", "plan": "q"}, [],
     [("applied",), ("applied",)]),
    ([{"phone": "2"}, {"phone": "3"}],                  {"phone": "1", "plan": "p"}, ["H_DIVERGED"],
     [("conflict",), ("conflict",)]),
    ([{"phone": "2"}, {"plan": "q"}, {"phone": "2", "plan": "q"}], {"phone": "2", "plan": "q"}, [],
     [("applied",), ("applied",), ("applied", "applied")]),
    ([{"phone": "2"}, {"phone": "3"}, {"phone": "2", "plan": "q"}], {"phone": "1", "plan": "q"}, ["H_DIVERGED"],
     [("conflict",), ("conflict",), ("conflict", "applied")]),
]  # fmt: skip


@pytest.mark.parametrize(("versions", "after", "said", "placed"), VERSIONS)
def test_two_versions_of_one_copy(
    versions: list[Cells], after: Cells, said: list[str], placed: list[tuple[str, ...]]
) -> None:
    """Case 26: a version that carries an edit goes on from the one before, one that carries none is a branch (P17)."""
    round_ = started(SCHEMA, {"a": {"phone": "1", "plan": "p"}})
    for number, cells in enumerate(versions, 1):
        round_.back("li", number, customers={"a": cells})
    outcome = round_.merge()
    assert {name: round_.cell(outcome, "a", name) for name in after} == after
    assert [*codes(outcome), *(f.code for f in outcome.findings)] == said
    assert [outcome.buckets["li-1", number] for number in range(1, len(versions) + 1)] == placed


HANDED: list[tuple[dict[str, Cells], Cells, list[str], Cells]] = [
    # typed by the former owner (chen) and others           comes to               asked             if it is taken
    ({"chen": {"phone": "2"}},                              {"phone": "1"},        ["H_REASSIGNED"], {"phone": "2"}),
    ({"chen": {"phone": "2"}, "li": {"phone": "2"}},        {"phone": "2"},        [],               {}),
    ({"chen": {"phone": "2"}, "li": {"phone": "3"}},        {"phone": "1"},        ["H_CELL"],       {}),
    ({"chen": {"phone": "2"}, "li": {"plan": "q"}},         {"phone": "1", "plan": "q"}, ["H_REASSIGNED"],
     {"phone": "2", "plan": "q"}),
    ({"chen": {"tags": ("新",)}},                           {"tags": None},        ["H_REASSIGNED"], {"tags": ("新",)}),
    ({"chen": {"tags": ("新",)}, "li": {"tags": ("老",)}},  {"tags": None},        ["H_CELL"],       {}),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "after", "asked", "taken"), HANDED)
def test_handed_over(typed: dict[str, Cells], after: Cells, asked: list[str], taken: Cells) -> None:
    """Case 30: what the former owner typed waits as a proposal, and never stands over the new owner's own edit."""
    round_ = started(SCHEMA, {"a": {"owner": "chen", "phone": "1", "plan": "p"}}, now={"a": {"owner": "li"}})
    for who, cells in typed.items():
        round_.back(who, customers={"a": cells})
    outcome = round_.merge()
    assert ({name: round_.cell(outcome, "a", name) for name in after}, codes(outcome)) == (after, asked)
    if taken:
        round_.resolutions = [answer(outcome.questions[0], "claim:0")]
        then = round_.merge()
        assert {name: round_.cell(then, "a", name) for name in taken} == taken


def test_a_row_that_left_a_team_is_handed_over_too() -> None:
    """Who may change the rows of a team proposes only, once a row belongs to somebody outside of it."""
    body = BODY | {"roles": BODY["roles"] | {"sales": {"customers": {"rows": "team", "see": "*", "edit": "*"}}}}
    round_ = started(from_body(body), {"a": {"owner": "wang"}, "b": {"owner": "wang"}}, now={"a": {"owner": "li"}})
    round_.back("wang", customers={"a": {"phone": "2"}, "b": {"phone": "2"}})
    outcome = round_.merge()
    assert [(q.code, q.rid) for q in outcome.questions] == [("H_REASSIGNED", "a")]
    assert buckets(outcome) == {"held": 1, "applied": 1}


GONE: list[tuple[dict[str, Cells], list[str], str, Cells | None, list[str]]] = [
    # typed into the deleted row                        asked           answer    comes to         then asked
    ({"wang": {"phone": "2"}},                          ["H_ROW_GONE"], "keep",   {"phone": "2"},  []),
    ({"wang": {"phone": "2"}},                          ["H_ROW_GONE"], "delete", None,            []),
    ({"wang": {"phone": "2"}, "li": {"plan": "q"}},     ["H_ROW_GONE"], "keep",   {"phone": "2", "plan": "q"}, []),
    ({"wang": {"phone": "2"}, "li": {"phone": "3"}},    ["H_ROW_GONE"], "keep",   {"phone": "1"},  ["H_CELL"]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "asked", "choice", "after", "then"), GONE)
def test_the_row_is_gone_by_now(
    typed: dict[str, Cells], asked: list[str], choice: str, after: Cells | None, then: list[str]
) -> None:
    """Case 45: it stays gone until somebody says to bring it back with the edits, which then go the usual way."""
    round_ = started(SCHEMA, {"a": {"phone": "1", "plan": "p"}}, now={"a": None})
    for who, cells in typed.items():
        round_.back(who, customers={"a": cells})
    outcome = round_.merge()
    assert (codes(outcome), outcome.master["customers"].rids) == (asked, ())
    assert set(buckets(outcome)) == {"conflict"}
    round_.resolutions = [answer(outcome.questions[0], choice)]
    settled = round_.merge()
    there = "a" in settled.master["customers"].rids
    assert {name: round_.cell(settled, "a", name) for name in after or ()} == (after or {})
    assert (there, codes(settled)) == (after is not None, then)


def test_asking_to_delete_a_row_that_is_gone_is_no_question() -> None:
    """It is so already; another's edit of it is still asked about."""
    round_ = started(SCHEMA, {"a": {"phone": "1"}}, now={"a": None})
    round_.back("wang", customers={"delete": ["a"]})
    assert buckets(round_.merge()) == {"same": 1}
    round_.back("li", customers={"a": {"phone": "2"}})
    assert codes(round_.merge()) == ["H_ROW_GONE"]


AFTER: list[tuple[str, Any, Any, Any, str]] = [
    # answer      own value  then typed  comes to  asked again
    ("claim:1",   None,      "2",        "3",      ""),
    ("claim:1",   None,      "3",        "3",      ""),
    ("claim:1",   None,      "4",        "3",      "H_STALE"),
    ("claim:1",   None,      None,       "3",      "H_STALE"),
    ("master",    None,      "2",        "1",      ""),
    ("master",    None,      "4",        "1",      "H_STALE"),
    ("base",      None,      "3",        "1",      ""),
    ("value",     "9",       "9",        "9",      ""),
    ("value",     "9",       "4",        "9",      "H_STALE"),
    ("both",      None,      "2",        "2\n3",   ""),
]  # fmt: skip


@pytest.mark.parametrize(("choice", "own", "typed", "after", "asked"), AFTER)
def test_after_an_answer(choice: str, own: Any, typed: Any, after: Any, asked: str) -> None:
    """Cases 49 and 50: a known value changes nothing; a new one asks again, with the answer in place meanwhile."""
    round_ = _conflict()
    round_.resolutions = [answer(round_.merge().questions[0], choice, own)]
    round_.back("boss", customers={"a": {"phone": typed}})
    outcome = round_.merge()
    assert (round_.cell(outcome, "a", "phone"), "".join(codes(outcome))) == (after, asked)
    assert [q.master for q in outcome.questions] == ([after] if asked else [])


def _conflict() -> Round:
    round_ = started(SCHEMA, {"a": {"phone": "1"}})
    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "3"}})
    return round_
