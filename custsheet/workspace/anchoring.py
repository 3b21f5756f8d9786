"""Find the heads of the audit chain that left this machine: in a copy that was mailed out, in a text kept elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from custsheet.errors import CallError, FileRefused, LedgerError
from custsheet.intake import stamp_of
from custsheet.model import Finding
from custsheet.schema.records import Issue
from custsheet.stamp import Stamp
from custsheet.workspace.disk import read_bytes
from custsheet.workspace.folder import Folder
from custsheet.xlsx.read import read_grid

_HEAD = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_TEXT = 1 << 20
"""No longer text than this holds heads."""


def unanchored(folder: Folder, path: Path) -> list[Finding]:
    """Return a finding for each head in a file that is not in the ledger's audit chain any more.

    And one for a copy whose rows, as it was issued, are not those that history has for that time.

    The file is a copy as it was issued or came back, or a text with heads as `verify` prints them. CallError
    `ANCHOR_NONE` for a file without one, `ANCHOR_FOREIGN` for another team's copy.
    """
    ledger, data = folder.ledger, read_bytes(path)
    stamp = _stamp(data, path, ledger.id) if data.startswith(b"PK") else None
    heads = ([stamp.head] if stamp.head else []) if stamp is not None else _in_text(data)
    if not heads:
        raise CallError("ANCHOR_NONE", file=str(path))
    missing = [head for head in heads if not ledger.has_head(head)]
    found = [Finding("F_LEDGER_ANCHOR", "error", facts=(("file", path.name), ("head", head[:16]))) for head in missing]
    copy = stamp.issue if stamp is not None and stamp.signed_by(ledger.key) else None
    if not found and copy is not None and not _has_rows_of(folder, copy):
        found.append(Finding("F_LEDGER_ANCHOR_ROWS", "error", facts=(("file", path.name),)))
    return found


def _has_rows_of(folder: Folder, copy: Issue) -> bool:
    """Tell whether history has the rows with which a copy was issued."""
    try:
        issue = folder.ledger.issue(copy.copy, folder.schema)
    except LedgerError:  # they are not even those that the ledger itself noted
        return False
    return issue is not None and not has_other_rows(copy, issue)


def has_other_rows(given: Issue, known: Issue) -> bool:
    """Tell whether a copy was issued with other rows than the ledger derives for it from history."""
    tables = [(given.base[name], table) for name, table in known.base.items() if name in given.base]
    return any(set(mine.rids) != set(ours.rids) or mine.rows != ours.rows for mine, ours in tables)


def _stamp(data: bytes, path: Path, ledger: str) -> Stamp | None:
    try:
        stamp = stamp_of(read_grid(data, name=path.name))
    except FileRefused as problem:
        raise CallError("ANCHOR_NONE", file=str(path)) from problem
    if stamp is not None and stamp.ledger != ledger:
        raise CallError("ANCHOR_FOREIGN", file=str(path), title=stamp.title, round=stamp.round)
    return stamp


def _in_text(data: bytes) -> list[str]:
    return list(dict.fromkeys(_HEAD.findall(data[:_TEXT].decode("utf-8", "replace"))))
