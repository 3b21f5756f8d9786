"""The merge of a round: a pure function of the opening and the set of submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import attrgetter

from custsheet.errors import Bug
from custsheet.machine import collector_paused
from custsheet.merging import cells
from custsheet.merging.adds import follow_aliases, judge_adds
from custsheet.merging.gates import sift
from custsheet.merging.logged import settled_since, with_log_rows
from custsheet.merging.questions import Answers
from custsheet.merging.rows import RowKey, ask_missing, judge_rows
from custsheet.merging.settle import Draft, broken_by_answers, settle
from custsheet.merging.state import Item, Stood, Then, Work, placed
from custsheet.merging.versions import Lineage, SubmissionKey, lineage, mark
from custsheet.model import (
    Bucket,
    CellRef,
    Change,
    Finding,
    Outcome,
    Question,
    Resolution,
    Submission,
    Table,
    Tables,
    Value,
)
from custsheet.schema.records import Schema, Team
from custsheet.wording import worded


def merge(  # noqa: PLR0913  (the opening, the submissions, and by name what they are judged by)
    opening: Tables,
    submissions: Iterable[Submission],
    schema: Schema,
    *,
    team: Team,
    today: dt.date,
    resolutions: Sequence[Resolution] = (),
    overruled: Mapping[tuple[str, str, str], frozenset[SubmissionKey]] | None = None,
    gone: Mapping[str, Table] | None = None,
    stood: Sequence[Stood] = (),
    then: Mapping[SubmissionKey, Then] | None = None,
    policies: Sequence[Schema] = (),
) -> Outcome:
    """Merge the submissions of a round into its opening; nothing depends on the order in which they are given.

    `resolutions` are this round's answers; `overruled` names the claims on a cell that a manager's own edit answered;
    `gone` holds the rows that were deleted before the opening, `stood` what logged fields held
    before such an edit, `then` by what submissions were judged when they came in, where that is something else by now;
    `policies` are the schemas by which the round was merged, in order: the first that settles what was open counts.
    Every edit falls into exactly one bucket; where an answer or a policy passes a claim over, that claim counts as
    superseded.
    """
    with collector_paused():
        versions, answers = lineage(submissions), Answers(resolutions)
        past = versions.past
        facts = (overruled or {}, today, gone or {}, past, stood, then or {}, policies)
        work = Work(opening, schema, team, answers, *facts)
        return _merge(work, versions)


def _merge(work: Work, versions: Lineage) -> Outcome:
    items = [Item(edit, head, edit.value) for head in versions.heads for edit in head.edits]
    draft = _draft(work, items, versions)
    settle(draft)
    work.findings += broken_by_answers(draft) if work.answers else ()
    master = _master(draft)
    _key_changes(draft)
    buckets = _buckets(versions, items)
    outcome = Outcome(
        master=master,
        changes=_changes(draft),
        questions=tuple(sorted(_asked(work, master), key=lambda q: (q.table, q.rid, q.field, q.code, q.id))),
        findings=(*work.findings, *_superseded(work, versions, buckets)),
        buckets=buckets,
        kept=work.kept,
        aliases=draft.aliases,
    )
    return with_log_rows(outcome, work.opening, work.schema, settled_since(work, items))


def _asked(work: Work, master: Tables) -> list[Question]:
    """Return the questions; whether a row that did not come back is to go is not asked where others deleted it."""
    return [q for q in work.questions if q.code != "H_ROW_MISSING" or q.rid in master[q.table].by_rid]


def _draft(work: Work, items: Sequence[Item], versions: Lineage) -> Draft:
    """Take every claim as far as it goes on its own."""
    claims = sift(work, items)
    new = [i for i in claims if i.edit.kind == "add" and work.known(i.edit.table, i.edit.rid) is None]
    added = set(map(id, new))
    adds, aliases = judge_adds(work, new)
    others = [i for i in claims if id(i) not in added]
    follow_aliases(work, others, aliases)
    lost = ask_missing(work, _missing(work, versions), _ever_missing(work, versions) if work.answers else (), others)
    for item in others if lost else ():
        if item.bucket is None and _key(item) in lost:
            item.bucket = "superseded"
    verdicts = judge_rows(work, [item for item in others if item.bucket is None])
    units = cells.units_of(work, verdicts.cells)
    for unit in units:
        cells.decide(work, unit)
    units += cells.units_of_answers(work, units, verdicts.restored)
    pending = frozenset((e.table, e.rid) for s in (*versions.heads, *versions.past) for e in s.edits if e.kind == "add")
    return Draft(work, units, adds, {**lost, **verdicts.deleted}, verdicts.restored, pending, aliases)


def _missing(work: Work, versions: Lineage) -> list[tuple[str, str, str]]:
    """Return (table, rid, member) of rows that are in no branch of a copy."""
    branches: dict[tuple[str, str], list[frozenset[RowKey]]] = {}
    for head in versions.heads:
        branches.setdefault((head.copy, head.member), []).append(frozenset(_lacks(work, head)))
    return [(*row, member) for (_, member), found in branches.items() for row in frozenset.intersection(*found)]


def _ever_missing(work: Work, versions: Lineage) -> list[tuple[str, str, str]]:
    """Return (table, rid, member) of rows that some version lacks, whatever another one of the same copy has."""
    return sorted({(*row, s.member) for s in (*versions.heads, *versions.past) for row in _lacks(work, s)})


def _lacks(work: Work, submission: Submission) -> Sequence[RowKey]:
    """Return the rows that a submission lacks, but for those of which a later act said that they stay."""
    if not work.overruled:
        return submission.missing
    return [row for row in submission.missing if submission.key not in work.overruled.get((*row, ""), ())]


def _key(item: Item) -> RowKey:
    return (item.edit.table, item.edit.rid)


def _master(draft: Draft) -> dict[str, Table]:
    """Lay the outcome of every unit over the opening."""
    work = draft.work
    touched = set(draft.touched())
    master = dict(work.opening)
    tables = {key[0] for key in touched | set(draft.deleted)} | {add.table for add in draft.added()}
    for name in sorted(tables):
        old = work.opening.get(name) or Table(name, tuple(work.definition(name).fields))
        rows: dict[str, tuple[Value, ...]] = {}
        for rid, row in old.items():
            if (name, rid) in touched:
                rows[rid] = _tuple(old, draft.row((name, rid)))
            elif (name, rid) not in draft.deleted:
                rows[rid] = row
        for key in sorted(key for key in draft.restored if key[0] == name):
            rows[key[1]] = _tuple(old, draft.row(key))
        for add in sorted(draft.added(name), key=lambda a: a.rid):
            rows[add.rid] = _tuple(old, add.row)
        master[name] = Table(name, old.fields, tuple(rows), tuple(rows.values()))
    return master


def _tuple(table: Table, row: Mapping[str, Value]) -> tuple[Value, ...]:
    return tuple(row.get(name) for name in table.fields)


def _changes(draft: Draft) -> tuple[Change, ...]:
    work = draft.work
    found = [*draft.deleted.values(), *draft.restored.values()]
    for unit in draft.units:
        if unit.changed:
            found += unit.changes(work.label(unit.table, unit.rid))
    for add in draft.added():
        found += add.changes(work.label(add.table, add.rid, add.row))
    return tuple(sorted(found, key=attrgetter("table", "rid", "field")))


def _key_changes(draft: Draft) -> None:
    """Case 22: the key of a row was changed and stands alone."""
    work = draft.work
    for unit in draft.units:
        key = work.definition(unit.table).key
        if unit.changed and set(key) & set(unit.names):
            where = unit.items[0].edit.where if unit.items else CellRef(table=unit.table, rid=unit.rid)
            old, new = (work.label(unit.table, unit.rid, row) for row in
                        (work.mapping(unit.table, unit.rid), draft.row((unit.table, unit.rid))))  # fmt: skip
            if old == new:
                continue  # it merges together with others
            facts = (("label", old), ("base", old.partition("/")[2]), ("value", new.partition("/")[2]))
            work.findings.append(
                Finding("F_KEY_CHANGED", "warning", where, facts=facts, member=min(unit.winners, default=""))
            )


# ── versions ────────────────────────────────────────────────────────────────────────────────────────


def _buckets(versions: Lineage, items: Sequence[Item]) -> dict[SubmissionKey, tuple[Bucket, ...]]:
    """Place every edit of every submission; a version's edit that the next one carries shares its fate."""
    found: dict[SubmissionKey, list[Bucket]] = {}
    rest = iter(items)
    for head in versions.heads:
        mine = list(islice(rest, len(head.edits)))
        found[head.key] = [item.bucket or placed(item) for item in mine]
    for past in versions.past:
        head = versions.follower[past.key]
        fate = dict(reversed([*zip(map(mark, head.edits), found[head.key], strict=True)]))
        found[past.key] = [fate.get(mark(edit), "superseded") for edit in past.edits]
    for submission in (*versions.heads, *versions.past):
        if len(found[submission.key]) != len(submission.edits):
            raise Bug("EDITS_DO_NOT_ADD_UP", copy=submission.copy, version=submission.version)
    return {key: tuple(found[key]) for key in sorted(found)}


