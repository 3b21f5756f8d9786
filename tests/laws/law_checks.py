"""The laws of MERGE.md section 5, as functions of a world: each raises AssertionError where the merge breaks it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

import law_world as lw
from law_world import Copy, World

from custsheet.merging import core, edits, state_digest
from custsheet.merging.edits import held_before
from custsheet.merging.versions import mark
from custsheet.model import ABSENT, Outcome, Resolution, Submission, Table, Unreadable
from custsheet.schema import from_body
from custsheet.schema.records import Schema

NOT_ASK = {"tags", "notes", "next"}
"""Fields with a policy of their own."""


def rows_of(outcome: Outcome) -> dict[str, dict[str, tuple]]:
    return {name: dict(table.items()) for name, table in outcome.master.items()}


def picture(outcome: Outcome) -> tuple:
    """Everything that a merge says, without the order in which it says it."""
    questions = sorted(
        (q.id, q.code, q.digest, q.choices, repr(q.master), sorted((c.member, repr(c.value), c.copy) for c in q.claims))
        for q in outcome.questions
    )
    findings = Counter((f.code, f.where.table, f.where.rid, f.where.field, f.facts) for f in outcome.findings)
    return (state_digest(outcome.master), questions, findings, dict(outcome.buckets), set(outcome.changes))


def as_rows(table: Table | None) -> Mapping[str, tuple]:
    return table.by_rid if table is not None else {}


def heads(world: World) -> list[Submission]:
    """The submissions that count, told without the code under test: chains of versions that share an edit."""
    found: list[Submission] = []
    for submission in world.submissions():
        mine = [s for s in found if s.copy == submission.copy]
        for s in mine:
            if not s.edits or {mark(e) for e in s.edits} & {mark(e) for e in submission.edits}:
                found.remove(s)
        found.append(submission)
    return found


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


def law_13_batch_is_incremental(world: World, rnd: Random) -> None:
    """To take copies in one by one, writing each time what differs, comes to the state of the batch."""
    submissions = rnd.sample(world.submissions(), len(world.copies))
    current = {name: dict(table.items()) for name, table in world.opening.items()}
    for count in range(1, len(submissions) + 1):
        outcome = world.merge(submissions[:count])
        tables = {n: Table(n, world.opening[n].fields, tuple(r), tuple(r.values())) for n, r in current.items()}
        for change in core.difference(tables, outcome.master, outcome):
            _write(current[change.table], change, outcome.master[change.table])
    assert current == rows_of(world.merge())


def _write(rows: dict, change, target: Table) -> None:
    if change.kind == "delete":
        del rows[change.rid]
    elif change.kind == "add":
        rows[change.rid] = target.by_rid[change.rid]
    else:
        at = target.at[change.field]
        rows[change.rid] = (*rows[change.rid][:at], change.new, *rows[change.rid][at + 1 :])


# ── L14 to L16 ──────────────────────────────────────────────────────────────────────────────────────


def law_14_renaming(world: World, rnd: Random) -> None:
    """Members by other names, or columns: the same outcome under those names."""
    seed = rnd.randint(0, 2**30)
    one, other = lw.make_world(Random(seed)), lw.make_world(Random(seed), prefix="m-")
    a, b = one.merge(), other.merge()
    text = [sorted(map(repr, o.master[n].items())) for o in (a, b) for n in sorted(o.master)]
    half = len(text) // 2
    assert [_plain(t) for t in text[:half]] == [_plain(t) for t in text[half:]]
    assert Counter(q.code for q in a.questions) == Counter(q.code for q in b.questions)
    assert a.count() == b.count()
    c = _by_other_columns(one)
    assert state_digest(a.master) == state_digest({n: _columns(t, _old) for n, t in c.master.items()})
    told = [Counter((q.code, q.table, q.rid, name(q.field)) for q in o.questions) for o, name in ((a, str), (c, _old))]
    assert told[0] == told[1]
    assert a.buckets == c.buckets


COLUMNS = ("plan", "size", "stage", "amount", "content", "code")


def _new(name: str) -> str:
    return f"x_{name}" if name in COLUMNS else name


def _old(name: str) -> str:
    return name.removeprefix("x_")


def _columns(table: Table, rename: Callable[[str], str]) -> Table:
    return Table(table.name, tuple(map(rename, table.fields)), table.rids, table.rows)


@cache
def _other_schema() -> Schema:
    return from_body(_deep(lw.BODY))


def _deep(node):
    """Give every column in a schema's body its other name."""
    if isinstance(node, dict):
        return {_new(key): _deep(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_deep(value) for value in node]
    return _new(node) if isinstance(node, str) else node


def _by_other_columns(world: World) -> Outcome:
    """Merge the same world in which columns have other names."""
    opening, gone = ({name: _columns(t, _new) for name, t in tables.items()} for tables in (world.opening, world.gone))
    submissions = [
        dataclasses.replace(
            s,
            edits=tuple(
                dataclasses.replace(e, field=_new(e.field), row=tuple((_new(name), value) for name, value in e.row))
                for e in s.edits
            ),
        )
        for s in world.submissions()
    ]
    return core.merge(opening, submissions, _other_schema(), team=world.team, today=lw.TODAY, gone=gone)


def _plain(lines: Sequence[str]) -> list[str]:
    return sorted(line.replace("m-", "") for line in lines)


def law_15_locality(world: World, rnd: Random) -> None:
    """What becomes of a row depends on the claims on that row alone, unless a table's rule joins it to others."""
    one = world.merge()
    joined = {"H_UNIQUE", "H_KEY", "H_DEPENDS"}
    entangled = {(q.table, q.rid) for q in one.questions if q.code in joined}
    firsts = heads(world)
    for name, table in world.opening.items():
        for rid in table.rids[:2]:
            only = [
                dataclasses.replace(s, edits=tuple(e for e in s.edits if (e.table, e.rid) == (name, rid)), missing=())
                for s in firsts
            ]
            if (name, rid) in entangled or any(
                e.field in ("name", "deal", "code", "customer") for s in only for e in s.edits
            ):
                continue
            alone = [s for s in only if s.edits]
            if len({s.copy for s in alone}) == len(alone):
                assert world.merge(alone).master[name].by_rid.get(rid) == one.master[name].by_rid.get(rid), rid


def law_16_resolution(world: World, rnd: Random) -> None:
    """Once every question is answered none is left, and the same copies open none again."""
    answers: list[Resolution] = []
    for step in range(12):
        outcome = world.merge(resolutions=answers)
        assert outcome.count()["total"] == world.merge().count()["total"]
        if not outcome.questions:
            break
        for q in outcome.questions:
            choice = rnd.choice([c for c in q.choices if c != "value"])
            answers.append(Resolution(q.id, q.digest, choice, by="e-boss", at=f"2026-11-20T10:{step:02}"))
    assert not outcome.questions
    assert outcome.count()["held"] == outcome.count()["conflict"] == 0
    assert picture(world.merge(resolutions=answers)) == picture(outcome)


# ── L18 to L22 ──────────────────────────────────────────────────────────────────────────────────────


def law_18_master_edit_survives(world: World, rnd: Random) -> None:
    """What changed in the master after a copy was made is not overwritten by that copy, nor is its row deleted."""
    outcome = world.merge()
    stale_rows = set()
    claims: dict[tuple, list[bool]] = {}
    for submission in heads(world):
        copy = next(c for c in world.copies if c.issue.copy == submission.copy)
        for e in submission.edits:
            now = as_rows(world.opening[e.table]).get(e.rid)
            if now is None:
                assert e.rid not in outcome.master[e.table].by_rid or e.kind == "add", e
                continue
            base = copy.issue.base[e.table]
            at = world.opening[e.table].at
            if e.kind == "cell" and not e.code:
                seen = base.get(e.rid, e.field)
                claims.setdefault((e.table, e.rid, e.field), []).append(seen != now[at[e.field]])
            if e.kind == "delete" and any(base.get(e.rid, f) != now[at[f]] for f in base.fields):
                stale_rows.add((e.table, e.rid))
    for (name, rid, f), stale in claims.items():
        if any(stale) and f not in NOT_ASK and rid in outcome.master[name].by_rid:
            assert outcome.master[name].get(rid, f) == world.opening[name].get(rid, f), (name, rid, f)
    for name, rid in stale_rows:
        assert rid in outcome.master[name].by_rid, (name, rid)


def law_19_versions(world: World, rnd: Random) -> None:
    """A version that goes on from another one replaces it; two branches count like the copies of two people."""
    everything, kept = world.merge(), heads(world)
    alone = world.merge([dataclasses.replace(s, copy=f"{s.copy}~{s.version}", version=1) for s in kept])
    assert state_digest(everything.master) == state_digest(alone.master)
    last = {s.copy: {mark(e) for e in s.edits} for s in kept}
    branches = Counter(s.copy for s in kept)
    told = Counter((f.member, f.where) for f in everything.findings if f.code == "F_SUPERSEDED")
    for submission in world.submissions():
        if submission.key in {s.key for s in kept} or branches[submission.copy] > 1:
            continue
        for e, bucket in zip(submission.edits, everything.buckets[submission.key], strict=True):
            assert mark(e) in last[submission.copy] or bucket == "superseded", (e, bucket)
            listed = mark(e) in last[submission.copy] or e.code.startswith("R_") or told[submission.member, e.where]
            assert listed, e


def law_20_agreement(world: World, rnd: Random) -> None:
    """Somebody else who types the very same into a copy as fresh brings no conflict and changes nothing."""
    member = world.team.by_id[rnd.choice([m for m, role in lw.MEMBERS if role == "sales"])]
    issue = lw.make_issue(world.team, member, world.opening)
    typed = {k: {f: v for f, v in c.items() if f != "*"} for k, c in lw._type(rnd, issue, {}).items()}
    typed = {key: cells for key, cells in typed.items() if key[1] in world.opening[key[0]].by_rid}
    mine = world.found(Copy(issue, lw.returned(issue, typed), 1))[0]
    twin_member = next(m for m, role in lw.MEMBERS if role == "sales" and m != member.id)
    twin = dataclasses.replace(mine, copy="twin/1", member=twin_member)
    one, two = world.merge([mine]), world.merge([mine, twin])
    assert state_digest(one.master) == state_digest(two.master)
    assert {(q.id, q.code) for q in one.questions} == {(q.id, q.code) for q in two.questions}
    assert not {"H_CELL", "H_STALE", "H_DIVERGED"} & {q.code for q in two.questions}
    assert two.count()["applied"] == 2 * one.count()["applied"]


def law_21_multiplicity(world: World, rnd: Random) -> None:
    """Equal new rows stay as many as they are, amended ones stay one, and what refers to new rows still does."""
    outcome = world.merge()
    waiting = Counter(c.where.rid for q in outcome.questions for c in q.claims if c.kind == "add")
    added: dict[str, dict[str, object]] = {}
    for submission in heads(world):
        for e in submission.edits:
            if e.table == "log" and e.kind == "add" and not e.code:
                added.setdefault(e.rid, {})[e.field] = e.value
    log = outcome.master["log"]
    for rid in added:
        assert (rid in log.by_rid) or waiting[rid], rid
    assert set(log.by_rid) - set(world.opening["log"].by_rid) <= set(added)
    customers = {*outcome.master["customers"].rids, *world.opening["customers"].rids, *world.gone["customers"].rids}
    for name in ("log", "deals"):
        for rid, row in outcome.master[name].items():
            target = row[outcome.master[name].at["customer"]]
            assert target is None or target in customers, (name, rid, target)
            if rid in added and target in world.opening["customers"].by_rid:
                assert target == added[rid].get("customer") or added[rid].get("customer") not in customers


def law_22_old_copies(world: World, rnd: Random) -> None:
    """A copy that goes on after its round was closed brings what is new in it, and undoes nothing of anybody."""
    first = rnd.choice(world.copies)
    before = world.merge()
    opening, gone = before.master, {n: world.gone[n] for n in world.gone}
    previous = world.found(first)[0]
    held = held_before(first.issue, previous)
    typed = lw._type(rnd, first.issue, {})
    late_typed = {
        (n, rid): {**dict(zip(held[n].fields, held[n].rows.get(rid, ()), strict=False)), **cells}
        for (n, rid), cells in typed.items()
        if cells.get("*", "") == ""
    }
    for name, table in held.items():
        for rid, row in table.rows.items():
            late_typed.setdefault((name, rid), dict(zip(table.fields, row, strict=True)))
    returned = lw.returned(first.issue, late_typed, digest="late")
    late, _ = edits.find_edits(returned, first.issue, lw.schema(), version=9, previous=previous, late=True)
    for e in late.edits:
        assert e.rid in typed_keys(typed, e.table), e
        if e.kind == "cell":
            assert e.base == held[e.table].rows[e.rid][held[e.table].fields.index(e.field)]
            assert e.field in typed[e.table, e.rid], e
    outcome = core.merge(opening, [late], lw.schema(), team=world.team, today=lw.TODAY, gone=gone)
    touched = {(e.table, e.rid, e.field) for e in late.edits}
    for name, table in opening.items():
        for rid, row in table.items():
            for f, old, new in zip(table.fields, row, outcome.master[name].by_rid.get(rid, row), strict=True):
                assert old == new or (name, rid, f) in touched
    assert outcome.count()["total"] == len(late.edits)


def law_23_rules(world: World, rnd: Random) -> None:
    """Rules that a row kept before the merge are kept after it, and nothing that may stand once stands twice anew."""
    outcome = world.merge()
    before, after = world.opening["customers"], outcome.master["customers"]
    grade, plan = after.at["grade"], after.at["plan"]
    for rid, row in after.items():
        if row[grade] == "C" and row[plan] is None:
            old = before.by_rid.get(rid)
            assert old is not None, rid
            assert old[grade] == "C", rid
            assert old[plan] is None, rid
    for field in ("name", "code"):
        values = Counter(v for v in after.column(field) if v is not None)
        assert all(n == 1 or before.column(field).count(v) > 1 for v, n in values.items()), (field, values)


def law_24_hand_over(world: World, rnd: Random) -> None:
    """What only people typed who no longer have a row is never applied to it: it waits for those who have it now."""
    outcome = world.merge()
    customers = world.opening["customers"]
    wanted: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for s in heads(world):
        for e, bucket in zip(s.edits, outcome.buckets[s.key], strict=True):
            if e.table == "customers" and e.kind == "cell":
                wanted.setdefault((e.rid, e.field), []).append((s.member, bucket))
    roles = {m.id: m.role for m in world.team.members}
    for (rid, name), claims in wanted.items():
        if rid in customers.by_rid and all(roles[m] == "own" and customers.get(rid, "owner") != m for m, _ in claims):
            assert all(bucket != "applied" for _, bucket in claims), (rid, name, claims)


def typed_keys(typed, table: str) -> set[str]:
    return {rid for name, rid in typed if name == table}


LAWS = {name: law for name, law in sorted(globals().items()) if name.startswith("law_") and callable(law)}
