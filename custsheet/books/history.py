"""The history workbook: one row per change, to be filtered, and one row per act with a link to its first change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custsheet import look
from custsheet.books import common
from custsheet.books.copy import stamp_sheet
from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.plan import Block, Book, Column, ExcelTable, Look, PlanCell, Scalar, Sheet

HEAD_ROW: Final = 3
FIRST_ROW: Final = 4
MOST: Final = common.ROW_LIMIT - FIRST_ROW
"""Most changes that a sheet holds: of a longer history the latest."""
LONGEST: Final = 32_000
"""Longest text of a cell; the rest of a longer one is in the ledger."""

_TEXT: Final = look.ROW.with_(number_format="@", align="left", valign="top", wrap=True)
_VALUE: Final = _TEXT
_MOMENT: Final = look.ROW.with_(number_format="yyyy-mm-dd hh:mm:ss", align="left", valign="top")
_NUMBER: Final = look.ROW.with_(number_format="0", align="left", valign="top")
_LINK: Final = _TEXT.with_(ink=look.LINK, link=True)

COLUMNS: Final = (
    ("revision", 7.0, _TEXT),
    ("at", 19.5, _MOMENT),
    ("actor", 10.0, _TEXT),
    ("kind", 8.0, _TEXT),
    ("members", 12.0, _TEXT),
    ("table", 10.0, _TEXT),
    ("label", 29.0, _TEXT.with_(bold=True)),
    ("field", 14.0, _TEXT),
    ("old", 24.0, _VALUE),
    ("new", 24.0, _VALUE),
    ("cause", 16.0, _TEXT),
    ("file", 22.0, _TEXT),
)
PASSED: Final = (
    ("at", 19.5, _MOMENT),
    ("members", 12.0, _TEXT),
    ("table", 10.0, _TEXT),
    ("label", 29.0, _TEXT.with_(bold=True)),
    ("field", 14.0, _TEXT),
    ("value", 24.0, _VALUE),
    ("now", 24.0, _VALUE),
    ("cause", 20.0, _TEXT),
    ("file", 22.0, _TEXT),
    ("cell", 14.0, _TEXT),
)
STEPS: Final = (
    ("revision", 7.0, _LINK),
    ("at", 19.5, _MOMENT),
    ("actor", 12.0, _TEXT),
    ("kind", 10.0, _TEXT),
    ("said", 60.0, _TEXT),
    ("count", 9.0, _NUMBER),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as a cell of its own type, and the number format that shows it."""

    value: Scalar
    number_format: str = "@"


@dataclass(frozen=True, slots=True)
class Line:
    """One change, in words; `old` and `new` keep their types."""

    revision: int
    members: str
    table: str
    label: str
    field: str
    old: Typed
    new: Typed
    cause: str
    file: str


@dataclass(frozen=True, slots=True)
class PassedLine:
    """One value that a member typed and that never stood in the data, in words; `value` and `now` keep their types."""

    at: dt.datetime
    member: str
    table: str
    label: str
    field: str
    value: Typed
    now: Typed
    why: str
    file: str
    cell: str


@dataclass(frozen=True, slots=True)
class Act:
    """One revision."""

    number: int
    at: dt.datetime
    actor: str
    kind: str
    said: str


def history_book(
    acts: Sequence[Act],
    lines: Sequence[Line],
    passed: Sequence[PassedLine] = (),
    *,
    title: str,
    language: Language,
    today: dt.date,
    stamp_cells: Sequence[str],
) -> Book:
    """Lay the history out, the latest first; `acts`, `lines` and `passed` are given in order."""
    shown = lines[-MOST:][::-1]
    first: dict[int, int] = {}
    for row, line in enumerate(shown, FIRST_ROW):
        first.setdefault(line.revision, row)
    names = [word("history.sheet", language), word("history.steps", language)]
    by_number = {act.number: act for act in acts}
    changes = _Page(names[0], "history", COLUMNS, language)
    steps = _Page(names[1], "steps", STEPS, language)
    counts: dict[int, int] = {}
    for line in lines:
        counts[line.revision] = counts.get(line.revision, 0) + 1
    latest = acts[::-1]
    body = [_line(line, by_number[line.revision]) for line in shown]
    told: list[list[Scalar]] = [
        [f"r{a.number}", a.at, a.actor, a.kind, _cut(a.said), counts.get(a.number, 0)] for a in latest
    ]
    firsts = {at: first[act.number] for at, act in enumerate(latest) if act.number in first}
    links = {at: common.jump(names[0], common.address(row, 2)) for at, row in firsts.items()}
    left = len(lines) - len(shown)
    explain = word("history.cut" if left else "history.explain", language, count=len(shown), left=left)
    sheets = (
        changes.sheet(title, explain, body, exceptions=tuple(_formats(COLUMNS, shown, ("old", "new")))),
        steps.sheet(word("history.steps", language), word("history.steps.explain", language), told, links=links),
        *([_passed(sorted(passed, key=lambda p: p.at, reverse=True)[:MOST], language)] if passed else []),
        stamp_sheet(stamp_cells),
    )
    return Book(sheets, title=title, created=today)


