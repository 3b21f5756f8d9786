"""Which questions can be asked about one row: their ids are made from it, so its story finds them again."""

from __future__ import annotations

from collections.abc import Mapping

from custsheet.fields.base import text_of
from custsheet.merging.adds import lacking
from custsheet.merging.questions import question_id
from custsheet.model import Value
from custsheet.schema.records import TableDef

OBJECTIONS = (lacking(), "depends", "key")
"""What a new row may be held back for besides rules."""


def questions_about(table: TableDef, rid: str, row: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the questions about a row and its cells, each with the fields that it is about."""
    units = [*((name,) for name in table.fields), *table.groups]
    if table.strict == "row":
        units.append(tuple(name for name, field in table.fields.items() if field.editable))
    found = {question_id("cell", table.name, rid, "+".join(names)): tuple(names) for names in units}
    found |= {question_id(family, table.name, rid): () for family in ("delete", "gone", "missing", "add")}
    for rule in table.rules:
        found[question_id("rule", table.name, rid, rule.name)] = tuple(rule.fields)
        found[question_id("row", table.name, rid, f"rule:{rule.name}")] = ()
    found[question_id("rule", table.name, rid, "key")] = tuple(table.key)
    found |= {question_id("row", table.name, rid, why): () for why in OBJECTIONS}
    found |= {question_id("row", table.name, rid, lacking(name)): (name,) for name in table.fields}
    key = tuple(text_of(table.fields[name], row.get(name)) for name in table.key)
    return found | {question_id("key", table.name, "", "\x1f".join(key)): ()}
