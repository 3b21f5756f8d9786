"""Write 10,000 changes to a ledger as one revision, with history and audit, beside a bare `executemany` of them.

`python benchmarks/ledger.py [--rounds N]` prints the process CPU time of both, taken in turns, and their ratio. Bare is
what a program without a ledger would do with the same cells: one `executemany` into their history, one into the cells
as they are now, in the same kind of tables with the same settings, in one transaction.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from custsheet import schema as schemas
from custsheet.ledger.store import Ledger, create
from custsheet.model import Change, Table, Value
from custsheet.schema.records import Schema

NOW = "2026-11-20T09:00:00"
ROWS, FIELDS = 2_500, ("contact", "phone", "next_plan", "last_content")
"""Rows of the customers, and the fields of each that change: 10,000 cells."""
MEMBERS = ("wang", "li", "chen")
TABLES = """
CREATE TABLE cell_history ("row" INTEGER NOT NULL, field TEXT NOT NULL, rev INTEGER NOT NULL, value TEXT,
    cause INTEGER NOT NULL, PRIMARY KEY ("row", field, rev)) WITHOUT ROWID, STRICT;
CREATE TABLE cell ("row" INTEGER NOT NULL, field TEXT NOT NULL, value TEXT, rev INTEGER NOT NULL,
    PRIMARY KEY ("row", field)) WITHOUT ROWID, STRICT;
"""
HISTORY = 'INSERT INTO cell_history ("row", field, rev, value, cause) VALUES (?, ?, ?, ?, ?)'
CELL = (
    'INSERT INTO cell ("row", field, value, rev) VALUES (?, ?, ?, ?) '
    'ON CONFLICT ("row", field) DO UPDATE SET value = excluded.value, rev = excluded.rev'
)


def value(number: int, field: str, turn: int) -> str:
    """Return what stands in a cell after a turn."""
    return f"1{turn % 10}{number:09d}" if field == "phone" else f"第 {turn} 次跟进 示例公司 {number}"


def rows(turn: int) -> Table:
    """Return the customers after a turn: every cell of them is another one."""
    names = ("name", *FIELDS)
    body: list[tuple[Value, ...]] = [
        (f"示例公司 {n}", *(value(n, field, turn) for field in FIELDS)) for n in range(ROWS)
    ]
    return Table("customers", names, tuple(f"r{n:06d}" for n in range(ROWS)), tuple(body))


def changes_of(before: Table, after: Table) -> list[Change]:
    """Return what a merge would hand over: a record for each cell, with who changed it."""
    return [
        Change("customers", rid, field, old[at], new[at], (MEMBERS[n % 3],), f"customers/{new[0]}", "edit")
        for n, (rid, old, new) in enumerate(zip(after.rids, before.rows, after.rows, strict=True))
        for at, field in enumerate(after.fields)
        if old[at] != new[at]
    ]


def ours(ledger: Ledger, schema: Schema, turn: int) -> float:
    """Write a turn as one revision; return the CPU seconds from its beginning to the end of the commit."""
    before, after = rows(turn - 1), rows(turn)
    changes = changes_of(before, after)
    files = {(c.table, c.rid, c.field): (f"{c.members[0]}.xlsx",) for c in changes}
    ledger.tables(schema)  # as in a merge, which has read the rows to compare them

    def write() -> None:
        with ledger.write(actor="zhao", kind="merge", now=NOW) as tx:
            tx.revise({"customers": after}, changes, schema, summary={"round": "2026-W47"}, files=files)

    return cpu(write)


def bare(connection: sqlite3.Connection, turn: int) -> float:
    """Write the same cells without anything around them."""
    cells = [(n, field, value(n, field, turn)) for n in range(ROWS) for field in FIELDS]
    history = [(n, field, turn, text, 1) for n, field, text in cells]
    now = [(n, field, text, turn) for n, field, text in cells]

    def write() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(HISTORY, history)
        connection.executemany(CELL, now)
        connection.execute("COMMIT")

    return cpu(write)


def cpu(act: Callable[[], None]) -> float:
    """Return the process CPU seconds that an act takes."""
    started = time.process_time()
    act()
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    schema = schemas.load_schema(Path(__file__).resolve().parents[1] / "schemas" / "follow-up.yaml")
    mine, others = [], []
    with tempfile.TemporaryDirectory() as name:
        plain = sqlite3.connect(Path(name) / "bare.db", isolation_level=None)
        with closing(plain), create(Path(name) / "ledger.db", ledger_id="x", key=b"k" * 32, now=NOW) as ledger:
            plain.execute("PRAGMA synchronous = FULL")
            plain.executescript(TABLES)
            with ledger.write(actor="zhao", kind="import", now=NOW) as tx:
                tx.revise({"customers": rows(0)}, (), schema)
            bare(plain, 0)
            for turn in range(1, given.rounds + 1):
                mine.append(ours(ledger, schema, turn))
                others.append(bare(plain, turn))
    ratio = statistics.median(m / o for m, o in zip(mine, others, strict=True))
    print(f"{ROWS * len(FIELDS):,} changes, process CPU, median of {given.rounds} runs in turns")
    print(f"ledger: revision, history, audit  {statistics.median(mine) * 1000:7.1f} ms")
    print(f"bare executemany of the same rows {statistics.median(others) * 1000:7.1f} ms")
    print(f"ratio {ratio:.2f} (promised: at most 4)")


if __name__ == "__main__":
    main()
