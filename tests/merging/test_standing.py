"""Which questions a standing rule answers: one cell and the values for it; never rows that go, never doubtful files."""

from __future__ import annotations

import pytest

from custsheet.merging.standing import answer_by_rule, as_resolution, in_force, taken_away
from custsheet.model import Claim, Question, Standing, StandingChoice

NOW = "2026-11-17T09:00:00"
CHOICES = ("master", "base", "claim:0", "claim:1", "both", "value")


def question(code: str = "H_CELL", field: str = "status", choices: tuple[str, ...] = CHOICES) -> Question:
    """李 typed B on Monday, 王 C on Tuesday, both from A."""
    claims = (Claim("li", "B", received="2026-11-16T10:00:00"), Claim("wang", "C", received="2026-11-17T08:00:00"))
    return Question(
        "q1", code, "customers", "r1", field, base="A", master="A", claims=claims, digest="d", choices=choices
    )


def rule(member: str = "", table: str = "", field: str = "", choice: StandingChoice = "claim") -> Standing:
    return Standing(member, table, field, choice, "zhao", "2026-11-16T09:00:00")


@pytest.mark.parametrize(
    "code",
    ["H_MASS_BLANK", "H_SUSPECT_SORT", "H_LATE", "H_ID_LOST", "H_DUP_ID_SPLIT", "H_REASSIGNED", "H_DELETE", "H_RULE"],
)
def test_doubtful_and_whole_rows_are_left_to_a_person(code: str) -> None:
    """Whatever the question offers to choose, a rule takes none of it."""
    for choice in ("claim", "master", "base", "both"):
        assert answer_by_rule(question(code), [rule(choice=choice)], at=NOW) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "choice"),
    [
        ([rule()], "claim:1"),
        ([rule("li")], "claim:0"),
        ([rule("chen")], None),
        ([rule("li", "customers", "phone")], None),
        ([rule(choice="master")], "master"),
        ([rule(choice="base"), rule("li", "customers", "status")], "claim:0"),
        ([rule("li"), rule("wang")], None),
        ([rule("li", choice="both"), rule("wang", choice="both")], "both"),
    ],
)
def test_the_rule_that_says_more_goes_first(rules: list[Standing], choice: str | None) -> None:
    """The latest of those that are meant; a person's and a field's before wide ones; two that contradict none."""
    answer = answer_by_rule(question(), rules, at=NOW)
    assert (answer.choice if answer else None) == choice
    assert answer is None or (answer.by, answer.reason in {r.id for r in rules}) == ("zhao", True)


@pytest.mark.parametrize(
    ("rules", "choice"),
    [
        ([rule("wang", "deals", "amount")], "claim:1"),
        ([rule("li", field="stage")], "claim:0"),
        ([rule()], "claim:1"),
        ([rule("wang", "deals", "product")], None),
    ],
)
def test_a_rule_on_one_of_fields_that_merge_together_answers_for_all(rules: list[Standing], choice: str | None) -> None:
    """Stage and amount are one question, with a row for each claim."""
    claims = tuple(
        Claim(who, None, received=f"2026-11-{day}T10:00:00", row=(("stage", stage), ("amount", amount)))
        for who, day, stage, amount in (("li", 16, "won", 10), ("wang", 17, "lost", None))
    )
    asked = Question("q1", "H_CELL", "deals", "r1", claims=claims, digest="d", choices=CHOICES[:4])
    answer = answer_by_rule(asked, rules, at=NOW)
    assert (answer.choice if answer else None) == choice


def test_what_a_question_does_not_offer_is_no_answer() -> None:
    """Both of two statuses cannot be."""
    assert answer_by_rule(question(choices=CHOICES[:4]), [rule(choice="both")], at=NOW) is None


def test_a_rule_comes_out_of_the_ledger_as_it_went_in() -> None:
    """The last word on each counts: kept, changed, taken away."""
    first, second = rule("li", "customers", "status"), rule("li", "customers", "status", "master")
    other = rule("wang")
    told = [as_resolution(first), as_resolution(other), as_resolution(second)]
    assert in_force(told) == [second, other]
    assert in_force([*told, taken_away(second, by="zhao", at=NOW)]) == [other]
