"""Colours and limits of one table's sheet: at most one rule decides a cell's look, and each is complete and final."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import NUMBER_TYPES, SheetColumn, TableLayout, coloured
from custsheet.books.marks import TableMarks, missing_formula
from custsheet.books.scope import FIRST_ROW, ROW, TODAY, CopyScope, Span
from custsheet.fields.base import Field, Language
from custsheet.messages import word
from custsheet.plan import Condition, DataBar, Look, Validation

PROMPT_LIMIT: Final = 250
TITLE_LIMIT: Final = 30
ERROR_LIMIT: Final = 220
HINT_SIGNS: Final = ("wrong", "missing", "overdue", "today", "soon", "stale")


@dataclass(frozen=True, slots=True)
class _Place:
    """One column and the rows that a rule about it covers."""

    at: int
    column: SheetColumn
    span: Span

    @property
    def first(self) -> int:
        """The first row: added rows alone where only they may be typed in."""
        return FIRST_ROW if self.column.edit or not self.column.enter else self.span.first_free

    @property
    def typed(self) -> str:
        """The cells in which somebody may type."""
        return common.area(self.first, self.at, max(self.first, self.span.end), self.at)

    @property
    def all(self) -> str:
        """The column's cells, issued and free."""
        return common.area(FIRST_ROW, self.at, self.span.end, self.at)

    @property
    def free(self) -> str:
        """Spare rows and room."""
        return common.area(self.span.first_free, self.at, self.span.end, self.at)

    def cell(self, first: int) -> str:
        """Return the rule's own cell in its first row."""
        return f"${letters(self.at)}{first}"


# ── conditional formats ─────────────────────────────────────────────────────────────────────────────


def conditions(copy: CopyScope, layout: TableLayout, marks: TableMarks) -> tuple[Condition, ...]:
    """Return the conditional formats of a table's sheet, most urgent first within each column."""
    span = copy.span(layout.table)
    found: list[Condition] = []
    for at, column in enumerate(layout.columns, 1):
        if column.hidden:
            continue
        place = _Place(at, column, span)
        found += _asked(place, layout, marks)
        found += _action(place)
        found += _over(place, marks)
        found += _dated(place, marks, copy)
        found += _hinted(place)
        found += _status(place, copy.language)
        found += _next_free(place, layout)
    return tuple(found)


def bars(copy: CopyScope, layout: TableLayout) -> tuple[DataBar, ...]:
    """Return the data bars: progress alone, which has both its ends."""
    span = copy.span(layout.table)
    return tuple(
        DataBar(_Place(at, column, span).all, look.BAR)
        for at, column in enumerate(layout.columns, 1)
        if column.field is not None and column.field.spec.type == "progress"
    )


def signed(sign: str, number_format: str) -> str:
    """Return a number format that shows a sign before whatever stands in the cell: the value itself stays clean."""
    lead = f'"{sign}"' if sign == look.SIGNS["wrong"].sign else f'"{sign} "'
    if number_format in ("@", "General", ""):
        return f"{lead}@"
    first = number_format.split(";", maxsplit=1)[0]
    return f"{lead}{first};{lead}-{first};{lead}{first};{lead}@"


def _signed_date(sign: str, number_format: str) -> str:
    return f'"{sign} "{number_format}'


def _look(name: str, base: Look) -> Look:
    sign = look.SIGNS[name]
    return base.with_(fill=sign.fill or base.fill, ink=sign.ink, bold=sign.bold or base.bold)


def _asked(place: _Place, layout: TableLayout, marks: TableMarks) -> Iterator[Condition]:
    base = place.column.free_look if place.column.enter else place.column.row_look
    wrong, missing = marks.wrong.get(place.at, ""), missing_formula(layout, marks, place.at)
    for name, formula in (("wrong", wrong), ("missing", missing)):
        if formula:
            sign = look.SIGNS[name]
            number = signed(sign.sign, base.number_format) if name == "wrong" else ""
            test = formula.replace(ROW, str(place.first))
            yield Condition(place.typed, test, _look(name, base), number_format=number, box=sign.box)


def _action(place: _Place) -> Iterator[Condition]:
    if place.column.kind == "action":
        red = look.HUES["red"]
        style = place.column.row_look.with_(fill=red.fill, ink=red.ink, bold=True)
        yield Condition(place.all, f'{place.cell(FIRST_ROW)}<>""', style, number_format=signed("×", "@"))


def _over(place: _Place, marks: TableMarks) -> Iterator[Condition]:
    """Make the whole row of a lost customer quiet, but for the cell that says so."""
    column = place.column
    if not marks.over or column.field is None or coloured(column.field):
        return
    ink = look.FAINT if column.row_look.fill else look.SIGNS["gone"].ink  # on grey the sign's own ink is too pale
    style = column.row_look.with_(ink=ink, bold=False)
    yield Condition(place.all, marks.over.replace(ROW, str(FIRST_ROW)), style)


def _dated(place: _Place, marks: TableMarks, copy: CopyScope) -> Iterator[Condition]:
    column = place.column
    cell = place.cell(FIRST_ROW)
    if column.task == "last":
        stale = f"AND(ISNUMBER({cell}),{TODAY}-{cell}>{look.STALE_DAYS})"
        yield _date_rule(place, "stale", stale)
    if column.task == "next" or (column.task == "due" and marks.done):
        ended = marks.done.replace(ROW, str(FIRST_ROW)) if column.task == "due" else ""
        for name, test in (
            ("overdue", f"{cell}<{TODAY}"),
            ("today", f"INT({cell})={TODAY}"),
            ("soon", f"{cell}-{TODAY}<={look.SOON_DAYS}"),
        ):
            tests = [f"ISNUMBER({cell})", test, *([f"NOT({ended})"] if ended else [])]
            yield _date_rule(place, name, f"AND({','.join(tests)})")


