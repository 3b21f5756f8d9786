"""Standing rules: what a person decided once for a member and a field, and the questions that this answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, cast

from custsheet.merging.questions import WITHDRAWN
from custsheet.model import Claim, Question, Resolution, Standing, StandingChoice

ANSWERED: Final = frozenset({"H_CELL", "H_STALE", "H_DIVERGED", "H_IMPORT"})
"""Codes that a rule may answer: one cell and the values for it. Rows that go, and doubtful files, ask a person."""
PREFIX: Final = "rule:"


def as_resolution(rule: Standing) -> Resolution:
    """Return a rule as the ledger keeps it: an answer whose question is the rule itself."""
    return Resolution(rule.id, "", rule.choice, (rule.member, rule.table, rule.field), by=rule.by, at=rule.at)


def taken_away(rule: Standing, *, by: str, at: str) -> Resolution:
    """Return what takes a rule away."""
    return Resolution(rule.id, "", WITHDRAWN, by=by, at=at)


def in_force(resolutions: Iterable[Resolution]) -> list[Standing]:
    """Return the rules among answers, given in order: of each the last word counts."""
    last = {r.question: r for r in resolutions if r.question.startswith(PREFIX)}
    return [
        Standing(*cast("tuple[str, str, str]", r.value), cast("StandingChoice", r.choice), r.by, r.at)
        for r in last.values()
        if r.choice != WITHDRAWN
    ]


def answer_by_rule(question: Question, rules: Sequence[Standing], *, at: str) -> Resolution | None:
    """Return the answer that the rules give to a question; None where there is none, or two that disagree.

    The rule that says more goes first: one for a person and a field before one for a person, before one for all.
    """
    if question.code not in ANSWERED or not (question.field or all(claim.row for claim in question.claims)):
        return None
    matching = [rule for rule in rules if _is_about(rule, question)]
    most = max(map(_weight, matching), default=None)
    answers = [_answer(rule, question, at) for rule in matching if _weight(rule) == most]
    first = answers[0] if answers else None
    agree = all(a is not None and first is not None and a.choice == first.choice for a in answers)
    return first if agree else None


def _is_about(rule: Standing, question: Question) -> bool:
    return (
        rule.table in ("", question.table)
        and rule.field in ("", question.field, *(name for claim in question.claims for name, _ in claim.row))
        and (not rule.member or any(claim.member == rule.member for claim in question.claims))
    )


def _weight(rule: Standing) -> tuple[bool, bool, bool]:
    return (bool(rule.member), bool(rule.field), bool(rule.table))


def _answer(rule: Standing, question: Question, at: str) -> Resolution | None:
    choice = _latest(rule, question) if rule.choice == "claim" else rule.choice
    return question.answered(choice, by=rule.by, at=at, reason=rule.id) if choice in question.choices else None


def _latest(rule: Standing, question: Question) -> str:
    """The choice of the value that came in last; none where two different ones came at once."""
    claims = [claim for claim in question.claims if rule.member in ("", claim.member)]
    last = max(claim.received for claim in claims)
    values = list(dict.fromkeys(_said(claim) for claim in claims if claim.received == last))
    return _choice_of(values[0], question.claims) if len(values) == 1 else ""


def _choice_of(said: object, claims: Sequence[Claim]) -> str:
    return f"claim:{next(at for at, claim in enumerate(claims) if _said(claim) == said)}"


def _said(claim: Claim) -> object:
    """What is claimed: a value, or those of the fields that merge together."""
    return claim.row or claim.value
