"""Read a returned question workbook: which questions were answered, and what each answer means."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from custsheet.addresses import letters
from custsheet.books.question_texts import LETTERS, PLAIN_CHOICES, STATE, state_of
from custsheet.fields.base import Field, Language
from custsheet.messages import severity, word
from custsheet.model import Cell, CellRef, Finding, Grid, GridRow, GridSheet, Question, Resolution, Unreadable, Value
from custsheet.schema.records import Schema
from custsheet.stamp import MARK, SHEET
from custsheet.text import fold, nearest

QUESTION: Final = "_question"
DIGEST: Final = "_digest"
CHOICES: Final = "_choices"
HEAD_ROWS: Final = 1000
"""How far down the head is looked for: rules may stand above it."""
ID_SIGN: Final = "q"
"""What the id of a question begins with."""
LOOKED_UP: Final = frozenset({"ref", "member", "members"})

Resolve = Callable[[Field, Value], Value]
"""(field, text as parsed) → the canonical value of a ref or member field; `Unreadable` where nobody is called so."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns stand now."""

    question: int
    digest: int
    decision: int
    own: int | None
    choices: int | None
    label: int | None = None
    field: int | None = None


def is_questions(grid: Grid) -> bool:
    """Tell whether a workbook is one of our question workbooks, by its stamp; without any stamp, by its columns."""
    sheet = grid.sheet(SHEET)
    first = sheet.rows[0].cells[0] if sheet is not None and sheet.rows and sheet.rows[0].cells else None
    if first is None:
        return has_answers(grid)
    return first.raw.startswith(f"{MARK} questions ")


def has_answers(grid: Grid) -> bool:
    """Tell whether the columns that answers are read from are all there."""
    return any(_columns(row) is not None for sheet in grid.sheets for row in sheet.rows[:HEAD_ROWS])


def is_settled(grid: Grid) -> bool:
    """Tell whether a workbook asks nothing: it was written when all was decided."""
    texts = {fold(word("question.all_done", lang)) for lang in LETTERS}
    return any(c is not None and fold(c.raw) in texts for s in grid.sheets for row in s.rows[:2] for c in row.cells)


def asked_in(grid: Grid) -> frozenset[str]:
    """Return the ids of the questions that somebody answered in a workbook."""
    readers = (_Row(sheet, columns, row, "") for sheet, columns, row in _rows(grid))
    return frozenset(r.text(r.columns.question) for r in readers if r.cell(r.columns.decision) or r.cell(r.columns.own))


def read_answers(  # noqa: PLR0913 - who answered, when, and what the answers are about
    grid: Grid,
    *,
    questions: Sequence[Question],
    schema: Schema,
    by: str,
    at: str,
    today: dt.date,
    resolve: Resolve | None = None,
    file: str = "",
) -> tuple[list[Resolution], list[Finding]]:
    """Read the answers of a returned question workbook, whatever the order of its rows.

    A row without a decision gives nothing. What cannot be taken is a finding: `F_ANSWER` for a text that is none of the
    choices, `F_ANSWER_OWN` for an own value that cannot be read, `F_ANSWER_OLD` for a question that is no longer asked.
    """
    reading = _Reading({q.id: q for q in questions}, schema, by, at, today, resolve)
    for sheet, columns, row in _rows(grid):
        reading.take(_Row(sheet, columns, row, file))
    return list(reading.resolutions.values()), reading.findings


