"""What a question looks like as words: who wants what, the choices of its dropdown, and what each would come to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from custsheet.fields.base import Language, text_of
from custsheet.ids import short_hash
from custsheet.messages import word
from custsheet.model import Claim, Question, Resolution, Unreadable, Value
from custsheet.schema.records import Schema
from custsheet.text import clauses, in_a_row, named

Say = Callable[[str, str, Value], str]
"""(table, field, canonical value) → the value as people say it: labels for refs, names for members."""

LETTERS: Final = {"zh": "甲乙丙丁戊己庚辛壬癸", "en": "ABCDEFGHIJ"}
STATE: Final = "_state"
"""Beside the choices of a question, in their hidden cell: over what it was asked."""
PLAIN_CHOICES: Final = ("master", "base", "both", "value", "keep", "delete", "add", "drop")
OWN_WORDS: Final = frozenset({"add.H_DUP_KEY", "keep.H_ROW_GONE", "delete.H_ROW_GONE"})
"""Choices, each with the kind of question, that are called otherwise there."""
OF_ONE: Final = {"H_CELL": "H_DIVERGED", "H_DELETE_EDIT": "H_DELETE_EDIT_ONE"}
"""Kinds of questions that are called otherwise where all of it is one person's."""
CUT: Final = 60
"""Longest value inside a choice: a dropdown is as wide as its column."""
LEAD_IN: Final = 8
"""Characters shown before the first that differs, where two long values begin alike; and at least of what differs."""


def letter_of(position: int, language: Language) -> str:
    """Return the sign of the n-th candidate: 甲 乙 丙, or A B C; numbers after the tenth."""
    letters = LETTERS[language]
    return letters[position] if position < len(letters) else str(position + 1)


@dataclass(frozen=True, slots=True)
class Party:
    """Those who want the same."""

    claims: tuple[Claim, ...]
    text: str
    """What they want, in words."""
    names: str
    when: str


