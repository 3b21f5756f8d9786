"""Backups by age, and the way back to one of them."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_NAME = re.compile(r"ledger-r(\d+)-(\d{8}T\d{6})(?:-new(?:-\d+)?)?\.db")
_SHOWN = 5
"""So many backups are named to choose from."""


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


def backup_before(folder: Folder, revision: int) -> str:
    """Return the backup that was made before a revision, as one names it in the workspace; empty where none is left."""
    found = [backup.path for backup in backups(folder) if backup.revision == revision - 1]
    return f"{folder.backups.name}/{found[-1].name}" if found else ""


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
    """Remove superfluous backups and what killed runs left lying; what another program holds stays for now.

    Returns the backups that went.
    """
    _sweep(folder)
    gone = []
    for backup in surplus(backups(folder)):
        try:
            backup.path.unlink()
        except OSError:
            continue
        gone.append(backup.path)
    return gone


def _sweep(folder: Folder) -> None:
    for place in _written(folder):
        atomic.sweep_old(place)


def _written(folder: Folder) -> Iterator[Path]:
    """Yield every folder in which we write files."""
    yield from (folder.root, folder.files, folder.backups)
    rounds = folder.root / "rounds"
    yield from (place for pattern in ("*", "*/outbox") for place in rounds.glob(pattern))


def restore(folder: Folder, path: Path | None) -> Restored:
    """Put a backup in the ledger's place: the one named, or the newest that proves whole where the ledger is not.

    A copy of what was there is put with the backups first, whatever state it is in. CallError `RESTORE_WHICH` for a
    whole ledger where none is named, `NO_BACKUP`; LedgerError `LEDGER_RESTORE_FOREIGN` for another team's backup,
    `LEDGER_RESTORE_BAD` for one that is not whole.
    """
    now_id, now_revision, written = _present(folder, named=path is not None)
    checked = _named(folder, path) if path is not None else _newest_whole(folder)
    aside = free(folder.backups / f"replaced-{_stamp(folder)}.db")
    try:
        expected = now_id or folder.owner()[0]
        if expected not in ("", checked.owner):
            raise LedgerError("LEDGER_RESTORE_FOREIGN", path=str(checked.source))
        replaced = aside if folder.database.restore(checked.copy, aside) else None
    finally:
        atomic.drop(checked.copy)
    _sweep(folder)
    _remember(folder, written)
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


def _named(folder: Folder, path: Path) -> _Checked:
    """Check a backup that was asked for; where it is not whole, the next older one that is gets offered."""
    try:
        return _checked(folder, path)
    except LedgerError as problem:
        if problem.code == "LEDGER_RESTORE_BAD":
            problem.facts["older"] = _next_older(folder, path)
        raise


def _next_older(folder: Folder, path: Path) -> str:
    """Return the newest whole backup from before one that is not whole; `—` where there is none."""
    found = backups(folder)
    at = next((n for n, backup in enumerate(found) if backup.path.name == path.name), len(found))
    for backup in reversed(found[:at]):
        with contextlib.suppress(LedgerError):
            atomic.drop(_checked(folder, backup.path).copy)
            return str(backup.path)
    return "—"


def _checked(folder: Folder, path: Path) -> _Checked:
    """Copy a backup beside the ledger and check the copy in full."""
    if not path.is_file():
        read_bytes(path)  # says what is the matter with it
    folder.backups.mkdir(parents=True, exist_ok=True)
    copy = atomic.temporary_beside(folder.database.beside)
    try:
        atomic.copy_file(path, copy)
        with store.open_ledger(copy, now=folder.now) as ledger:
            problems = ledger.verify(full=True)
            revisions = ledger.revisions()
            found = _Checked(path, copy, ledger.revision(), revisions[-1].at if revisions else "", ledger.id)
        if problems:
            raise LedgerError("LEDGER_RESTORE_BAD", path=str(path), found=", ".join(p.code for p in problems))
    except LedgerError as problem:
        atomic.drop(copy)
        if problem.code in ("LEDGER_DAMAGED", "LEDGER_FOREIGN"):
            raise LedgerError("LEDGER_RESTORE_BAD", path=str(path), found=problem.code) from problem
        problem.facts["path"] = str(path)  # not our copy of it
        raise
    except BaseException:
        atomic.drop(copy)
        raise
    return found


def _remember(folder: Folder, written: Mapping[str, str]) -> None:
    """Let the ledger that was put back know which question workbooks and reports we wrote since."""
    with store.open_ledger(folder.database) as ledger:
        rounds = {info.name for info in ledger.rounds()}
        mine = {name: text for name, text in written.items() if name.split(":")[1].partition("/")[0] in rounds}
        if mine:
            with ledger.write(actor="", kind="note", now=folder.now) as tx:
                for name, text in mine.items():
                    tx.set_note(name, " ".join(dict.fromkeys([*ledger.note(name).split(), *text.split()])))


def _present(folder: Folder, *, named: bool) -> tuple[str, int | None, Mapping[str, str]]:
    """The id and revision of the ledger that is there, and what we wrote last where; nothing where it is unreadable.

    Where no backup is named, a ledger that is whole, newer or another program's is not replaced: that needs a word.
    """
    try:
        with store.open_ledger(folder.database) as ledger:
            if not named and not ledger.verify(full=True):
                shown = [b.path.name for b in reversed(backups(folder))][:_SHOWN]
                raise CallError("RESTORE_WHICH", revision=ledger.revision(), backups=" · ".join(shown) or "—")
            return ledger.id, ledger.revision(), {**ledger.notes("questions:"), **ledger.notes("report:")}
    except LedgerError as problem:
        if problem.code == "LEDGER_LOCKED" or (problem.code in ("LEDGER_NEWER", "LEDGER_FOREIGN") and not named):
            raise
        return "", None, {}
