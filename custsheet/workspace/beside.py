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

    The ledger's notes remember what we wrote last to each place, `note` names the first. They are told before it is
    written: a run that ends in between leaves the old bytes there or the new, and both are known as ours. Returns
    where it lies.
    """
    first.parent.mkdir(parents=True, exist_ok=True)
    digest = digest_of(data)
    for path in places(first):
        name = note if path == first else f"{note}/{path.name}"
        there = digest_of(read_bytes(path)) if path.is_file() else ""
        ours = folder.ledger.note(name).split()
        if there == digest and digest in ours:
            return path
        if there in ("", digest, *ours):
            break
    remember(folder, name, " ".join(dict.fromkeys(d for d in (there, digest) if d)))
    write_file(path, data)
    return path


def lying(folder: Folder, first: Path, note: str) -> Path:
    """Return where what `write_beside` wrote last lies as we wrote it; the first place where it is nowhere."""
    for path in places(first):
        if not path.is_file():
            return first
        if digest_of(read_bytes(path)) in folder.ledger.note(note if path == first else f"{note}/{path.name}").split():
            return path
    raise AssertionError(first)


def remember(folder: Folder, name: str, value: str) -> None:
    """Note a small thing about the workspace, as a write of its own."""
    with folder.ledger.write(actor=folder.actor.id, kind="note", now=folder.now) as tx:
        tx.set_note(name, value)


def places(first: Path) -> Iterator[Path]:
    """Yield a name and those that are taken where it is not free: `-new`, `-new-2` …."""
    yield first
    beside = first.with_name(f"{first.stem}-new{first.suffix}")
    yield beside
    yield from (beside.with_name(f"{beside.stem}-{n}{beside.suffix}") for n in count(2))


def free(first: Path) -> Path:
    """Return the first of these names that nothing has."""
    return next(path for path in places(first) if not path.exists())


def write_free(first: Path, data: bytes) -> Path:
    """Write to the first of these names that is free or holds the same bytes; return where it lies."""
    first.parent.mkdir(parents=True, exist_ok=True)
    for path in places(first):
        if not path.exists():
            write_file(path, data)
            return path
        if path.is_file() and read_bytes(path) == data:
            return path
    raise AssertionError(first)
