"""Received files by their SHA-256, with their original bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from custsheet.container import atomic
from custsheet.errors import LedgerError


class FileStore:
    """A folder of received files, named by their content: the same bytes are one file, and nothing is overwritten."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the bytes with this digest lie or would lie."""
        return self.folder / sha256

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; a stored file that was damaged since is made whole."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.check(sha256):
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic.write_file(self.path(sha256), data)
        return sha256

    def put_file(self, path: Path, sha256: str) -> int:
        """Keep a file that is too big to be read at once, by the digest that it was found to have; return its size."""
        if self.check(sha256):
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic.copy_file(path, self.path(sha256))
        return self.path(sha256).stat().st_size

    def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises LedgerError `LEDGER_FILE_MISSING`."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise LedgerError("LEDGER_FILE_MISSING", sha256=sha256) from error
        except OSError as error:
            raise atomic.disk_error(error, self.path(sha256)) from error

    def exists(self, sha256: str) -> bool:
        """Tell whether the bytes are kept."""
        return self.path(sha256).is_file()

    def check(self, sha256: str) -> str:
        """Return the code of what is wrong with a stored file, or `""`."""
        if not self.exists(sha256):
            return "F_LEDGER_FILE_MISSING"
        return "" if digest_of_file(self.path(sha256)) == sha256 else "F_LEDGER_FILE_CHANGED"


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file of any size. Raises DiskError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise atomic.disk_error(error, path) from error