@dataclass
class _Reading:
    """The answers of one workbook so far."""

    open_now: Mapping[str, Question]
    schema: Schema
    by: str
    at: str
    today: dt.date
    resolve: Resolve | None
    resolutions: dict[str, Resolution] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    twice: set[str] = field(default_factory=set)

    def take(self, row: _Row) -> None:
        """Take what one row answers; a row that was copied and answered differently counts in neither place."""
        decision, own = row.text(row.columns.decision), row.cell(row.columns.own)
        if not (row.cell(row.columns.decision) or own):
            return
        found = self._answer(row, decision, own)
        if isinstance(found, Finding):
            self.findings.append(found)
            return
        if own is not None and found.choice != "value":
            self.findings.append(row.finding("F_ANSWER_BESIDE", self.open_now[found.question], self.schema, own.raw))
        before = self.resolutions.get(found.question)
        if found.question in self.twice or (before is not None and before != found):
            self.twice.add(found.question)
            self.resolutions.pop(found.question, None)
            self.findings.append(row.finding("F_ANSWER_TWICE", self.open_now[found.question], self.schema, decision))
        else:
            self.resolutions[found.question] = found

    def _answer(self, row: _Row, decision: str, own: Cell | None) -> Resolution | Finding:
        """Return what one row answers, or the finding that tells why that cannot be taken."""
        identity = row.text(row.columns.question)
        question = self.open_now.get(identity)
        if not identity.startswith(ID_SIGN) and question is None:
            return row.finding("F_ANSWER_LOST", None, self.schema, decision or (own.raw if own else ""))
        is_past = question is not None and row.state() not in ("", state_of(question, self.schema))
        if question is None or is_past or question.digest != row.text(row.columns.digest):
            return row.finding("F_ANSWER_OLD", question, self.schema, decision)
        formula = row.formula(row.columns.decision) or row.formula(row.columns.own)
        if formula:
            return row.finding("F_ANSWER_FORMULA", question, self.schema, f"={formula}")
        meant = _Meant(self.schema, self.today, self.resolve)
        choice = self._chosen(row, question, decision, meant) if decision else "value"
        if isinstance(choice, Finding):
            return choice
        value = meant.own(own, question) if choice == "value" else None
        if isinstance(value, Unreadable):
            zh, en = self._takes(question, "zh"), self._takes(question, "en")
            return row.finding("F_ANSWER_OWN", question, self.schema, value.raw, rule_zh=zh, rule_en=en)
        return question.answered(choice, value, by=self.by, at=self.at)

    def _takes(self, question: Question, language: Language) -> str:
        """Say what a value of one's own has to be."""
        if not question.field:
            return word("answer.no_own", language)
        return self.schema.tables[question.table].fields[question.field].rule(language)

    def _chosen(self, row: _Row, question: Question, decision: str, meant: _Meant) -> str | Finding:
        """Return the choice that a text stands for, or the finding that tells why it is none."""
        choice = _choice(decision, question, row.shown_choices(), meant)
        if choice is None or choice not in question.choices:
            near = nearest(decision, list(row.shown_choices().values()))
            nearest_text = near[0] if near else ""
            said = word("answer.near", self.schema.language, nearest=nearest_text) if near else ""
            return row.finding("F_ANSWER", question, self.schema, decision, nearest=nearest_text, near=said)
        return choice


def answer_in_words(  # noqa: PLR0913 - who answers, when, and what the answer is about
    question: Question,
    text: str,
    *,
    shown: Mapping[str, str],
    schema: Schema,
    by: str,
    at: str,
    today: dt.date,
    resolve: Resolve | None = None,
) -> Resolution | None:
    """Return the answer that a text means: one of the choices, as `shown` or by its letter, else a value of one's own.

    None where it is neither.
    """
    meant = _Meant(schema, today, resolve)
    choice = text if text in question.choices else _choice(text, question, shown, meant)
    if choice == "value" or (choice is None and (_begun(fold(text), question, schema.language) or _is_offer(text))):
        return None  # no value: the word for one's own, a letter that is a value as well, a choice of some other time
    if choice is not None:
        return question.answered(choice, by=by, at=at)
    takes_own = "value" in question.choices
    value = meant.own(Cell("text", text), question) if takes_own else Unreadable(text)
    if isinstance(value, Unreadable):
        return None
    return question.answered("value", value, by=by, at=at)


# ── finding the rows ────────────────────────────────────────────────────────────────────────────────


def _rows(grid: Grid) -> Iterator[tuple[GridSheet, _Columns, GridRow]]:
    for sheet in grid.sheets:
        for index, row in enumerate(sheet.rows[:HEAD_ROWS]):
            columns = _columns(row)
            if columns is not None:
                yield from ((sheet, columns, found) for found in sheet.rows[index + 1 :])
                break


def _columns(row: GridRow) -> _Columns | None:
    at = {fold(cell.raw): position for position, cell in enumerate(row.cells) if cell is not None}

    def named(key: str) -> int | None:
        return next((at[text] for lang in LETTERS if (text := fold(word(key, lang))) in at), None)

    decision, question, digest = named("question.decision"), at.get(QUESTION), at.get(DIGEST)
    if decision is None or question is None or digest is None:
        return None
    places = (named("question.own"), at.get(CHOICES), named("question.label"), named("question.field"))
    return _Columns(question, digest, decision, *places)


