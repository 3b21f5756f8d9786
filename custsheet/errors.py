"""Every exception that custsheet raises, and the exit code that each one means; imports nothing.

    CustsheetError
    ├── CallError       exit 2   the call, or a file that the manager wrote, is wrong; nothing was changed
    ├── FileRefused     exit 4   a returned file is not read, as a whole; its bytes are kept
    ├── LedgerError     exit 5   the ledger is locked, damaged, newer, or on a network folder
    ├── DiskError       exit 6   disk, permission, a file that Excel holds open
    ├── SafetyStop      exit 7   the whole command stopped for safety before it did anything
    └── Bug             exit 70  a promise of our own did not hold; nothing was written

Problems with *data* are not exceptions: they are `model.Finding` records.
"""

from __future__ import annotations

from typing import ClassVar


class CustsheetError(Exception):
    """Stop, with a stable code and the facts that its wording in `messages` needs."""

    exit_code: ClassVar[int] = 70

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {facts}" if facts else self.code


class CallError(CustsheetError):
    """The call, or a file that the manager wrote, is wrong; nothing was changed."""

    exit_code = 2


class FileRefused(CustsheetError):
    """A returned file is not read, as a whole; the original bytes are kept."""

    exit_code = 4


class LedgerError(CustsheetError):
    """The ledger is locked, damaged, newer than this program, or in a place where it is not safe."""

    exit_code = 5


class DiskError(CustsheetError):
    """The disk, a permission, or a program that holds the file open stood in the way."""

    exit_code = 6


class SafetyStop(CustsheetError):
    """The whole command stopped for safety before it did anything."""

    exit_code = 7


class Bug(CustsheetError):
    """One of our own promises did not hold; nothing was written."""

    exit_code = 70
