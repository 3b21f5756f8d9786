"""When a cell of a copy is wrong or missing, said once as a formula: colours, counts and links all read it here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import SheetColumn, TableLayout, coloured
from custsheet.books.scope import ROW, CopyScope, RowScope
from custsheet.expr import Expr, Scope, about_table, holder
from custsheet.expr.excel import excel
from custsheet.expr.tree import Not
from custsheet.model import Unreadable, Value

Mark = Literal["wrong", "missing"]
_REQUIRES = frozenset({"require", "require_any"})


@dataclass(frozen=True, slots=True)
class RowMark:
    """A row rule at a cell that it marks while it does not hold."""

    field: str
    mark: Mark
    """`missing`: while the cell is blank; `wrong`: while something stands in it."""
    holds: Expr


@dataclass(frozen=True, slots=True)
class TableMarks:
    """The marks of one table. Formulas hold `{row}` for the row's number."""

    wrong: dict[int, str]
    """1-based column → formula that is TRUE when what stands there is wrong."""
    missing: dict[int, str]
    """1-based column → formula that is TRUE when something has to be filled in there, if the row is begun."""
    begun: str
    """Formula that is TRUE when anything stands beside the label; empty where the label is all."""
    over: str
    """Formula that is TRUE when nothing is left to do with the row (a lost customer); empty where no field says so."""
    done: str
    """The same for deadlines: lost or finished."""
    rules: tuple[RowMark, ...] = ()


def table_marks(copy: CopyScope, table: str) -> TableMarks:
    """Return when the cells of a table that this member may type in are wrong or missing."""
    layout = copy.layouts[table]
    typed = {i: c for i, c in enumerate(layout.columns, 1) if c.field is not None and (c.edit or c.enter)}
    wrong = {i: f for i, c in typed.items() if (f := _wrong(copy, table, i, c))}
    missing = {i: f for i, c in typed.items() if (f := _required(copy, layout, i))}
    rules = tuple(_rules(copy, table))
    for rule in rules:
        at = layout.at[rule.field]
        if at in typed:
            marks, formula = (wrong if rule.mark == "wrong" else missing), _rule_formula(copy, table, rule)
            marks[at] = f"OR({marks[at]},{formula})" if at in marks else formula
    ended = {done: _ended(copy, layout, done=done) for done in (False, True)}
    return TableMarks(wrong, missing, _begun(layout), ended[False], ended[True], rules)


def missing_formula(layout: TableLayout, marks: TableMarks, at: int) -> str:
    """Return the whole test of a missing cell: blank, and its row begun; empty where nothing is asked for."""
    formula = marks.missing.get(at, "")
    begun = marks.begun if at == layout.label else f'{_cell(layout.label)}<>""'
    return f"AND({begun},{formula})" if formula and begun else ""


def open_formula(layout: TableLayout, marks: TableMarks, *, added: bool) -> str:
    """Return the formula that counts the open marks of one row, as an issued or as an added one."""

    def tests(formulas: Mapping[int, str]) -> list[str]:
        columns = [(layout.columns[at - 1], formula) for at, formula in sorted(formulas.items())]
        return [f"N({formula})" for c, formula in columns if c.edit or (added and c.enter)]

    others = {at: formula for at, formula in marks.missing.items() if at != layout.label}
    wrong, missing = "+".join(tests(marks.wrong)), "+".join(tests(others))
    at_label = layout.columns[layout.label - 1]
    asks = at_label.edit or (added and at_label.enter)
    label = missing_formula(layout, marks, layout.label) if asks else ""
    asked = f'IF({_cell(layout.label)}<>"",{missing or 0},{f"N({label})" if label else 0})' if missing or label else ""
    return "+".join(filter(None, (wrong, asked)))


def open_counts(copy: CopyScope, table: str, marks: TableMarks) -> list[int]:
    """Count per issued row what the formula would: unreadable cells, and those that a rule finds blank or wrong."""
    rows = copy.issue.base.get(table)
    if rows is None:
        return []
    return _counts(copy, table, marks, [dict(zip(rows.fields, row, strict=True)) for row in rows.rows], added=False)


