"""Killed, interrupted, out of room, or two at once: the ledger is as before or as after, never between."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import custsheet
from custsheet.errors import DiskError, LedgerError
from custsheet.ledger.store import Ledger, open_ledger
from custsheet.schema.records import Schema

Revise = Callable[..., int]
NOW = "2026-11-20T09:00:00"
ROWS = 300
WORKER = Path(__file__).with_name("worker.py")
KILLED = 15 if os.name == "nt" else -9


@contextmanager
def worker(path: Path | str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start another run on the same ledger; it is ended when the test is."""
    environment = {**os.environ, "PYTHONPATH": str(Path(custsheet.__file__).parents[1])}
    command = [sys.executable, str(WORKER), str(path), *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def has_note(where: Path | str) -> bool:
    """Tell whether the note of a writer still lies beside a file; a server takes it away itself."""
    return isinstance(where, Path) and where.with_name("lock.json").exists()


def phones(ledger: Ledger, schema: Schema) -> set[object]:
    return set(ledger.tables(schema)["customers"].column("phone"))


@pytest.fixture
def filled(ledger: Ledger, revise: Revise) -> Path | str:
    """A ledger with three hundred rows, closed."""
    revise({f"r{n}": ("示例公司", "before") for n in range(ROWS)})
    ledger.close()
    return ledger.path


@pytest.mark.parametrize("moment", ["BEGIN", "12", "40", str(ROWS), str(2 * ROWS), "INSERT INTO audit", "COMMIT"])
def test_a_killed_write_leaves_the_state_before(filled: Path | str, schema: Schema, moment: str) -> None:
    """Kill -9 at any statement of a merge, its COMMIT included: not one cell of it stays, and the next run goes on."""
    with worker(filled, "die", moment) as process:
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (KILLED, "")
    with open_ledger(filled) as again:
        assert (phones(again, schema), again.revision(), again.verify(full=True)) == ({"before"}, 1, [])
        with again.write(actor="wang", kind="note", now=NOW) as tx:
            tx.audit("note", "still writable", {})


def test_a_write_that_was_acknowledged_stays(filled: Path | str, schema: Schema) -> None:
    """Kill -9 right after the commit: all of the write is there."""
    with worker(filled, "die", "after") as process:
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (KILLED, "written\n")
    with open_ledger(filled) as again:
        assert (phones(again, schema), again.revision(), again.verify(full=True)) == ({"after"}, 2, [])


def test_the_second_run_names_the_first(filled: Path | str) -> None:
    """While one run writes, another waits and then tells who holds the ledger; nothing was changed."""
    with worker(filled, "hold") as process:
        assert process.stdout
        assert process.stdout.readline() == "holding\n"
        with (
            open_ledger(filled, wait=0.2) as second,
            pytest.raises(LedgerError) as stopped,
            second.write(actor="li", kind="set", now=NOW),
        ):
            pytest.fail("two writers at once")
        facts = stopped.value.facts
    assert (stopped.value.code, stopped.value.exit_code) == ("LEDGER_LOCKED", 5)
    assert (facts["pid"], facts["since"]) == (str(process.pid), "2026-11-20T10:00:00")
    assert (facts["command"], bool(facts["host"]), bool(facts["user"])) == ("custsheet merge", True, True)


def test_the_second_run_waits_for_the_first(filled: Path | str) -> None:
    """A write that ends in time is waited for, and both are in the chain."""
    with worker(filled, "hold") as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == "holding\n"
        process.stdin.write("\n")
        process.stdin.flush()
        with open_ledger(filled, wait=20) as second, second.write(actor="li", kind="note", now=NOW) as tx:
            tx.audit("note", "second", {})
        assert process.stdout.readline() == "done\n"
    with open_ledger(filled) as again:
        assert again.verify(full=True) == []
    assert not has_note(filled)


def test_reading_goes_on_while_another_run_writes(filled: Path | str, schema: Schema) -> None:
    """A reader sees the last committed state while a write is under way."""
    with worker(filled, "hold") as process:
        assert process.stdout
        assert process.stdout.readline() == "holding\n"
        with open_ledger(filled, wait=0.2) as second:
            assert phones(second, schema) == {"before"}


@contextmanager
def pressed(after: float) -> Iterator[threading.Thread]:
    """Press Ctrl-C so many seconds after the start, and every two seconds again: Python drops one in a finalizer."""
    stopped = threading.Event()

    def press() -> None:
        wait = after
        while not stopped.wait(wait):
            _thread.interrupt_main()
            wait = 2.0

    pressing = threading.Thread(target=press)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs in the background may have it ignored
    try:
        yield pressing
    finally:
        stopped.set()
        pressing.join()
        signal.signal(signal.SIGINT, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Python's word on a press it dropped
@pytest.mark.parametrize("after", [n * n / 2500 for n in range(1, 13)])
def test_an_interrupt_leaves_nothing_behind(ledger: Ledger, after: float) -> None:
    """Ctrl-C at any moment of a write, the database's own calls included, undoes it and takes the lock's note away."""
    head = ledger.head

    def write_for_ever() -> None:
        with pressed(after) as pressing, ledger.write(actor="wang", kind="note", now=NOW) as tx:
            pressing.start()
            while True:
                tx.audit("note", "x", {})

    with pytest.raises(KeyboardInterrupt) as held:
        write_for_ever()
    assert (ledger.head, has_note(ledger.path), ledger.verify(full=True)) == (head, False, [])
    with ledger.write(actor="wang", kind="note", now=NOW) as tx:
        assert tx.audit("note", "x", {}) != head
    assert held.traceback  # still held when the next write began, as in a notebook: it did not keep the database locked


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_whatever_is_raised_rolls_back(
    ledger: Ledger, schema: Schema, revise: Revise, error: type[BaseException]
) -> None:
    """An exception of any kind inside a write undoes all of it, and the ledger can be written again."""
    revise({"a": ("示例公司", "before")})
    head = ledger.head

    def write_and_stop() -> None:
        with ledger.write(actor="wang", kind="set", now=NOW) as tx:
            tx.audit("note", "x", {})
            tx.open_round("2026-W47", 1)
            raise error

    with pytest.raises(error):
        write_and_stop()
    assert (ledger.head, ledger.rounds(), ledger.verify(full=True)) == (head, [], [])
    assert revise({"a": ("示例公司", "after")}) == 2


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_full_disk_changes_nothing(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """When there is no room the write stops with exit code 6 and the last state stands, ready for the next write."""
    revise({"a": ("示例公司", "before")})
    with ledger.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskError) as stopped:
        revise({f"r{n}": ("示例公司" * 20, "after") for n in range(500)})
    assert (stopped.value.code, stopped.value.exit_code) == ("DISK_FULL", 6)
    with ledger.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert (phones(ledger, schema), ledger.verify(full=True)) == ({"before"}, [])
    assert revise({"a": ("示例公司", "after")}) == 2


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_read_only_ledger_says_so(ledger: Ledger, revise: Revise) -> None:
    """A ledger that may only be read is a matter of rights on the disk, exit code 6."""
    with ledger.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(DiskError) as stopped:
        revise({"a": ("示例公司", "after")})
    assert (stopped.value.code, stopped.value.exit_code) == ("DISK_DENIED", 6)
