"""Read a returned question workbook: which questions were answered, and what each answer means."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from custsheet.addresses import letters
from custsheet.books.question_texts import LETTERS, PLAIN_CHOICES
from custsheet.fields.base import Field, Language
from custsheet.messages import severity, word
from custsheet.model import Cell, CellRef, Finding, Grid, GridRow, GridSheet, Question, Resolution, Unreadable, Value
from custsheet.schema.records import Schema
from custsheet.stamp import MARK, SHEET
from custsheet.text import fold, nearest

QUESTION: Final = "_question"
DIGEST: Final = "_digest"
CHOICES: Final = "_choices"
AT: Final = "_at"
HEAD_ROWS: Final = 12
"""How far down the head is looked for."""
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


def is_questions(grid: Grid) -> bool:
    """Tell whether a workbook is one of our question workbooks."""
    sheet = grid.sheet(SHEET)
    first = sheet.rows[0].cells[0] if sheet is not None and sheet.rows and sheet.rows[0].cells else None
    return first is not None and first.raw.startswith(f"{MARK} questions ")


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
    open_now = {q.id: q for q in questions}
    resolutions: list[Resolution] = []
    findings: list[Finding] = []
    seen: set[str] = set()
    for sheet, columns, row in _rows(grid):
        reader = _Row(sheet, columns, row, file)
        decision, own = reader.text(columns.decision), reader.cell(columns.own)
        identity = reader.text(columns.question)
        if not identity or not (decision or own) or identity in seen:
            continue
        seen.add(identity)
        question = open_now.get(identity)
        if question is None or question.digest != reader.text(columns.digest):
            findings.append(reader.finding("F_ANSWER_OLD", question, schema, decision))
            continue
        choice = _choice(decision, question, reader.shown_choices()) if decision else "value"
        if choice is None or choice not in question.choices:
            near = nearest(decision, list(reader.shown_choices().values()))
            findings.append(reader.finding("F_ANSWER", question, schema, decision, nearest=near[0] if near else ""))
            continue
        value = _own(own, question, schema, today, resolve) if choice == "value" else _meant(choice, question)
        if isinstance(value, Unreadable) and choice == "value":
            findings.append(reader.finding("F_ANSWER_OWN", question, schema, value.raw))
            continue
        resolutions.append(Resolution(question.id, question.digest, choice, value, by=by, at=at))
    return resolutions, findings


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
    choice = text if text in question.choices else _choice(text, question, shown)
    if choice not in (None, "value"):
        return Resolution(question.id, question.digest, str(choice), _meant(str(choice), question), by=by, at=at)
    takes_own = "value" in question.choices
    value = _own(Cell("text", text), question, schema, today, resolve) if takes_own else Unreadable(text)
    if isinstance(value, Unreadable):
        return None
    return Resolution(question.id, question.digest, "value", value, by=by, at=at)


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
    return _Columns(question, digest, decision, named("question.own"), at.get(CHOICES))


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
        return cell if cell is not None and cell.raw.strip() else None

    def text(self, position: int) -> str:
        cell = self.cell(position)
        return cell.raw.strip() if cell is not None else ""

    def shown_choices(self) -> Mapping[str, str]:
        """Choice → text of the dropdown, as it was written beside this question."""
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
            label=question.label if question is not None else "",
        )
        title = schema.tables[table].fields[field].spec.title.zh if field else ""
        said = {"label": where.label, "field": title, "value": value, **facts}
        level: Literal["warning", "info"] = "info" if severity(code) == "info" else "warning"
        return Finding(code, level, where, value=value, facts=tuple(said.items()))


# ── what an answer means ────────────────────────────────────────────────────────────────────────────


def _choice(decision: str, question: Question, shown: Mapping[str, str]) -> str | None:
    """Return the choice that a text stands for: exactly one of this row's texts, or the bare word that begins one.

    A text of another row's dropdown (`甲：` with another value, after a sort) is nobody's: never guessed.
    """
    wanted = fold(decision)
    for choice, text in shown.items():
        if fold(text) == wanted and choice in question.choices:
            return choice
    return next((c for c in question.choices if wanted in _bare(c)), None)


def _bare(choice: str) -> set[str]:
    languages: tuple[Language, ...] = ("zh", "en")
    if choice.startswith("claim:"):
        position = int(choice.partition(":")[2])
        return {fold(LETTERS[lang][position]) for lang in languages if position < len(LETTERS[lang])}
    if choice not in PLAIN_CHOICES:
        return set()
    return {fold(word(f"question.choice.{choice}", lang)) for lang in languages}


def _meant(choice: str, question: Question) -> Value:
    if choice.startswith("claim:"):
        position = int(choice.partition(":")[2])
        return question.claims[position].value if position < len(question.claims) else None
    if choice in ("master", "base"):
        return question.master if choice == "master" else question.base
    return None


def _own(cell: Cell | None, question: Question, schema: Schema, today: dt.date, resolve: Resolve | None) -> Value:
    """Return the own value; `Unreadable` where none was written or the field does not take it."""
    if cell is None or not question.field:
        return Unreadable("")
    field = schema.tables[question.table].fields[question.field]
    value = field.parse(cell, language=schema.language, today=today).value
    if isinstance(value, Unreadable) or field.spec.type not in LOOKED_UP:
        return value
    found = resolve(field, value) if resolve is not None else Unreadable(cell.raw)
    return Unreadable(cell.raw) if isinstance(found, Unreadable) else found