def _superseded(work: Work, versions: Lineage, buckets: Mapping[SubmissionKey, Sequence[Bucket]]) -> list[Finding]:
    """List what a later version of the same copy took back; a cell that could not be read and was mended is no loss."""
    found = []
    for past in versions.past:
        follower = versions.follower[past.key]
        later = follower.edits
        placed_now = zip(later, buckets[follower.key], strict=True)
        waiting = {(e.table, e.rid, e.field) for e, bucket in placed_now if bucket in ("held", "conflict")}
        carried, places = {mark(edit) for edit in later}, {(e.table, e.rid, e.field) for e in later}
        for edit in past.edits:
            is_mended = edit.code.startswith("R_") and (edit.table, edit.rid, edit.field) in places
            if mark(edit) not in carried and not is_mended:
                waits = (edit.table, edit.rid, edit.field) in waiting
                facts = (
                    ("label", edit.where.label),
                    ("title", work.title(edit.table, edit.field) if edit.table in work.schema.tables else edit.field),
                    ("value", work.say(edit.table, edit.field, edit.value) if edit.field else ""),
                    ("version", str(follower.version)),
                    *worded("later", "superseded.waits" if waits else "superseded.counts"),
                )
                found.append(Finding("F_SUPERSEDED", "info", edit.where, facts=facts, member=past.member))
    return found
