"""What the ledger tells about itself: frozen records of revisions, rounds, issues, files and history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from custsheet.model import Value

RoundState = Literal["open", "closed"]
IssueState = Literal["issued", "superseded", "revoked"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One applied act."""

    number: int
    at: str
    actor: str
    kind: str
    state_digest: str
    """SHA-256 over the sorted canonical dump of the live rows after it."""
    summary: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundInfo:
    """One round."""

    name: str
    state: RoundState
    opening_revision: int
    opened_at: str
    due: str = ""
    closed_at: str = ""


@dataclass(frozen=True, slots=True)
class IssueInfo:
    """One issued copy without its base."""

    copy: str
    member: str
    round: str
    number: int
    revision: int
    state: IssueState
    name: str
    file_sha256: str
    schema_digest: str
    base_digest: str
    mac: str
    today: str
    at: str
    head: str
    """The audit chain's head that the copy carries."""


@dataclass(frozen=True, slots=True)
class SubmissionInfo:
    """Where a submission stands, without its edits."""

    copy: str
    version: int
    member: str
    round: str
    digest: str
    sha256: str
    file: str
    received: str
    late: bool
    revision: int
    """The last revision when it was taken in."""
    state: str


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not read, as a whole; its bytes are kept."""

    sha256: str
    name: str
    code: str
    facts: Mapping[str, object]
    at: str
    round: str


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A received file, and what became of it."""

    sha256: str
    name: str
    size: int
    at: str
    submission: SubmissionInfo | None = None
    refused: RefusedFile | None = None
    """The last refusal, if the file never became a submission."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step in the life of a cell, or of a row where `field` is empty."""

    revision: int
    at: str
    actor: str
    kind: str
    """The revision's kind: `import`, `merge`, `set`, ..."""
    field: str
    old: Value
    new: Value
    cause: str = ""
    members: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    act: Literal["", "added", "deleted", "restored"] = ""
    """What happened to the row; empty for a cell."""
