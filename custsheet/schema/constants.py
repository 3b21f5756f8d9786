"""Values that a schema file gives: defaults, bounds and what rules compare with, as canonical values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from custsheet.model import Value

NUMBERS = frozenset({"number", "money", "percent", "progress", "score"})
DATES = frozenset({"date", "datetime"})


def constant(kind: str, given: object) -> Value:
    """Return a value of the file as the canonical value of a field type; None if it is none."""
    if kind in NUMBERS or (kind == "computed" and not isinstance(given, str)):
        return _number(kind, given)
    if kind in DATES:
        return _day(kind, given)
    if kind == "bool":
        return given if isinstance(given, bool) else None
    return None if given is None or isinstance(given, list | dict | bool) else str(given)


def _number(kind: str, given: object) -> Value:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    text = str(given).strip()
    percent = text.endswith("%")
    try:
        number = Decimal(text.rstrip("%")) / (100 if percent else 1)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return int(number) if kind == "score" and number == int(number) else number


def _day(kind: str, given: object) -> Value:
    try:
        return dt.datetime.fromisoformat(str(given)) if kind == "datetime" else dt.date.fromisoformat(str(given))
    except ValueError:
        return None