@dataclass(frozen=True)
class Asked:
    """One question with everything that a person reads of it."""

    question: Question
    schema: Schema
    names: Mapping[str, str]
    say: Say
    language: Language

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """The question's own facts."""
        return dict(self.question.facts)

    @property
    def kind(self) -> str:
        """What happened, in a few words."""
        members = {claim.member for claim in self.question.claims}
        code = self.question.code
        return kind_words(OF_ONE.get(code, code) if len(members) == 1 else code, self.language)

    @property
    def label(self) -> str:
        """The row, as people know it, without its table's name; a new one that has none by what is first in it."""
        q = self.question
        text = (q.label or self.facts.get("label", "")).removeprefix(f"{q.table}/")
        filled = [cell for cell in q.claims[0].row if cell[1] is not None] if q.claims else []
        if text == q.rid and text and filled:
            return word("question.unnamed", self.language, value=_cut(self._said(*filled[0]), self.language))
        return text or self._table_title

    @property
    def place(self) -> str:
        """The field's title, of several those of the fields that differ; the table's where the whole row is meant."""
        q = self.question
        if self._differing:
            return in_a_row(map(self._title, self._differing), self.language)
        fields = self.schema.tables[q.table].fields if q.table in self.schema.tables else {}
        if q.field in fields:
            return self._title(q.field)
        return self.facts.get("title") or self._table_title

    def _title(self, field: str) -> str:
        return self.schema.tables[self.question.table].fields[field].spec.title[self.language]

    @cached_property
    def _differing(self) -> tuple[str, ...]:
        """Of a question about several cells the fields in which its choices differ."""
        table = self.schema.tables.get(self.question.table)
        cells = [{name: value for _, _, name, value in cells} for _, cells in self.question.means]
        if table is None or len(cells) < 2 or len(cells[0]) < 2:
            return ()
        fields = ((name, table.fields[name]) for name in cells[0] if name in table.fields)
        return tuple(name for name, f in fields if len({text_of(f, known[name]) for known in cells}) > 1)

    @property
    def _table_title(self) -> str:
        tables = self.schema.tables
        table = self.question.table
        return tables[table].title[self.language] if table in tables else table

    def value(self, value: Value, fact: str = "") -> str:
        """Return a value of this question's field in words; a fact of that name where several fields are meant."""
        q = self.question
        if isinstance(value, Unreadable):
            return value.raw
        known = q.table in self.schema.tables and q.field in self.schema.tables[q.table].fields
        if not (q.rid and known):
            cells = [(name, said) for _, _, name, said in dict(q.means).get(fact, ())] if self._differing else ()
            return self._lines(cells) or self.facts.get(fact, "")
        return self.say(q.table, q.field, value) if value is not None else ""

    @cached_property
    def parties(self) -> tuple[Party, ...]:
        """The candidates in the order of `claim:0`, `claim:1`, …, each with all who want it; then the others."""
        groups: dict[tuple[object, ...], list[Claim]] = {}
        for claim in self.question.claims:
            groups.setdefault((claim.kind, claim.value, claim.row), []).append(claim)
        return tuple(
            Party(
                tuple(claims),
                self._wanted(claims[0]),
                in_a_row(dict.fromkeys(self.names.get(c.member, c.member) for c in claims), self.language),
                f"{next((short_time(c.received) for c in claims if c.received), '')} {self._not_taken(at)}".strip(),
            )
            for at, claims in enumerate(groups.values())
        )

    def _not_taken(self, at: int) -> str:
        """Say of a value that is asked about, and that its field does not take any more, why it cannot be chosen."""
        q = self.question
        is_lost = "value" in q.choices and at < len(q.digest.split(".")) and f"claim:{at}" not in q.choices
        return word("question.not_taken", self.language) if is_lost else ""

    def is_out(self, at: int) -> bool:
        """Tell whether a candidate is shown only as text, because its field does not take it any more."""
        return bool(self._not_taken(at))

    def _wanted(self, claim: Claim) -> str:
        if claim.kind == "delete":
            is_missing = self.question.code == "H_ROW_MISSING"
            if claim.row:
                return f"{word('question.wants_delete_too', self.language)}\n{self._lines(claim.row)}"
            return word("question.without" if is_missing else "question.wants_delete", self.language)
        q = self.question
        if claim.row:
            return self._lines([c for c in claim.row if claim.kind != "add" or c[1] is not None])
        if "detail" in self.facts:
            return self.facts["detail"]
        if not (q.field and q.rid):
            return word("question.wants_many", self.language, count=self.facts.get("count", ""))
        return self.value(claim.value) or word("question.blank", self.language)

    def _lines(self, cells: Iterable[tuple[str, Value]]) -> str:
        """Say cells, a line each; where choices differ in some of them, only those."""
        table, blank = self.question.table, word("question.blank", self.language)
        fields = self._differing or (self.schema.tables[table].fields if table in self.schema.tables else {})
        said = (
            named(self._title(name), self._said(name, v) or blank, self.language) for name, v in cells if name in fields
        )
        return "\n".join(said)

    def _said(self, field: str, value: Value) -> str:
        return value.raw if isinstance(value, Unreadable) else self.say(self.question.table, field, value)

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """Choice → what stands in the dropdown, in order; the first characters tell them apart."""
        return {choice: self._choice(choice) for choice in self.question.choices}

    def _choice(self, choice: str) -> str:
        if choice.startswith("claim:"):
            position = int(choice.partition(":")[2])
            sign = letter_of(position, self.language)
            if position >= len(self.parties):
                return sign
            party = self.parties[position]
            value = _cut(party.text, self.language, self._texts)
            return word("question.choice.claim", self.language, sign=sign, value=value, names=party.names)
        values = {"master": self.value(self.question.master, "master"), "base": self.value(self.question.base, "base")}
        lead = self._lead(choice)
        if choice in values and not self._row_only:
            blank = word("question.blank", self.language)
            value = _cut(values[choice] or blank, self.language, self._texts)
            return word("question.choice.with", self.language, lead=lead, value=value)
        return lead

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """All that the choices show, each on one line."""
        q = self.question
        shown = (*(p.text for p in self.parties), self.value(q.master, "master"), self.value(q.base, "base"))
        return tuple(_on_one_line(text, self.language) for text in shown)

    def _lead(self, choice: str) -> str:
        """What a choice is called; some kinds of questions have words of their own for it."""
        own = f"{choice}.{self.question.code}"
        return word(f"question.choice.{own if own in OWN_WORDS else choice}", self.language)

    @property
    def _row_only(self) -> bool:
        """Whether it is about a row, so that there is no value to show beside master or base."""
        return not (self.question.field and self.question.rid) and "master" not in self.facts

    def outcome(self, choice: str) -> str:
        """Return what a choice comes to, in words; empty where the own value decides."""
        if choice.startswith("claim:"):
            position = int(choice.partition(":")[2])
            return self.parties[position].text if position < len(self.parties) else ""
        if choice in ("master", "base"):
            value = self.question.master if choice == "master" else self.question.base
            stays = word("question.stays", self.language)
            return self.value(value, choice) or (stays if self._row_only else word("question.blank", self.language))
        if choice == "both":
            return clauses(dict.fromkeys(_on_one_line(p.text, self.language) for p in self.parties), self.language)
        return "" if choice == "value" else self._lead(choice)

    def own(self, resolution: Resolution) -> str:
        """Return the own value of an earlier answer in words."""
        return self.value(resolution.value) if resolution.choice == "value" else ""

    @property
    def unanswered(self) -> str:
        """What holds while nobody answers."""
        return word("question.default", self.language)

    def packed(self) -> str:
        """Return the choices for the hidden cell that brings them back, as ASCII."""
        packed = {**self.choices, STATE: state_of(self.question, self.schema)}
        return json.dumps(packed, ensure_ascii=True).replace("_x", "\\u005fx")