@dataclass(frozen=True, slots=True)
class _Row:
    sheet: GridSheet
    columns: _Columns
    row: GridRow
    file: str

    def cell(self, position: int | None) -> Cell | None:
        if position is None or position >= len(self.row.cells):
            return None
        cell = self.row.cells[position]
        return cell if cell is not None and (cell.raw.strip() or cell.formula) else None

    def text(self, position: int | None) -> str:
        cell = self.cell(position)
        return cell.raw.strip() if cell is not None else ""

    def formula(self, position: int | None) -> str:
        """The formula that somebody wrote instead of an answer; empty where there is none."""
        cell = self.cell(position)
        return (cell.formula or "") if cell is not None else ""

    def shown_choices(self) -> Mapping[str, str]:
        """Choice → text of the dropdown, as it was written beside this question."""
        return {key: text for key, text in self._packed().items() if key != STATE}

    def state(self) -> str:
        """Over what the question was asked; empty in workbooks of before."""
        return self._packed().get(STATE, "")

    def _packed(self) -> dict[str, str]:
        try:
            data = json.loads(self.text(self.columns.choices)) if self.columns.choices is not None else {}
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}

    def finding(self, code: str, question: Question | None, schema: Schema, value: str, **facts: str) -> Finding:
        address = f"{letters(self.columns.decision + 1)}{self.row.number}"
        table, field = (question.table, question.field) if question is not None else ("", "")
        where = CellRef(
            self.file,
            self.sheet.name,
            address,
            table=table,
            rid=question.rid if question is not None else "",
            field=field,
            label=question.label if question is not None else self.text(self.columns.label),
        )
        title = schema.tables[table].fields[field].spec.title[schema.language] if field else ""
        title = title or self.text(self.columns.field)
        said = {"label": where.label, "field": title, "value": value, **facts}
        level: Literal["warning", "info"] = "info" if severity(code) == "info" else "warning"
        return Finding(code, level, where, value=value, facts=tuple(said.items()))


# ── what an answer means ────────────────────────────────────────────────────────────────────────────


def _choice(decision: str, question: Question, shown: Mapping[str, str], meant: _Meant) -> str | None:
    """Return the choice that a text stands for: one of this row's texts, a value on offer, or what begins a text.

    A text of another row's dropdown (`甲：` with another value, after a sort) is nobody's: never guessed. Neither is a
    letter that is a value as well (grade B, beside a second choice B); where the letters are those of another
    language, the value or option is meant.
    """
    wanted = fold(decision)
    for choice, text in shown.items():
        if fold(text) == wanted and choice in question.choices:
            return choice
    other: Language = "en" if meant.language == "zh" else "zh"
    begun, foreign = (_begun(wanted, question, language) for language in (meant.language, other))
    valued = meant.offers(decision, question)
    if begun is not None and valued and begun not in valued:
        return None
    if begun is not None or valued:
        return begun or valued[0]
    return None if meant.is_option(decision, question) else foreign


def _begun(wanted: str, question: Question, language: Language) -> str | None:
    """Return the choice whose text begins with this letter or word in a language."""
    return next((choice for choice in question.choices if wanted == _bare(choice, language)), None)


def _is_offer(text: str) -> bool:
    """Tell whether a text is that of a choice, in any language, whatever it offers: it is nobody's value."""
    lead, colon, rest = fold(text).partition(":")
    leads = {fold(word(f"question.choice.{choice}", lang)) for choice in ("master", "base") for lang in LETTERS}
    by_name = lead in map(fold, LETTERS["en"]) and rest.endswith(")")  # A, B and C begin other texts as well
    return bool(colon) and (lead in leads or lead in LETTERS["zh"] or by_name)


def _bare(choice: str, language: Language) -> str:
    if choice.startswith("claim:"):
        position = int(choice.partition(":")[2])
        return fold(LETTERS[language][position]) if position < len(LETTERS[language]) else ""
    return fold(word(f"question.choice.{choice}", language)) if choice in PLAIN_CHOICES else ""


@dataclass(frozen=True)
class _Meant:
    """Reads what was written as a value of the question's field."""

    schema: Schema
    today: dt.date
    resolve: Resolve | None

    @property
    def language(self) -> Language:
        """The language of the choices."""
        return self.schema.language

    def own(self, cell: Cell | None, question: Question) -> Value:
        """Return the own value; `Unreadable` where none was written or the field does not take it."""
        if cell is None or not question.field:
            return Unreadable("")
        field = self.schema.tables[question.table].fields[question.field]
        value = field.parse(cell, language=self.schema.language, today=self.today).value
        if isinstance(value, Unreadable) or field.spec.type not in LOOKED_UP:
            return value
        found = self.resolve(field, value) if self.resolve is not None else Unreadable(cell.raw)
        return Unreadable(cell.raw) if isinstance(found, Unreadable) else found

    def is_option(self, text: str, question: Question) -> bool:
        """Tell whether the field has options, and this is one of them."""
        options = question.field and self.schema.tables[question.table].fields[question.field].spec.options
        return bool(options) and not isinstance(self.own(Cell("text", text), question), Unreadable)

    def offers(self, text: str, question: Question) -> list[str]:
        """Return the choices that come to this very value."""
        value = self.own(Cell("text", text), question)
        if value is None or isinstance(value, Unreadable):
            return []
        field = self.schema.tables[question.table].fields[question.field]
        on_offer = {"master": question.master, "base": question.base}
        on_offer |= {f"claim:{number}": claim.value for number, claim in enumerate(question.claims)}
        return [c for c in question.choices if c in on_offer and field.same(on_offer[c], value)]
