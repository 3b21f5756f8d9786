"""The question workbook: one row per question, a dropdown that decides, and what the decision comes to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.answers import CHOICES, DIGEST, QUESTION, is_questions, read_answers
from custsheet.books.copy import stamp_sheet
from custsheet.books.question_texts import Asked, Party, Say, letter_of
from custsheet.books.row_sheets import RowSheets
from custsheet.books.standing_rules import AT, RuleBlock
from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.model import Question, Resolution, Standing, Tables
from custsheet.plan import (
    Block,
    Book,
    Column,
    Condition,
    ExcelTable,
    Formula,
    Look,
    PlanCell,
    Scalar,
    Sheet,
    Validation,
)
from custsheet.schema.records import Schema
from custsheet.stamp import Stamp, encode

__all__ = ["is_questions", "questions_book", "read_answers"]

LISTS: Final = "_lists"
PARTIES: Final = 5
"""Most candidates in sight; all of them are in the dropdown."""
FROZEN_RULES: Final = 4
"""Most lines of the block of rules that stay in sight: with more of them nothing but columns is frozen."""
BAR: Final = 20
"""Longest bar of progress, in squares."""
MINUTES_PER_QUESTION: Final = 0.5

_TEXT = look.ROW.with_(number_format="@", align="left", wrap=True)
_GREY = look.ROW_READONLY.with_(number_format="@", align="left", wrap=True)
_DECISION = _TEXT.with_(bold=True, ink=look.ACCENT, unlocked=True)


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    """`n`, `kind`, `label`, `field`, `base`, `master`, `party:0` …, `decision`, `own`, `result`, or a hidden head."""
    head: str
    width: float
    style: Look
    head_look: Look
    hidden: bool = False


@dataclass(frozen=True)
class _Layout:
    """Where everything stands in the question sheet and in its lists."""

    asked: tuple[Asked, ...]
    columns: tuple[_Column, ...]
    sheet: str
    language: Language
    schema: Schema
    names: Mapping[str, str]
    standing: tuple[Standing, ...] = ()

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Key → 1-based column; column A is air."""
        return {c.key: i for i, c in enumerate(self.columns, 2)}

    @cached_property
    def rules(self) -> RuleBlock:
        """The block of standing rules above the questions."""
        parties = [key for key in self.at if key.startswith("party:")]
        at = {"n": "n", "who": "label", "place": "kind", "place_end": "field", "said": "base", "said_end": parties[-1],
              "choice": "decision", "end": "result", "machine": AT}  # fmt: skip
        columns = {key: self.at[column] for key, column in at.items()}
        return RuleBlock(
            self.standing, self.schema, self.names, self.language, columns, LISTS, 2 * self.most_choices + 2
        )

    @property
    def head_row(self) -> int:
        return self.rules.last_row + 1

    @property
    def first_row(self) -> int:
        return self.head_row + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.asked) - 1

    @cached_property
    def most_choices(self) -> int:
        return max((len(a.choices) for a in self.asked), default=0)

    @property
    def list_rows(self) -> tuple[int, int]:
        return 2, len(self.asked) + 1

    def cells(self, key: str) -> str:
        """Return the cells of a column in all questions."""
        return common.area(self.first_row, self.at[key], self.last_row, self.at[key])

    def cell(self, key: str, row: int | str = 0) -> str:
        """Return a column's cell in a row, the column fixed; in the first row where none is given."""
        return f"${letters(self.at[key])}{row or self.first_row}"


def questions_book(  # noqa: PLR0913 - what is asked, of whom, in which words
    questions: Sequence[Question],
    schema: Schema,
    *,
    names: Mapping[str, str],
    labels: Say,
    round: str,  # noqa: A002 - the house's word
    language: Language,
    today: dt.date,
    answered: Mapping[str, Resolution] | None = None,
    rules: Sequence[Standing] = (),
    master: Tables | None = None,
    stamp_cells: Sequence[str] = (),
) -> Book:
    """Lay out the questions of a round; earlier answers to the same candidates are filled in.

    `labels(table, field, value)` says a canonical value as people do; without `stamp_cells` the stamp is unsigned.
    `rules` are those that stand; the rows of `master` that a question is about are shown whole, on sheets of their own.
    """
    asked = tuple(Asked(q, schema, names, labels, language) for q in questions)
    name = word("question.sheet", language)
    stamp = stamp_cells or encode(Stamp(kind="questions", round=round))
    layout = _Layout(asked, tuple(_columns(asked, language)), name, language, schema, names, tuple(rules))
    sheets = _sheets(layout, answered or {}, master or {}, labels) if asked else _nothing(layout)
    title = f"{word('question.sheet', language)} · {schema.title[language]} · {round}"
    return Book((*sheets, stamp_sheet(stamp)), title=title, created=today)


