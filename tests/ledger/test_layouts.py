"""Ledgers of every layout that there was open with this program, and one of a later layout does not (R126).

layouts/layout-N.sql is a small ledger in SQL, written by the program of that time: `test_layouts.py FILE` writes one of
today's layout. Up to now there is one layout, and no release has carried it yet.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from custsheet.errors import DiskError, LedgerError
from custsheet.ledger import migrations
from custsheet.ledger.store import Ledger, create, open_ledger
from custsheet.model import Resolution, Table
from custsheet.schema.records import Schema

LAYOUTS = Path(__file__).with_name("layouts")
NUMBERS = sorted(int(path.stem.rpartition("-")[2]) for path in LAYOUTS.glob("layout-*.sql"))
NOW = "2026-11-20T09:00:00"
Step = Callable[[Connection], None]


def write_sample(path: Path, schema: Schema) -> None:
    """Write the ledger that stands in the fixtures: two rows, one of them deleted again, a round, an answer."""
    with create(path, ledger_id="sample", key=b"k" * 32, now=NOW) as ledger:
        for phones in ({"a": "138", "b": "139"}, {"a": "140"}):
            rows = Table("customers", ("name", "phone"), tuple(phones), tuple(("示例公司", p) for p in phones.values()))
            with ledger.write(actor="wang", kind="merge", now=NOW) as tx:
                tx.store_schema(schema)
                tx.revise({"customers": rows}, (), schema)
        with ledger.write(actor="wang", kind="merge", now=NOW) as tx:
            tx.open_round("2026-W47", 2)
            tx.add_file("f" * 64, "王芳.xlsx", 9)
            tx.add_resolution(Resolution("q1", "d1", "master"), "2026-W47")


def dumped(path: Path) -> str:
    """Return a database as SQL, with the numbers that stand in its header."""
    with closing(sqlite3.connect(path)) as database:
        header = [
            f"PRAGMA {n} = {database.execute(f'PRAGMA {n}').fetchone()[0]};" for n in ("application_id", "user_version")
        ]
        return "\n".join([*header, *database.iterdump()]) + "\n"


def shape(path: Path) -> set[str]:
    """Return what every table, index and guard is made of."""
    with closing(sqlite3.connect(path)) as database:
        return {str(sql) for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}


def loaded(number: int, path: Path) -> Path:
    """Make the ledger of a layout from its fixture."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript((LAYOUTS / f"layout-{number}.sql").read_text(encoding="utf-8"))
    return path


@pytest.fixture
def database() -> str:
    """Files alone: the fixtures are SQLite's."""
    return "sqlite"


def test_every_layout_has_its_fixture() -> None:
    """A new step comes with a ledger of the layout that it makes: from then on nobody may change what it does."""
    assert list(range(1, migrations.latest() + 1)) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_a_ledger_of_every_layout_opens(number: int, path: Path, schema: Schema) -> None:
    """It is brought to today's layout in every table, index and guard; its rows, history and chain hold."""
    loaded(number, path)
    with open_ledger(path, now=NOW) as ledger:
        assert ledger.verify(full=True) == []
        assert ledger.tables(schema)["customers"].rows == (("示例公司", "140", None, None, None),)
        assert list(ledger.tables(schema, 1)["customers"].column("phone")) == ["138", "139"]
        assert [r.choice for r in ledger.resolutions("2026-W47")] == ["master"]
    fresh = path.with_name("fresh.db")
    create(fresh, ledger_id="x", key=b"k" * 32, now=NOW).close()
    assert shape(path) == shape(fresh)


def later(connection: Connection) -> None:
    """A step such as a later program may bring: a table, filled from those that are there."""
    connection.exec_driver_sql("CREATE TABLE later (row INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT")
    connection.exec_driver_sql("INSERT INTO later SELECT id, rid FROM row")


def test_a_step_s_backup_is_a_ledger_of_its_own(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a step a checked copy is laid beside the ledger, in its old layout: the program of before opens it."""
    path = ledger.path
    ledger.close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, later])
        with open_ledger(path, now=NOW) as newer:
            assert newer.verify(full=True) == []
    with open_ledger(path.with_name("ledger.layout-1.db")) as kept:
        assert (kept.id, kept.verify(full=True)) == ("sample", [])


def test_a_newer_ledger_is_opened_for_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both layouts are named, exit code 5, and not a byte is touched."""
    path = ledger.path
    ledger.close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, later])
        open_ledger(path, now=NOW).close()
    before = path.read_bytes()
    with pytest.raises(LedgerError) as stopped:
        open_ledger(path)
    assert (stopped.value.code, stopped.value.exit_code) == ("LEDGER_NEWER", 5)
    assert (stopped.value.facts["found"], stopped.value.facts["known"]) == (2, 1)
    assert path.read_bytes() == before


def test_a_step_without_room_for_its_backup_is_not_taken(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """No backup, no step: the ledger stays in its layout, and opens with the program of before."""
    path = ledger.path
    ledger.close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, later])
        path.with_name("ledger.layout-1.db").mkdir()  # where the backup belongs there is something else
        with pytest.raises(DiskError):
            open_ledger(path, now=NOW)
    with open_ledger(path) as again:
        assert again.verify(full=True) == []


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    import conftest

    write_sample(Path(sys.argv[1] + ".db"), conftest.SCHEMA)
    Path(sys.argv[1]).write_text(dumped(Path(sys.argv[1] + ".db")), encoding="utf-8")
    Path(sys.argv[1] + ".db").unlink()