def _date_rule(place: _Place, name: str, formula: str) -> Condition:
    base = place.column.row_look
    return Condition(
        place.all,
        formula,
        _look(name, base),
        number_format=_signed_date(look.SIGNS[name].sign, base.number_format),
        box=look.SIGNS[name].box,
    )


def _hinted(place: _Place) -> Iterator[Condition]:
    """Give a computed hint the ink of the sign that it begins with; its ground stays grey."""
    field = place.column.field
    if field is None or field.spec.compute is None or field.name != "hint":
        return
    base = place.column.row_look
    for name in HINT_SIGNS:
        sign = look.SIGNS[name]
        style = base.with_(ink=sign.ink, bold=sign.bold or name == "missing")
        yield Condition(place.all, f"LEFT({place.cell(FIRST_ROW)},1)={common.quoted(sign.sign)}", style)


def _status(place: _Place, language: Language) -> Iterator[Condition]:
    if place.column.field is None:
        return
    base = place.column.row_look
    for option, hue, icon in coloured(place.column.field):
        formula = f"{place.cell(FIRST_ROW)}={common.quoted(option.text[language])}"
        yield Condition(place.all, formula, base.with_(fill=hue.fill, ink=hue.ink), number_format=signed(icon, "@"))


def _next_free(place: _Place, layout: TableLayout) -> Iterator[Condition]:
    """Make the next free row a faint invitation to go on there."""
    if not layout.add or place.column.field is None:
        return
    label = f"${letters(layout.label)}"
    first = place.span.first_free
    above = f'{label}{first - 1}<>""'
    style = place.column.free_look.with_(fill=look.NEXT_FREE, bottom=f"thin:{look.ACCENT}")
    yield Condition(place.free, f'AND({label}{first}="",{above})', style)


# ── what may be typed ───────────────────────────────────────────────────────────────────────────────


def validations(copy: CopyScope, layout: TableLayout, *, actions: str) -> tuple[Validation, ...]:
    """Return what Excel accepts in each column in which this member may type; lists come from ranges."""
    span = copy.span(layout.table)
    found = []
    for at, column in enumerate(layout.columns, 1):
        place = _Place(at, column, span)
        if column.kind == "action":
            found.append(_list(place, actions, "stop", copy.language))
        elif column.field is not None and (column.edit or column.enter):
            rule = _limit(place, column.field, copy, copy.lists.get((layout.table, column.field.name), ""))
            if rule is not None:
                found.append(rule)
    return tuple(found)


def _list(place: _Place, source: str, severity: str, language: Language) -> Validation:
    title, text = _refusal("list", place.column.head, "", language)
    return Validation(
        place.typed,
        "list",
        source,
        severity="stop" if severity == "stop" else "warning",
        error_title=title,
        error=text,
    )


def _limit(place: _Place, field: Field, copy: CopyScope, source: str) -> Validation | None:
    limit = field.limit()
    if limit is None:
        return None
    language = copy.language
    prompt_title, prompt = _prompt(place, field, language)
    if limit.kind == "list":
        if not source:
            return None
        first, second, operator = source, "", ""
    elif limit.kind == "custom":
        formula = (limit.low or (f"NOT({limit.wrong})" if limit.wrong else "")).replace("{list}", source)
        if not formula or "{list}" in formula:
            return None
        first, second, operator = formula.replace("{cell}", f"{letters(place.at)}{place.first}"), "", ""
    else:
        first, second, operator = _bounds(limit.low, limit.high)
        if not first:
            return None
    kind = "list" if limit.kind == "list" else "date" if limit.kind == "date" else _number_kind(field)
    title, text = _refusal(kind, place.column.head, _example(field, language), language)
    return Validation(
        place.typed,
        limit.kind,
        first,
        second,
        operator,  # type: ignore[arg-type]
        severity=limit.severity,
        error_title=title,
        error=text,
        prompt_title=prompt_title,
        prompt=prompt,
    )


def _number_kind(field: Field) -> str:
    return "number" if field.spec.type in NUMBER_TYPES else "text"


def _bounds(low: str, high: str) -> tuple[str, str, str]:
    if low and high:
        return low, high, "between"
    return (low, "", "greaterThanOrEqual") if low else (high, "", "lessThanOrEqual")


def _prompt(place: _Place, field: Field, language: Language) -> tuple[str, str]:
    """Return a hint beside the cell, where the need is greatest: required fields, and dates that ask for something."""
    if not (field.spec.required or place.column.task):
        return "", ""
    said = " ".join(field.say(language=language))
    must = word("copy.must", language) if field.spec.required else ""
    return _cut(place.column.head + must, TITLE_LIMIT), _cut(said, PROMPT_LIMIT)


def _refusal(kind: str, title: str, example: str, language: Language) -> tuple[str, str]:
    return (
        _cut(word(f"copy.stop.{kind}.title", language, title=title), TITLE_LIMIT),
        _cut(word(f"copy.stop.{kind}", language, title=title, example=example), ERROR_LIMIT),
    )


def _example(field: Field, language: Language) -> str:
    sentences = list(field.say(language=language))
    return sentences[0] if sentences else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
