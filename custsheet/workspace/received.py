"""One file that came in, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from custsheet.errors import CustsheetError
from custsheet.model import Finding, Returned, Submission
from custsheet.schema.records import Issue
from custsheet.stamp import Stamp
from custsheet.workspace.painted import Painted


@dataclass(frozen=True)
class Opened:
    """A returned copy as it was read, for those who lay it out again."""

    returned: Returned
    stamp: Stamp | None
    stamp_cells: Sequence[str] = ()
    data: bytes = field(default=b"", repr=False)
    """The workbook itself, where the file was locked the one inside."""
    password: str = field(default="", repr=False)
    """With which it was locked."""


@dataclass(frozen=True)
class Received:
    """One file and what became of it. Exactly one of `submission` and `refused` is set, or neither (skipped, seen)."""

    path: Path
    state: str
    """`new`, `duplicate`, `late`, `refused`, `skipped`."""
    data: bytes = b""
    sha256: str = ""
    round: str = ""
    issue: Issue | None = None
    submission: Submission | None = None
    refused: CustsheetError | None = None
    note: str = ""
    findings: tuple[Finding, ...] = ()
    verified: bool = True
    version: int = 0
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, field) → letters of its column in this file."""
    opened: Opened | None = None
    """What was read, where it was asked to be kept."""
    painted: tuple[Painted, ...] = ()
    """What the member marked by colours and notes."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name
