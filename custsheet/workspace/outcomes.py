"""What a merge says of its outcome: the files that changes came by, and rows named as people know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from custsheet.model import Change, Edit, Outcome, Question, Submission, Table, Tables, Unreadable, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema


def files_of(
    changes: Sequence[Change], submissions: Sequence[Submission]
) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """By which files each change came: those of its members in which that value was typed, or a cell of that row.

    Where a rule made one value of several, all in which that cell was typed.
    """
    typed: dict[tuple[str, str, str], dict[tuple[str, str, Value], None]] = {}
    for submission in submissions:
        for edit in submission.edits:
            for name in (edit.field, "") if not edit.code.startswith("R_") else ():
                told = (submission.member, submission.file, edit.value if name else None)
                typed.setdefault((edit.table, edit.rid, name), {})[told] = None
    found = {}
    for change in changes:
        place = (change.table, change.rid, change.field)
        theirs = [(file, value) for member, file, value in typed.get(place, {}) if member in change.members]
        files = [file for file, value in theirs if value == change.new] or [file for file, _ in theirs]
        found[place] = tuple(dict.fromkeys(files))
    return found


def is_settled(edit: Edit, schema: Schema, tables: Tables) -> bool:
    """Tell whether somebody has filled in since what was not taken: nobody has to mend it any more.

    `tables` are the rows as they are now. What can be read is settled where it is so by now.
    """
    table, known = tables.get(edit.table), schema.tables.get(edit.table)
    field = known.fields.get(edit.field) if known is not None else None
    if table is None or field is None or edit.rid not in table.by_rid:
        return False
    now = table.get(edit.rid, edit.field)
    if isinstance(now, Unreadable) or now is None:
        return False
    return field.same(edit.value, now) or (isinstance(edit.value, Unreadable) and not field.same(edit.base, now))


def with_proposed(outcome: Outcome) -> dict[str, Table]:
    """The next rows and, so that they have a name, the rows that questions propose."""
    tables = dict(outcome.master)
    for question in outcome.questions:
        for claim in question.claims:
            table = tables.get(question.table)
            rid = claim.where.rid or question.rid
            if claim.kind == "add" and table is not None and rid not in table.by_rid:
                values = dict(claim.row)
                row = tuple(values.get(f) for f in table.fields)
                tables[table.name] = Table(table.name, table.fields, (*table.rids, rid), (*table.rows, row))
    return tables


def named(outcome: Outcome, labels: Labels) -> Outcome:
    """Name the rows of an outcome as people know them."""

    def known(table: str, rid: str) -> str:
        label = labels.label(table, rid) if rid in labels.of(table) else ""
        return label if label != f"{table}/{rid}" else ""  # of a row that is gone the claims say a part alone

    questions = tuple(
        replace(q, label=known(q.table, q.rid) or q.label or _new_label(q, labels)) for q in outcome.questions
    )
    changes = tuple(c._replace(label=known(c.table, c.rid) or c.label) for c in outcome.changes)
    findings = tuple(
        replace(f, where=f.where._replace(label=known(f.where.table, f.where.rid) or f.where.label))
        for f in outcome.findings
    )
    return replace(outcome, questions=questions, changes=changes, findings=findings)


def _new_label(question: Question, labels: Labels) -> str:
    """A row that is only proposed is named by the key that was typed."""
    table = labels.definition(question.table)
    row = next((dict(claim.row) for claim in question.claims if claim.row), {})
    texts = [labels.value(table.name, name, row.get(name)) for name in table.key]
    return f"{table.name}/{' · '.join(t for t in texts if t) or question.rid}"
