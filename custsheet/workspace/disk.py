"""Bytes on disk: read a file whole, and name it by its content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from custsheet.container import USUAL, check_size
from custsheet.errors import CallError, DiskError, FileRefused


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Read a file whole; CallError `FILE_MISSING` or `FILE_IS_FOLDER`, DiskError `FILE_OPEN` or `FILE_UNREADABLE`.

    A file of more bytes than any workbook has is not read at all: FileRefused `E_FILE_TOO_BIG`.
    """
    try:
        check_size(path.stat().st_size, USUAL)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise CallError("FILE_MISSING", file=str(path)) from problem
    except IsADirectoryError as problem:
        raise CallError("FILE_IS_FOLDER", file=str(path)) from problem
    except PermissionError as problem:
        raise DiskError("FILE_OPEN", file=str(path)) from problem
    except OSError as problem:  # the network or the disk behind it is gone
        raise DiskError(
            "FILE_UNREADABLE", file=str(path), reason=problem.strerror or type(problem).__name__
        ) from problem


def digest_where_it_lies(path: Path) -> str:
    """Return the digest by which a file is known; none for one that another program holds, or too big a one."""
    try:
        return digest_of(read_bytes(path))
    except (DiskError, FileRefused):
        return ""