def _nothing(layout: _Layout) -> list[Sheet]:
    """Lay out the good news, and the rules that stand, so that they can be taken away."""
    text = PlanCell(1, 2, word("question.all_done", layout.language), look.TITLE)
    if not layout.standing:
        columns = (Column(2), Column(80))
        return [Sheet(layout.sheet, tab=look.TAB_READ, columns=columns, cells=(text,), heights=((1, 34.0),))]
    sheet = Sheet(
        layout.sheet,
        tab=look.TAB_READ,
        columns=_widths(layout),
        cells=(text, *layout.rules.cells()),
        heights=((1, 34.0), *layout.rules.heights),
        merges=layout.rules.merges,
        validations=tuple(layout.rules.validations()),
    )
    return [sheet, _lists(layout)]


def _widths(layout: _Layout) -> tuple[Column, ...]:
    return (Column(2), *(Column(c.width, hidden=c.hidden) for c in layout.columns))


def _sheets(layout: _Layout, answered: Mapping[str, Resolution], master: Tables, labels: Say) -> list[Sheet]:
    decided = [_decided(a, answered) for a in layout.asked]
    rows = [_row(layout, n, a, r) for n, (a, r) in enumerate(zip(layout.asked, decided, strict=True), 1)]
    related = RowSheets(layout.asked, layout.schema, master, labels, layout.language, taken=(layout.sheet, LISTS))
    block = Block(
        layout.first_row,
        2,
        tuple(c.style for c in layout.columns),
        rows,
        tuple(_result_formula(layout) if c.key == "result" else None for c in layout.columns),
        heights=[_height(layout, row) for row in rows],
        exceptions=(*_unused(layout), *_linked(layout, related)),
    )
    few = layout.rules.last_row - layout.rules.first_row < FROZEN_RULES
    sheet = Sheet(
        layout.sheet,
        tab=look.TAB_READ,
        columns=_widths(layout),
        cells=(
            *_top(layout, sum(r is not None for r in decided)),
            *layout.rules.cells(),
            *(PlanCell(layout.first_row + row, layout.at["label"], link=link) for row, link in related.links()),
        ),
        blocks=(block,),
        tables=(_table(layout),),
        heights=((1, 34.0), (2, 22.0), *layout.rules.heights, (layout.head_row, look.HEIGHT_HEAD)),
        merges=layout.rules.merges,
        freeze=common.address(layout.first_row if few else 1, layout.at["label"] + 1),
        validations=(*_validations(layout), *layout.rules.validations()),
        conditions=tuple(_conditions(layout)),
        ignore_text_numbers=common.area(layout.rules.first_row, 2, layout.last_row, len(layout.columns) + 1),
        print_area=common.area(1, 1, layout.last_row, layout.at["result"]),
        print_title_rows=f"{layout.head_row}:{layout.head_row}",
        footer=layout.sheet,
        active_cell=common.address(layout.first_row, layout.at["decision"]),
    )
    return [sheet, *related.sheets(), _lists(layout)]


def _linked(layout: _Layout, related: RowSheets) -> Iterable[tuple[int, int, Look]]:
    """The rows that lead to their sheet look like links."""
    column = [c.key for c in layout.columns].index("label")
    style = layout.columns[column].style.with_(ink=look.LINK, link=True)
    return ((row, column, style) for row, _ in related.links())


def _decided(asked: Asked, answered: Mapping[str, Resolution]) -> Resolution | None:
    """Return the earlier answer where it answered these very candidates."""
    found = answered.get(asked.question.id)
    fits = found is not None and found.digest == asked.question.digest and found.choice in asked.question.choices
    return found if fits else None


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────


