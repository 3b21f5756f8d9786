"""Find the heads of the audit chain that left this machine: in a copy that was mailed out, in a text kept elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from custsheet.errors import CallError, FileRefused
from custsheet.intake import stamp_of
from custsheet.model import Finding
from custsheet.workspace.disk import read_bytes
from custsheet.workspace.folder import Folder
from custsheet.xlsx.read import read_grid

_HEAD = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_TEXT = 1 << 20
"""No longer text than this holds heads."""


def unanchored(folder: Folder, path: Path) -> list[Finding]:
    """Return a finding for each head in a file that is not in the ledger's audit chain any more.

    The file is a copy as it was issued or came back, or a text with heads as `verify` prints them. CallError
    `ANCHOR_NONE` for a file without one, `ANCHOR_FOREIGN` for another team's copy.
    """
    ledger = folder.ledger
    missing = (head for head in heads_in(path, ledger.id) if not ledger.has_head(head))
    return [Finding("F_LEDGER_ANCHOR", "error", facts=(("file", path.name), ("head", head[:16]))) for head in missing]


def heads_in(path: Path, ledger: str) -> list[str]:
    """Return the heads that a file holds; at least one."""
    data = read_bytes(path)
    found = _in_workbook(data, path, ledger) if data.startswith(b"PK") else _in_text(data)
    if not found:
        raise CallError("ANCHOR_NONE", file=str(path))
    return found


def _in_workbook(data: bytes, path: Path, ledger: str) -> list[str]:
    try:
        stamp = stamp_of(read_grid(data, name=path.name))
    except FileRefused as problem:
        raise CallError("ANCHOR_NONE", file=str(path)) from problem
    if stamp is not None and stamp.ledger != ledger:
        raise CallError("ANCHOR_FOREIGN", file=str(path), title=stamp.title, round=stamp.round)
    return [stamp.head] if stamp is not None and stamp.head else []


def _in_text(data: bytes) -> list[str]:
    return list(dict.fromkeys(_HEAD.findall(data[:_TEXT].decode("utf-8", "replace"))))
