"""custsheet: customer follow-up workbooks, issued per member, validated, merged cell by cell, reported.

The public names are resolved when they are first used: importing the package loads nothing heavy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custsheet.checks import to_pandera
    from custsheet.errors import CustsheetError
    from custsheet.model import Change, Finding, Outcome, Question, Resolution, Table
    from custsheet.schema import load_schema, load_team
    from custsheet.workspace.library import Copy, Workspace, frame, generate, merge, read, validate

__version__ = "0.1.0"

__all__ = [
    "Change",
    "Copy",
    "CustsheetError",
    "Finding",
    "Outcome",
    "Question",
    "Resolution",
    "Table",
    "Workspace",
    "frame",
    "generate",
    "load_schema",
    "load_team",
    "merge",
    "read",
    "to_pandera",
    "validate",
]

_ROOMS = {
    "CustsheetError": "errors",
    "load_schema": "schema",
    "load_team": "schema",
    "to_pandera": "checks",
    **dict.fromkeys(("Change", "Finding", "Outcome", "Question", "Resolution", "Table"), "model"),
    **dict.fromkeys(("Copy", "Workspace", "frame", "generate", "merge", "read", "validate"), "workspace.library"),
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
