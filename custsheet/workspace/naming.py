"""Which rows a copy may name."""

from __future__ import annotations

from custsheet.messages import word
from custsheet.model import Tables
from custsheet.schema.labels import Labels
from custsheet.schema.records import Grant, Schema


def ref_labels(
    schema: Schema, grant: Grant, base: Tables, labels: Labels, gone: Labels | None
) -> dict[str, dict[str, str]]:
    """Names of the rows that refs may show here: every row of a target sheet, and targets that are only named.

    A row that is deleted meanwhile is named as such, so that what refers to it comes back as it was.
    """
    found: dict[str, dict[str, str]] = {}
    for table, granted in grant.items():
        for field, target in schema.tables[table].refs.items():
            if field not in granted.see:
                continue
            texts = found.setdefault(target, {})
            if target in base:
                texts |= {rid: labels.text(target, rid) for rid in base[target].rids}
            for value in base[table].column(field):
                if isinstance(value, str) and value not in texts:
                    text = gone.text(target, value) if gone is not None else ""
                    deleted = word("value.deleted", schema.language, text=text) if text else value
                    texts[value] = labels.text(target, value) or deleted
    return found
