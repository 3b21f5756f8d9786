"""Answers from several hands: the same one counts once, different ones are asked again in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custsheet.books.question_texts import Asked, short_time
from custsheet.errors import CustsheetError
from custsheet.fields.base import Language
from custsheet.merging.questions import WITHDRAWN
from custsheet.merging.standing import PREFIX
from custsheet.messages import fix, say
from custsheet.model import CellRef, Finding, Question, Resolution, Tables, Value
from custsheet.schema.labels import Labels
from custsheet.workspace.editing import problems_of
from custsheet.workspace.folder import Folder

DISPUTED = "disputed"
"""The reason of a withdrawn answer: two people differ, so that no rule decides either."""


def asked(folder: Folder, question: Question, labels: Labels) -> Asked:
    """Return a question with the words that a person reads of it."""
    return Asked(question, folder.schema, folder.names, labels.value, folder.settings.language)


class Agreement:
    """Weighs what several workbooks answer against one another and against what was answered before."""

    def __init__(
        self, folder: Folder, questions: Mapping[str, Question], given: Sequence[Resolution], labels: Labels
    ) -> None:
        self._folder, self._questions, self._labels = folder, questions, labels
        self._given = {(r.question, r.digest): r for r in given if r.choice != WITHDRAWN}
        self.findings: list[Finding] = []

    def of(self, sources: Sequence[tuple[str, Resolution]]) -> list[Resolution]:
        """Return the answers that count, (who or which file, answer) given in order."""
        by_question: dict[str, list[tuple[str, Resolution]]] = {}
        for source, answer in sources:
            by_question.setdefault(answer.question, []).append((source, answer))
        weighed = (self._one(told) for told in by_question.values())
        return [answer for answer in weighed if answer is not None]

    def _one(self, told: Sequence[tuple[str, Resolution]]) -> Resolution | None:
        """Weigh the answers to one question; the one given before is taken back where another differs from it."""
        source, answer = told[0]
        other = next(((name, a) for name, a in told if not is_same(a, answer)), None)
        before = self._given.get((answer.question, answer.digest))
        if before is not None and before.reason.startswith(PREFIX):
            before = None  # what a person says of one question goes before a rule
        if other is not None:
            self._differ(self._said(source, answer), self._said(*other), answer)
        elif before is None:
            return answer if self._keeps_rules(answer) else None
        elif is_same(before, answer):
            return None
        else:
            by = f"{self._folder.names.get(before.by, before.by)} {short_time(before.at)}"
            self._differ(self._said(by, before), self._said(source, answer), answer)
        return Resolution(answer.question, answer.digest, WITHDRAWN, by=answer.by, at=answer.at, reason=DISPUTED)

    def _said(self, source: str, answer: Resolution) -> str:
        about = asked(self._folder, self._questions[answer.question], self._labels)
        text = about.own(answer) or about.choices.get(answer.choice, answer.choice)
        return f"{source} → {text}"

    def _differ(self, first: str, second: str, answer: Resolution) -> None:
        facts = (("first", first), ("second", second))
        self.findings.append(self._finding("F_ANSWER_DIFFERS", answer, facts))

    def _keeps_rules(self, answer: Resolution) -> bool:
        """Tell whether an own value keeps the rules of its row; a finding says which it breaks."""
        q = self._questions[answer.question]
        if answer.choice != "value" or not (q.field and q.rid):
            return True
        folder, language = self._folder, self._folder.settings.language
        field = folder.schema.tables[q.table].fields[q.field]
        try:
            master = folder.ledger.tables(folder.schema)
            found = problems_of(folder, master, (q.table, q.rid, field), answer.value, self._typed(q, master))
            bad = [f for f in found if f.severity in ("rejected", "error")]
            why = " ".join(dict.fromkeys(_said(f, language) for f in bad))
        except CustsheetError as problem:
            why = say(problem.code, language, **problem.facts)
        if not why:
            return True
        self.findings.append(self._finding("F_ANSWER_RULE", answer, (("why", why),)))
        return False

    def _typed(self, question: Question, master: Tables) -> dict[str, Value] | None:
        """Return a row that waits outside the master, as the question says that it waits for; None for any other."""
        if question.rid in master[question.table].by_rid:
            return None
        about = (q for q in (question, *self._questions.values()) if (q.table, q.rid) == (question.table, question.rid))
        return next((dict(claim.row) for q in about for claim in q.claims if claim.row), None)

    def _finding(self, code: str, answer: Resolution, facts: tuple[tuple[str, str], ...]) -> Finding:
        about = asked(self._folder, self._questions[answer.question], self._labels)
        q, value = about.question, about.own(answer)
        where = CellRef(table=q.table, rid=q.rid, field=q.field, label=q.label)
        said = (("label", q.label), ("field", about.place), ("value", value), *facts)
        return Finding(code, "warning", where, value=value, facts=said)


def is_same(one: Resolution, other: Resolution) -> bool:
    """Tell whether two answers come to the same."""
    return (one.choice, one.value) == (other.choice, other.value) or (
        one.value is not None and one.value == other.value
    )


def _said(finding: Finding, language: Language) -> str:
    """Say what a value breaks; of a bound what it has to be instead."""
    is_bound = finding.code == "R_VALUE"
    return (fix if is_bound else say)(finding.code, language, **_facts(finding))


def _facts(finding: Finding) -> dict[str, str]:
    return {**dict(finding.facts), "value": finding.value, "rule": finding.rule, "label": finding.where.label}
