"""`custsheet log`, `show` and `blame`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.changes import question_json, value_text
from custsheet.cli.options import Call, shared, workspace
from custsheet.text import join, named

if TYPE_CHECKING:
    from custsheet.ledger.records import HistoryEntry
    from custsheet.schema.labels import Labels
    from custsheet.workspace.folder import Folder
    from custsheet.workspace.passed import Passed
    from custsheet.workspace.story import Decided, Story

SHOWN = 20
"""Entries of a row's story that are printed; the others are counted."""


@click.command()
@click.option("-n", "count", default=20, show_default=True, help="How many revisions.")
@click.option(
    "-o", "out", type=click.Path(path_type=Path), default=None, help="Write the whole history to this workbook instead."
)
@shared
def log(call: Call, count: int, out: Path | None) -> int:
    """List what was done to the ledger, latest first; with -o every change, as a workbook to be filtered."""
    with workspace(call) as folder:
        if out is not None:
            return _book(call, folder, out)
        found = folder.ledger.revisions()[-count:][::-1]
        if call.as_json:
            body = [
                {"revision": r.number, "at": r.at, "actor": r.actor, "kind": r.kind, "summary": _facts(r.summary)}
                for r in found
            ]
            output.document("log", {"revisions": body})
            return 0
        from custsheet.workspace.history_book import said_of  # noqa: PLC0415

        lang = folder.settings.language
        output.table(
            [
                (
                    f"r{r.number}",
                    r.at.replace("T", " "),
                    folder.names.get(r.actor, r.actor),
                    messages.word(f"kind.{r.kind}", lang),
                    said_of(r, folder),
                )
                for r in found
            ]
        )
    return 0


@click.command()
@click.argument("label")
@shared
def show(call: Call, label: str) -> int:
    """Show one row: its values now, the rows that refer to it, what was asked and decided about it, and its story.

    A row that was deleted is shown as it was, with exit code 3.
    """
    from custsheet.workspace.story import find_in_history, story_of  # noqa: PLC0415

    with workspace(call) as folder:
        tables = folder.ledger.tables(folder.schema)
        labels, table, rid = find_in_history(folder, label)
        rows = tables[table] if rid in tables[table].by_rid else folder.ledger.gone(folder.schema)[table]
        row = dict(zip(rows.fields, rows.by_rid[rid], strict=True))
        story = story_of(folder, labels, table, rid)
        related = _related(folder, tables, labels, table, rid)
        values = {f: value_text(labels, table, f, v) for f, v in row.items()}
        if call.as_json:
            body = {"label": labels.label(table, rid), "table": table, "rid": rid, "values": values, "related": related}
            output.document("show", body | _story_json(story, labels, table))
            return 3 if story.deleted is not None else 0
        lang = folder.settings.language
        output.line(labels.label(table, rid))
        if story.deleted is not None:
            by = join([folder.names.get(m, m) for m in story.deleted.members or (story.deleted.actor,)], lang)
            output.say("show.deleted", revision=story.deleted.revision, at=story.deleted.at[:10], who=by)
        fields = folder.schema.tables[table].fields
        output.table([(fields[f].spec.title[lang], " ".join(text.split())) for f, text in values.items() if text])
        for other, texts in related.items():
            output.line(f"{folder.schema.tables[other].title[lang]} {len(texts)}")
            for text in texts[-10:]:
                output.line(f"  {text}")
        _asked(folder, labels, table, story)
        output.say("show.history", count=len(story.entries))
        shown = list(zip(story.entries, story.decisions, strict=True))
        _lines(folder, labels, table, shown[-SHOWN:])
        if len(shown) > SHOWN:
            output.say("show.earlier", count=len(shown) - SHOWN, label=labels.label(table, rid))
        _passed(folder, labels, table, story)
    return 3 if story.deleted is not None else 0


def _facts(summary: Mapping[str, object]) -> dict[str, object]:
    """What a revision says of itself; names that begin with a line are the ledger's own."""
    return {name: value for name, value in summary.items() if not name.startswith("_")}


def _story_json(story: Story, labels: Labels, table: str) -> dict[str, object]:
    told = zip(story.entries, story.decisions, strict=True)
    return {
        "deleted": _entry(story.deleted, labels, table, None) if story.deleted is not None else None,
        "history": [_entry(entry, labels, table, decided) for entry, decided in told],
        "handed_over": [_entry(entry, labels, table, None) for entry in story.handed_over],
        "questions": [question_json(q, labels) for q in story.questions],
        "passed": [_passed_json(one, labels, table) for one in story.passed],
        "answers": [
            {"fields": list(a.fields), "said": a.said, "withdrawn": a.is_withdrawn, **_decided_json(a.decided)}
            for a in story.answers
        ],
    }


def _passed_json(one: Passed, labels: Labels, table: str) -> dict[str, object]:
    value = labels.told(table, one.edit.field, one.edit.value)
    where = {"sheet": one.edit.where.sheet, "cell": one.edit.where.cell}
    return {
        "field": one.edit.field,
        "value": value,
        "member": one.member,
        "at": one.at,
        "file": one.file,
        "why": one.why,
        **where,
    }


def _decided_json(decided: Decided | None) -> dict[str, object]:
    if decided is None:
        return {}
    return {"by": decided.by, "at": decided.at, "by_rule": decided.by_rule}


