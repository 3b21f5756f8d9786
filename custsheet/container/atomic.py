"""Replace a file whole: temporary file beside it, fsync, rename; a reader sees the old bytes or the new, never half."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from custsheet.errors import DiskError

PREFIX, SUFFIX = ".custsheet-", ".tmp"
"""A leftover of a run that was killed is known by these."""

_DAY = 86_400

_PAUSES = (0.1, 0.2, 0.4, 0.6, 0.7)
"""Seconds between the tries: on Windows a target that Excel holds open, or a virus scanner, refuses the rename."""


def write_file(path: Path, data: bytes) -> None:
    """Write `data` as the whole of `path`, or leave `path` as it was and raise DiskError."""
    temporary = stage(path, data)
    try:
        replace_file(temporary, path)
    finally:
        drop(temporary)


def stage(path: Path, data: bytes) -> Path:
    """Write `data` to a temporary file beside `path`, safe on the disk, for `replace_file` to put in its place."""
    temporary = temporary_beside(path)
    try:
        with _disk(path), temporary.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        drop(temporary)
        raise
    return temporary


def drop(temporary: Path) -> None:
    """Remove a temporary file; where that is refused, it is a leftover like that of a killed run."""
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


def copy_file(source: Path, path: Path) -> None:
    """Make `path` a copy of a file that may be larger than memory, or leave `path` as it was and raise DiskError."""
    temporary = temporary_beside(path)
    try:
        with _disk(path), source.open("rb") as given, temporary.open("wb") as out:
            shutil.copyfileobj(given, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        replace_file(temporary, path)
    finally:
        drop(temporary)


def temporary_beside(path: Path) -> Path:
    """Make an empty temporary file in the folder of `path`, readable by its owner alone."""
    with _disk(path):
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=path.parent)
        os.close(handle)
    return Path(name)


def replace_file(temporary: Path, path: Path) -> None:
    """Rename a finished file over `path`, with patience where it is held open; at last DiskError `FILE_OPEN`."""
    for pause in (*_PAUSES, None):
        try:
            with _disk(path, through=PermissionError):
                temporary.replace(path)
            break
        except PermissionError as error:
            if pause is None:
                raise DiskError("FILE_OPEN", file=path.name) from error
            time.sleep(pause)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut, where the system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def leftovers(folder: Path) -> list[Path]:
    """Return the temporary files in a folder, with what a database left beside its own."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}*"))


def sweep_old(folder: Path) -> int:
    """Remove the temporary files that are older than a day by the clock of the disk that they lie on."""
    found = leftovers(folder)
    if not found:
        return 0
    probe = temporary_beside(folder / "probe")
    try:
        return sweep(folder, probe.stat().st_mtime - _DAY)
    finally:
        drop(probe)


def sweep(folder: Path, before: float) -> int:
    """Remove the temporary files of killed runs that are older than the timestamp `before`; return how many."""
    removed = 0
    for leftover in leftovers(folder):
        with contextlib.suppress(OSError):
            if leftover.stat().st_mtime < before:
                leftover.unlink()
                removed += 1
    return removed


@contextlib.contextmanager
def _disk(path: Path, through: type[OSError] | None = None) -> Iterator[None]:
    """Turn an operating system's refusal into a DiskError that names the file."""
    try:
        yield
    except OSError as error:
        if through is not None and isinstance(error, through):
            raise
        raise disk_error(error, path) from error


def disk_error(error: OSError, path: Path) -> DiskError:
    """Return the DiskError that an operating system's refusal means."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskError("DISK_FULL", file=path.name)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return DiskError("DISK_DENIED", file=path.name, folder=str(path.parent))
    return DiskError("DISK_WRITE", file=path.name, detail=error.strerror or str(error))
