"""What the tests of the merge share: see merge_bench."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from merge_bench import BODY, TEAM, Round, make_returned_table, make_table, started

from custsheet.model import ReturnedTable, Table
from custsheet.schema import from_body
from custsheet.schema.records import Schema, Team


@pytest.fixture(scope="session")
def schema() -> Schema:
    return from_body(BODY)


@pytest.fixture(scope="session")
def team() -> Team:
    return TEAM


@pytest.fixture
def start(schema: Schema) -> Callable[..., Round]:
    return partial(started, schema)


@pytest.fixture
def table() -> Callable[..., Table]:
    return make_table


@pytest.fixture
def returned_table() -> Callable[..., ReturnedTable]:
    return make_returned_table
