"""YAML to Schema, built-in schemas, members and rights; lazily, since pydantic and ruamel are slow to load."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custsheet.schema.loader import from_body, json_schema, load_schema
    from custsheet.schema.members import dump_team, load_team
    from custsheet.schema.rights import (
        grant_from_json,
        grant_of,
        grant_to_json,
        holders_of,
        may_write,
        owners_of,
        project,
        visible_rows,
    )
    from custsheet.schema.shipped import builtin, builtin_names

__all__ = [
    "builtin",
    "builtin_names",
    "dump_team",
    "from_body",
    "grant_from_json",
    "grant_of",
    "grant_to_json",
    "holders_of",
    "json_schema",
    "load_schema",
    "load_team",
    "may_write",
    "owners_of",
    "project",
    "visible_rows",
]

_ROOMS = {
    "builtin": "shipped",
    "builtin_names": "shipped",
    "dump_team": "members",
    "from_body": "loader",
    "json_schema": "loader",
    "load_schema": "loader",
    "load_team": "members",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_ROOMS.get(name, 'rights')}"), name)
    globals()[name] = found
    return found
