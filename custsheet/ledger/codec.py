"""Values, submissions and resolutions as text that a database keeps, and back, equal to the last detail."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any, cast

from custsheet.fields.base import Field, unreadable_text
from custsheet.model import CellRef, Edit, Resolution, Submission, Tables, Unreadable, Value
from custsheet.schema.records import Member, Schema, Team

# ── one cell, through its field ─────────────────────────────────────────────────────────────────────

_UNREADABLE = "\x1f"
_ESCAPED = "\x1e"


def value_to_text(field: Field, value: Value) -> str | None:
    """Return the text that a cell is kept as; None for blank."""
    if value is None:
        return None
    if isinstance(value, Unreadable):
        return safe_text(unreadable_text(value), "u")
    text = field.dump(value)
    return None if text is None else safe_text(text, "t", guard=_UNREADABLE)


def text_to_value(field: Field, text: str | None) -> Value:
    """Invert `value_to_text`."""
    if not text or text[0] > _UNREADABLE:
        return field.load(text)
    mark, plain = ("", text)
    if text[0] == _ESCAPED:
        mark, plain = text[1], str(json.loads(text[2:]))
    if mark == "t" or plain[:1] != _UNREADABLE:
        return field.load(plain)
    _, code, raw = plain.split(_UNREADABLE, 2)
    return Unreadable(raw, code)


def safe_text(text: str, mark: str = "t", guard: str = "") -> str:
    """Return the text as every database takes it: lone surrogates, NUL and our own marks are escaped."""
    if text.isprintable():  # none of these is
        return text
    awkward = text[:1] == _ESCAPED or (guard and text[:1] == guard) or "\x00" in text or not _encodable(text)
    return f"{_ESCAPED}{mark}{json.dumps(text)}" if awkward else text


def plain_text(text: str) -> str:
    """Invert `safe_text`."""
    return str(json.loads(text[2:])) if text[:1] == _ESCAPED else text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────


_READABLE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_ASCII = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def to_json(data: object) -> str:
    """Return data as one line of JSON, the same for the same data, Chinese kept readable."""
    text = _READABLE.encode(data)
    return text if _encodable(text) else _ASCII.encode(data)


def digest(data: object) -> str:
    """Return the SHA-256 over data as JSON."""
    return text_digest(to_json(data))


def text_digest(text: str) -> str:
    """Return the SHA-256 over a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def record_digest(columns: Mapping[str, object], body: bytes) -> str:
    """Return the SHA-256 over a stored record: what the audit keeps of it."""
    return hashlib.sha256(to_json(columns).encode() + b"\n" + body).hexdigest()


def schema_text(schema: Schema) -> str:
    """Return a schema's body as the text over which its digest is taken."""
    return json.dumps(schema.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pack(data: object) -> bytes:
    """Return data as compressed JSON, for what is long and never searched."""
    return zlib.compress(to_json(data).encode(), 6)


def unpack(data: bytes) -> Any:
    """Invert `pack`."""
    return json.loads(zlib.decompress(data))


# ── values whatever their field: a submission must come back as it was, even after its fields changed ──


def tag(value: Value) -> object:
    """Return a value as JSON that names its type."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Unreadable):
        return {"unreadable": [value.raw, value.code]}
    if isinstance(value, tuple):
        return {"list": list(value)}
    if isinstance(value, dt.datetime):
        return {"time": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return {"int" if isinstance(value, int) else "number": str(value)}


def untag(data: Any) -> Value:
    """Invert `tag`."""
    if not isinstance(data, dict):
        return cast("Value", data)
    ((kind, body),) = data.items()
    return _READERS[kind](body)


_READERS: Mapping[str, Callable[[Any], Value]] = {
    "unreadable": lambda body: Unreadable(body[0], body[1]),
    "list": tuple,
    "time": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "int": int,
    "number": Decimal,
}


def tables_digest(tables: Tables) -> str:
    """Return the SHA-256 over rows with their ids, fields and order."""
    return digest({name: [t.fields, t.rids, [[tag(v) for v in row] for row in t.rows]] for name, t in tables.items()})


# ── submissions and resolutions ─────────────────────────────────────────────────────────────────────


def submission_to_json(submission: Submission) -> dict[str, Any]:
    """Return a submission as JSON data."""
    data: dict[str, Any] = {f.name: getattr(submission, f.name) for f in fields(submission)}
    return data | {"edits": [_edit_to_json(edit) for edit in submission.edits]}


def submission_from_json(data: Mapping[str, Any]) -> Submission:
    """Invert `submission_to_json`."""
    edits = tuple(_edit_from_json(edit) for edit in data["edits"])
    missing = tuple((table, rid) for table, rid in data["missing"])
    return Submission(**{**data, "edits": edits, "missing": missing})


_ALWAYS = frozenset({"kind", "table", "rid", "base", "value"})


def _edit_to_json(edit: Edit) -> dict[str, Any]:
    """Leave out what holds its default: most edits are a cell with a place."""
    data: dict[str, Any] = edit._asdict()
    data["base"], data["value"] = tag(edit.base), tag(edit.value)
    data["row"] = _pairs(edit.row)
    data["where"] = {name: text for name, text in edit.where._asdict().items() if text}
    return {name: value for name, value in data.items() if value not in (None, "", [], {}) or name in _ALWAYS}


def _edit_from_json(data: Mapping[str, Any]) -> Edit:
    row = tuple((name, untag(value)) for name, value in data.get("row", ()))
    where = CellRef(**data.get("where", {}))
    return Edit(**{**data, "base": untag(data["base"]), "value": untag(data["value"]), "row": row, "where": where})


def _pairs(row: Sequence[tuple[str, Value]]) -> list[list[object]]:
    return [[name, tag(value)] for name, value in row]


def resolution_to_json(resolution: Resolution) -> dict[str, Any]:
    """Return a resolution as JSON data."""
    told = {f.name: getattr(resolution, f.name) for f in fields(resolution)}
    return told | {"value": tag(resolution.value), "cells": [[*place, tag(v)] for *place, v in resolution.cells]}


def resolution_from_json(data: Mapping[str, Any]) -> Resolution:
    """Invert `resolution_to_json`."""
    cells = tuple((table, rid, name, untag(value)) for table, rid, name, value in data.get("cells", ()))
    return Resolution(**{**data, "value": untag(data["value"]), "cells": cells})


def team_text(team: Team) -> str:
    """Return the members as the text that is stored."""
    return to_json([asdict(member) for member in team.members])


def team_from_json(data: Sequence[Mapping[str, Any]]) -> Team:
    """Return the members that were stored as JSON data."""
    extra = [tuple((name, text) for name, text in member["extra"]) for member in data]
    return Team(tuple(Member(**{**member, "extra": more}) for member, more in zip(data, extra, strict=True)))