def state_of(question: Question, schema: Schema) -> str:
    """Name over what a question is asked: what stands in its cells; of a row, what happened to it and what it holds.

    Whoever answers it has seen that; over anything else the question is another one.
    """
    q, fields = question, schema.tables[question.table].fields if question.table in schema.tables else {}
    cells = [cell[2:] for cell in dict(q.means).get("master", ())] or ([(q.field, q.master)] if q.field else [])
    texts = [f"{name}={text_of(fields[name], value) if name in fields else repr(value)}" for name, value in cells]
    return short_hash(*(texts or [q.code, dict(q.facts).get("state", "")]))[:12]


def kind_words(code: str, language: Language) -> str:
    """Return in a few words what a question of this code is about."""
    try:
        return word(f"question.kind.{code}", language)
    except KeyError:
        return word("question.kind", language)


def short_time(text: str) -> str:
    """Return month, day and minute of an ISO time; anything else as it is."""
    day, _, time = text.replace("T", " ").partition(" ")
    return f"{day[5:]} {time[:5]}".strip() if len(day) == 10 and day[4] == "-" else text


def _on_one_line(text: str, language: Language) -> str:
    return clauses(text.split("\n"), language)


def _alike(a: str, b: str) -> int:
    """Return with how many characters two texts begin alike."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _cut(text: str, language: Language, beside: Sequence[str] = ()) -> str:
    """Return what is shown of a text in one line: its beginning, or where it differs from one that begins alike."""
    line = _on_one_line(text, language)
    if len(line) <= CUT:
        return line
    alike = max((_alike(line, other) for other in beside if other != line), default=0)
    if alike + LEAD_IN < CUT:
        return line[: CUT - 1] + "…"
    start = min(alike - LEAD_IN, len(line) - (CUT - 1))
    piece = line[start : start + CUT - 2]
    return f"…{piece}…" if start + len(piece) < len(line) else f"…{line[start:]}"
