"""The schema as one member sees it: only granted tables and fields, only rules and formulas that speak of these."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from custsheet.expr import fields_of
from custsheet.schema.records import Grant, Schema, TableDef


def projected_body(schema: Schema, grant: Grant, role: str) -> dict[str, Any]:
    """Return a schema body that names nothing outside the grant; it loads like any other."""
    whole: Mapping[str, Any] = schema.body
    body: dict[str, Any] = {
        key: copy.deepcopy(value) for key, value in whole.items() if key not in ("tables", "roles", "terms")
    }
    body["tables"] = {
        name: _table(schema.tables[name], whole["tables"][name], grant) for name in whole["tables"] if name in grant
    }
    body["roles"] = {role: {name: {"rows": "all", "see": "*"} for name in grant}}
    if whole.get("terms"):
        body["terms"] = copy.deepcopy(whole["terms"])
    return body


def _table(table: TableDef, body: Mapping[str, Any], grant: Grant) -> dict[str, Any]:
    see = set(grant[table.name].see)
    kept: dict[str, Any] = copy.deepcopy(dict(body))
    kept["fields"] = {
        name: _field(table, name, settings, see, grant) for name, settings in kept["fields"].items() if name in see
    }
    _list(kept, "key", [name for name in table.key if name in see] if set(table.key) <= see else [])
    _list(kept, "groups", [list(group) for group in table.groups if set(group) <= see])
    by_name = {rule.name: rule for rule in table.rules}
    rules = [rule for rule in kept.get("rules") or [] if set(by_name[rule["name"]].fields) <= see]
    _list(kept, "rules", rules)
    via_seen = table.via in see and table.refs.get(table.via) in grant if table.via else False
    if not (table.owner in see if table.owner else via_seen):
        kept.pop("owner", None)
    if table.helpers and table.helpers not in see:
        kept.pop("helpers", None)
    if table.show_by and table.show_by not in see:
        kept.pop("show", None)
    return kept


def _field(table: TableDef, name: str, settings: Any, see: set[str], grant: Grant) -> Any:
    """A ref to a table that is not here becomes a text; a formula over fields that are not here becomes its value."""
    spec = table.fields[name].spec
    if spec.type == "ref" and spec.to not in grant:
        return {key: value for key, value in settings.items() if key != "to"} | {"type": "text"}
    if spec.compute is not None and not _computable(spec.compute, see, grant):
        return {key: value for key, value in settings.items() if key != "compute"} | {"type": "text"}
    return settings


def _computable(expression: Any, see: set[str], grant: Grant) -> bool:
    return set(fields_of(expression)) <= see and all(table in grant for table in tables_of(expression))


def tables_of(expression: Any) -> set[str]:
    """Return the other tables that an expression counts, sums or looks into."""
    found = {expression.table} if hasattr(expression, "table") else set()
    for name in getattr(expression, "__slots__", ()):
        part = getattr(expression, name, None)
        for item in part if isinstance(part, tuple) else (part,):
            if hasattr(item, "__slots__") and hasattr(item, "__dataclass_fields__"):
                found |= tables_of(item)
    return found


def _list(body: dict[str, Any], key: str, value: list[Any]) -> None:
    if value:
        body[key] = value
    else:
        body.pop(key, None)
