"""Backups by age, and the way back to one of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from custsheet.container import atomic
from custsheet.errors import CallError, LedgerError
from custsheet.ledger import store
from custsheet.workspace.beside import free
from custsheet.workspace.disk import read_bytes
from custsheet.workspace.folder import Folder

DAYS, WEEKS, MONTHS = 7, 4, 12
"""Of so many days, weeks and months that have any, the newest backup stays."""
_NAME = re.compile(r"ledger-r(\d+)-(\d{8}T\d{6})(?:-\d+)?\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that a command of ours wrote."""

    path: Path
    revision: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    backup: Path
    revision: int
    at: str
    """When that revision was written."""
    replaced: Path | None
    """Where the ledger that was there lies now."""
    lost: int | None
    """How many revisions that ledger had beyond the backup; None where it could not be read."""


def backup_path(folder: Folder) -> Path:
    """Return where a backup of the ledger as it is now belongs."""
    return folder.backups / f"ledger-r{folder.ledger.revision():05d}-{_stamp(folder)}.db"


def _stamp(folder: Folder) -> str:
    return folder.now.replace(":", "").replace("-", "")


def backups(folder: Folder) -> list[Backup]:
    """Return the backups in the workspace's folder, the newest last."""
    found = []
    for path in folder.backups.glob("ledger-r*.db") if folder.backups.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match:
            found.append(Backup(path, int(match[1]), dt.datetime.fromisoformat(match[2])))
    return sorted(found, key=lambda b: (b.at, b.revision, b.path.name))


def surplus(found: Sequence[Backup]) -> list[Backup]:
    """Return the backups that age has made superfluous: not the newest of any day, week or month that is kept.

    Of the last day all stay: it is the one that somebody wants to go back in.
    """
    kept = {b.path for keep, of in _PERIODS for b in _newest(found, of)[-keep:]}
    kept |= {b.path for b in found if b.at.date() == found[-1].at.date()}
    return [b for b in found if b.path not in kept]


def _newest(found: Iterable[Backup], of: Callable[[dt.datetime], object]) -> list[Backup]:
    return list({of(b.at): b for b in found}.values())


_PERIODS: tuple[tuple[int, Callable[[dt.datetime], object]], ...] = (
    (DAYS, lambda at: at.date()),
    (WEEKS, lambda at: at.isocalendar()[:2]),
    (MONTHS, lambda at: (at.year, at.month)),
)


def tidy(folder: Folder) -> list[Path]:
    """Remove superfluous backups; one that another program holds stays for now. Returns those that went."""
    gone = []
    for backup in surplus(backups(folder)):
        try:
            backup.path.unlink()
        except OSError:
            continue
        gone.append(backup.path)
    return gone


def restore(folder: Folder, path: Path | None) -> Restored:
    """Put a backup in the ledger's place: the one named, or the newest that proves whole.

    The ledger that was there is moved into the backups, whatever state it is in. LedgerError `LEDGER_RESTORE_FOREIGN`
    for another team's backup, `LEDGER_RESTORE_BAD` for one that is not whole; CallError `NO_BACKUP`.
    """
    now_id, now_revision = _present(folder)
    checked = _checked(folder, path) if path is not None else _newest_whole(folder)
    aside = free(folder.backups / f"replaced-{_stamp(folder)}.db")
    try:
        if now_id and now_id != checked.owner:
            raise LedgerError("LEDGER_RESTORE_FOREIGN", path=str(checked.source))
        replaced = aside if folder.database.restore(checked.copy, aside) else None
    finally:
        checked.copy.unlink(missing_ok=True)
    lost = max(0, now_revision - checked.revision) if now_revision is not None else None
    return Restored(checked.source, checked.revision, checked.at, replaced, lost)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A backup and the copy of it that was checked in full: the backup itself is never opened for writing."""

    source: Path
    copy: Path
    revision: int
    at: str
    owner: str


def _newest_whole(folder: Folder) -> _Checked:
    for backup in reversed(backups(folder)):
        try:
            return _checked(folder, backup.path)
        except LedgerError:
            continue
    raise CallError("NO_BACKUP", folder=str(folder.backups))


def _checked(folder: Folder, path: Path) -> _Checked:
    folder.backups.mkdir(parents=True, exist_ok=True)
    copy = atomic.temporary_beside(folder.database.beside)
    try:
        atomic.write_file(copy, read_bytes(path))
        with store.open_ledger(copy, now=folder.now) as ledger:
            problems = ledger.verify(full=True)
            revisions = ledger.revisions()
            found = _Checked(path, copy, ledger.revision(), revisions[-1].at if revisions else "", ledger.id)
        if problems:
            raise LedgerError("LEDGER_RESTORE_BAD", path=str(path), found=", ".join(p.code for p in problems))
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return found


def _present(folder: Folder) -> tuple[str, int | None]:
    """The id and revision of the ledger that is there; nothing where it cannot be read any more."""
    try:
        with store.open_ledger(folder.database) as ledger:
            return ledger.id, ledger.revision()
    except LedgerError as problem:
        if problem.code == "LEDGER_LOCKED":
            raise
        return "", None
