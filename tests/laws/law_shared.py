"""What the laws share: pictures of an outcome, and which submissions count, told without the code under test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from law_world import World

from custsheet.merging import state_digest
from custsheet.merging.versions import mark
from custsheet.model import Outcome, Submission, Table

NOT_ASK = {"tags", "notes", "next"}
"""Fields with a policy of their own."""


def rows_of(outcome: Outcome) -> dict[str, dict[str, tuple]]:
    return {name: dict(table.items()) for name, table in outcome.master.items()}


def picture(outcome: Outcome) -> tuple:
    """Everything that a merge says, without the order in which it says it."""
    questions = sorted(
        (q.id, q.code, q.digest, q.choices, repr(q.master), sorted((c.member, repr(c.value), c.copy) for c in q.claims))
        for q in outcome.questions
    )
    findings = Counter((f.code, f.where.table, f.where.rid, f.where.field, f.facts) for f in outcome.findings)
    return (state_digest(outcome.master), questions, findings, dict(outcome.buckets), set(outcome.changes))


def as_rows(table: Table | None) -> Mapping[str, tuple]:
    return table.by_rid if table is not None else {}


def heads(world: World, submissions: Sequence[Submission] = ()) -> list[Submission]:
    """The submissions that count, told without the code under test: chains of versions that share an edit."""
    found: list[Submission] = []
    for submission in submissions or world.submissions():
        mine = [s for s in found if s.copy == submission.copy]
        for s in mine:
            if not s.edits or {mark(e) for e in s.edits} & {mark(e) for e in submission.edits}:
                found.remove(s)
        found.append(submission)
    return found
