"""`custsheet log`, `show` and `blame`."""

from __future__ import annotations

from collections.abc import Mapping

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.changes import value_text
from custsheet.cli.options import Call, shared, workspace
from custsheet.expr.scope import Language
from custsheet.text import join
from custsheet.workspace.editing import find_field


@click.command()
@click.option("-n", "count", default=20, show_default=True, help="How many revisions.")
@shared
def log(call: Call, count: int) -> int:
    """List what was done to the ledger, latest first."""
    with workspace(call) as folder:
        found = folder.ledger.revisions()[-count:][::-1]
        if call.as_json:
            body = [
                {"revision": r.number, "at": r.at, "actor": r.actor, "kind": r.kind, "summary": dict(r.summary)}
                for r in found
            ]
            output.document("log", {"revisions": body})
            return 0
        lang = folder.settings.language
        output.table(
            [
                (
                    f"r{r.number}",
                    r.at.replace("T", " "),
                    folder.names.get(r.actor, r.actor),
                    messages.word(f"kind.{r.kind}", lang),
                    "  ".join(_said(v, lang) for k, v in r.summary.items() if v not in ("", [], None) and k[0] != "_"),
                )
                for r in found
            ]
        )
    return 0


@click.command()
@click.argument("label")
@shared
def show(call: Call, label: str) -> int:
    """Show one row: its values now, the rows that refer to it, and its story."""
    with workspace(call) as folder:
        tables = folder.ledger.tables(folder.schema)
        labels = folder.labels(tables)
        table, rid = labels.find(label)
        row = dict(zip(tables[table].fields, tables[table].by_rid[rid], strict=True))
        entries = folder.ledger.history(table, rid, folder.schema)
        related = _related(folder, tables, labels, table, rid)
        if call.as_json:
            body = {
                "label": labels.label(table, rid),
                "table": table,
                "rid": rid,
                "values": {f: value_text(labels, table, f, v) for f, v in row.items()},
                "related": related,
                "history": [_entry(e, labels, table) for e in entries],
            }
            output.document("show", body)
            return 0
        lang = folder.settings.language
        output.line(labels.label(table, rid))
        fields = folder.schema.tables[table].fields
        shown = [(fields[f].spec.title[lang], value_text(labels, table, f, v)) for f, v in row.items()]
        output.table([(title, " ".join(text.split())) for title, text in shown if text])
        for other, texts in related.items():
            output.line(f"{folder.schema.tables[other].title[lang]} {len(texts)}")
            for text in texts[-10:]:
                output.line(f"  {text}")
        output.say("show.history", count=len(entries))
        _lines(folder, labels, table, entries[-20:])
    return 0


@click.command()
@click.argument("label")
@click.argument("field", required=False)
@shared
def blame(call: Call, label: str, field: str | None) -> int:
    """Show who set each value of a row, when, and from which file."""
    with workspace(call) as folder:
        tables = folder.ledger.tables(folder.schema)
        labels = folder.labels(tables)
        table, rid = labels.find(label)
        name = find_field(folder.schema.tables[table], field).name if field else None
        entries = folder.ledger.history(table, rid, folder.schema, name)
        if call.as_json:
            body = {"label": labels.label(table, rid), "history": [_entry(e, labels, table) for e in entries]}
            output.document("blame", body)
            return 0
        output.line(labels.label(table, rid))
        _lines(folder, labels, table, entries)
    return 0


def _said(value: object, lang: Language) -> str:
    """One part of a revision's summary: names in a list joined, counts by what they count."""
    if isinstance(value, Mapping):
        return join([f"{name} {count}" for name, count in value.items()], lang)
    return join([str(item) for item in value], lang) if isinstance(value, list | tuple) else str(value)


def _entry(entry, labels, table: str) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "revision": entry.revision,
        "at": entry.at,
        "actor": entry.actor,
        "kind": entry.kind,
        "field": entry.field,
        "old": value_text(labels, table, entry.field, entry.old),
        "new": value_text(labels, table, entry.field, entry.new),
        "cause": entry.cause,
        "members": list(entry.members),
        "files": list(entry.files),
        "act": entry.act,
    }


def _lines(folder, labels, table: str, entries) -> None:  # type: ignore[no-untyped-def]
    lang = folder.settings.language
    rows = []
    for e in entries:
        who = join([folder.names.get(m, m) for m in e.members or (e.actor,)], lang)
        if e.field:
            blank = messages.word("value.blank", lang)
            old = value_text(labels, table, e.field, e.old) or blank
            new = value_text(labels, table, e.field, e.new) or blank
            colon = "：" if lang == "zh" else ": "
            said = f"{labels.title(table, e.field)}{colon}{' '.join(old.split())} → {' '.join(new.split())}"
        else:
            said = messages.word(f"act.{e.act}", lang)
        rows.append((f"r{e.revision}", e.at[:16].replace("T", " "), who, said, " ".join(e.files)))
    output.table(rows)


def _related(folder, tables, labels, table: str, rid: str) -> dict[str, list[str]]:  # type: ignore[no-untyped-def]
    """The rows of other tables that refer to this one, each as one line (R026)."""
    found: dict[str, list[str]] = {}
    for other, definition in folder.schema.tables.items():
        for via, target in definition.refs.items():
            if target != table:
                continue
            rows = tables[other]
            for row in rows.rows:
                if row[rows.at[via]] == rid:
                    texts = (value_text(labels, other, f, v) for f, v in zip(rows.fields, row, strict=True) if f != via)
                    found.setdefault(other, []).append(" · ".join(" ".join(t.split()) for t in texts if t))
    return found
