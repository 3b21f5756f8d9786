"""Rows as frames, and tables as pandera schemas, for those who live in pandas."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable

import pandera.pandas as pa
import pytest

from custsheet.checks import CheckRow, frame, to_pandera
from custsheet.fields.base import Text
from custsheet.model import ABSENT, Unreadable
from custsheet.schema.records import Schema, TableDef


@pytest.fixture
def schema(customers: TableDef) -> Schema:
    return Schema("sample", "1", Text("样例", "Sample"), "zh", {"customers": customers}, {})


def failures(schema: Schema, rows: list[CheckRow], today: dt.date | None = None) -> set[tuple[str, int]]:
    """Return (check, row) of all that a frame of these rows breaks."""
    try:
        to_pandera(schema, "customers", today=today).validate(
            frame(schema.tables["customers"], [row.row for row in rows]), lazy=True
        )
    except pa.errors.SchemaErrors as failed:
        return {(str(name), int(index)) for name, index in failed.failure_cases[["check", "index"]].to_numpy()}
    return set()


def test_frame_holds_plain_values(customers: TableDef, row: Callable[..., CheckRow]) -> None:
    """A frame has the table's columns; what is blank, absent or unreadable is None, tags stay tuples."""
    cells = row(name=Unreadable("#N/A"), phone=None).row
    made = frame(customers, [(*cells[:2], ABSENT, *cells[3:])], index=["r1"])
    assert list(customers.fields) == list(made.columns)
    assert made.loc["r1"].tolist()[:5] == [None, None, None, "潜在客户", ("重点",)]


def test_frame_without_rows_has_the_columns(customers: TableDef) -> None:
    """An empty table is an empty frame of the same shape."""
    assert (0, len(customers.fields)) == frame(customers, []).shape


def test_schema_finds_constraints_and_rules(schema: Schema, row: Callable[..., CheckRow]) -> None:
    """The pandera schema of a table finds what `check` finds in one row without other rows."""
    rows = [row(), row(status="x"), row(next=None), row(name=None), row(last=dt.date(2027, 1, 1))]
    assert {("one_of", 1), ("plan", 2), ("not_nullable", 3), ("order", 4)} == failures(schema, rows)


def test_rule_is_found_in_a_row_without_a_single_value(schema: Schema, row: Callable[..., CheckRow]) -> None:
    """A row of blanks alone breaks a rule that asks for something, although it has no value to show for it."""
    blank = row(**dict.fromkeys(schema.tables["customers"].fields))
    assert ("plan", 0) in failures(schema, [blank])


def test_rules_about_today_need_a_day(schema: Schema, row: Callable[..., CheckRow], today: dt.date) -> None:
    """The library reads no clock: a rule about today is in the schema where the day is given."""
    rows = [row(next=dt.date(2026, 11, 1), last=None)]
    assert (set(), {("past", 0)}) == (failures(schema, rows), failures(schema, rows, today))


def test_door_stays_light() -> None:
    """Importing the room loads neither pandas nor pandera: they come with the first check."""
    program = "import sys, custsheet.checks; print(sorted({'pandas', 'pandera', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
