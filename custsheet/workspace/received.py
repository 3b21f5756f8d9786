"""One file that came in, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from custsheet.errors import CustsheetError
from custsheet.merging.versions import follows
from custsheet.model import Finding, Grid, Returned, Submission
from custsheet.schema.records import Grant, Issue
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
    grid: Grid = field(default=Grid(()), repr=False)


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
    own: Submission | None = None
    """The same in the terms of the copy's own schema, where that is not the one at hand."""
    grant: Grant | None = None
    """The copy's rights in the terms of the schema at hand, where they are not `issue.grant`."""
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
    def kept(self) -> Submission:
        """The submission as the ledger keeps it: in the terms of the copy's own schema."""
        assert self.submission is not None
        if self.own is None:
            return self.submission
        pairs = zip(self.own.edits, self.submission.edits, strict=True)
        return replace(self.own, edits=tuple(edit._replace(code=judged.code) for edit, judged in pairs))

    @property
    def rights(self) -> Grant:
        """The copy's rights in the terms of the schema at hand."""
        assert self.issue is not None
        return self.issue.grant if self.grant is None else self.grant

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def outdated_files(received: Sequence[Received]) -> set[Path]:
    """Return the files after which another one came that goes on from them."""
    came = [(item.path, item.submission) for item in received if item.submission is not None]
    pairs = [(path, earlier, later) for path, earlier in came for _, later in came if later.copy == earlier.copy]
    return {path for path, earlier, later in pairs if later.version > earlier.version and follows(later, earlier)}
