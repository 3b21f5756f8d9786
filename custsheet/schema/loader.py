"""Load a schema: from a file, with every problem at its line, or from the plain data that stamp and ledger keep."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custsheet.expr.tree import Expr
from custsheet.fields import types
from custsheet.fields.base import Language
from custsheet.schema.build import build
from custsheet.schema.computes import compute_of
from custsheet.schema.lint import Checker, lint
from custsheet.schema.models import SchemaBody, settings_at
from custsheet.schema.records import Schema
from custsheet.schema.rules import rules_of
from custsheet.schema.shape import Shape
from custsheet.schema.source import Source, read_source, stop

WRONG = "SCHEMA_WRONG"


def load_schema(path: Path | str, *, language: Language | None = None) -> Schema:
    """Load a schema file; CallError `SCHEMA_WRONG` carries every problem in it with its line."""
    return _load(read_source(path, code=WRONG), language=language)


def from_body(body: Mapping[str, Any], *, language: Language | None = None) -> Schema:
    """Return the schema that `Schema.body` came from."""
    data = copy.deepcopy(dict(body))
    order = data.pop("order", None)
    if isinstance(order, dict):
        _restore_order(data, order)
    return _load(Source("", data=data), language=language)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of schema files, for completion in editors."""
    found = SchemaBody.model_json_schema(by_alias=True)
    settings = found["$defs"]["FieldBody"]["properties"]
    settings["type"] = {"type": "string", "enum": list(types())}
    settings["options"]["items"] = {"anyOf": [{"type": ["string", "number"]}, settings["options"]["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "custsheet schema"}


def _load(source: Source, *, language: Language | None) -> Schema:
    shape = Shape(source, SchemaBody, settings=settings_at)
    body = shape.body
    if body is None:
        raise stop(WRONG, source.file, [*source.problems, *shape.problems])
    check = Checker(shape, body, types())
    lint(check)
    rules = {table: rules_of(check, table) for table in body.tables}
    computes: dict[tuple[str, str], Expr] = {}
    for table, fields in body.tables.items():
        for name in fields.fields:
            found = compute_of(check, table, name, rules[table])
            if found is not None:
                computes[table, name] = found
    if source.problems or check.problems:
        raise stop(WRONG, source.file, [*source.problems, *check.problems])
    spoken = language or body.language
    data = {**source.data, "language": spoken, "order": _order(source.data)}
    return build(body, data, rules=rules, computes=computes, language=spoken)


# ── order: JSON that is kept sorted loses it, and columns stand in the order of the file ────────────


def _order(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "tables": list(data["tables"]),
        "fields": {name: list(table["fields"]) for name, table in data["tables"].items()},
        "roles": list(data["roles"]),
        "member_fields": list(data.get("member_fields") or ()),
    }


def _restore_order(data: dict[str, Any], order: Mapping[str, Any]) -> None:
    for part in ("tables", "roles", "member_fields"):
        if isinstance(data.get(part), dict):
            data[part] = _sorted_as(data[part], order.get(part))
    fields = order.get("fields")
    if isinstance(data.get("tables"), dict) and isinstance(fields, dict):
        for name, table in data["tables"].items():
            if isinstance(table, dict) and isinstance(table.get("fields"), dict):
                data["tables"][name] = {**table, "fields": _sorted_as(table["fields"], fields.get(name))}


def _sorted_as(found: dict[str, Any], order: object) -> dict[str, Any]:
    first = [name for name in order if isinstance(name, str) and name in found] if isinstance(order, list) else []
    return {**{name: found[name] for name in first}, **found}
