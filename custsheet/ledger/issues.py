"""Keep an issued copy without its base, and derive the base again from history, to the last detail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custsheet import schema as schemas
from custsheet.ledger.codec import tables_digest, tag, untag
from custsheet.model import Table, Tables, Value
from custsheet.schema.records import Issue

_MISSING = object()


def body_of(issue: Issue, rows: Tables) -> dict[str, Any]:
    """Return what is kept of an issue besides its columns: `rows` are those of its revision.

    A base may show what the rows do not hold (a computed value, a key in place of a hidden row's id): such cells are
    kept as they are, under `more`.
    """
    base = {name: {"fields": table.fields, "rids": table.rids} for name, table in issue.base.items()}
    more = {name: _beyond(table, rows.get(name)) for name, table in issue.base.items()}
    return {
        "grant": schemas.grant_to_json(issue.grant),
        "base": base,
        "more": {name: cells for name, cells in more.items() if cells},
        "spare": dict(issue.spare),
        "labels": {name: dict(labels) for name, labels in issue.labels.items()},
        "language": issue.language,
        "due": issue.due,
        "check": tables_digest(issue.base),
    }


def issue_from(body: Mapping[str, Any], columns: Mapping[str, Any], rows: Tables) -> Issue | None:
    """Return the issue as it was given out; None where history no longer gives the base that was issued."""
    base: dict[str, Table] = {}
    for name, shape in body["base"].items():
        table = _table(name, shape, rows.get(name), body["more"].get(name, {}))
        if table is None:
            return None
        base[name] = table
    if tables_digest(base) != body["check"]:
        return None
    return Issue(
        grant=schemas.grant_from_json(body["grant"]),
        base=base,
        spare={name: tuple(rids) for name, rids in body["spare"].items()},
        labels=body["labels"],
        language=body["language"],
        due=body["due"],
        **columns,
    )


def _beyond(issued: Table, rows: Table | None) -> dict[str, dict[str, object]]:
    """Return the cells of a base that are not what the rows hold, by row id and field."""
    found: dict[str, dict[str, object]] = {}
    for rid, values in issued.items():
        held = rows.by_rid.get(rid) if rows else None
        for name, value in zip(issued.fields, values, strict=True):
            if not _same(value, _held(rows, held, name)):
                found.setdefault(rid, {})[name] = tag(value)
    return found


def _held(rows: Table | None, held: tuple[Value, ...] | None, name: str) -> object:
    if rows is None or held is None or name not in rows.at:
        return _MISSING
    return held[rows.at[name]]


def _same(issued: Value, held: object) -> bool:
    """Equal in type and looks too: the digest is taken over both."""
    return issued is held or (issued == held and type(issued) is type(held) and str(issued) == str(held))


def _table(name: str, shape: Mapping[str, Any], rows: Table | None, more: Mapping[str, Any]) -> Table | None:
    values = []
    for rid in shape["rids"]:
        held, own = rows.by_rid.get(rid) if rows else None, more.get(rid, {})
        row = [untag(own[f]) if f in own else _held(rows, held, f) for f in shape["fields"]]
        if any(value is _MISSING for value in row):
            return None
        values.append(tuple(row))
    return Table(name, tuple(shape["fields"]), tuple(shape["rids"]), tuple(values))  # type: ignore[arg-type]
