"""What the tests of all field families share: fields made from a few settings, and cells read on one fixed day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from custsheet.fields import make
from custsheet.fields.base import Field, Option, Parsed, Spec, Text
from custsheet.model import Cell, Unreadable

TODAY = dt.date(2026, 11, 20)  # a Friday


@pytest.fixture(scope="session")
def today() -> dt.date:
    return TODAY


@pytest.fixture(scope="session")
def field() -> Callable[..., Field]:
    def of(kind: str, **settings: object) -> Field:
        return make(Spec("f", kind, Text("字段", "Field"), **settings))

    return of


@pytest.fixture(scope="session")
def statuses() -> tuple[Option, ...]:
    return (
        Option("潜在客户", Text("潜在客户", "Prospect"), "green", "ring"),
        Option("意向客户", Text("意向客户", "Interested"), "teal", "target"),
        Option("成交客户", Text("成交客户", "Customer"), "blue", "dot", ("签约客户", "won")),
        Option("丢失客户", Text("丢失客户", "Lost"), "red", "cross"),
    )


@pytest.fixture(scope="session")
def read() -> Callable[..., Parsed]:
    def of(which: Field, typed: str | Cell | None, language: str = "zh") -> Parsed:
        cell = Cell("text", typed) if isinstance(typed, str) else typed
        return which.parse(cell, language=language, today=TODAY)

    return of


@pytest.fixture(scope="session")
def outcome(read: Callable[..., Parsed]) -> Callable[..., tuple[object, str]]:
    """Return (value, code): the code is that of the note or the refusal, if any; a refusal has no value."""

    def of(which: Field, typed: str | Cell | None, language: str = "zh") -> tuple[object, str]:
        parsed = read(which, typed, language)
        if isinstance(parsed.value, Unreadable):
            return None, parsed.value.code
        return parsed.value, parsed.notes[0].code if parsed.notes else ""

    return of


@pytest.fixture(scope="session")
def stored() -> Callable[..., list[Cell]]:
    """Return a written value as a sheet holds it: as we write it, and as LibreOffice saves it again."""

    def of(value: object, style: str) -> list[Cell]:
        if isinstance(value, str):
            return [Cell("text", value, style), Cell("text", value.replace("\n", "\r\n"), style)]
        if isinstance(value, dt.datetime):
            since = value - dt.datetime.fromisoformat("1899-12-30")
            days = Decimal(since.days) + Decimal(since.seconds) / 86400
            return [Cell("number", f"{days:.15g}", "date"), Cell("number", repr(float(days)), "date")]
        if isinstance(value, dt.date):
            return [Cell("number", str((value - dt.date(1899, 12, 30)).days), "date")]
        return [Cell("number", str(value), style), Cell("number", f"{float(value):.15g}", style),
                Cell("number", f"{float(value):.17g}", style)]  # fmt: skip

    return of
