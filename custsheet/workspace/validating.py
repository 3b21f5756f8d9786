"""Check returned copies without merging them: the same reading, the same checks, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from custsheet.errors import CustsheetError
from custsheet.model import Finding
from custsheet.schema.labels import Labels
from custsheet.workspace.answering import is_answers, open_questions
from custsheet.workspace.folder import Folder
from custsheet.workspace.receive import Receiver, inbox_files
from custsheet.workspace.received import Received, outdated_files
from custsheet.workspace.status import status


@dataclass(frozen=True)
class Validated:
    """What checking came to."""

    round: str
    files: tuple[Received, ...]
    findings: tuple[Finding, ...]
    edits: tuple[int, ...]
    """Edits per file, in the order of `files`."""
    questions: int

    @property
    def stopped(self) -> tuple[CustsheetError, ...]:
        """Why files were not read, one for each."""
        return tuple(item.refused for item in self.files if item.refused is not None)


def validate(folder: Folder, paths: Sequence[Path] = (), *, keeps: bool = False) -> Validated:
    """Check these files, or those in the inboxes that are new or hold cells that are still to be mended.

    `keeps` as for the Receiver.
    """
    chosen = [p for p in paths if not is_answers(p)] if paths else inbox_files(folder)
    receiver = Receiver(folder, keeps=keeps)
    lying = {folder.root / one.file: one.to_mend for one in status(folder).unaccepted} if not paths else {}
    merged = [path for path in lying if path in chosen]
    found = receiver.receive([p for p in chosen if p not in merged], again=bool(paths), once=False)
    for item in receiver.receive([path for path in merged if lying[path]], again=True, once=False):
        left = (f for f in item.findings if (f.where.table, f.where.rid, f.where.field) in lying[item.path])
        found.append(replace(item, findings=tuple(left)))
    outdated = set() if paths else outdated_files(found)  # nobody has to mend what another file has replaced
    found = [replace(item, findings=()) if item.path in outdated else item for item in found]
    rounds = folder.ledger.open_rounds()
    name = rounds[-1].name if rounds else ""
    return Validated(
        round=name,
        files=tuple(found),
        findings=tuple(f for item in found for f in item.findings),
        edits=tuple(len(item.submission.edits) if item.submission else 0 for item in found),
        questions=open_questions(folder),
    )


def read_one(folder: Folder, path: Path) -> tuple[Received, Labels]:
    """Read one copy of this workspace, taken in before or not, and the names of the rows in it."""
    received = Receiver(folder).receive([path], again=True, once=False)[0]
    return received, folder.labels(folder.ledger.tables(folder.schema))