def added_counts(copy: CopyScope, table: str, marks: TableMarks) -> list[int]:
    """Count the same per row that was typed into a spare place."""
    see = copy.issue.grant[table].see
    rows = [dict(zip(see, row, strict=True)) for row in copy.refill(table).added]
    return _counts(copy, table, marks, rows, added=True)


def open_total(copy: CopyScope, table: str, marks: TableMarks) -> int:
    """Count the open marks of a whole table."""
    return sum(open_counts(copy, table, marks)) + sum(added_counts(copy, table, marks))


def _counts(
    copy: CopyScope, table: str, marks: TableMarks, rows: Sequence[Mapping[str, Value]], *, added: bool
) -> list[int]:
    layout = copy.layouts[table]
    typed = [c for c in layout.columns if c.edit or (added and c.enter)]
    mine = {c.field.name: c.field for c in typed if c.field is not None}
    owner = copy.table(table).owner
    required = [name for name, f in mine.items() if f.spec.required and name != owner]
    rules = [(rule.field, rule.mark == "missing", holder(rule.holds)) for rule in marks.rules if rule.field in mine]
    label = layout.columns[layout.label - 1].field
    assert label is not None
    counts = []
    for values in rows:
        found = {name for name in mine if isinstance(values[name], Unreadable)}
        if values[label.name] is None:
            begun = any(values[name] is not None for name in mine)
            found |= {label.name} if begun and label.name in required else set()
        else:
            found |= {name for name in required if values[name] is None}
            scope = Scope(values, copy.today, language=copy.language)
            found |= {f for f, blank, holds in rules if (values[f] is None) == blank and not holds(scope)}
        counts.append(len(found))
    return counts


def _cell(column: int) -> str:
    return f"${letters(column)}{ROW}"


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


def _required(copy: CopyScope, layout: TableLayout, at: int) -> str:
    """Blank though required; an added row's blank owner is whoever added it, so nobody is asked for that."""
    field = layout.columns[at - 1].field
    assert field is not None
    owner = field.name == copy.table(layout.table).owner
    return f'{_cell(at)}=""' if field.spec.required and not owner else ""


def _begun(layout: TableLayout) -> str:
    """Whether anything stands in a row beside its label, in the cells that people fill."""
    inputs = [
        i
        for i, c in enumerate(layout.columns, 1)
        if i != layout.label and c.field and (c.edit or c.enter) and c.field.editable and c.field.spec.default is None
    ]
    spans: list[list[int]] = []
    for i in inputs:
        if spans and spans[-1][1] == i - 1:
            spans[-1][1] = i
        else:
            spans.append([i, i])
    return f"COUNTA({','.join(f'{_cell(a)}:{_cell(b)}' for a, b in spans)})>0" if spans else ""


def _rules(copy: CopyScope, table: str) -> Iterator[RowMark]:
    """Yield the row rules that must hold, at each cell that they mark."""
    layout = copy.layouts[table]
    for rule in copy.table(table).rules:
        if rule.severity == "warning" or rule.unique or about_table(rule.holds) or not copy.speaks(table, rule.holds):
            continue
        required = rule.origin.get("require")
        names = required if isinstance(required, list | tuple) else (rule.at or rule.fields[0],)
        for name in map(str, names):
            if name in layout.at:
                yield RowMark(name, "missing", rule.holds)
                if not _REQUIRES & rule.origin.keys():
                    yield RowMark(name, "wrong", rule.holds)


def _rule_formula(copy: CopyScope, table: str, mark: RowMark) -> str:
    cell = _cell(copy.layouts[table].at[mark.field])
    sign = "=" if mark.mark == "missing" else "<>"
    return f'AND({cell}{sign}"",{excel(Not(mark.holds), RowScope(copy, table))})'


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
