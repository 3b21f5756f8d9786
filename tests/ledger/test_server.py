"""A ledger on a server: what is in the way has its code, no password is shown, and no moment leaves half a write."""

from __future__ import annotations

import getpass
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pg_bench import PASSWORD, Cable, Server

from custsheet import messages
from custsheet.errors import CustsheetError, DiskError, LedgerError
from custsheet.ledger import address, holder, opening
from custsheet.ledger.store import Ledger, create, open_ledger
from custsheet.messages.server_words import CODES
from custsheet.model import Table
from custsheet.schema.records import Schema

NOW = "2026-11-20T09:00:00"
Revise = Callable[..., int]
ON_A_SERVER = pytest.mark.parametrize("database", ["postgresql"])

# ── the address ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "scheme", "sound"),
    [
        ("ledger.db", "", None),
        (r"C:\team\ledger.db", "", None),
        ("postgresql://crm@db.example.com/crm", "postgresql", True),
        ("postgres://crm:a%40b%2Fc@[::1]:5433/crm?sslmode=require", "postgres", True),
        ("postgresql+psycopg:///crm?host=/run/postgresql", "postgresql+psycopg", True),
        ("postgresql://crm:a@b@db.example.com/crm", "postgresql", False),
        ("postgresql://crm:a/b@db.example.com/crm", "postgresql", False),
        ("postgresql://db.example.com:port/crm", "postgresql", False),
        ("postgresql://db.example.com", "postgresql", False),
        ("postgresql://our server/crm", "postgresql", False),
        ("mysql://crm@db.example.com/crm", "mysql", None),
    ],
)
def test_an_address_is_told_from_a_path_and_checked(text: str, scheme: str, sound: bool | None) -> None:
    """A host and a database are wanted; @ and / inside a password are written as %40 and %2F."""
    assert address.scheme(text) == scheme
    assert sound is None or address.is_sound(text) is sound


def test_a_password_in_the_address_is_never_shown() -> None:
    """Neither in what people read nor in what the server says in return, however it was given."""
    for given in ("postgresql://crm:geheim@localhost/crm", "postgresql://crm@localhost/crm?password=geheim"):
        home: Any = opening.database(given)
        assert "geheim" not in home.shown + home._plain(ValueError('wrong "geheim"'))
        assert home.shown == "postgresql://crm@localhost/crm"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_words_in_both_languages(code: str) -> None:
    """What is wrong and what to do, without the words that blame."""
    for language in ("zh", "en"):
        text = f"{messages.say(code, language)} {messages.fix(code, language)}".lower()
        assert messages.fix(code, language)
        assert not [word for word in ("错误", "非法", "请注意", "error", "invalid") if word in text]


