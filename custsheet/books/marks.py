"""When a cell of a copy is wrong or missing, said once as a formula: colours, counts and links all read it here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from custsheet.books import common
from custsheet.books.columns import SheetColumn, TableLayout, coloured
from custsheet.books.scope import ROW, CopyScope, RowScope
from custsheet.expr.excel import excel
from custsheet.expr.tree import Not, about_table
from custsheet.model import Unreadable, Value

Mark = Literal["wrong", "missing"]


@dataclass(frozen=True, slots=True)
class TableMarks:
    """The marks of one table. Formulas hold `{row}` for the row's number."""

    wrong: dict[int, str]
    """1-based column → formula that is TRUE when what stands there is wrong."""
    missing: dict[int, str]
    """1-based column → formula that is TRUE when something has to be filled in there."""
    over: str
    """Formula that is TRUE when nothing is left to do with the row (a lost customer); empty where no field says so."""
    done: str
    """The same for deadlines: lost or finished."""


def table_marks(copy: CopyScope, table: str) -> TableMarks:
    """Return when the cells of a table that this member may type in are wrong or missing."""
    layout = copy.layouts[table]
    typed = {i: c for i, c in enumerate(layout.columns, 1) if c.field is not None and (c.edit or c.enter)}
    started = f'{_cell(layout.label)}<>""'
    wrong = {i: f for i, c in typed.items() if (f := _wrong(copy, table, i, c))}
    missing = {i: _required(layout, i, started) for i, c in typed.items() if c.field and c.field.spec.required}
    for at, mark, formula in _broken_rules(copy, table, layout, started):
        if at in typed:
            marks = wrong if mark == "wrong" else missing
            marks[at] = f"OR({marks[at]},{formula})" if at in marks else formula
    return TableMarks(wrong, missing, _ended(copy, layout, done=False), _ended(copy, layout, done=True))


def open_formula(layout: TableLayout, marks: TableMarks, *, added: bool) -> str:
    """Return the formula that counts the open marks of one row, as an issued or as an added one."""
    tests = [
        formula
        for at, formula in [*sorted(marks.wrong.items()), *sorted(marks.missing.items())]
        if layout.columns[at - 1].edit or (added and layout.columns[at - 1].enter)
    ]
    return "+".join(f"N({test})" for test in tests)


def count_open(copy: CopyScope, table: str, values: dict[str, Value]) -> int:
    """Count what the formula would: cells of an issued row that are unreadable, or required and blank."""
    layout = copy.layouts[table]
    label = layout.columns[layout.label - 1].field
    started = label is None or values.get(label.name) is not None
    return sum(
        isinstance(values.get(c.field.name), Unreadable)
        or (started and c.field.spec.required and values.get(c.field.name) is None)
        for c in layout.columns
        if c.field is not None and c.edit
    )


def _cell(column: int) -> str:
    return f"${common.letter(column)}{ROW}"


def _wrong(copy: CopyScope, table: str, at: int, column: SheetColumn) -> str:
    assert column.field is not None
    limit = column.field.limit()
    if limit is None or not limit.wrong:
        return ""
    source = copy.lists.get((table, column.field.name), "")
    if "{list}" in limit.wrong and not source:
        return ""
    formula = limit.wrong.replace("{list}", source).replace("{cell}", _cell(at))
    extra = copy.extra.get((table, column.field.name), "")
    return f"AND({formula},COUNTIF({extra},{_cell(at)})=0)" if extra else formula


def _required(layout: TableLayout, at: int, started: str) -> str:
    """Blank in a row that somebody has begun; the label itself is asked for once anything else stands in its row."""
    if at != layout.label:
        return f'AND({started},{_cell(at)}="")'
    others = [
        f'{_cell(i)}<>""'
        for i, c in enumerate(layout.columns, 1)
        if i != at and c.field is not None and c.field.editable and c.field.spec.default is None and (c.edit or c.enter)
    ]
    return f'AND({_cell(at)}="",OR({",".join(others)}))' if others else "FALSE"


def _broken_rules(copy: CopyScope, table: str, layout: TableLayout, started: str) -> Iterator[tuple[int, Mark, str]]:
    """Row rules that must hold: the cell that carries the finding is missing where blank, else wrong."""
    scope = RowScope(copy, table)
    for rule in copy.table(table).rules:
        field = rule.at or (rule.fields[0] if rule.fields else "")
        if rule.severity == "warning" or rule.unique or about_table(rule.holds) or field not in layout.at:
            continue
        if not copy.speaks(table, rule.holds):
            continue
        at = layout.at[field]
        broken = excel(Not(rule.holds), scope)
        yield at, "missing", f'AND({started},{_cell(at)}="",{broken})'
        if "require" not in rule.origin:
            yield at, "wrong", f'AND({_cell(at)}<>"",{broken})'


def _ended(copy: CopyScope, layout: TableLayout, *, done: bool) -> str:
    """By a choice: an option with a cross is over; for deadlines also a full dot, or a stage that is won or lost."""
    for i, column in enumerate(layout.columns, 1):
        if column.field is None or column.field.spec.type != "choice":
            continue
        icons = {o.value: icon for o, _, icon in coloured(column.field)}
        ended = [
            o.text[copy.language]
            for o in column.field.spec.options
            if icons.get(o.value) == "×" or (done and (icons.get(o.value) == "●" or o.probability in (0, 1)))
        ]
        if ended:
            tests = [f"{_cell(i)}={common.quoted(text)}" for text in ended]
            return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
    return ""
