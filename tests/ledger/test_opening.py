"""Opening: what is in the way is named by a code of its own, and nothing is touched."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from custsheet import machine, messages
from custsheet.errors import LedgerError
from custsheet.ledger import migrations, place
from custsheet.ledger.store import Ledger, create, open_ledger
from custsheet.messages.ledger_words import CODES
from custsheet.schema.records import Schema

Revise = Callable[..., int]
NOW = "2026-11-20T09:00:00"
IN_A_FILE = pytest.mark.parametrize("database", ["sqlite"])
"""What a file alone can suffer; test_server.py has what a server can."""


def pragma(path: Path, statement: str) -> None:
    raw = sqlite3.connect(path)
    raw.execute(statement)
    raw.commit()
    raw.close()


def other_program(path: Path) -> None:
    path.unlink()
    pragma(path, "CREATE TABLE notes (x)")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def scramble(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


BROKEN = {
    "LEDGER_MISSING": [Path.unlink],
    "LEDGER_FOREIGN": [other_program, lambda path: pragma(path, "PRAGMA application_id = 7")],
    "LEDGER_NEWER": [lambda path: pragma(path, "PRAGMA user_version = 99")],
    "LEDGER_DAMAGED": [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PK\x03\x04 a workbook"),
        cut,
        scramble,
        lambda path: pragma(path, "DELETE FROM meta WHERE name = 'key'"),
        lambda path: pragma(path, "DROP TABLE meta"),
    ],
}


@IN_A_FILE
@pytest.mark.parametrize(("code", "spoil"), [(code, spoil) for code, ways in BROKEN.items() for spoil in ways])
def test_what_is_in_the_way_has_its_code(ledger: Ledger, code: str, spoil: Callable[[Path], object]) -> None:
    """A missing, foreign, newer or damaged ledger is told apart, with exit code 5, and stays as it is."""
    ledger.close()
    spoil(ledger.path)
    before = ledger.path.read_bytes() if ledger.path.exists() else None
    with pytest.raises(LedgerError) as stopped:
        open_ledger(ledger.path)
    assert (stopped.value.code, stopped.value.exit_code) == (code, 5)
    assert before == (ledger.path.read_bytes() if ledger.path.exists() else None)


@IN_A_FILE
def test_damage_that_shows_later_is_still_damage(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """Pages that are spoilt deep in the file stop the read that meets them; verify lists them."""
    revise({f"r{n}": ("示例公司", str(n)) for n in range(3000)})
    ledger.close()
    data = bytearray(ledger.path.read_bytes())
    data[len(data) // 3 : len(data) * 2 // 3] = b"\xff" * (len(data) * 2 // 3 - len(data) // 3)
    ledger.path.write_bytes(data)
    with open_ledger(ledger.path) as again:
        assert {problem.code for problem in again.verify()} == {"F_LEDGER_STRUCTURE"}
        with pytest.raises(LedgerError, match="LEDGER_DAMAGED"):
            again.tables(schema)


def test_nothing_is_overwritten(ledger: Ledger) -> None:
    """A second ledger in the same place is refused, and so is any other file there."""
    head = ledger.head
    with pytest.raises(LedgerError, match="LEDGER_EXISTS"):
        create(ledger.path, ledger_id="second", key=b"x", now=NOW)
    assert ledger.head == head
    assert isinstance(ledger.path, str) or list(ledger.path.parent.iterdir()) == [ledger.path]


@IN_A_FILE
def test_a_ledger_is_private(ledger: Ledger) -> None:
    """Only its owner may read a ledger; on Windows the folder's rights say so."""
    assert os.name == "nt" or ledger.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "folder",
    ["OneDrive - 示例公司", "Dropbox", "我的坚果云", "Nutstore Files", "BaiduSyncdisk", "WPS云盘", "Google Drive"],
)
def test_a_synced_folder_is_refused(tmp_path: Path, folder: str) -> None:
    """A ledger below a synced folder is refused when it is made, with the folder's name."""
    (tmp_path / folder / "team").mkdir(parents=True)
    with pytest.raises(LedgerError) as stopped:
        create(tmp_path / folder / "team" / "ledger.db", ledger_id="x", key=b"x", now=NOW)
    assert (stopped.value.code, stopped.value.facts["program"]) == ("LEDGER_SYNCED", folder)


def test_a_marked_folder_is_synced_whatever_its_name(tmp_path: Path) -> None:
    """Syncthing and Dropbox leave a mark in the folder that they keep."""
    (tmp_path / ".stfolder").mkdir()
    assert place.syncing(tmp_path / "a" / "b") == tmp_path.name
    assert place.syncing(Path("/srv/dropbox-export/team")) == ""