def test_without_the_extra_the_pip_command_is_named() -> None:
    """Exit code 5 and what to install, where psycopg is not there."""
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from custsheet.errors import LedgerError\nfrom custsheet.ledger.store import open_ledger\n"
        "try:\n    open_ledger('postgresql://crm@localhost/crm')\n"
        "except LedgerError as stopped:\n    sys.exit(f'{stopped.code} {stopped.exit_code}')"
    )
    root = str(Path(opening.__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "LEDGER_NO_DRIVER 5"
    for language in ("zh", "en"):
        assert 'pip install "custsheet[postgres]"' in messages.fix("LEDGER_NO_DRIVER", language)


# ── what is in the way ──────────────────────────────────────────────────────────────────────────────


def closed_port() -> int:
    """A port at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


WRONG: dict[str, tuple[int, Callable[[Server], str]]] = {
    "SERVER_AWAY": (6, lambda server: server.address(port=closed_port())),
    "SERVER_LOGIN": (6, lambda server: server.address().replace("custsheet@", "custsheet:geheim@")),
    "SERVER_NO_DATABASE": (5, lambda server: server.address(database="nowhere")),
    "SERVER_ADDRESS": (2, lambda server: server.address() + "?colour=red"),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_server_that_cannot_be_reached_says_why(server: Server, code: str) -> None:
    """Down, a wrong password, no such database, an option that is none: each is told apart, and no password with it."""
    exit_code, where = WRONG[code]
    with pytest.raises(CustsheetError) as stopped:
        open_ledger(where(server))
    assert (stopped.value.code, stopped.value.exit_code) == (code, exit_code)
    assert not [secret for secret in (PASSWORD, "geheim") if secret in str(stopped.value)]


def test_an_unknown_user_is_a_matter_of_login(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As is a password that nobody gave."""
    for user, password in (("nobody", PASSWORD), ("custsheet", "")):
        monkeypatch.setenv("PGPASSWORD", password)
        with pytest.raises(DiskError, match="SERVER_LOGIN"):
            open_ledger(server.address(user=user))


SPOILT = {
    "LEDGER_EMPTY": ["DROP SCHEMA {0} CASCADE", "CREATE SCHEMA {0}"],
    "LEDGER_FOREIGN": ["DROP SCHEMA {0} CASCADE", "CREATE SCHEMA {0}", "CREATE TABLE {0}.meta (name TEXT)"],
    "LEDGER_NEWER": ["COMMENT ON FUNCTION custsheet_append_only() IS 'layout 99'"],
    "LEDGER_DAMAGED": ["DROP TABLE meta"],
}


@ON_A_SERVER
@pytest.mark.parametrize("code", SPOILT)
def test_what_lies_in_the_database_has_its_code(ledger: Ledger, behind: Any, code: str) -> None:
    """An empty, foreign, newer or damaged one is told apart, with exit code 5."""
    ledger.close()
    schema = str(ledger.path).rpartition("%3D")[2]
    behind(*(statement.format(schema) for statement in SPOILT[code]))
    with pytest.raises(LedgerError) as stopped:
        open_ledger(ledger.path)
    assert (stopped.value.code, stopped.value.exit_code) == (code, 5)


@ON_A_SERVER
def test_nothing_of_another_program_is_overwritten(path: str, server: Server) -> None:
    """A ledger is made, or restored, in an empty place alone."""
    server.sql(path, "CREATE TABLE notes (x TEXT)")
    with pytest.raises(LedgerError, match="LEDGER_FOREIGN"):
        create(path, ledger_id="x", key=b"x", now=NOW)
    assert server.sql(path, "SELECT count(*) FROM notes") == [(0,)]


@ON_A_SERVER
@pytest.mark.parametrize(
    ("grants", "code"), [(["SELECT"], "SERVER_RIGHTS"), ([], "SERVER_RIGHTS"), (["SELECT, INSERT, UPDATE"], "")]
)
def test_a_user_without_the_right_is_told_so(
    ledger: Ledger, server: Server, behind: Any, schema: Schema, grants: list[str], code: str
) -> None:
    """Who may only look, or not even that, gets exit code 6; to read and write is all that a second manager needs."""
    place, user = str(ledger.path).rpartition("%3D")[2], f"{str(ledger.path).rpartition('%3D')[2]}_reader"
    behind(f"CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'", f"GRANT USAGE ON SCHEMA {place} TO {user}")
    behind(*(f"GRANT {grant} ON ALL TABLES IN SCHEMA {place} TO {user}" for grant in grants))

    def write() -> None:
        with open_ledger(server.address(place, user=user)) as other, other.write(actor="li", kind="x", now=NOW) as tx:
            tx.audit("note", "x", {})

    if not code:
        write()
        return
    with pytest.raises(DiskError) as stopped:
        write()
    assert (stopped.value.code, stopped.value.exit_code) == (code, 6)


# ── one writer ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("user", ["wang", "王芳", "王" * 40, "a|b", ""])
def test_who_holds_the_ledger_goes_through_a_session_s_name(user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """63 bytes of ASCII tell since when, who, where and which command, Chinese names too; long ones are cut."""
    monkeypatch.setattr(getpass, "getuser", lambda: user)
    line = holder.note(since=NOW, command="custsheet merge")
    told = holder.facts(line)
    assert (line.isascii(), len(line) <= 63) == (True, True)
    assert (told["since"], told["command"], told["pid"].isdigit()) == (NOW, "custsheet merge", True)
    assert user.replace("|", "/").startswith(told["user"].replace("?", ""))
    assert len(told["user"]) >= min(len(user), 4)
    assert set(holder.facts("psql").values()) == {"?"}


@ON_A_SERVER
def test_two_ledgers_on_one_server_do_not_wait_for_each_other(ledger: Ledger, new_database: Callable[[], str]) -> None:
    """The lock is one ledger's, not the server's."""
    with (
        create(new_database(), ledger_id="other", key=b"k", now=NOW) as other,
        ledger.write(actor="wang", kind="x", now=NOW),
        other.write(actor="li", kind="x", now=NOW) as tx,
    ):
        tx.audit("note", "x", {})


@ON_A_SERVER
def test_a_writer_that_waited_sees_what_the_first_one_wrote(ledger: Ledger, server: Server, schema: Schema) -> None:
    """What it begins to read after the wait is as the first one left it, not as it was when the wait began."""
    seen = []

    def second() -> None:
        with open_ledger(ledger.path) as other, other.write(actor="li", kind="x", now=NOW) as tx:
            seen.append((other.revision(), other.tables(schema)["log"].rids))
            tx.audit("note", "x", {})

    waiting = threading.Thread(target=second)
    with ledger.write(actor="wang", kind="x", now=NOW) as tx:
        waiting.start()
        while server.sql(server.address(), "SELECT 1 FROM pg_locks WHERE NOT granted") == []:
            time.sleep(0.05)
        tx.revise({"log": Table("log", ("note",), ("a",), (("第一条",),))}, (), schema)
    waiting.join()
    assert (seen, ledger.verify(full=True)) == ([(1, ("a",))], [])


# ── sudden ends ─────────────────────────────────────────────────────────────────────────────────────


def write_and(ledger: Ledger, act: Callable[[], object]) -> None:
    with ledger.write(actor="wang", kind="note", now=NOW) as tx:
        tx.audit("note", "x", {})
        act()


def test_a_server_that_dies_in_a_write_leaves_the_state_before(
    own_server: Server, schema: Schema, tmp_path: Path
) -> None:
    """Killed between two statements, or right before the commit: exit 6, all as before, and the same run goes on."""
    with create(own_server.address(), ledger_id="sample", key=b"k", now=NOW) as ledger:
        for stop in (own_server.stop, lambda: (own_server.stop(), ledger.revision())):
            head = ledger.head
            with pytest.raises(DiskError) as stopped:
                write_and(ledger, stop)
            assert (stopped.value.code, stopped.value.exit_code) == ("SERVER_LOST", 6)
            with pytest.raises(DiskError, match="SERVER_LOST"):
                ledger.revision()
            own_server.start()
            assert (ledger.head, ledger.verify(full=True)) == (head, [])
            with ledger.write(actor="wang", kind="note", now=NOW) as tx:
                tx.audit("note", "x", {})
            assert ledger.head != head


@ON_A_SERVER
@pytest.mark.parametrize(("word", "written"), [(b"INSERT INTO audit_payload", False), (b"COMMIT\0", True)])
def test_a_network_that_goes_leaves_the_state_before_or_after(
    ledger: Ledger, cable: Cable, server: Server, word: bytes, written: bool
) -> None:
    """Gone before the commit reached the server: before; gone before its answer came back: after. Exit 6 for both."""
    head, place = ledger.head, str(ledger.path).rpartition("%3D")[2]
    with open_ledger(server.address(place, port=cable.port)) as far:
        cable.cut_after(word)
        with pytest.raises(DiskError) as stopped, far.write(actor="wang", kind="note", now=NOW) as tx:
            tx.audit("note", "x", {})
    assert (stopped.value.code, stopped.value.exit_code) == ("SERVER_LOST", 6)
    with ledger.write(actor="li", kind="note", now=NOW):
        assert (ledger.head != head) is written
    assert ledger.verify(full=True) == []


# ── copies ──────────────────────────────────────────────────────────────────────────────────────────


def rows_of(ledger: Ledger, schema: Schema) -> list[object]:
    return [dict(ledger.tables(schema, n)["customers"].items()) for n in range(ledger.revision() + 1)]


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_of_either_brings_either_back(
    ledger: Ledger, schema: Schema, revise: Revise, tmp_path: Path, target: str, new_database: Callable[[], str]
) -> None:
    """What one database held, every revision of it and its head, is in the other; and it is written on there."""
    for phone in ("138", "139\x00", None):
        revise({"a": ("示例公司", phone)})
    copy = ledger.backup(tmp_path / "copy.db")
    home = opening.database(tmp_path / "restored.db" if target == "sqlite" else new_database())
    assert home.restore(copy, tmp_path / "aside.db") is False
    with open_ledger(home) as again:
        assert (again.head, again.id, again.verify(full=True)) == (ledger.head, ledger.id, [])
        assert rows_of(again, schema) == rows_of(ledger, schema)
        with again.write(actor="wang", kind="note", now=NOW) as tx:
            tx.open_round("2026-W47", 3)
        assert again.verify(full=True) == []


def test_what_was_there_is_kept_aside(ledger: Ledger, schema: Schema, revise: Revise, tmp_path: Path) -> None:
    """A restore puts the ledger that was there into a file of its own, the guards stand, and nothing else is left."""
    revise({"a": ("示例公司", "138")})
    copy = ledger.backup(tmp_path / "copy.db")
    revise({"a": ("示例公司", "139")})
    head = ledger.head
    ledger.close()
    assert opening.database(ledger.path).restore(copy, tmp_path / "kept" / "aside.db") is True
    with open_ledger(ledger.path) as again, open_ledger(tmp_path / "kept" / "aside.db") as aside:
        assert (again.revision(), again.verify(full=True)) == (1, [])
        assert (aside.revision(), aside.head, aside.verify(full=True)) == (2, head, [])


@ON_A_SERVER
def test_a_restore_that_fails_leaves_the_ledger_as_it_was(ledger: Ledger, revise: Revise, tmp_path: Path) -> None:
    """The old one goes and the new one comes in one transaction."""
    revise({"a": ("示例公司", "138")})
    head = ledger.head
    copy = ledger.backup(tmp_path / "copy.db")
    data = copy.read_bytes()
    copy.write_bytes(data[: len(data) // 2])
    with pytest.raises(CustsheetError):
        opening.database(ledger.path).restore(copy, tmp_path / "aside.db")
    assert (ledger.head, ledger.verify(full=True)) == (head, [])
