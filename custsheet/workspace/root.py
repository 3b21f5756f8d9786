"""Where a workspace is; loads nothing, so that a page of help may ask as well."""

from __future__ import annotations

from pathlib import Path

FILE = "custsheet.yaml"
"""The settings: the folder that holds them is a workspace."""
OWNER = "ledger.id"
"""Beside the backups: the id of the ledger that the folder was made for."""


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upward that holds a workspace, or None."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)
