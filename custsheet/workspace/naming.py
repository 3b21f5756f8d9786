"""Which rows a copy may name."""

from __future__ import annotations

from collections.abc import Mapping

from custsheet.fields.base import Language
from custsheet.messages import word
from custsheet.model import Table, Tables, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Grant, Schema
from custsheet.text import fold


def ref_labels(
    schema: Schema, grant: Grant, base: Tables, labels: Labels, gone: Labels | None
) -> dict[str, dict[str, str]]:
    """Names of the rows that refs may show here: every row of a target sheet, and targets that are only named.

    A row that is deleted meanwhile is named as such, so that what refers to it comes back as it was. Rows of one name
    are told apart by what this copy shows of them; a row of the same name that it does not show plays no part.
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
    return {
        target: texts | _told_apart(target, texts, base.get(target), labels, schema.language)
        for target, texts in found.items()
    }


def _told_apart(
    target: str, texts: Mapping[str, str], shown: Table | None, labels: Labels, language: Language
) -> dict[str, str]:
    """Return other texts for rows whose name was numbered: the bare name, or one with what differs behind."""
    alike: dict[str, list[str]] = {}
    for rid in texts:
        if labels.name(target, rid):
            alike.setdefault(fold(labels.name(target, rid)), []).append(rid)
    told: dict[str, str] = {}
    for rids in alike.values():
        if len(rids) == 1:
            told[rids[0]] = labels.name(target, rids[0])
        elif shown is not None and all(rid in shown.by_rid for rid in rids):
            columns = ([_said(target, f, shown.get(rid, f), labels) for rid in rids] for f in shown.fields)
            apart = next((said for said in columns if all(said) and len(set(map(fold, said))) == len(rids)), [])
            form = "{}（{}）" if language == "zh" else "{} ({})"
            told |= {rid: form.format(labels.name(target, rid), said) for rid, said in zip(rids, apart, strict=False)}
    return told


def _said(table: str, name: str, value: Value, labels: Labels) -> str:
    """Say a value without the number by which a row that this copy may not show is told from another."""
    field = labels.field(table, name)
    if field is not None and field.spec.type == "ref" and isinstance(value, str):
        return labels.name(field.spec.to, value) or value
    return labels.value(table, name, value)