def _columns(asked: Sequence[Asked], language: Language) -> Iterable[_Column]:
    system = look.HEAD_SYSTEM.with_(align="left", wrap=True)
    claim = look.HEAD_MAY.with_(bold=True, align="left", bottom=look.HEAD_SYSTEM.bottom)
    ink = _GREY.with_(ink=look.INK)

    def grey(key: str, width: float, style: Look = _GREY) -> _Column:
        return _Column(key, word(f"question.{key}", language), width, style, system)

    yield grey("n", 4.5, _GREY.with_(align="center"))
    yield grey("label", _text_width([a.label for a in asked], 12, 18), ink.with_(bold=True))
    yield grey("kind", _text_width([a.kind for a in asked], 12, 16))
    yield grey("field", _text_width([a.place for a in asked], 9, 14), ink)
    yield grey("base", _text_width([a.value(a.question.base, "base") for a in asked], 9, 15))
    yield grey("master", _text_width([a.value(a.question.master, "master") for a in asked], 9, 15))
    count = min(PARTIES, max((2, *(len(a.parties) for a in asked))))
    for n in range(count):
        yield _Column(f"party:{n}", letter_of(n, language), 20 if count < 3 else 36 / count + 6, _TEXT, claim)
    must = look.HEAD_MUST.with_(align="left")
    yield _Column("decision", word("question.decision", language), 24, _DECISION, must)
    yield _Column(
        "own", word("question.own", language), 12, _TEXT.with_(unlocked=True), look.HEAD_MAY.with_(align="left")
    )
    yield grey("result", 18, ink.with_(bold=True))
    for key in (AT, CHOICES, QUESTION, DIGEST):
        yield _Column(key, key, 8, Look(number_format="@") if key != AT else Look(), system, hidden=True)


def _text_width(texts: Iterable[str], least: float, cap: float) -> float:
    return max(least, common.fit_width("", texts, cap=cap) - 1)


def _table(layout: _Layout) -> ExcelTable:
    """Build the table without filter buttons: dropdowns stay where they are when rows are sorted."""
    return ExcelTable(
        "questions",
        common.area(layout.head_row, 2, layout.last_row, len(layout.columns) + 1),
        tuple(c.head for c in layout.columns),
        tuple(c.head_look for c in layout.columns),
        autofilter=False,
    )


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def _row(layout: _Layout, number: int, asked: Asked, decided: Resolution | None) -> list[Scalar]:
    parties = {f"party:{n}": _party(p) for n, p in enumerate(asked.parties)}
    values: dict[str, Scalar] = {
        "n": number,
        "label": asked.label,
        "kind": asked.kind,
        "field": asked.place,
        "base": asked.value(asked.question.base, "base"),
        "master": asked.value(asked.question.master, "master"),
        **parties,
        "decision": asked.choices[decided.choice] if decided is not None else None,
        "own": (asked.own(decided) or None) if decided is not None else None,
        "result": _result(asked, decided),
        AT: number,
        CHOICES: asked.packed(),
        QUESTION: asked.question.id,
        DIGEST: asked.question.digest,
    }
    return [values.get(c.key) for c in layout.columns]


def _party(party: Party) -> str:
    return f"{party.text}\n{party.names} {party.when}".strip()


def _result(asked: Asked, decided: Resolution | None) -> str:
    if decided is None:
        return asked.unanswered
    return asked.own(decided) if decided.choice == "value" else asked.outcome(decided.choice)


def _unused(layout: _Layout) -> tuple[tuple[int, int, Look], ...]:
    """Grey out the places of candidates that a question does not have."""
    return tuple(
        (row, column, _GREY)
        for row, asked in enumerate(layout.asked)
        for column, c in enumerate(layout.columns)
        if c.key.startswith("party:") and int(c.key[6:]) >= len(asked.parties)
    )


def _height(layout: _Layout, row: Sequence[Scalar]) -> float:
    texts = [(str(v or ""), c.width) for c, v in zip(layout.columns, row, strict=True) if not c.hidden and c.style.wrap]
    return min(200.0, max(40.0, common.pieces_height(texts, base=24)))


def _lists(layout: _Layout) -> Sheet:
    """Lay out per question its choices, and beside them what each comes to."""
    cells = []
    for row, asked in enumerate(layout.asked, 2):
        for n, (choice, text) in enumerate(asked.choices.items(), 1):
            cells.append(PlanCell(row, n, text))
            cells.append(PlanCell(row, layout.most_choices + n, asked.outcome(choice)))
    return Sheet(LISTS, state="hidden", cells=(*cells, *layout.rules.list_cells()))


