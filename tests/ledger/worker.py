"""A run of its own for the tests of sudden ends: `worker.py LEDGER ACT [N]`; not collected as a test."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event

from custsheet.ledger.store import Ledger, open_ledger

NOW = "2026-11-20T10:00:00"


def conftest() -> Any:
    spec = importlib.util.spec_from_file_location("ledger_conftest", Path(__file__).with_name("conftest.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rewrite(ledger: Ledger, rows: int = 300) -> None:
    """Change one cell of every row, as one revision."""
    sample = conftest()
    with ledger.write(actor="wang", kind="merge", now=NOW) as tx:
        tx.revise(
            {"customers": sample.customers({f"r{n}": ("示例公司", "after") for n in range(rows)})}, (), sample.SCHEMA
        )


def die() -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def die_at(ledger: Ledger, moment: str) -> None:
    """Kill this process at the nth statement that the database runs, or at the first that begins with a word."""
    statements: list[str] = []

    def count(statement: str) -> None:
        statements.append(statement)
        if str(len(statements)) == moment or statement.startswith(moment):
            die()

    connection = ledger._connection
    driver: Any = connection.connection.driver_connection
    if hasattr(driver, "set_trace_callback"):
        driver.set_trace_callback(count)
    else:
        event.listen(connection.engine, "commit", lambda _: count("COMMIT"))
        event.listen(
            connection, "before_cursor_execute", lambda _c, _k, said, rows, *_: _each(said, rows, count), retval=True
        )


def _each(statement: str, rows: Any, count: Callable[[str], None]) -> tuple[str, Any]:
    """Count a statement once for each record that it is sent with."""

    def sent() -> Iterator[Any]:
        for row in rows:
            count(statement)
            yield row

    if isinstance(rows, list):
        return statement, sent()
    count("BEGIN" if "pg_advisory_xact_lock" in statement else statement)
    return statement, rows


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main() -> None:
    where, act = sys.argv[1], sys.argv[2]
    with open_ledger(where if "://" in where else Path(where), command="custsheet merge") as ledger:
        if act == "die":
            die_at(ledger, sys.argv[3])
            rewrite(ledger)
            say("written")
            if sys.argv[3] == "after":
                die()
        elif act == "hold":
            with ledger.write(actor="wang", kind="merge", now=NOW) as tx:
                tx.audit("note", "held", {})
                say("holding")
                sys.stdin.readline()
    say("done")


if __name__ == "__main__":
    main()
