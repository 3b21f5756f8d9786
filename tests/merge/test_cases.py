"""The cases of MERGE.md section 3, one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from custsheet.model import Unreadable


def buckets(outcome) -> dict[str, int]:
    return {name: n for name, n in outcome.count().items() if n and name != "total"}


def codes(outcome) -> list[str]:
    return [question.code for question in outcome.questions]


def test_case_1_nothing_edited(start: Callable):
    """An unedited copy makes no edit, no change and no question."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang")

    outcome = round_.merge()
    assert (outcome.count()["total"], outcome.changes, outcome.questions) == (0, (), ())
    assert outcome.master == round_.opening


def test_case_2_one_side_edits(start: Callable):
    """What one member changed is applied, under that member's name."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert round_.cell(outcome, "a", "phone") == "2"
    assert [(c.field, c.old, c.new, c.members) for c in outcome.changes] == [("phone", "1", "2", ("wang",))]


def test_case_3_the_same_value_from_two(start: Callable):
    """The same value from two members is one change with both names."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert [c.members for c in outcome.changes] == [("li", "wang")]
    assert buckets(outcome) == {"applied": 2}


def test_case_4_different_values(start: Callable):
    """Different values are a conflict, and the master keeps what it had."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "3"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_CELL"]
    assert round_.cell(outcome, "a", "phone") == "1"
    assert buckets(outcome) == {"conflict": 2}


def test_case_10_a_new_row(start: Callable):
    """A new row keeps the id of its spare place, and a blank owner is the one who added it."""
    round_ = start({"a": {}})

    round_.back("li", customers={"new": [{"name": "示例新客户", "phone": "5"}]})

    outcome = round_.merge()
    assert round_.cell(outcome, "customers-li1-spare0", "owner") == "li"
    assert buckets(outcome) == {"applied": 2}


def test_case_23_stale_but_untouched(start: Callable):
    """A copy of an older state is applied where the master has not moved."""
    round_ = start({"a": {"phone": "1", "plan": "x"}}, now={"a": {"plan": "y"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    assert round_.cell(round_.merge(), "a", "phone") == "2"


def test_case_24_stale_and_agreed(start: Callable):
    """Where the master has moved to the very value that came back, nothing is to be done."""
    round_ = start({"a": {"phone": "1"}}, now={"a": {"phone": "2"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    assert buckets(round_.merge()) == {"same": 1}


def test_case_25_stale_and_different(start: Callable):
    """Where the master has moved to another value, a person decides."""
    round_ = start({"a": {"phone": "1"}}, now={"a": {"phone": "3"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_STALE"]
    assert round_.cell(outcome, "a", "phone") == "3"


def test_case_37_read_only_column(start: Callable):
    """An edit where the member may only read is kept out and reported."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("zhao", customers={"a": {"name": "b", "phone": "2"}})

    outcome = round_.merge()
    assert buckets(outcome) == {"applied": 1, "rejected": 1}
    assert round_.cell(outcome, "a", "name") == "a"
    assert [(f.code, f.where.cell) for f in round_.findings] == [("R_READ_ONLY", "B3")]


def test_case_39_unreadable_value(start: Callable):
    """A value that cannot be read stays out; other cells of the row go on."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2", "amount": Unreadable("十来万")}})

    assert buckets(round_.merge()) == {"applied": 1, "rejected": 1}