def _passed(shown: Sequence[PassedLine], language: Language) -> Sheet:
    """The list of what was not taken; there is one only where there is something to list."""
    page = _Page(word("history.passed", language), "passed", PASSED, language)
    body: list[list[Scalar]] = [
        [p.at, p.member, p.table, p.label, p.field, _scalar(p.value), _scalar(p.now), p.why, p.file, p.cell]
        for p in shown
    ]
    exceptions = tuple(_formats(PASSED, shown, ("value", "now")))
    title, explain = word("history.passed", language), word("history.passed.explain", language)
    return page.sheet(title, explain, body, exceptions=exceptions)


def _line(line: Line, act: Act) -> list[Scalar]:
    who = (f"r{act.number}", act.at, act.actor, act.kind, line.members, line.table, line.label, line.field)
    return [*who, _scalar(line.old), _scalar(line.new), line.cause, line.file]


def _scalar(typed: Typed) -> Scalar:
    return _cut(typed.value) if isinstance(typed.value, str) else typed.value


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _formats(
    columns: Sequence[tuple[str, float, Look]], lines: Sequence[Line | PassedLine], keys: Sequence[str]
) -> Iterator[tuple[int, int, Look]]:
    """Numbers and dates look like what they are; everything else is text. `keys` are the columns that hold values."""
    at = {key: position for position, (key, _, _) in enumerate(columns)}
    looks: dict[str, Look] = {}
    for row, line in enumerate(lines):
        for key in keys:
            typed: Typed = getattr(line, key)
            if typed.number_format != "@":
                style = _VALUE.with_(number_format=typed.number_format, wrap=False)
                yield row, at[key], looks.setdefault(typed.number_format, style)


@dataclass(frozen=True, slots=True)
class _Page:
    """One list as an Excel Table."""

    name: str
    key: str
    columns: Sequence[tuple[str, float, Look]]
    language: Language

    def sheet(
        self,
        title: str,
        explain: str,
        rows: Sequence[Sequence[Scalar]],
        *,
        exceptions: tuple[tuple[int, int, Look], ...] = (),
        links: Mapping[int, str] | None = None,
    ) -> Sheet:
        """Lay the list out below its title; column A is air."""
        body = rows or [[None] * len(self.columns)]
        last, right = FIRST_ROW + len(body) - 1, len(self.columns) + 1
        area, whole = common.area(FIRST_ROW, 2, last, right), common.area(HEAD_ROW, 2, last, right)
        heads = tuple(word(f"history.head.{key}", self.language) for key, _, _ in self.columns)
        head_looks = (look.HEAD_MAY.with_(align="left"),) * len(heads)
        looks, heights = tuple(style for _, _, style in self.columns), [self._height(row) for row in body]
        return Sheet(
            self.name,
            tab=look.TAB_LOOK,
            columns=(Column(2), *(Column(width) for _, width, _ in self.columns)),
            cells=(
                PlanCell(1, 2, title, look.SHEET_TITLE),
                PlanCell(2, 2, explain, look.SUB),
                *(PlanCell(FIRST_ROW + row, 2, link=target) for row, target in (links or {}).items()),
            ),
            blocks=(Block(FIRST_ROW, 2, looks, body, heights=heights, exceptions=exceptions),),
            tables=(ExcelTable(self.key, whole, heads, head_looks),),
            heights=((1, 30.0), (2, 22.0), (HEAD_ROW, look.HEIGHT_HEAD)),
            freeze=common.address(FIRST_ROW, 3),
            ignore_text_numbers=area,
            print_area=common.area(1, 1, last, right),
            print_title_rows=f"{HEAD_ROW}:{HEAD_ROW}",
            footer=title,
            active_cell=common.address(FIRST_ROW, 2),
        )

    def _height(self, row: Sequence[Scalar]) -> float:
        texts = ((v, width) for v, (_, width, _) in zip(row, self.columns, strict=True) if isinstance(v, str))
        return min(120.0, common.pieces_height(texts))