def _asked(folder: Folder, labels: Labels, table: str, story: Story) -> None:
    """Tell who had the row before, what was answered about it, and what is open."""
    from custsheet.workspace.agreement import asked  # noqa: PLC0415

    lang, fields = folder.settings.language, folder.schema.tables[table].fields
    for entry in story.handed_over:
        old, new = (value_text(labels, table, entry.field, value) for value in (entry.old, entry.new))
        output.say("show.handed_over", at=entry.at[:10], old=old, new=new or messages.word("value.blank", lang))
    for answer in story.answers:
        titles = join([fields[name].spec.title[lang] for name in answer.fields if name in fields], lang)
        about = titles or messages.word("show.row", lang)
        output.say("show.answered", who=_decision(folder, answer.decided, "who"), field=about, said=answer.said)
    for question in story.questions:
        open_one = asked(folder, question, labels)
        names = join([*dict.fromkeys(party.names for party in open_one.parties)], lang)
        output.say("show.open", field=open_one.place, kind=open_one.kind, names=names)


def _passed(folder: Folder, labels: Labels, table: str, story: Story) -> None:
    """List what was typed into the row and never stood there: whose it was, from which cell of which file, and why."""
    lang = folder.settings.language
    if story.passed:
        output.say("show.passed", count=len(story.passed))
    for one in story.passed[-SHOWN:]:
        value = " ".join(labels.told(table, one.edit.field, one.edit.value).split())
        output.say(
            "show.passed.one",
            at=one.at[:10],
            who=folder.names.get(one.member, one.member),
            field=labels.title(table, one.edit.field),
            value=value or messages.word("value.blank", lang),
            why=messages.word(f"passed.{one.why}", lang),
            place=f"{one.file} {one.edit.where.sheet}!{one.edit.where.cell}" if one.edit.where.cell else one.file,
        )


def _decision(folder: Folder, decided: Decided, key: str) -> str:
    """Return by whom and when, in the words of `show.<key>` or, where a rule decided, of `show.<key>.rule`."""
    who = f"{folder.names.get(decided.by, decided.by)} {decided.at[5:10]}"
    key = f"show.{key}.rule" if decided.by_rule else f"show.{key}"
    return messages.word(key, folder.settings.language, who=who)


@click.command()
@click.argument("label")
@click.argument("field", required=False)
@shared
def blame(call: Call, label: str, field: str | None) -> int:
    """Show who set each value of a row, when, and from which file; of what was decided, who decided it."""
    from custsheet.workspace.finding import find_once  # noqa: PLC0415
    from custsheet.workspace.story import decided_of, find_in_history  # noqa: PLC0415

    with workspace(call) as folder:
        labels, table, rid = find_in_history(folder, label)
        name = find_once(folder, table, field) if field else None
        entries = folder.ledger.history(table, rid, folder.schema, name)
        told = list(zip(entries, decided_of(folder, labels, table, rid, entries), strict=True))
        if call.as_json:
            body = {"label": labels.label(table, rid), "history": [_entry(e, labels, table, by) for e, by in told]}
            output.document("blame", body)
            return 0
        output.line(labels.label(table, rid))
        _lines(folder, labels, table, told)
    return 0


def _book(call: Call, folder: Folder, out: Path) -> int:
    from custsheet.workspace.history_book import write_history  # noqa: PLC0415

    path = write_history(folder, out)
    if call.as_json:
        output.document("log", {"file": str(path)})
        return 0
    if path != out:
        output.say("file.there", file=out)
    output.say("history.done", file=path)
    return 0


def _entry(entry: HistoryEntry, labels: Labels, table: str, decided: Decided | None) -> dict[str, object]:
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
        **({"decided": _decided_json(decided)} if decided is not None else {}),
    }


def _lines(folder: Folder, labels: Labels, table: str, told: Sequence[tuple[HistoryEntry, Decided | None]]) -> None:
    lang = folder.settings.language
    rows = []
    for entry, decided in told:
        who = join([folder.names.get(m, m) for m in entry.members or (entry.actor,)], lang)
        when = entry.at[:16].replace("T", " ")
        said, why = _change(folder, labels, table, entry), _why(folder, entry, decided)
        rows.append((f"r{entry.revision}", when, who, said, why, " ".join(entry.files)))
    output.table(rows)


def _change(folder: Folder, labels: Labels, table: str, entry: HistoryEntry) -> str:
    lang = folder.settings.language
    if not entry.field:
        return messages.word(f"act.{entry.act}", lang)
    old, new = (value_text(labels, table, entry.field, value) for value in (entry.old, entry.new))
    blank = messages.word("value.blank", lang)
    said = f"{' '.join((old or blank).split())} → {' '.join((new or blank).split())}"
    return named(labels.title(table, entry.field), said, lang)


def _why(folder: Folder, entry: HistoryEntry, decided: Decided | None) -> str:
    """Say why where it was no plain edit; of a decision who made it, and when."""
    lang = folder.settings.language
    if decided is not None:
        return _decision(folder, decided, "decided")
    if entry.kind == "undo":
        return messages.word("cause.undo" if entry.cause == "undo" else "cause.again", lang)
    plain = entry.cause in ("", "edit", entry.kind)
    return "" if plain else messages.word(f"cause.{entry.cause}", lang)


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
