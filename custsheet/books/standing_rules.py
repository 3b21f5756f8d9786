"""The block of standing rules on top of the question sheet: how it is laid out, and how it is read again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.fields.base import Language
from custsheet.messages import severity, word
from custsheet.model import Cell, CellRef, Finding, Grid, GridRow, GridSheet, Standing, StandingChoice
from custsheet.plan import Look, PlanCell, Validation
from custsheet.schema.records import Schema
from custsheet.text import fold, nearest

RULE: Final = "_rule"
AT: Final = "_at"
"""The head of the hidden column of numbers, both here and among the questions."""
HEAD_ROW: Final = 3
CHOICES: Final[tuple[StandingChoice, ...]] = ("claim", "master", "base", "both")
HEIGHT: Final = 24.0
LANGUAGES: Final[tuple[Language, Language]] = ("zh", "en")

_GROUND: Final = Look(fill=look.ACCENT_SOFT, ink=look.SOFT)
_BOX: Final = Look(
    fill=look.PAPER,
    ink=look.ACCENT,
    bold=True,
    number_format="@",
    unlocked=True,
    top=f"thin:{look.LINE2}",
    bottom=f"thin:{look.LINE2}",
    left=f"thin:{look.LINE2}",
    right=f"thin:{look.LINE2}",
)


# ── words ───────────────────────────────────────────────────────────────────────────────────────────


def person_text(member: str, names: Mapping[str, str], language: Language) -> str:
    """Return whose changes a rule is about."""
    return names.get(member, member) if member else word("rule.everybody", language)


def place_text(table: str, field: str, schema: Schema, language: Language) -> str:
    """Return which fields a rule is about: `客户 · 电话`."""
    if not table:
        return word("rule.anywhere", language)
    known = schema.tables.get(table)
    if known is None:
        return f"{table} · {field}"  # what the schema has no more: never said as if it were about everything
    if not field:
        return f"{known.title[language]} · {word('rule.any_field', language)}"
    return f"{known.title[language]} · {known.fields[field].spec.title[language] if field in known.fields else field}"


def choice_text(choice: str, language: Language) -> str:
    """Return what a rule does, or what takes it away where the choice is empty."""
    return word(f"rule.choice.{choice or 'remove'}", language)


def rule_text(rule: Standing, schema: Schema, names: Mapping[str, str], language: Language) -> str:
    """Say a rule in one sentence."""
    return word(
        "rule.sentence",
        language,
        who=person_text(rule.member, names, language),
        place=place_text(rule.table, rule.field, schema, language),
        choice=choice_text(rule.choice, language),
    )


def places(schema: Schema) -> list[tuple[str, str]]:
    """Return every (table, field) that a rule may be about, the wide ones last."""
    fields = [(t.name, f.name) for t in schema.tables.values() for f in t.fields.values() if f.spec.compute is None]
    return [*fields, *((name, "") for name in schema.tables), ("", "")]


# ── laying out ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class RuleBlock:
    """The rules that stand, and room for new ones, in the columns of the question sheet."""

    rules: tuple[Standing, ...]
    schema: Schema
    names: Mapping[str, str]
    language: Language
    at: Mapping[str, int]
    """Column of `n`, `who`, `place`, `place_end`, `said`, `said_end`, `choice`, `end` and `machine`, from 1."""
    lists: str
    lists_column: int
    """First of three free columns in the sheet of lists."""

    @property
    def room(self) -> int:
        """Rows for new rules."""
        return 1 if self.rules else 2

    @property
    def first_row(self) -> int:
        """The row below the block's head."""
        return HEAD_ROW + 1

    @property
    def last_row(self) -> int:
        """The last row of the block."""
        return HEAD_ROW + len(self.rules) + self.room

    @property
    def heights(self) -> tuple[tuple[int, float], ...]:
        """Row heights."""
        return ((HEAD_ROW, 20.0), *((row, HEIGHT) for row in range(HEAD_ROW + 1, self.last_row + 1)))

    @property
    def merges(self) -> tuple[str, ...]:
        """The place and the sentence each stand across columns."""
        spans = (("place", "place_end"), ("said", "said_end"))
        return tuple(
            common.area(row, self.at[first], row, self.at[last])
            for row in range(HEAD_ROW, self.last_row + 1)
            for first, last in spans
            if self.at[first] < self.at[last]
        )

    def cells(self) -> Iterator[PlanCell]:
        """Yield the head, the rules and the blank lines."""
        head = _GROUND.with_(size=9)
        texts = {key: word(f"rule.{key}", self.language) for key in ("who", "place", "said", "choice")}
        yield from self._line(HEAD_ROW, {"n": "※", **texts, "machine": RULE}, dict.fromkeys(texts, head))
        for row, rule in enumerate(self.rules, HEAD_ROW + 1):
            yield from self._line(row, self._texts(rule))
        for n in range(self.room):
            blank = {"n": "※", "said": word(f"rule.free.{n}", self.language), "machine": "new"}
            yield from self._line(HEAD_ROW + 1 + len(self.rules) + n, blank)

    def _texts(self, rule: Standing) -> dict[str, str]:
        by, at = self.names.get(rule.by, rule.by), rule.at[5:10]
        return {
            "n": "※",
            "who": person_text(rule.member, self.names, self.language),
            "place": place_text(rule.table, rule.field, self.schema, self.language),
            "said": word("rule.since", self.language, by=by, at=at),
            "choice": choice_text(rule.choice, self.language),
            "machine": json.dumps([rule.member, rule.table, rule.field, rule.choice]).replace("_x", "\\u005fx"),
        }

    def _line(self, row: int, texts: Mapping[str, str], looks: Mapping[str, Look] | None = None) -> Iterator[PlanCell]:
        boxes = looks or dict.fromkeys(("who", "place", "choice"), _BOX)
        by_column = {self.at[key]: key for key in texts}
        style, ends = _GROUND, {self.at["place"]: self.at["place_end"]}
        for column in range(self.at["n"], self.at["end"] + 1):
            key = next((k for k in ("who", "place", "choice", "said", "n") if self.at[k] == column), "")
            inside = any(first < column <= last for first, last in ends.items())
            style = boxes.get(key, _GROUND) if key else boxes.get("place", _GROUND) if inside else _GROUND
            style = style.with_(align="center", ink=look.ACCENT) if key == "n" else style
            yield PlanCell(row, column, texts.get(by_column.get(column, "")), style)
        yield PlanCell(row, self.at["machine"], texts["machine"], Look(number_format="@"))

    def list_cells(self) -> Iterator[PlanCell]:
        """Yield what the three dropdowns offer, in the sheet of lists."""
        for n, texts in enumerate(self._lists()):
            yield from (PlanCell(row, self.lists_column + n, text) for row, text in enumerate(texts, 2))

    def _lists(self) -> tuple[list[str], list[str], list[str]]:
        lang = self.language
        return (
            [*self.names.values(), word("rule.everybody", lang)],
            [place_text(table, field, self.schema, lang) for table, field in places(self.schema)],
            [choice_text(choice, lang) for choice in (*CHOICES, "")],
        )

    def validations(self) -> Iterator[Validation]:
        """Yield the three dropdowns, for all lines."""
        for n, (key, texts) in enumerate(zip(("who", "place", "choice"), self._lists(), strict=True)):
            column, at = letters(self.lists_column + n), self.at[key]
            yield Validation(
                common.area(HEAD_ROW + 1, at, self.last_row, at),
                "list",
                f"{self.lists}!${column}$2:${column}${len(texts) + 1}",
                error_title=word("copy.stop.list.title", self.language),
                error=word("rule.stop", self.language),
            )


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a person did to one line: `written` is the rule that stood there, `wanted` what stands there now."""

    written: Standing | None
    wanted: Standing | None
    """None where the rule is to go."""


@dataclass(frozen=True)
class RuleReader:
    """Reads the rules of a returned question workbook; what was left as it was written is no change."""

    schema: Schema
    names: Mapping[str, str]
    file: str = ""

    def read(self, grid: Grid) -> tuple[list[RuleLine], list[Finding]]:
        """Return the lines that somebody changed, and findings on those that cannot be understood."""
        lines: list[RuleLine] = []
        findings: list[Finding] = []
        for sheet, at, row in _rows(grid):
            found = self._line(sheet, at, row)
            if isinstance(found, Finding):
                findings.append(found)
            elif found is not None:
                lines.append(found)
        return lines, findings

    def _line(self, sheet: GridSheet, at: Mapping[str, int], row: GridRow) -> RuleLine | Finding | None:
        who, place, choice = (_text(row, at[key]) for key in ("who", "place", "choice"))
        written = _written(_text(row, at["machine"]))
        if not (who or place or choice):
            if written is None:
                return None
            return self._finding("F_RULE_BLANK", sheet, at, row, rule_text(written, self.schema, self.names, "zh"))
        if any((c := _cell(row, at[key])) is not None and c.formula is not None for key in ("who", "place", "choice")):
            return self._finding("F_RULE_UNCLEAR", sheet, at, row, f"{who} {place} {choice}")
        wanted = self._meant(who, place, choice)
        if isinstance(wanted, str):
            near = nearest(wanted, self._known())
            return self._finding("F_RULE_UNCLEAR", sheet, at, row, wanted, near[0] if near else "")
        if wanted is not None and written is not None and replace(wanted, choice=written.choice) == written:
            return None if wanted == written else RuleLine(written, wanted)
        return RuleLine(written, wanted) if wanted is not None or written is not None else None

    def _meant(self, who: str, place: str, choice: str) -> Standing | str | None:
        """Return the rule that the texts mean, None for one that is to go, or the text that nobody understands."""
        known = {fold(choice_text(c, lang)): c for c in (*CHOICES, "") for lang in LANGUAGES}
        chosen = known.get(fold(choice))
        if chosen == "":
            return None
        member, spot = self._member(who), self._place(place)
        if member is None:
            return who or word("rule.who", "zh")
        if spot is None:
            return place or word("rule.place", "zh")
        if chosen is None:
            return choice or word("rule.choice", "zh")
        return Standing(member, *spot, chosen)  # type: ignore[arg-type]  # one of CHOICES

    def _member(self, text: str) -> str | None:
        people = {fold(t): member for member, name in self.names.items() for t in (member, name)}
        people |= {fold(word("rule.everybody", lang)): "" for lang in LANGUAGES}
        return people.get(fold(text))

    def _place(self, text: str) -> tuple[str, str] | None:
        """Return table and field; a field's bare title counts where one table alone has it."""
        whole = {fold(place_text(*spot, self.schema, lang)): spot for spot in places(self.schema) for lang in LANGUAGES}
        if fold(text) in whole:
            return whole[fold(text)]
        found = {
            (table, field)
            for table, field in places(self.schema)
            if field
            for lang in LANGUAGES
            if fold(self.schema.tables[table].fields[field].spec.title[lang]) == fold(text)
        }
        return found.pop() if len(found) == 1 else None

    def _known(self) -> list[str]:
        spots = [place_text(*spot, self.schema, "zh") for spot in places(self.schema)]
        return [*self.names.values(), *spots, *(choice_text(c, "zh") for c in (*CHOICES, ""))]

    def _finding(
        self, code: str, sheet: GridSheet, at: Mapping[str, int], row: GridRow, value: str, near: str = ""
    ) -> Finding:
        where = CellRef(self.file, sheet.name, f"{letters(at['who'] + 1)}{row.number}")
        level = "info" if severity(code) == "info" else "warning"
        return Finding(code, level, where, value=value, facts=(("value", value), ("nearest", near or "—")))  # type: ignore[arg-type]


