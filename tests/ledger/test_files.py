"""Received files keep their bytes, and a backup is a ledger that was opened and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from custsheet.errors import Bug, LedgerError
from custsheet.ledger.files import FileStore
from custsheet.ledger.store import Ledger, open_ledger
from custsheet.schema.records import Schema

Revise = Callable[..., int]
NOW = "2026-11-20T09:00:00"
BYTES = b"PK\x03\x04 sample"


def test_bytes_are_kept_by_their_digest(tmp_path: Path) -> None:
    """The same bytes are one file, however often they come."""
    store = FileStore(tmp_path / "files")
    sha256 = store.put(BYTES)
    assert (store.put(BYTES), store.get(sha256)) == (sha256, BYTES)
    assert sha256 == hashlib.sha256(BYTES).hexdigest()
    assert [p.name for p in (tmp_path / "files").iterdir()] == [sha256]


def test_missing_and_changed_files_are_told_apart(tmp_path: Path) -> None:
    """A file that is gone stops a read; one that was changed is found, and made whole when it comes again."""
    store = FileStore(tmp_path)
    sha256 = store.put(BYTES)
    store.path(sha256).write_bytes(b"else")
    assert (store.check(sha256), store.check("0" * 64)) == ("F_LEDGER_FILE_CHANGED", "F_LEDGER_FILE_MISSING")
    with pytest.raises(LedgerError, match="LEDGER_FILE_MISSING"):
        store.get("0" * 64)
    store.put(BYTES)
    assert (store.check(sha256), store.exists("0" * 64)) == ("", False)


def test_verify_hashes_received_files_again(ledger: Ledger, tmp_path: Path) -> None:
    """With the folder of files, verify names those that are gone or changed."""
    store = FileStore(tmp_path / "files")
    kept = [store.put(data) for data in (b"one", b"two", b"three")]
    with ledger.write(actor="wang", kind="merge", now=NOW) as tx:
        for sha256 in kept:
            tx.add_file(sha256, f"{sha256[:4]}.xlsx", 3)
    assert ledger.verify(files_dir=store.folder) == []
    store.path(kept[0]).unlink()
    store.path(kept[1]).write_bytes(b"")
    problems = {problem.code: dict(problem.facts)["sha256"] for problem in ledger.verify(files_dir=store.folder)}
    assert problems == {"F_LEDGER_FILE_MISSING": kept[0], "F_LEDGER_FILE_CHANGED": kept[1]}


def test_a_backup_is_a_whole_ledger(ledger: Ledger, schema: Schema, revise: Revise, tmp_path: Path) -> None:
    """The copy opens by itself, holds the same and is checked; an older one is replaced."""
    (tmp_path / "backups").mkdir()
    target = tmp_path / "backups" / "ledger.db"
    for phone in ("138", "139"):
        revise({"a": ("华兴贸易", phone)})
        assert ledger.backup(target) == target
    with open_ledger(target) as copied:
        assert (copied.head, dict(copied.tables(schema))) == (ledger.head, dict(ledger.tables(schema)))
        assert copied.verify(full=True) == []
    assert [p.name for p in target.parent.iterdir()] == ["ledger.db"]


def test_a_bad_copy_does_not_replace_a_good_one(
    ledger: Ledger, revise: Revise, behind: Callable[..., None], tmp_path: Path
) -> None:
    """When the ledger itself does not hold together, the last good backup stays."""
    revise({"a": ("华兴贸易", "138")})
    good = ledger.backup(tmp_path / "backup.db").read_bytes()
    ledger.close()
    behind("UPDATE audit SET actor = 'li'")
    with open_ledger(ledger.path) as again, pytest.raises(LedgerError, match="LEDGER_BACKUP_BAD"):
        again.backup(tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_bytes() == good
    assert {p.name for p in tmp_path.iterdir()} <= {"backup.db", "ledger.db"}


def test_no_backup_is_made_from_inside_a_write(ledger: Ledger, tmp_path: Path) -> None:
    """What is not committed yet is no state to keep."""
    with ledger.write(actor="wang", kind="set", now=NOW), pytest.raises(Bug, match="LEDGER_NESTED"):
        ledger.backup(tmp_path / "backup.db")
