"""Values as frames and tables as pandera schemas: the only file that knows pandas and pandera.

A row rule is a column of booleans of its own here: as a check of the whole frame pandera would report it once per
column, which made 440,000 rows of failures out of 20,000 bad ones.
"""

from __future__ import annotations

import datetime as dt
import warnings
import weakref
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any

import pandas as pd
import pandera.pandas as pa

from custsheet.checks.rows import Broken, decidable
from custsheet.expr import Expr, Scope, asks_the_day, holder
from custsheet.fields.base import Constraint, Field, Language
from custsheet.model import ABSENT, Absent, Cell, Unreadable, Value
from custsheet.schema.records import TableDef
from custsheet.text import fits

Verdicts = Callable[[], Iterable[tuple[str, list[bool]]]]
"""Rule → whether it holds, row by row."""

_RULE = "rule: "
"""Stands before a rule's name in the name of its column: no field is called so."""
_ANY_DAY = dt.date(2000, 1, 1)


# ── frames ──────────────────────────────────────────────────────────────────────────────────────────


def frame(
    table: TableDef, rows: Iterable[Sequence[Value | Absent]], *, index: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return rows as a frame of object columns; blank, absent and unreadable cells are None."""
    columns = list(zip(*rows, strict=True)) or [()] * len(table.fields)
    series = {
        name: pd.Series([_plain(value) for value in column], dtype=object)
        for name, column in zip(table.fields, columns, strict=True)
    }
    made = pd.DataFrame(series, columns=list(table.fields))
    return made if index is None else made.set_axis(list(index), axis=0)


def _plain(value: Value | Absent) -> object:
    return None if value is ABSENT or value in ("", ()) or isinstance(value, Unreadable) else value


def broken(table: TableDef, rows: Sequence[tuple[Value, ...]], verdicts: Verdicts) -> list[Broken]:
    """Return what does not hold, by row, then by field, then by rule; unreadable cells break nothing here."""
    data = frame(table, rows)
    for name, holds in verdicts():
        data[_RULE + name] = pd.Series(holds, dtype=bool)
    place = {name: position for position, name in enumerate(data.columns)}
    found = {at for at in _failures(_built(table), data) if not (at.field and _junk(rows[at.index][place[at.field]]))}
    return sorted(found, key=lambda at: (at.index, place[at.field or _RULE + at.name], at.name))


def _junk(value: Value) -> bool:
    """Whether this is blank in the frame only because nobody could read it."""
    return isinstance(value, Unreadable)


def _failures(schema: Any, data: pd.DataFrame) -> list[Broken]:
    with warnings.catch_warnings():
        # pandas 2 warns of pandera's own empty frames
        warnings.simplefilter("ignore", FutureWarning)
        try:
            schema.validate(data, lazy=True)
        except pa.errors.SchemaErrors as failed:
            cases = failed.failure_cases
        else:
            return []
    return [
        Broken(int(index), "" if column.startswith(_RULE) else column, _NAMES.get(name, name))
        for column, name, index in zip(cases["column"], cases["check"], cases["index"], strict=True)
    ]


_NAMES = {"not_nullable": "required"}


# ── schemas ─────────────────────────────────────────────────────────────────────────────────────────

_schemas: dict[int, Any] = {}


def _built(table: TableDef) -> Any:
    """Return the table's schema, built once for as long as the table lives."""
    key = id(table)
    if key not in _schemas:
        rules = {
            _RULE + rule.name: pa.Column(bool, pa.Check(_same, name=rule.name), required=False)
            for rule in decidable(table, with_related=True)
        }
        _schemas[key] = pa.DataFrameSchema({**_columns(table, "en"), **rules}, strict=True)
        weakref.finalize(table, _schemas.pop, key, None)
    return _schemas[key]


def _same(series: pd.Series[bool]) -> pd.Series[bool]:
    return series


def to_pandera(table: TableDef, *, language: Language, today: dt.date | None) -> Any:
    """Return constraints as columns, row rules as checks of the frame."""
    rules = [rule for rule in decidable(table, with_related=False) if today or not asks_the_day(rule.holds)]
    checks = [
        pa.Check(partial(_holds, rule.holds, today or _ANY_DAY), name=rule.name, error=rule.name, ignore_na=False)
        for rule in rules
    ]
    return pa.DataFrameSchema(
        _columns(table, language), checks=checks, strict=True, name=table.name, title=table.title[language]
    )


def _holds(rule: Expr, today: dt.date, data: pd.DataFrame) -> pd.Series[bool]:
    holds, names = holder(rule), list(data.columns)
    rows = (dict(zip(names, map(_none, row), strict=True)) for row in data.itertuples(index=False, name=None))
    return pd.Series([holds(Scope(row, today)) for row in rows], index=data.index, dtype=bool)


def _none(value: Any) -> Any:
    """Return None for each of pandas' blanks."""
    return value if isinstance(value, tuple) or not pd.isna(value) else None


def _columns(table: TableDef, language: Language) -> dict[str, Any]:
    return {name: _column(field, language) for name, field in table.fields.items()}


def _column(field: Field, language: Language) -> Any:
    constraints = list(field.constraints())
    checks = [pa.Check(_each(_test(field, c)), name=c.name, error=c.name) for c in constraints if c.name != "required"]
    required = any(c.name == "required" for c in constraints)
    return pa.Column(object, checks, nullable=not required, title=field.spec.title[language])


def _each(test: Callable[[Any], bool]) -> Callable[[pd.Series[Any]], pd.Series[bool]]:
    """Return a test of one value as a test of a column; pandera leaves the blanks out."""
    return lambda column: pd.Series([test(value) for value in column], index=column.index, dtype=bool)


# ── constraints ─────────────────────────────────────────────────────────────────────────────────────


def _test(field: Field, constraint: Constraint) -> Callable[[Any], bool]:
    """Return what a constraint asks of one value that is not blank."""
    if constraint.name in ("phone", "email"):
        return _reads_itself(field)
    return _MAKERS[constraint.name](constraint.argument)


_MAKERS: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "one_of": lambda options: frozenset(options).__contains__,
    "each_of": lambda options: frozenset(options).issuperset,
    "min": lambda low: lambda value: _in_order(low, value),
    "max": lambda high: lambda value: _in_order(value, high),
    "pattern": lambda pattern: lambda value: fits(pattern, value),
    "max_length": lambda most: lambda value: len(value) <= most,
}


def _in_order(low: Any, high: Any) -> bool:
    """Whether low <= high; a day and a moment compare as moments."""
    if isinstance(low, dt.datetime) != isinstance(high, dt.datetime):
        low, high = (v if isinstance(v, dt.datetime) else dt.datetime.combine(v, dt.time()) for v in (low, high))
    return bool(low <= high)


def _reads_itself(field: Field) -> Callable[[Any], bool]:
    """Return whether the field reads its own value, a phone number say, as one; each is read once."""

    @cache
    def reads(value: str) -> bool:
        return not isinstance(field.parse(Cell("text", value), language="zh", today=_ANY_DAY).value, Unreadable)

    return reads
