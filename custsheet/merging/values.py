"""When two values are the same content, and the stable texts and digests by which the merge names them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from custsheet.fields.base import Field, text_of
from custsheet.ids import short_hash
from custsheet.model import Tables, Unreadable, Value
from custsheet.schema.records import TableDef

Vector = tuple[Value, ...]
"""The values of one unit: one for a plain cell, several where fields merge together."""


def same(field: Field, a: Value, b: Value) -> bool:
    """Tell whether two values of a field are the same content."""
    if a is b or a == b:
        return True
    if a is None or b is None or isinstance(a, Unreadable) or isinstance(b, Unreadable):
        return False
    return field.same(a, b)


def holds(field: Field, now: Value, typed: Value, base: Value) -> bool:
    """Tell whether a cell holds what was typed over `base`: just that, or among other lines or tags all of it.

    Lines and tags that were taken out must not be there.
    """
    if same(field, now, typed):
        return True
    new, all_now = parts(typed), parts(now)
    return bool(new) and new <= all_now and all_now.isdisjoint(parts(base) - new)


def parts(value: Value) -> frozenset[str]:
    """Return tags, or the lines of a text; nothing else has parts."""
    if isinstance(value, tuple):
        return frozenset(value)
    return frozenset(value.splitlines()) if isinstance(value, str) else frozenset()


def can_hold(field: Field, value: Value) -> bool:
    """Tell whether a field can hold a value that it may have had when it was of another kind; blank always."""
    if value is None:
        return True
    try:
        return not isinstance(value, Unreadable) and field.dump(value) is not None
    except (TypeError, ValueError, AttributeError):
        return False


def takes(field: Field, value: Value, base: Value = None) -> bool:
    """Tell whether a field takes by now what somebody typed over `base`: it can hold it, and has all its options."""
    return value == base or (can_hold(field, value) and not strays(field, value, base))


def strays(field: Field, value: Value, base: Value = None) -> bool:
    """Tell whether somebody typed over `base` what is none of the field's options."""
    if not field.spec.options or value == base:
        return False
    known = {option.value for option in field.spec.options} | set(_words(base))
    return not known.issuperset(_words(value))


def _words(value: Value) -> Sequence[str]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def same_all(fields: Sequence[Field], a: Vector, b: Vector) -> bool:
    """Tell whether two vectors are the same content, field by field."""
    return a == b or all(map(same, fields, a, b))


def vector_hash(fields: Sequence[Field], vector: Vector) -> str:
    """Return the name of a candidate value."""
    return short_hash(*(f"{field.name}={text_of(field, value)}" for field, value in zip(fields, vector, strict=True)))


def row_label(table: TableDef, row: Mapping[str, Value], labels: Mapping[str, Mapping[str, str]], rid: str) -> str:
    """Return `table/key` of a row that may not be in any table yet."""
    return row_namer(table, tuple(row), labels)(tuple(row.values()), rid)


def row_namer(
    table: TableDef, fields: Sequence[str], labels: Mapping[str, Mapping[str, str]]
) -> Callable[[Sequence[Any], str], str]:
    """Return what makes `table/key` of a row's values, in the order of these fields, and its id."""
    known = [(fields.index(name), table.fields[name]) for name in naming(table) if name in fields]
    parts = [(at, field, labels.get(field.spec.to, {}) if field.spec.type == "ref" else None) for at, field in known]

    lead = parts[0][0] if len(parts) == 1 and parts[0][1].spec.type == "text" else None

    def name(values: Sequence[Any], rid: str) -> str:
        if lead is not None and values[lead].__class__ is str:
            return f"{table.name}/{values[lead] or rid}"  # as most tables are: known by a name
        shown = [
            (names and names.get(str(values[at]))) or field.text(values[at], language="zh")
            for at, field, names in parts
            if values[at] is not None
        ]
        return f"{table.name}/{' · '.join(shown) or rid}"

    return name


def naming(table: TableDef) -> tuple[str, ...]:
    """Return the fields by which people name a row: the key, else the refs and the first date, else the first field."""
    if table.key:
        return table.key
    dates = [name for name, field in table.fields.items() if field.spec.type == "date"][:1]
    return (*table.refs, *dates) or tuple(table.fields)[:1]


def state_digest(tables: Tables) -> str:
    """Return the SHA-256 over the sorted canonical dump of all rows: equal states have equal digests."""
    digest = hashlib.sha256()
    for line in sorted(_lines(tables)):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _lines(tables: Tables) -> Iterable[str]:
    for name, table in tables.items():
        order = sorted(range(len(table.fields)), key=lambda at: table.fields[at])
        for rid, row in table.items():
            cells = [f"{table.fields[at]}={_tagged(row[at])}" for at in order if row[at] is not None]
            yield "\x1f".join((name, rid, *cells))


def _tagged(value: Value) -> str:
    """Return a text that tells kinds apart and is the same for equal values."""
    match value:
        case Unreadable(raw=raw):
            return f"?{raw!r}"
        case bool():
            return f"b{value}"
        case int() | Decimal():
            return f"n{Decimal(value).normalize():f}"
        case dt.datetime() | dt.date():
            return f"d{value.isoformat()}"
        case tuple():
            return f"t{value!r}"
        case _:
            return f"s{value!r}"
