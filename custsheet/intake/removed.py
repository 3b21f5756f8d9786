"""Fields that a copy still has and the schema no longer: read as plain as their values are, so that nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from custsheet.errors import FileRefused
from custsheet.fields import make
from custsheet.fields.base import Field, Spec, Text
from custsheet.messages import word
from custsheet.model import ABSENT, ReturnedTable, Value
from custsheet.schema.records import Issue, Schema


def gone(schema: Schema, issue: Issue) -> dict[str, frozenset[str]]:
    """Return table → issued fields that the schema no longer has.

    Raises FileRefused `E_NOT_YET` where a whole table was taken out of the schema.
    """
    lost = [name for name in issue.grant if name not in schema.tables]
    if lost:
        raise _refused(issue, "", "、".join(lost), "removed.table")
    return {name: frozenset(grant.see) - schema.tables[name].fields.keys() for name, grant in issue.grant.items()}


def with_stand_ins(schema: Schema, issue: Issue, lost: Mapping[str, frozenset[str]]) -> Schema:
    """Return the schema with a stand-in for each field that is gone, so that its column is known by what it holds."""
    if not any(lost.values()):
        return schema
    tables = dict(schema.tables)
    for name, fields in lost.items():
        base = issue.base.get(name)
        found = {f: _stand_in(name, f, base.column(f) if base else ()) for f in fields}
        tables[name] = replace(tables[name], fields={**tables[name].fields, **found})
    return replace(schema, tables=tables)


def refuse_typed(table: ReturnedTable, lost: frozenset[str], issue: Issue, file: str) -> None:
    """Refuse the file, `E_NOT_YET`, where somebody typed under a field that is gone: there is no place for it yet."""
    base = issue.rows(table.table)
    for at, name in enumerate(table.fields):
        for row in table.rows if name in lost else ():
            value = row.values[at]
            before = base[row.rid][at] if row.rid in base else None
            if value is not ABSENT and value != before:
                raise _refused(issue, file, name, "removed.typed", sheet=table.sheet, row=row.number)


def _refused(issue: Issue, file: str, title: str, why: str, **facts: object) -> FileRefused:
    return FileRefused("E_NOT_YET", file=file, what=word(why, issue.language, title=title, **facts))


def _stand_in(table: str, name: str, values: Sequence[Value]) -> Field:
    return make(Spec(name=name, type=_kind(values), title=Text(name, name), table=table))


def _kind(values: Sequence[Value]) -> str:
    """The plainest type that reads such values again."""
    value = next((v for v in values if v is not None), None)
    kinds = ((bool, "bool"), (dt.datetime, "datetime"), (dt.date, "date"), (int | Decimal, "number"), (tuple, "tags"))
    return next((kind for python, kind in kinds if isinstance(value, python)), "text")
