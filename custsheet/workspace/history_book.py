"""The whole history as a workbook: every change of every revision, with who, when, why and from which file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import cast

from custsheet.books.history import Act, Line, PassedLine, Typed, history_book
from custsheet.fields.base import Field, Language
from custsheet.ledger.records import Revision
from custsheet.messages import word
from custsheet.model import Change, Edit, Unreadable, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema
from custsheet.stamp import Stamp, encode
from custsheet.text import clauses, join
from custsheet.workspace.beside import write_free
from custsheet.workspace.folder import Folder
from custsheet.workspace.merging import ANSWERS
from custsheet.workspace.passed import Stood, passed_over
from custsheet.workspace.story import asked_now
from custsheet.xlsx.write import write_book

Files = Mapping[tuple[str, str, str], tuple[str, ...]]
"""(table, row id, field) → names of the files that a change came in by."""
EXACT = 15
"""Digits that a spreadsheet keeps; a longer number is written as text."""


def write_history(folder: Folder, path: Path) -> Path:
    """Write the history to a file; where one is there already, ours lies beside it. Returns where it lies."""
    revisions = folder.ledger.revisions()
    story = _Story(folder)
    lines = [line for revision in revisions for line in story.lines(revision)]
    language = folder.settings.language
    title = word("history.title", language, schema=folder.schema.title[language])
    stamp = Stamp("report", folder.ledger.id, "", title=folder.schema.title[language])
    book = history_book(
        [story.act(revision) for revision in revisions],
        lines,
        [*story.passed()],
        title=title,
        language=language,
        today=folder.today,
        stamp_cells=encode(stamp, folder.ledger.key),
    )
    return write_free(path, write_book(book))


def said_of(revision: Revision, folder: Folder) -> str:
    """Return a revision's summary in one line: names in a list joined, tables and fields by their titles, counts."""
    language, tables = folder.settings.language, folder.schema.tables
    facts = revision.summary
    table = tables.get(str(facts.get("table") or str(facts.get("label", "")).partition("/")[0]))

    def said(name: str, value: object) -> str:
        if name == "table" and table is not None:
            return table.title[language]
        if name == "field" and table is not None and value in table.fields:
            return table.fields[str(value)].spec.title[language]
        if name == "rows":
            return word("log.rows", language, count=value)
        return join([str(item) for item in value], language) if isinstance(value, list | tuple) else str(value)

    if revision.kind == "migrate":
        return "  ".join(_migrated(facts, language))
    told = [said(n, v) for n, v in facts.items() if not n.startswith("_") and v not in ("", [], None)]  # _: ours
    if count := _answers(revision, folder):
        told.append(word("log.answers", language, count=count))
    return "  ".join(told)


def _migrated(facts: Mapping[str, object], language: Language) -> Iterator[str]:
    """Say what a change of schema did; of one of earlier days what it left no place for, and the version."""
    for kind, titles in cast("Mapping[str, list[str]]", facts.get("changed", {})).items():
        yield word(f"log.schema.{kind}", language, titles=titles)
    lost = cast("Mapping[str, int]", facts.get("lost", {}))
    if lost:
        told = [word("log.schema.lost.one", language, title=title, count=count) for title, count in lost.items()]
        yield word("log.schema.lost", language, told=clauses(told, language))
    yield word("log.schema.version", language, versions=facts["versions"])


def _answers(revision: Revision, folder: Folder) -> int:
    """Return how many answers a revision took up; its run may have taken up others for another round."""
    first, last = cast("list[int]", revision.summary.get(ANSWERS, [0, 0]))
    rounds = [name for name, answer in folder.ledger.told() if first < answer.number <= last] if last > first else []
    return rounds.count(str(revision.summary["round"])) if "round" in revision.summary else len(rounds)


