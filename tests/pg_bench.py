"""A PostgreSQL server of the tests' own: one for each worker, one empty place for each test that asks."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

PASSWORD = "sample-secret"
_FAST = "fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl: on the path, or where Debian puts them."""
    there = [Path(found).resolve().parent for name in ("initdb", "pg_ctl") if (found := shutil.which(name))]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: (len(p.parent.name), p))
    return next((p for p in [*there, *reversed(debian)] if (p / "initdb").is_file() and (p / "pg_ctl").is_file()), None)


@dataclass
class Server:
    """One running server; addresses are without the password."""

    folder: Path
    port: int

    def address(self, schema: str = "", *, user: str = "custsheet", port: int = 0, database: str = "postgres") -> str:
        """Return the address of a database, or of one schema in it."""
        inside = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}{inside}"

    def control(self, *words: str) -> None:
        """Start or stop the server."""
        bin_ = programs()
        assert bin_
        call = [str(bin_ / "pg_ctl"), "-D", str(self.folder / "data"), "-w", *words]
        _as_nobody(call, self.folder)

    def start(self) -> None:
        """Start it, and return when it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c {_FAST}"
        self.control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop it: `immediate` is a crash."""
        self.control("-m", how, "stop")

    def sql(self, address: str, *statements: str, guarded: bool = False) -> list[tuple[object, ...]]:
        """Say something to a database as its administrator, who gets past guards, and return the last answer's rows."""
        import psycopg  # noqa: PLC0415  # an extra: nothing but these tests may need it

        with psycopg.connect(address, password=PASSWORD, autocommit=True) as connection:
            if not guarded:
                connection.execute("SET session_replication_role = replica")
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def make_server(folder: Path) -> Server:
    """Make a server in an empty folder and start it; skip where there is none to be started."""
    bin_ = programs()
    if bin_ is None:
        pytest.skip("needs PostgreSQL: no initdb and pg_ctl on the path or below /usr/lib/postgresql")
    secret = folder / "secret"
    secret.write_text(PASSWORD, encoding="utf-8")
    if _is_root():
        for path in (folder, secret):
            shutil.chown(path, "postgres", "postgres")
    call = ["-D", str(folder / "data"), "-U", "custsheet", "-A", "scram-sha-256", "--pwfile", str(secret)]
    _as_nobody([str(bin_ / "initdb"), *call, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(folder, port)
    server.start()
    return server


def _is_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0


def _as_nobody(call: Sequence[str], folder: Path) -> None:
    """Run one of PostgreSQL's programs, which refuse to run as root."""
    before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if _is_root() else []
    log = folder / "calls"
    with log.open("ab") as out:
        done = subprocess.run([*before, *call], stdout=out, stderr=out, cwd="/", check=False, timeout=60)
    assert done.returncode == 0, log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Folders that a server's own user may enter, which the tests' folders are not."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="custsheet-pg-")))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(server_folder: Callable[[], Path]) -> Iterator[Server]:
    """The server of this run; its password lies in the environment, as libpq reads it."""
    made = make_server(server_folder())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSWORD", PASSWORD)
        yield made
    made.stop()


_NUMBERS = count(1)


@pytest.fixture
def new_database(server: Server) -> Callable[[], str]:
    """Make an empty schema and return its address: quicker than a database, and the same to a ledger."""

    def make() -> str:
        name = f"team{next(_NUMBERS)}"
        server.sql(server.address(), f"CREATE SCHEMA {name}")
        return server.address(name)

    return make


class Cable:
    """A network between a program and a server, which can be cut: at once, or right after a word was sent through."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._open: list[socket.socket] = []
        self._cut_after, self._sent = b"", False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, word: bytes) -> None:
        """Let this word reach the server, but no answer come back, and nothing more go through."""
        self._cut_after = word

    def cut(self) -> None:
        """Cut every connection, and take no new one."""
        self._listener.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, far = self._listener.accept()[0], socket.create_connection(self._target)
                self._open += [near, far]
                threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, outward: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self._sent and not outward:
                    self.cut()  # the server has done it, and its answer is lost
                    break
                self._sent = self._sent or bool(outward and self._cut_after and self._cut_after in data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def cable(server: Server) -> Iterator[Cable]:
    """A network to the server that can be cut."""
    made = Cable(server.port)
    yield made
    made.cut()


@pytest.fixture
def own_server(server_folder: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server for one test, which may stop it."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    made = make_server(server_folder())
    yield made
    with contextlib.suppress(AssertionError):  # stopped already
        made.stop()
