"""Sample rows of customers and their log, as values and as the cells of a sheet."""

# ruff: noqa: DTZ001  # a cell has no zone
from __future__ import annotations

import datetime as dt
import random
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from custsheet.expr.excel import excel
from custsheet.expr.scope import Language, Scope
from custsheet.expr.tree import Expr
from custsheet.model import Unreadable, Value

TODAY = dt.date(2026, 11, 20)
FIELDS = ("name", "status", "grade", "main", "amount", "share", "first", "last", "next", "seen", "plan")
LOG_FIELDS = ("customer", "date", "hours")
SHOWN = {("status", "丢失客户"): "Lost", ("status", "潜在客户"): "Lead", ("main", True): "是", ("main", False): "否"}
KEYS = (
    "华兴示例",
    "007",
    "7",
    ">5",
    "a*",
    "ab",
    "a?c",
    "=1+1",
    '示例“引”号"',
    "~x",
    "长" * 300,
    "1E5",
    "TRUE",
    " 两 端",
)


@dataclass(frozen=True)
class SampleSheet:
    """Names the cells of the sample workbook as `excel` asks for them."""

    row: int
    log_rows: int
    language: Language = "zh"
    today: str = "cs_today"

    def cell(self, field: str) -> str:
        return f"${chr(65 + FIELDS.index(field))}{self.row}"

    def related(self, table: str, field: str) -> str:
        assert table == "log"
        return f"log!${chr(65 + LOG_FIELDS.index(field))}$1:${chr(65 + LOG_FIELDS.index(field))}${self.log_rows}"

    def own_key(self) -> str:
        return self.cell("name")

    def text(self, field: str, value: Value) -> str:
        return '"' + str(shown(field, value)).replace('"', '""') + '"'


def shown(field: str, value: Value) -> Any:
    """Return what a cell of the sample workbook holds."""
    if isinstance(value, Unreadable):
        return value.raw
    return SHOWN.get((field, value), value) if isinstance(value, str | bool) else value


@dataclass(frozen=True)
class Sample:
    """Rows and their log, and what a spreadsheet program makes of formulas over them."""

    rows: Sequence[Mapping[str, Value]]
    log: Sequence[Mapping[str, Value]]

    def scope(self, index: int) -> Scope:
        row = self.rows[index]

        def related(table: str, via: str) -> Sequence[Mapping[str, Value]]:
            assert (table, via) == ("log", "customer")
            return [entry for entry in self.log if entry["customer"] == row["name"] and row["name"] is not None]

        return Scope(row, TODAY, related)

    def workbook(self, formulas: Callable[[SampleSheet], Sequence[str]]) -> openpyxl.Workbook:
        """Lay the rows out with one formula per column after the fields."""
        book = openpyxl.Workbook()
        sheet, log = book.active, book.create_sheet("log")
        book.defined_names["cs_today"] = openpyxl.workbook.defined_name.DefinedName(
            "cs_today", attr_text=f"DATE({TODAY.year},{TODAY.month},{TODAY.day})"
        )
        for number, row in enumerate(self.rows, 1):
            _put(sheet, number, FIELDS, row)
            for column, formula in enumerate(formulas(SampleSheet(number, len(self.log) + 20)), len(FIELDS) + 1):
                sheet.cell(number, column, "=" + formula)
        for number, row in enumerate(self.log, 1):
            _put(log, number, LOG_FIELDS, row)
        return book


def _put(sheet: Any, number: int, fields: Sequence[str], row: Mapping[str, Value]) -> None:
    for column, field in enumerate(fields, 1):
        cell = sheet.cell(number, column)
        cell.value = shown(field, row[field])
        if isinstance(cell.value, str):
            cell.data_type = "s"
            cell.number_format = "@"


def _sample(rng: random.Random, count: int) -> Sample:
    def some(*makers: Callable[[], Value], blank: float = 0.25) -> Value:
        return None if rng.random() < blank else rng.choice(makers)()

    def day() -> dt.date:
        return TODAY + dt.timedelta(rng.randint(-40, 40))

    def near() -> dt.date:
        return TODAY + dt.timedelta(rng.randint(-1, 1))

    def typed() -> Value:
        return Unreadable(rng.choice(["下周", "约5万", "11月左右", "?"]))

    def number() -> Value:
        return Decimal(rng.choice(["0", "-3", "0.1", "0.2", "0.3", "12.5", "1000000", "5"]))

    names = [*KEYS, *(f"客户{n}" for n in range(count - len(KEYS)))]
    rows = [
        {
            "name": some(lambda name=name: name, blank=0.1),
            "status": some(lambda: rng.choice(["潜在客户", "意向客户", "成交客户", "丢失客户"])),
            "grade": some(lambda: rng.choice(["A", "B", "c"])),
            "main": some(lambda: rng.random() < 0.5),
            "amount": some(number, number, typed),
            "share": some(number),
            "first": some(day, near, typed),
            "last": some(day, near, near, typed),
            "next": some(day, near, near, typed),
            "seen": some(lambda: dt.datetime(2026, 11, rng.randint(18, 22), rng.randint(0, 23), 30)),
            "plan": some(lambda: rng.choice(["回访", "HELLO", "hello", "5", "他说“好”"])),
        }
        for name in names
    ]
    log = [
        {"customer": some(lambda: rng.choice(names[:40])), "date": some(day, day, typed), "hours": some(number, typed)}
        for _ in range(200)
    ]
    return Sample(rows, log)


@pytest.fixture(scope="session")
def sample() -> Sample:
    return _sample(random.Random(20261120), 300)


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[openpyxl.Workbook], list[list[Any]]]:
    """Return a function: the first sheet's values as LibreOffice calculates them."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")

    def run(book: openpyxl.Workbook) -> list[list[Any]]:
        folder: Path = tmp_path_factory.mktemp("libreoffice")
        book.save(folder / "in.xlsx")
        profile = (folder / "profile").as_uri()
        command = [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
        ]
        subprocess.run(
            [*command, "--outdir", str(folder / "out"), str(folder / "in.xlsx")],
            check=True,
            capture_output=True,
            timeout=240,
        )
        result = openpyxl.load_workbook(folder / "out" / "in.xlsx", data_only=True)
        return [list(row) for row in result.worksheets[0].iter_rows(values_only=True)]

    return run


@pytest.fixture(scope="session")
def formulas_of(
    sample: Sample, recalculated: Callable[[openpyxl.Workbook], list[list[Any]]]
) -> Callable[[Mapping[str, Expr]], dict[str, list[Any]]]:
    """Return a function: expression by name → its value in every sample row, by LibreOffice."""

    def run(cases: Mapping[str, Expr]) -> dict[str, list[Any]]:
        book = sample.workbook(lambda sheet: [excel(expr, sheet) for expr in cases.values()])
        values = recalculated(book)
        return {name: [row[len(FIELDS) + at] for row in values] for at, name in enumerate(cases)}

    return run


@pytest.fixture
def sheet() -> SampleSheet:
    """Return the third row of a sample sheet."""
    return SampleSheet(3, 9)
