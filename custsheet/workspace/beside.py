"""Write a file of ours so that one which somebody changed is never overwritten: ours then lies beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from custsheet.container.atomic import write_file
from custsheet.workspace.disk import digest_of, read_bytes
from custsheet.workspace.folder import Folder


def write_beside(folder: Folder, first: Path, note: str, data: bytes) -> Path:
    """Write `report.xlsx`, or `report-new.xlsx`, `report-new-2.xlsx` … where those before were changed by a person.

    The ledger's notes remember what we wrote last to each place; `note` names the first. Returns where it lies.
    """
    first.parent.mkdir(parents=True, exist_ok=True)
    digest = digest_of(data)
    for path in _places(first):
        name = note if path == first else f"{note}/{path.name}"
        there = digest_of(read_bytes(path)) if path.is_file() else ""
        if there == digest:
            return path
        if there in ("", folder.ledger.note(name)):
            break
    write_file(path, data)
    remember(folder, name, digest)
    return path


def remember(folder: Folder, name: str, digest: str) -> None:
    """Note what was written last under this name."""
    with folder.ledger.write(actor=folder.actor.id, kind="note", now=folder.now) as tx:
        tx.set_note(name, digest)


def _places(first: Path) -> Iterator[Path]:
    yield first
    beside = first.with_name(f"{first.stem}-new{first.suffix}")
    yield beside
    yield from (beside.with_name(f"{beside.stem}-{n}{beside.suffix}") for n in count(2))


def free(first: Path) -> Path:
    """Return the first of these names that nothing has."""
    return next(path for path in _places(first) if not path.exists())


def write_free(first: Path, data: bytes) -> Path:
    """Write to the first of these names that is free or holds the same bytes; return where it lies."""
    first.parent.mkdir(parents=True, exist_ok=True)
    for path in _places(first):
        if not path.exists():
            write_file(path, data)
            return path
        if path.is_file() and read_bytes(path) == data:
            return path
    raise AssertionError(first)
