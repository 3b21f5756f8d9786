"""The laws of MERGE.md section 5, as functions of a world: each raises AssertionError where the merge breaks it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from random import Random

import law_later
import law_world as lw
from law_shared import NOT_ASK, as_rows, heads, picture, rows_of
from law_world import Copy, World

from custsheet.merging import state_digest
from custsheet.merging.versions import mark
from custsheet.model import ABSENT, Table, Unreadable

# ── L1, L2, L3, L4 ──────────────────────────────────────────────────────────────────────────────────


def law_01_identity(world: World, rnd: Random) -> None:
    """Unedited copies change nothing, ask nothing and say nothing, however a client re-wrote their values."""
    plain = []
    for issue in {c.issue.copy: c.issue for c in world.copies}.values():
        typed = {
            (name, rid): {f: _rewritten(v) for f, v in zip(table.fields, row, strict=True)}
            for name, table in issue.base.items()
            for rid, row in table.items()
        }
        plain.append(Copy(issue, lw.returned(issue, typed), 1))
    found = [world.found(copy) for copy in plain]
    assert all(not s.edits and not findings for s, findings in found)
    outcome = world.merge([s for s, _ in found])
    assert outcome.master == world.opening
    assert not outcome.questions
    assert not outcome.findings
    assert not outcome.changes


def _rewritten(value):
    return tuple(reversed(value)) if isinstance(value, tuple) else value


def law_02_idempotent(world: World, rnd: Random) -> None:
    """The same submissions twice are the same submissions."""
    submissions = world.submissions()
    assert picture(world.merge(submissions)) == picture(world.merge([*submissions, *world.submissions()]))


def law_03_order(world: World, rnd: Random) -> None:
    """The order in which copies come plays no part."""
    submissions = world.submissions()
    assert picture(world.merge(submissions)) == picture(world.merge(rnd.sample(submissions, len(submissions))))


def law_04_rows(world: World, rnd: Random) -> None:
    """The order of rows in a copy plays no part."""
    shuffled = []
    for copy in world.copies:
        tables = {
            name: dataclasses.replace(table, rows=tuple(rnd.sample(table.rows, len(table.rows))))
            for name, table in copy.returned.tables.items()
        }
        shuffled.append(dataclasses.replace(copy, returned=dataclasses.replace(copy.returned, tables=tables)))
    one, other = world.merge(), world.merge(world.submissions(shuffled))
    assert state_digest(one.master) == state_digest(other.master)
    assert {(q.id, q.code, q.digest) for q in one.questions} == {(q.id, q.code, q.digest) for q in other.questions}
    fates = [
        {s.key: Counter(zip(map(mark, s.edits), o.buckets[s.key], strict=True)) for s in subs}
        for o, subs in ((one, world.submissions()), (other, world.submissions(shuffled)))
    ]
    assert fates[0] == fates[1]


# ── L5 to L8: nothing is lost, nothing comes from nowhere ───────────────────────────────────────────


def typed_cells(copy: Copy) -> Counter:
    """Count what a copy changed, by hand: changed input cells, cells of added rows, delete marks."""
    found: Counter = Counter()
    for name, table in copy.returned.tables.items():
        base = copy.issue.base[name].by_rid
        fields = lw.schema().tables[name].fields
        for row in table.rows:
            before = dict(zip(table.fields, base.get(row.rid, (None,) * len(table.fields)), strict=True))
            for field, value in zip(table.fields, row.values, strict=True):
                if value is ABSENT or not fields[field].editable:
                    continue
                if not (
                    value == before[field] or (value and before[field] and fields[field].same(value, before[field]))
                ):
                    found[name, row.rid, field, value] += 1
            if row.delete:
                found[name, row.rid, "", None] += 1
    return found


def law_05_conservation(world: World, rnd: Random) -> None:
    """Everything that was typed is in exactly one bucket, and the bucket tells the truth about it."""
    outcome = world.merge()
    rows = rows_of(outcome)
    asked = {(q.table, q.rid) for q in outcome.questions}
    asked |= {(c.where.table, c.where.rid) for q in outcome.questions for c in q.claims}
    counted = {s.key: s for s in heads(world)}
    for copy in world.copies:
        submission = world.found(copy)[0]
        assert Counter((e.table, e.rid, e.field, e.value) for e in submission.edits) == typed_cells(copy)
        placed = outcome.buckets.get(submission.key, ())
        assert len(placed) == len(submission.edits)
        doubtful = {(n, r.rid): r.code for n, t in copy.returned.tables.items() for r in t.rows if r.code}
        for edit, bucket in zip(submission.edits, placed, strict=True):
            if submission.key in counted:
                _truth(world, outcome, rows, asked, edit, bucket)
                assert _permitted(copy, edit) or bucket == "rejected", (edit, bucket)
                assert (edit.table, edit.rid) not in doubtful or bucket in ("rejected", "held"), (edit, bucket)
    assert outcome.count()["total"] == sum(sum(typed_cells(c).values()) for c in world.copies)


def _permitted(copy: Copy, edit) -> bool:
    grant = copy.issue.grant[edit.table]
    if edit.kind == "add":
        return grant.add and (edit.field in grant.enter or edit.value == copy.issue.member)
    return grant.delete if edit.kind == "delete" else edit.field in grant.edit


def _truth(world, outcome, rows, asked, edit, bucket) -> None:
    key = (edit.table, edit.rid)
    assert not isinstance(edit.value, Unreadable) or bucket in ("rejected", "held"), (edit, bucket)
    assert (bucket == "rejected") == edit.code.startswith("R_"), (edit, bucket)
    if edit.code.startswith("H_"):
        assert bucket == "held", (edit, bucket)
    if bucket in ("held", "conflict"):
        assert key in asked, (edit, bucket)
    if edit.kind == "cell" and bucket in ("same", "applied") and edit.field not in NOT_ASK | {"customer"}:
        table = world.opening[edit.table] if edit.rid in world.opening[edit.table].by_rid else world.gone[edit.table]
        source = table if bucket == "same" else outcome.master[edit.table]
        assert source.get(edit.rid, edit.field) == edit.value, (edit, bucket)
    before = world.opening[edit.table].by_rid
    if edit.kind == "delete" and bucket == "applied":
        assert edit.rid not in rows[edit.table], edit
    if edit.kind != "cell" and bucket == "same":
        assert (edit.rid in before) == (edit.kind == "add"), (edit, bucket)
    if edit.kind == "add" and bucket == "applied" and edit.field != "customer":
        assert edit.value in outcome.master[edit.table].column(edit.field), (edit, bucket)
    if edit.field == "tags" and edit.kind == "cell" and bucket == "applied":
        now = set(outcome.master[edit.table].get(edit.rid, "tags") or ())
        assert set(edit.value or ()) - set(edit.base or ()) <= now, (edit, now)
        assert not now & (set(edit.base or ()) - set(edit.value or ())), (edit, now)
    if bucket == "superseded":
        assert edit.field in NOT_ASK, (edit, bucket)


def law_06_non_interference(world: World, rnd: Random) -> None:
    """A cell that nobody may edit never changes, and no row goes without the right to delete it."""
    outcome = world.merge()
    may = {
        (name, rid, f)
        for copy in world.copies
        for name, table in copy.issue.base.items()
        for rid in table.rids
        for f in copy.issue.grant[name].edit
    }
    may_delete = {
        (n, r) for c in world.copies for n, t in c.issue.base.items() if c.issue.grant[n].delete for r in t.rids
    }
    may_add = {(c.issue.copy, n) for c in world.copies for n, g in c.issue.grant.items() if g.add}
    for name, table in world.opening.items():
        after = outcome.master[name]
        for rid, row in table.items():
            if rid not in after.by_rid:
                assert (name, rid) in may_delete
                continue
            for f, old, new in zip(table.fields, row, after.by_rid[rid], strict=True):
                assert old == new or (name, rid, f) in may, (name, rid, f)
        for rid in set(after.by_rid) - set(table.by_rid):
            assert any(rid.startswith(copy) for copy, n in may_add if n == name), rid
            assert not any(isinstance(v, Unreadable) for v in after.by_rid[rid])


def law_07_conflict_keeps_master(world: World, rnd: Random) -> None:
    """A cell, or a row, that is asked about is as it was in the opening."""
    outcome = world.merge()
    for q in outcome.questions:
        before, after = as_rows(world.opening.get(q.table)), as_rows(outcome.master.get(q.table))
        if q.rid not in before or q.code == "H_DUP_KEY":
            assert q.rid in before or q.rid not in after, q
            continue
        at = world.opening[q.table].at
        claimed = {name for c in q.claims for name, _ in c.row} | ({q.field} if q.field else set())
        assert q.rid in after, q
        for name in claimed & set(at) if q.code not in ("H_ID_LOST",) else ():
            assert before[q.rid][at[name]] == after[q.rid][at[name]], (q, name)


def law_08_provenance(world: World, rnd: Random) -> None:
    """Every changed cell holds what somebody typed there, or what a policy made of it; a row that goes has its mark."""
    outcome = world.merge()
    typed: dict[tuple, list] = {}
    for submission in world.submissions():
        for e in submission.edits:
            typed.setdefault((e.table, e.rid, e.field), []).append(e.value)
    for name, after in outcome.master.items():
        before = as_rows(world.opening[name])
        for rid, row in after.items():
            old = before.get(rid, (None,) * len(row))
            for f, was, now in zip(after.fields, old, row, strict=True):
                if was == now or (f in ("owner", "by") and rid not in before):
                    continue
                values = typed.get((name, rid, f), [])
                assert values, (name, rid, f, now)
                assert now in values or f in ("tags", "notes", "customer"), (name, rid, f, now)
    asked_away = {(e.table, e.rid) for s in heads(world) for e in s.edits if e.kind == "delete" and not e.code}
    for name, before in world.opening.items():
        assert {(name, rid) for rid in before.rids if rid not in outcome.master[name].by_rid} <= asked_away
    for change in outcome.changes:
        assert change.members, change


# ── L9 to L13 ───────────────────────────────────────────────────────────────────────────────────────


def law_09_undo(world: World, rnd: Random) -> None:
    """To merge without a submission is to undo it: nothing of it stays anywhere, not in the inputs either."""
    submissions = world.submissions()
    before = state_digest(world.opening)
    world.merge(submissions)
    assert state_digest(world.opening) == before
    assert world.merge([]).master == world.opening
    rest = rnd.sample(submissions, len(submissions) - 1)
    fresh = [s for s in world.submissions() if s.key in {r.key for r in rest}]
    assert picture(world.merge(rest)) == picture(world.merge(fresh))


def law_10_neutral_copy(world: World, rnd: Random) -> None:
    """One more unedited copy changes nothing."""
    copy = rnd.choice(world.copies)
    issue = dataclasses.replace(copy.issue, copy="neutral")
    neutral = world.found(Copy(issue, lw.returned(issue, {}), 1))[0]
    one, other = world.merge(), world.merge([*world.submissions(), neutral])
    assert picture(one)[:3] == picture(other)[:3]
    again = world.found(Copy(copy.issue, lw.returned(copy.issue, {}, digest="z"), 9))[0]
    other = world.merge([*world.submissions(), again])
    assert state_digest(one.master) == state_digest(other.master)
    asked = [{q for q in o.questions if q.code != "H_ROW_MISSING"} for o in (one, other)]
    assert asked[0] == asked[1]


def law_11_fixed_point(world: World, rnd: Random) -> None:
    """The same copies merged again on the result leave every applied cell as it is."""
    one = world.merge()
    gone = {
        name: Table(name, t.fields, (*world.gone[name].rids, *lost), (*world.gone[name].rows, *map(t.by_rid.get, lost)))
        for name, t in world.opening.items()
        for lost in [[rid for rid in t.rids if rid not in one.master[name].by_rid]]
    }
    two = world.merge(opening=one.master, gone=gone)
    for change in one.changes:
        if change.kind == "cell":
            assert two.master[change.table].get(change.rid, change.field) == change.new, change
        elif change.kind == "add":
            assert two.master[change.table].by_rid[change.rid] == one.master[change.table].by_rid[change.rid]
        else:
            assert change.rid not in two.master[change.table].by_rid


def law_12_absent_is_not_blank(world: World, rnd: Random) -> None:
    """A column that did not come back says nothing; the others say what they said."""
    for copy in world.copies:
        name = rnd.choice(sorted(copy.returned.tables))
        table = copy.returned.tables[name]
        struck = set(rnd.sample(table.fields, min(2, len(table.fields))))
        rows = tuple(
            dataclasses.replace(
                row,
                values=tuple(ABSENT if f in struck else v for f, v in zip(table.fields, row.values, strict=True)),
            )
            for row in table.rows
        )
        tables = {**copy.returned.tables, name: dataclasses.replace(table, rows=rows)}
        less = dataclasses.replace(copy, returned=dataclasses.replace(copy.returned, tables=tables))
        kept = {mark(e) for e in world.found(copy)[0].edits if not (e.table == name and e.field in struck)}
        assert {mark(e) for e in world.found(less)[0].edits} == kept


LAWS = {
    name: law
    for name, law in sorted({**globals(), **vars(law_later)}.items())
    if name.startswith("law_") and callable(law)
}
