"""Bytes on disk: read a file whole, and name it by its content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from custsheet.errors import CallError, DiskError


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Read a file whole; CallError `FILE_MISSING` or `FILE_IS_FOLDER`, DiskError `FILE_OPEN`."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise CallError("FILE_MISSING", file=str(path)) from problem
    except IsADirectoryError as problem:
        raise CallError("FILE_IS_FOLDER", file=str(path)) from problem
    except PermissionError as problem:
        raise DiskError("FILE_OPEN", file=str(path)) from problem
