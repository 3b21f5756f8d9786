"""Run a command in a process of its own in which the n-th file or database call goes wrong, or this process dies."""

from __future__ import annotations

import builtins
import contextlib
import datetime as dt
import errno
import io
import os
import signal
import sqlite3
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from custsheet.cli import options
from custsheet.cli.main import main
from custsheet.ledger import migrations

KINDS = ("kill", "ENOSPC", "EIO")
CLOCK = dt.datetime.fromisoformat("2026-11-16T09:30:00")


@dataclass
class Faults:
    """Counts the calls that touch files below `root`, and lets one of them fail."""

    root: Path
    kind: str
    at: int
    seen: list[str] = field(default_factory=list)

    def below(self, path: Any) -> bool:
        """Tell whether a call is about the workspace; an open file's number is taken to be."""
        if isinstance(path, int):
            return True
        return self.root in Path(path).absolute().parents

    def due(self, name: str) -> bool:
        """Count a call and tell whether it is the one."""
        self.seen.append(name)
        return len(self.seen) == self.at

    def fail(self, path: Any = None) -> None:
        """Die, or refuse as the operating system does."""
        if self.kind == "kill":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        number = getattr(errno, self.kind)
        raise OSError(number, os.strerror(number), None if isinstance(path, int) else str(path))

    def refuse(self, connection: sqlite3.Connection) -> None:
        """Die, or refuse as SQLite does: a full disk leaves the transaction open, a broken one rolls it back."""
        if self.kind == "kill":
            self.fail()
        name = {"ENOSPC": "SQLITE_FULL", "EIO": "SQLITE_IOERR_WRITE"}[self.kind]
        if self.kind == "EIO" and connection.in_transaction:
            sqlite3.Connection.rollback(connection)
        error = sqlite3.OperationalError({"ENOSPC": "database or disk is full", "EIO": "disk I/O error"}[self.kind])
        error.sqlite_errorname = name  # type: ignore[misc]
        raise error


def _wrapped(faults: Faults, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(path: Any, *args: Any, **more: Any) -> Any:
        if faults.below(path) and faults.due(f"{name} {_short(path)}"):
            faults.fail(path)
        return real(path, *args, **more)

    return call


def _short(path: Any) -> str:
    return "" if isinstance(path, int) else Path(os.fspath(path)).name


def _line(statement: str) -> str:
    return " ".join(statement.split())[:30]


class _File:
    """A file open for writing whose writes are counted; one that fails has written half."""

    def __init__(self, faults: Faults, real: Any, path: Any) -> None:
        self._faults, self._real, self._path = faults, real, path

    def write(self, data: Any) -> Any:
        if self._faults.due(f"write {_short(self._path)}"):
            self._real.write(data[: len(data) // 2])
            self._real.flush()
            self._faults.fail(self._path)
        return self._real.write(data)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *raised: object) -> None:
        self._real.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _opening(faults: Faults, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(path: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
        if isinstance(path, int) or not faults.below(path):
            return real(path, mode, *args, **more)
        writing = any(letter in mode for letter in "wax+")
        if (writing or faults.kind != "ENOSPC") and faults.due(f"{'open' if writing else 'read'} {_short(path)}"):
            faults.fail(path)
        opened = real(path, mode, *args, **more)
        return _File(faults, opened, path) if writing else opened

    return call


def _low_opening(faults: Faults, real: Callable[..., int]) -> Callable[..., int]:
    def call(path: Any, flags: int, *args: Any, **more: Any) -> int:
        if (
            flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            and faults.below(path)
            and faults.due(f"create {_short(path)}")
        ):
            faults.fail(path)
        return real(path, flags, *args, **more)

    return call


def _cursor(faults: Faults) -> type[sqlite3.Cursor]:
    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, *args: Any) -> Any:
            if faults.due(f"sql {_line(statement)}"):
                faults.refuse(self.connection)
            return super().execute(statement, *args)

        def executemany(self, statement: str, records: Any) -> Any:
            if faults.due(f"sql {_line(statement)} …"):
                records = list(records)
                super().executemany(statement, records[: len(records) // 2])
                faults.refuse(self.connection)
            return super().executemany(statement, records)

    return Cursor


def _connection(faults: Faults) -> type[sqlite3.Connection]:
    cursor = _cursor(faults)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(cursor)

        def execute(self, *args: Any) -> Any:
            return self.cursor().execute(*args)

        def commit(self) -> None:
            self._count("sql commit")
            super().commit()

        def rollback(self) -> None:
            self._count("sql rollback")
            super().rollback()

        def _count(self, name: str) -> None:
            if faults.due(name):
                faults.refuse(self)

        def backup(self, target: sqlite3.Connection, **_: Any) -> None:
            due = faults.due("sql backup")
            super().backup(target, pages=20, progress=lambda *_: faults.refuse(target) if due else None)

    return Connection


@contextlib.contextmanager
def installed(faults: Faults) -> Iterator[None]:
    """Count, and fail, in this process until the end of the block."""
    connection = _connection(faults)
    real_connect = sqlite3.connect

    def connect(*args: Any, **more: Any) -> Any:
        if faults.due("sql connect"):
            if faults.kind == "kill":
                faults.fail()
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorname = "SQLITE_CANTOPEN"  # type: ignore[misc]
            raise error
        return real_connect(*args, factory=connection, **more)

    names = ("fsync", "replace", "rename", "unlink", "remove", "mkdir", "rmdir", "chmod", "utime")
    replaced: list[tuple[Any, str, Any]] = [(os, n, _wrapped(faults, n, getattr(os, n))) for n in names]
    replaced += [(os, "open", _low_opening(faults, os.open)), (sqlite3, "connect", connect)]
    replaced += [(place, "open", _opening(faults, io.open)) for place in (io, builtins)]
    before = [(place, name, getattr(place, name)) for place, name, _ in replaced]
    for place, name, new in replaced:
        setattr(place, name, new)
    try:
        yield
    finally:
        for place, name, old in before:
            setattr(place, name, old)


class _Clock(dt.datetime):
    """The clock stands still, so that two runs can be compared byte by byte."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> _Clock:
        return cls(*CLOCK.timetuple()[:6], tzinfo=tz)


def stop_the_clock() -> None:
    """Let the command line read one time for ever."""
    still = types.SimpleNamespace(**{name: getattr(dt, name) for name in dir(dt)})
    still.datetime = _Clock
    options.dt = still  # type: ignore[assignment]


def run(root: str, kind: str, at: int, words: list[str], out: str, prepare: str = "") -> None:
    """Run `custsheet WORDS` in this process and leave what it said and how it ended in the folder `out`."""
    stop_the_clock()
    if prepare:
        globals()[prepare]()
    faults, target = Faults(Path(root), kind, at), Path(out)
    said, told, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told), installed(faults):
        try:
            main(words)
        except SystemExit as left:
            code = int(left.code or 0)
    (target / "out").write_text(said.getvalue(), encoding="utf-8")
    (target / "err").write_text(told.getvalue(), encoding="utf-8")
    (target / "seen").write_text("\n".join(faults.seen), encoding="utf-8")
    (target / "code").write_text(str(code), encoding="utf-8")


def next_layout() -> None:
    """A later program: its layout has one step more, as big as steps get."""

    def second(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE later (row INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT")
        connection.exec_driver_sql("INSERT INTO later SELECT id, rid FROM row")
        connection.exec_driver_sql("CREATE INDEX later_by_note ON later (note)")

    if len(migrations.STEPS) == 1:
        migrations.STEPS.append(second)