@pytest.mark.parametrize(
    "path", [r"\\server\share\ledger.db", "//server/share/ledger.db", r"\\?\UNC\server\share\l.db"]
)
def test_a_network_path_is_refused(path: str) -> None:
    """A path on another machine is refused when a ledger is opened there, with exit code 5."""
    with pytest.raises(LedgerError) as stopped:
        place.require_local(Path(path) if path[0] == "\\" else _Double(path))
    assert (stopped.value.code, stopped.value.exit_code) == ("LEDGER_ON_NETWORK", 5)


@pytest.mark.parametrize("code", ["LEDGER_ON_NETWORK", "LEDGER_SYNCED"])
def test_the_way_out_of_a_shared_folder_is_named(code: str) -> None:
    """Where several computers write, a PostgreSQL server is what a network or synced folder cannot be."""
    assert all("ledger: postgresql://" in messages.fix(code, language) for language in ("zh", "en"))


class _Double(type(Path())):  # type: ignore[misc]
    """A path that keeps its two leading slashes on every system."""

    def __str__(self) -> str:
        return "//" + super().__str__().lstrip("/")


@pytest.mark.parametrize("path", [r"C:\team\ledger.db", r"\\?\C:\team\ledger.db", "/home/team/ledger.db", "ledger.db"])
def test_a_local_path_is_no_network_path(path: str) -> None:
    """Drive letters, long paths and relative ones are local."""
    assert place.network_kind(path) == ""


@pytest.mark.parametrize(
    ("kind", "remote"),
    [(k, True) for k in ("nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse", "remote", "9p", "webdav")]
    + [(k, False) for k in ("ext4", "xfs", "apfs", "btrfs", "overlay", "tmpfs", "fuseblk", "fuse.fuse-overlayfs", "")],
)
def test_file_systems_of_other_machines_are_known(kind: str, remote: bool) -> None:
    """Locks hold on a local disk only; NTFS through FUSE is one."""
    assert bool(place.network_type(kind)) is remote


def test_the_deepest_mount_counts() -> None:
    """A share mounted inside a local folder is found, blanks in its name included, on Linux and macOS."""
    linux = (
        "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
        "40 22 0:50 / /mnt/our\\040share rw,relatime shared:9 - cifs //nas/share rw\n"
    )
    mac = "/dev/disk3s1 on / (apfs, sealed, local)\n//li@nas/share on /Volumes/our share (smbfs, nodev, nosuid)\n"
    assert machine.type_in_mountinfo(linux, Path("/mnt/our share/team")) == "cifs"
    assert machine.type_in_mountinfo(linux, Path("/mnt/other")) == "ext4"
    assert machine.type_in_mount_output(mac, Path("/Volumes/our share/team")) == "smbfs"


def test_an_older_ledger_is_brought_forward_after_a_checked_copy(
    ledger: Ledger, schema: Schema, revise: Revise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing step is taken once, the rows stay, and the copy from before is a ledger of its own."""
    revise({"a": ("示例公司", "138")})
    before = dict(ledger.tables(schema))
    ledger.close()
    with monkeypatch.context() as patch:
        patch.setattr(
            migrations, "STEPS", [*migrations.STEPS, lambda c: c.exec_driver_sql("CREATE TABLE more (x INTEGER)")]
        )
        for _ in range(2):
            with open_ledger(ledger.path, now=NOW) as newer:
                assert (dict(newer.tables(schema)), newer.verify(full=True)) == (before, [])
    with open_ledger(tmp_path / "ledger.layout-1.db") as copied:
        assert dict(copied.tables(schema)) == before
    with pytest.raises(LedgerError, match="LEDGER_NEWER"):
        open_ledger(ledger.path)


def test_a_step_that_fails_changes_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a migration is none: the ledger opens with the old layout."""
    ledger.close()

    def half(connection: object) -> None:
        connection.exec_driver_sql("CREATE TABLE more (x INTEGER)")  # type: ignore[attr-defined]
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, half])
        with pytest.raises(InterruptedError):
            open_ledger(ledger.path)
    with open_ledger(ledger.path) as again:
        assert again.verify(full=True) == []


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_words_in_both_languages(code: str) -> None:
    """What is wrong and what to do, in Chinese and English, without the words that blame."""
    for language in ("zh", "en"):
        text = f"{messages.say(code, language)} {messages.fix(code, language)}".lower()
        assert messages.fix(code, language)
        assert not [word for word in ("错误", "非法", "请注意", "error", "invalid") if word in text]


def test_the_package_is_light_at_the_door() -> None:
    """Importing the room loads no database library; only the store does."""
    script = "import sys, custsheet.ledger; sys.exit('sqlalchemy' in sys.modules)"
    root = str(Path(migrations.__file__).parents[2])
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