class _Story:
    """Says revisions and their changes in words."""

    def __init__(self, folder: Folder) -> None:
        self._folder, self._language = folder, folder.settings.language
        self._now = folder.labels(folder.ledger.tables(folder.schema))
        self._gone = folder.labels(folder.ledger.gone(folder.schema))
        self._labels: dict[str, Labels] = {}
        self._stood = Stood()

    def act(self, revision: Revision) -> Act:
        at = dt.datetime.fromisoformat(revision.at)
        kind = word(f"kind.{revision.kind}", self._language)
        return Act(revision.number, at, self._name(revision.actor), kind, said_of(revision, self._folder))

    def lines(self, revision: Revision) -> Iterator[Line]:
        """Every change of a revision; what a new row began with follows the line of the row.

        What the schema has no place for any more follows, in the words of the schema of its time.
        """
        folder = self._folder
        files = folder.ledger.files_of(revision.number)
        for change in folder.ledger.changes(revision.number, folder.schema):
            self._stood.keep((change.table, change.rid, change.field), revision.number, change.new)
            known = self._now if self._now.text(change.table, change.rid) else self._gone
            yield self._line(revision, change, folder.schema, known, files)
        schema, removed = folder.ledger.removed(revision.number, folder.schema)
        for change in removed:
            yield self._line(revision, change, schema, self._then(schema, revision), files)

    def passed(self) -> Iterator[PassedLine]:
        """What members typed that never stood, once every revision's lines were told."""
        folder, tables = self._folder, self._folder.ledger.tables(self._folder.schema)
        for one in passed_over(folder, self._stood, asked_now(folder)):
            edit = one.edit
            known = self._now if self._now.text(edit.table, edit.rid) else self._gone
            rows, field = tables[edit.table], folder.schema.tables[edit.table].fields.get(edit.field)
            now = rows.get(edit.rid, edit.field) if edit.rid in rows.by_rid and field is not None else None
            yield PassedLine(
                dt.datetime.fromisoformat(one.at),
                self._name(one.member),
                folder.schema.tables[edit.table].title[self._language],
                known.text(edit.table, edit.rid) or edit.where.label.partition("/")[2] or edit.rid,
                known.title(edit.table, edit.field),
                self._typed(edit, edit.value, field, known),
                self._typed(edit, now, field, known),
                word(f"passed.{one.why}", self._language),
                one.file,
                f"{edit.where.sheet}!{edit.where.cell}" if edit.where.cell else "",
            )

    def _then(self, schema: Schema, revision: Revision) -> Labels:
        """What rows were called under an earlier schema, when it was followed by the next one."""
        if schema.digest not in self._labels:
            ledger = self._folder.ledger
            last = next(s.number - 1 for s in ledger.steps() if s.number >= revision.number)
            live, gone = (ledger.rows_then(schema, last, live=is_live) for is_live in (True, False))
            rows = {
                name: replace(t, rids=(*t.rids, *gone[name].rids), rows=(*t.rows, *gone[name].rows))
                for name, t in live.items()
            }
            self._labels[schema.digest] = Labels(schema, rows, language=self._language, names=self._folder.names)
        return self._labels[schema.digest]

    def _line(self, revision: Revision, change: Change, schema: Schema, known: Labels, files: Files) -> Line:
        table = schema.tables[change.table]
        field = table.fields.get(change.field)
        came_by = files.get((change.table, change.rid, change.field), ())
        return Line(
            revision.number,
            join([self._name(m) for m in change.members or (revision.actor,)], self._language),
            table.title[self._language],
            known.text(change.table, change.rid) or change.rid,
            known.title(change.table, change.field) if change.field else "",
            self._typed(change, change.old, field, known),
            self._typed(change, change.new, field, known),
            self._cause(change),
            join(list(came_by), self._language),
        )

    def _cause(self, change: Change) -> str:
        cause = word(f"cause.{change.cause}", self._language)
        if change.kind == "cell":
            return cause
        return f"{word(f'change.{change.kind}', self._language)} · {cause}"

    def _name(self, member: str) -> str:
        return self._folder.names.get(member, member)

    def _typed(self, change: Change | Edit, value: Value, field: Field | None, labels: Labels) -> Typed:
        if value is None:
            return Typed(None)
        if isinstance(value, Unreadable):
            return Typed(value.raw)
        if isinstance(value, dt.datetime):
            return Typed(value, "yyyy-mm-dd hh:mm")
        if isinstance(value, dt.date):
            return Typed(value, "yyyy-mm-dd")
        if isinstance(value, Decimal | int) and not isinstance(value, bool) and field is not None:
            shown = field.show().number_format
            return Typed(value, shown) if len(Decimal(value).as_tuple().digits) <= EXACT else Typed(str(value))
        return Typed(labels.told(change.table, change.field, value))