def _result_formula(layout: _Layout) -> str:
    """Look the outcome up by the row's own number, so that it is right after a sort, too."""
    decision, own, at = (layout.cell(key, "{row}") for key in ("decision", "own", AT))
    first, last = layout.list_rows
    most = layout.most_choices
    texts = f"{LISTS}!$A${first}:${letters(most)}${last}"
    outcomes = f"{LISTS}!${letters(most + 1)}${first}:${letters(2 * most)}${last}"
    mine = common.quoted(word("question.choice.value", layout.language))
    fill = common.quoted(word("question.fill_left", layout.language))
    later = common.quoted(word("question.default", layout.language))
    unclear = common.quoted(word("question.unclear", layout.language))
    found = f"INDEX({outcomes},{at},MATCH({decision},INDEX({texts},{at},0),0))"
    typed = f'IF({own}="",{fill},{own})'
    return f'IF({decision}="",{later},IF({decision}={mine},{typed},IFERROR({found},{unclear})))'


# ── top ─────────────────────────────────────────────────────────────────────────────────────────────


def _top(layout: _Layout, decided: int) -> Iterable[PlanCell]:
    lang, total = layout.language, len(layout.asked)
    done = f'SUMPRODUCT(({_absolute(layout)}<>"")*1)'
    finished = word("question.all_answered", lang)
    lead, tail = word("question.left.lead", lang), word("question.left.tail", lang)
    title = Formula(
        f"IF({done}={total},{common.quoted(finished)},{common.quoted(lead)}&({total}-{done})&{common.quoted(tail)})",
        finished if decided == total else f"{lead}{total - decided}{tail}",
    )
    squares = min(total, BAR)
    filled = f"INT({done}*{squares}/{total})"
    bar = Formula(
        f'REPT("■",{filled})&REPT("□",{squares}-{filled})&"  "&{done}&" / {total}"',
        "■" * (decided * squares // total) + "□" * (squares - decided * squares // total) + f"  {decided} / {total}",
    )
    at = layout.at["decision"]
    soft = Look(ink=look.SOFT)
    yield PlanCell(1, 2, title, look.TITLE)
    yield PlanCell(1, at, bar, Look(bold=True, size=11, ink=look.ACCENT))
    yield PlanCell(2, 2, word("question.explain", lang), soft)
    minutes = math.ceil(total * MINUTES_PER_QUESTION)
    yield PlanCell(2, at, word("question.minutes", lang, minutes=minutes), soft)


def _absolute(layout: _Layout) -> str:
    return common.column_range(layout.at["decision"], layout.first_row, layout.last_row)


# ── choosing ────────────────────────────────────────────────────────────────────────────────────────


def _validations(layout: _Layout) -> Iterable[Validation]:
    lang = layout.language
    for n, asked in enumerate(layout.asked):
        count = len(asked.choices)
        row = n + 2
        yield Validation(
            common.address(layout.first_row + n, layout.at["decision"]),
            "list",
            f"{LISTS}!$A${row}:${letters(count)}${row}",
            error_title=word("copy.stop.list.title", lang),
            error=word("question.stop", lang),
            prompt_title=word("question.decision", lang),
            prompt=word("question.prompt", lang),
        )


def _conditions(layout: _Layout) -> Iterable[Condition]:
    decision, own = layout.cell("decision"), layout.cell("own")
    today, missing = look.SIGNS["today"], look.SIGNS["missing"]
    mine = common.quoted(word("question.choice.value", layout.language))
    amber = _DECISION.with_(fill=today.fill, ink=today.ink)
    yield Condition(
        layout.cells("decision"), f'AND({decision}="",{own}="")', amber, box=f"thin:{look.HUES['amber'].mark}"
    )
    asks = _TEXT.with_(fill=missing.fill, ink=missing.ink)
    yield Condition(layout.cells("own"), f'AND({decision}={mine},{own}="")', asks, box=missing.box)
    both = common.quoted(word("question.choice.both", layout.language))
    for key in layout.at:
        if key.startswith("party:"):
            sign = letter_of(int(key[6:]), layout.language)
            cell = layout.cell(key)
            chosen = f'AND({cell}<>"",OR(LEFT({decision},{len(sign)})={common.quoted(sign)},{decision}={both}))'
            yield Condition(layout.cells(key), chosen, _TEXT.with_(fill=look.SIGNS["ok"].fill))
    quiet = _GREY.with_(ink=look.FAINT)
    yield Condition(layout.cells("result"), f'{decision}=""', quiet)
