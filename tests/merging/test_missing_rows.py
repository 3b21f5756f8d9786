"""Rows that did not come back: asked about, deleted or left alone as the schema says, and never too many at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from merge_bench import BODY, Round, answer, buckets, codes, started

from custsheet.schema import from_body


def _started(policy: str, count: int, owner: str = "wang") -> Round:
    body = copy.deepcopy(BODY)
    body["tables"]["customers"]["missing_rows"] = policy
    return started(from_body(body), {f"r{n:02}": {"owner": owner, "phone": "1"} for n in range(count)})


TABLE: list[tuple[str, str, int, int, str, list[str], dict[str, int]]] = [
    # policy   whose copy  rows  missing  finding          asked                   edits
    ("ask",    "wang",     8,    1,       "F_ROW_MISSING", ["H_ROW_MISSING"],      {}),
    ("ask",    "wang",     8,    3,       "F_ROW_MISSING", ["H_ROW_MISSING"] * 3,  {}),
    ("ask",    "wang",     8,    4,       "E_ROWS_LOST",   [],                     {}),
    ("ask",    "wang",     50,   5,       "F_ROW_MISSING", ["H_ROW_MISSING"] * 5,  {}),
    ("ask",    "wang",     50,   6,       "E_ROWS_LOST",   [],                     {}),
    ("delete", "wang",     8,    2,       "",              ["H_DELETE"] * 2,       {"held": 2}),
    ("delete", "wang",     8,    4,       "E_ROWS_LOST",   [],                     {}),
    ("delete", "chen",     8,    2,       "F_ROW_MISSING", ["H_ROW_MISSING"] * 2,  {}),
    ("ignore", "wang",     8,    3,       "",              [],                     {}),
    ("ignore", "wang",     8,    4,       "E_ROWS_LOST",   [],                     {}),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "who", "rows", "missing", "finding", "asked", "placed"), TABLE)
def test_missing_rows(
    policy: str, who: str, rows: int, missing: int, finding: str, asked: list[str], placed: dict[str, int]
) -> None:
    """Case 8: whatever the policy, nothing changes by itself; more than three and a tenth of the rows stop the file."""
    round_ = _started(policy, rows, owner=who)
    round_.back(who, customers={"missing": [f"r{n:02}" for n in range(missing)]})
    assert [f.code for f in round_.findings] == ([finding] if finding else [])
    if finding == "E_ROWS_LOST":
        assert round_.findings[0].severity == "refused"
        return
    outcome = round_.merge()
    assert (codes(outcome), buckets(outcome)) == (asked, placed)
    assert outcome.master == round_.opening


@pytest.mark.parametrize(
    ("missing", "lost", "asked"),
    [
        (["r00", "r01"], [], ["H_DELETE", "H_DELETE"]),
        (["r00", "r01"], ["r00", "r01"], ["H_ID_LOST", "H_ID_LOST"]),
        (["r00", "r01"], ["r00"], ["H_ID_LOST", "H_ROW_MISSING", "H_ROW_MISSING"]),
    ],
)
def test_rows_that_lost_their_ids(missing: list[str], lost: list[str], asked: list[str]) -> None:
    """Where a row's id is gone nobody knows whether it is the one that lacks: `delete` deletes nothing then."""
    round_ = _started("delete", 8)
    rows: dict[str, Any] = {f"x{rid}": {"name": rid} for rid in lost}
    round_.back("wang", customers={"missing": missing, **rows, "codes": dict.fromkeys(rows, "H_ID_LOST")})
    outcome = round_.merge()
    assert sorted(codes(outcome)) == asked
    assert outcome.master == round_.opening


def test_a_version_after_an_unedited_one_goes_on_from_it() -> None:
    """The first return had nothing in it: what the second lacks is asked about, as if it had come alone (L19)."""
    round_ = _started("ask", 8)
    round_.back("wang")
    round_.back("wang", 2, customers={"missing": ["r00"], "r05": {"phone": "2"}})
    assert codes(round_.merge()) == ["H_ROW_MISSING"]


def test_a_row_that_one_branch_still_has_is_not_missing() -> None:
    """Two branches of one copy: asked about only what is in neither of them."""
    round_ = _started("ask", 8)
    round_.back("wang", customers={"missing": ["r00", "r01"], "r05": {"phone": "2"}})
    round_.back("wang", 2, customers={"missing": ["r00"], "r06": {"phone": "2"}})
    assert [(q.code, q.rid) for q in round_.merge().questions] == [("H_ROW_MISSING", "r00")]


def test_an_answer_to_delete_holds_while_nobody_changes_the_row() -> None:
    """Deleted with what was known; a value that comes afterwards asks again, the row is gone meanwhile (case 50)."""
    round_ = _started("ask", 8)
    round_.back("wang", customers={"missing": ["r00"]})
    round_.back("li", customers={"r00": {"phone": "2"}})
    round_.resolutions = [answer(round_.merge().questions[0], "delete")]
    known = round_.merge()
    assert "r00" not in known.master["customers"].rids
    assert buckets(known) == {"superseded": 1}
    round_.back("boss", customers={"r00": {"plan": "y"}})
    again = round_.merge()
    assert codes(again) == ["H_ROW_GONE"]
    assert "r00" not in again.master["customers"].rids
    assert buckets(again) == {"superseded": 1, "conflict": 1}
    question = again.questions[0]
    assert ([c.member for c in question.claims], question.default) == (["boss", "li"], "delete")
    round_.resolutions.append(answer(question, "keep"))
    kept = round_.merge()
    assert codes(kept) == []
    assert [kept.master["customers"].get("r00", name) for name in ("phone", "plan")] == ["2", "y"]
    round_.resolutions[-1] = answer(question, "delete")
    gone = round_.merge()
    assert (codes(gone), "r00" in gone.master["customers"].rids) == ([], False)


def test_an_answer_to_keep_is_not_asked_again() -> None:
    """The row was only filtered out: whatever others type into it is no reason to ask once more."""
    round_ = _started("ask", 8)
    round_.back("wang", customers={"missing": ["r00"]})
    round_.resolutions = [answer(round_.merge().questions[0], "keep")]
    round_.back("li", customers={"r00": {"phone": "2"}})
    outcome = round_.merge()
    assert (codes(outcome), outcome.master["customers"].get("r00", "phone")) == ([], "2")


@pytest.mark.parametrize("choice", ["delete", "keep"])
def test_an_answer_holds_when_a_later_version_has_the_row(choice: str) -> None:
    """Case 49: the row is in the next version again, untouched; typed into, it is asked about (case 45)."""
    round_ = _started("ask", 8)
    round_.back("wang", customers={"missing": ["r00"]})
    round_.resolutions = [answer(round_.merge().questions[0], choice)]
    round_.back("wang", 2, customers={"r05": {"phone": "2"}})
    outcome = round_.merge()
    assert (codes(outcome), "r00" in outcome.master["customers"].rids) == ([], choice == "keep")
    assert outcome.master["customers"].get("r05", "phone") == "2"
    round_.back("wang", 3, customers={"r05": {"phone": "2"}, "r00": {"phone": "3"}})
    again = round_.merge()
    assert codes(again) == (["H_ROW_GONE"] if choice == "delete" else [])
    if choice == "delete":
        round_.resolutions.append(answer(again.questions[0], "keep"))
        again = round_.merge()
    assert (codes(again), again.master["customers"].get("r00", "phone")) == ([], "3")
