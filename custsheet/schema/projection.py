"""The schema as one member sees it: only granted tables and fields, only rules and formulas that speak of these."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from custsheet.expr import fields_of, tables_of
from custsheet.schema.records import Grant, Schema, TableDef


def showable(schema: Schema, grant: Grant) -> dict[str, Any]:
    """Return the grant without computed fields that read what this member does not see: they have no value."""
    found = {}
    for name, granted in grant.items():
        fields = schema.tables[name].fields
        see = tuple(f for f in granted.see if _computable(fields[f].spec.compute, set(granted.see), grant))
        found[name] = replace(granted, see=see)
    return found


def projected_body(schema: Schema, grant: Grant, role: str) -> dict[str, Any]:
    """Return a schema body that names nothing outside the grant; it loads like any other."""
    whole: Mapping[str, Any] = schema.body
    body: dict[str, Any] = {key: copy.deepcopy(whole[key]) for key in whole if key not in ("tables", "roles")}
    tables: dict[str, Any] = {}
    for name in whole["tables"]:
        if name in grant:
            tables[name] = _table(schema.tables[name], whole["tables"][name], grant)
        elif _named(schema, grant, name):
            tables[name] = _stub(whole["tables"][name], schema.tables[name])
    body["tables"] = tables
    body["roles"] = {role: {name: {"rows": "all", "see": "*"} for name in grant}}
    return body


def _named(schema: Schema, grant: Grant, target: str) -> bool:
    """Whether a shown ref leads to a table that is not shown."""
    return any(
        to == target and field in granted.see
        for name, granted in grant.items()
        for field, to in schema.tables[name].refs.items()
    )


def _stub(body: Mapping[str, Any], table: TableDef) -> dict[str, Any]:
    """A table that refs only name: its title and its key, as texts."""
    names = table.key or tuple(table.fields)[:1]
    fields = {name: {"type": "text", "title": copy.deepcopy(body["fields"][name].get("title", name))} for name in names}
    return {"title": copy.deepcopy(body.get("title", table.name)), "key": list(names), "fields": fields}


def _table(table: TableDef, body: Mapping[str, Any], grant: Grant) -> dict[str, Any]:
    see = set(grant[table.name].see)
    kept: dict[str, Any] = copy.deepcopy(dict(body))
    kept["fields"] = {name: settings for name, settings in kept["fields"].items() if name in see}
    _list(kept, "key", list(table.key) if set(table.key) <= see else [])
    _list(kept, "groups", [list(group) for group in table.groups if set(group) <= see])
    seen = {rule.name for rule in table.rules if set(rule.fields) <= see}
    _list(kept, "rules", [rule for rule in kept.get("rules") or [] if rule["name"] in seen])
    via_seen = bool(table.via) and table.via in see and table.refs.get(table.via) in grant
    if not (table.owner in see if table.owner else via_seen):
        kept.pop("owner", None)
    if table.helpers and table.helpers not in see:
        kept.pop("helpers", None)
    kept.pop("logged", None)  # what the merge does with it is no member's business
    if table.show_by and table.show_by not in see:
        kept.pop("show", None)
    return kept


def _computable(expression: Any, see: set[str], grant: Grant) -> bool:
    if expression is None:
        return True
    return set(fields_of(expression)) <= see and all(table in grant for table in tables_of(expression))


def _list(body: dict[str, Any], key: str, value: list[Any]) -> None:
    if value:
        body[key] = value
    else:
        body.pop(key, None)