def _rows(grid: Grid) -> Iterator[tuple[GridSheet, dict[str, int], GridRow]]:
    """Yield the lines of rules, with the 0-based columns of their parts."""
    for sheet in grid.sheets:
        at: dict[str, int] | None = None
        for row in sheet.rows:
            if at is None:
                at = _columns(row)
            elif _text(row, at["machine"]) == AT:  # here the questions begin
                break
            else:
                yield sheet, at, row


def _columns(row: GridRow) -> dict[str, int] | None:
    texts = {fold(cell.raw): position for position, cell in enumerate(row.cells) if cell is not None}
    keys = {key: [fold(word(f"rule.{key}", lang)) for lang in LANGUAGES] for key in ("who", "place", "choice")}
    at = {key: next((texts[word_] for word_ in words if word_ in texts), -1) for key, words in keys.items()}
    return {**at, "machine": texts[RULE]} if RULE in texts and min(at.values()) >= 0 else None


def _cell(row: GridRow, position: int) -> Cell | None:
    return row.cells[position] if position < len(row.cells) else None


def _text(row: GridRow, position: int) -> str:
    cell = _cell(row, position)
    return cell.raw.strip() if cell is not None else ""


def _written(text: str) -> Standing | None:
    try:
        parts: Sequence[str] = json.loads(text)
    except ValueError:
        return None
    known = isinstance(parts, list) and len(parts) == 4 and all(isinstance(p, str) for p in parts)
    return Standing(*parts) if known and parts[3] in CHOICES else None  # type: ignore[arg-type]  # looked at just now
