"""A small schema with plain fields, an empty ledger in each database, and short ways to fill it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from custsheet.fields.base import Field, Spec, Text
from custsheet.ledger.store import Ledger, create
from custsheet.model import Change, Table, Value
from custsheet.schema.records import Schema, TableDef

NOW = "2026-11-20T09:00:00"


class Words(Field):
    """Keeps text as it is."""

    def dump(self, value: Value) -> str | None:
        return None if value is None else str(value)

    def load(self, text: str | None) -> Value:
        return text


class Number(Words):
    """Keeps decimals."""

    def load(self, text: str | None) -> Value:
        return None if text is None else Decimal(text)


class Day(Words):
    """Keeps dates."""

    def load(self, text: str | None) -> Value:
        return None if text is None else dt.date.fromisoformat(text)


class Tags(Words):
    """Keeps tuples."""

    def dump(self, value: Value) -> str | None:
        return "|".join(value) if isinstance(value, tuple) else None

    def load(self, text: str | None) -> Value:
        return None if text is None else tuple(text.split("|"))


def table(name: str, /, **families: type[Field]) -> TableDef:
    fields = {n: kind(Spec(name=n, type="text", title=Text(n, n), table=name)) for n, kind in families.items()}
    return TableDef(name=name, title=Text(name, name), fields=fields)


SCHEMA = Schema(
    name="sample",
    version="1",
    title=Text("示例", "Sample"),
    language="zh",
    tables={
        "customers": table("customers", name=Words, phone=Words, amount=Number, due=Day, tags=Tags),
        "log": table("log", note=Words),
    },
    roles={},
    body={"schema": "sample", "title": "示例"},
)

Rows = dict[str, Sequence[Value]]
Revise = Callable[..., int]


@pytest.fixture
def schema() -> Schema:
    return SCHEMA


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The database; a test that is about files alone says so with `parametrize("database", ["sqlite"])`."""
    return str(request.param)


@pytest.fixture
def path(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Path | str:
    """Where a ledger may be made: a file's path, or the address of an empty database."""
    return tmp_path / "ledger.db" if database == "sqlite" else str(request.getfixturevalue("new_database")())


@pytest.fixture
def ledger(path: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.chdir(tmp_path)  # a server's copy lies in the folder of the run where none is named
    with create(path, ledger_id="sample", key=b"k" * 32, now=NOW) as made:
        yield made


@pytest.fixture
def behind(path: Path | str, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Say something to the database behind the program's back: past the guards, which stand again afterwards."""

    def say(*statements: str, guarded: bool = False) -> None:
        if isinstance(path, str):
            server = request.getfixturevalue("server")
            server.sql(path, *statements, guarded=guarded)
        else:
            _say(path, statements, guarded=guarded)

    return say


def _say(path: Path, statements: Sequence[str], *, guarded: bool) -> None:
    raw = sqlite3.connect(path)
    try:
        found = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        guards = [] if guarded else found
        for statement in [*(f"DROP TRIGGER {name}" for name, _ in guards), *statements, *(sql for _, sql in guards)]:
            raw.execute(statement)
        raw.commit()
    finally:
        raw.close()


def customers(rows: Rows, *fields: str) -> Table:
    names = fields or ("name", "phone")
    return Table("customers", names, tuple(rows), tuple(tuple(row) for row in rows.values()))


@pytest.fixture
def revise(ledger: Ledger) -> Revise:
    """Write one revision of the customers from rows (name, phone) by row id."""

    def write(rows: Rows, *changes: Change, kind: str = "merge", fields: Sequence[str] = (), **more: object) -> int:
        with ledger.write(actor="wang", kind=kind, now=NOW) as tx:
            return tx.revise({"customers": customers(rows, *fields)}, changes, SCHEMA, **more)  # type: ignore[arg-type]

    return write
