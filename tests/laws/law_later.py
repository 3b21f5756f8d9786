"""The laws from L13 on, as functions of a world: each raises AssertionError where the merge breaks it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random

import law_world as lw
from law_shared import NOT_ASK, as_rows, heads, picture, rows_of
from law_world import Copy, World

from custsheet.merging import core, edits, state_digest, steps
from custsheet.merging.cells import together
from custsheet.merging.edits import held_before
from custsheet.merging.versions import mark
from custsheet.model import Edit, Outcome, Question, Resolution, Submission, Table, Value
from custsheet.schema import from_body
from custsheet.schema.records import Schema


def law_13_batch_is_incremental(world: World, rnd: Random) -> None:
    """To take copies in one by one, writing each time what differs, comes to the state of the batch."""
    submissions = rnd.sample(world.submissions(), len(world.copies))
    current = {name: dict(table.items()) for name, table in world.opening.items()}
    for count in range(1, len(submissions) + 1):
        outcome = world.merge(submissions[:count])
        tables = {n: Table(n, world.opening[n].fields, tuple(r), tuple(r.values())) for n, r in current.items()}
        for change in steps.difference(tables, outcome.master, outcome):
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
                e._replace(field=_new(e.field), row=tuple((_new(name), value) for name, value in e.row))
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
    told, outcome = _all_answered(world, rnd, world.submissions())
    answers = [answer for _, answer in told]
    assert outcome.count()["total"] == world.merge().count()["total"]
    assert outcome.count()["held"] == outcome.count()["conflict"] == 0
    assert picture(world.merge(resolutions=answers)) == picture(outcome)
    _check_refs(world, outcome)


def _check_refs(world: World, outcome: Outcome) -> None:
    """Every ref leads to a row that is there, or was."""
    customers = {*outcome.master["customers"].rids, *world.opening["customers"].rids, *world.gone["customers"].rids}
    for name in ("log", "deals"):
        for rid, row in outcome.master[name].items():
            target = row[outcome.master[name].at["customer"]]
            assert target is None or target in customers, (name, rid, target)


def _all_answered(
    world: World,
    rnd: Random,
    submissions: Sequence[Submission],
    before: Sequence[Resolution] = (),
    choice: str = "",
) -> tuple[list[tuple[Question, Resolution]], Outcome]:
    """Answer whatever is asked, by this choice where it is one, else by any, until nothing is."""
    told: list[tuple[Question, Resolution]] = []
    for step in range(12):
        outcome = world.merge(submissions, resolutions=[*before, *(answer for _, answer in told)])
        if not outcome.questions:
            break
        for number, q in enumerate(outcome.questions):
            taken = choice if choice in q.choices else rnd.choice(q.choices)
            own = _own(world, rnd, q, f"{len(before)}-{step}-{number}") if taken == "value" else None
            if taken == "value" and own is None:
                taken = rnd.choice([c for c in q.choices if c != "value"])
            at = f"2026-11-20T1{bool(before):d}:{step:02}"
            told.append((q, q.answered(taken, own, by="e-boss", at=at)))
    assert not outcome.questions
    return told, outcome


def _own(world: World, rnd: Random, question: Question, name: str) -> Value:
    """A value of one's own; where it names a row it is nobody else's."""
    if question.field in ("name", "deal", "code"):
        return f"own-{name}"
    pool = world.opening["customers"].rids if question.field == "customer" else lw.POOLS.get(question.field)
    return rnd.choice([v for v in pool if v is not None]) if pool else question.claims[0].value


@dataclasses.dataclass(frozen=True)
class _Story:
    """Some copies came in and everything was answered; then the others came, versions of the first among them."""

    told: Sequence[tuple[Question, Resolution]]
    before: Outcome
    later: Sequence[Submission]
    """What counts in the end."""
    after: Sequence[Outcome]
    """With those answers alone, and when everything new was answered too: it stays as it is."""

    def claimed(self) -> Iterator[Edit]:
        """Iterate over the edits that still want something."""
        return (e for s in self.later for e in s.edits if not e.code.startswith("R_"))


def _story(world: World, rnd: Random) -> _Story:
    first = [s for s in world.submissions() if s.version == 1 and rnd.random() < 0.6]
    told, before = _all_answered(world, rnd, first)
    answers = [answer for _, answer in told]
    changed = (_retyped(s, answers) or _mostly_taken_back(rnd, s) for s in first if len(s.edits) > 1)
    everything = [*world.submissions(), *changed]
    after = world.merge(everything, resolutions=answers)
    _, again = _all_answered(world, rnd, everything, answers, choice="master")
    return _Story(told, before, heads(world, everything), (after, again))


def law_25_answers_hold(world: World, rnd: Random) -> None:
    """What an answer put into a cell stays there, whatever comes in later, until somebody answers again."""
    story = _story(world, rnd)
    wanted = {(e.table, e.rid, name) for e in story.claimed() if not e.code for name in _unit(e.table, e.field)}
    own = {cell[:3] for _, answer in story.told if answer.choice == "value" for cell in answer.cells}
    for change in story.before.changes:
        table, rid, name = change.table, change.rid, change.field
        if change.kind == "cell" and change.cause == "resolution" and (table, rid, name) in wanted | own:
            for outcome in story.after:  # where everybody took back what an answer chose, the opening is there
                found = outcome.master[table]
                assert rid not in found.by_rid or found.get(rid, name) == change.new, change


def law_26_what_was_let_in_stays(world: World, rnd: Random) -> None:
    """A new row or a value that a person let in stays in while its member has it, until something else is asked."""
    story = _story(world, rnd)
    outcome, answered = story.after[0], {(q.id, rid, why) for q, _ in story.told for rid, why in _about(q)}
    asked = {rid for q in outcome.questions for rid, why in _about(q) if (q.id, rid, why) not in answered}
    added = {(e.table, e.rid) for e in story.claimed() if e.kind == "add"}
    for change in story.before.changes:
        if change.kind == "add" and change.cause == "resolution" and (change.table, change.rid) in added:
            found, names = outcome.master[change.table], lw.schema().tables[change.table].key
            typed = {e.field: e.value for e in story.claimed() if (e.table, e.rid) == (change.table, change.rid)}
            was = {name: story.before.master[change.table].get(change.rid, name) for name in names}
            keys = [[was[name] for name in names], [typed.get(name, was[name]) for name in names]]  # one may be renamed
            equals = [
                rid for rid in found.rids if [found.get(rid, name) for name in names] in keys
            ]  # one of them stays
            assert change.rid in found.by_rid or change.rid in asked or equals, change
    edits_of = ((s.member, e) for s in story.later for e in s.edits if not e.code.startswith("R_"))
    for one in (story.before, *story.after):
        _check_refs(world, one)
    claimed = {(who, e.table, e.rid, e.field, repr(e.value)) for who, e in edits_of}
    passed = [q for q, answer in story.told if q.code in LET_PASS and answer.choice in ("both", "claim:0")]
    for who, table, rid, name, value in {
        (c.member, q.table, q.rid, *v) for q in passed for c in q.claims for v in c.row if v[0] not in NOT_ASK
    }:
        was, found = (one.master[table] for one in (story.before, outcome))
        if rid in was.by_rid and was.get(rid, name) == value and (who, table, rid, name, repr(value)) in claimed:
            assert rid in asked or rid not in found.by_rid or found.get(rid, name) == value, (rid, name, value)


def _about(question: Question) -> set[tuple[str, str]]:
    """The rows that a question is about, each with the name of what it objects to: typed anew, it is another."""
    why = question.digest.rpartition(".")[2] if question.code in OBJECTIONS else ""
    return {(rid, why) for rid in (question.rid, *(claim.where.rid for claim in question.claims))}


OBJECTIONS = frozenset({"H_RULE", "H_UNIQUE", "H_DEPENDS", "H_INCOMPLETE"})
LET_PASS = frozenset({"H_RULE", "H_UNIQUE", "H_KEY", "H_ID_LOST"})


def _retyped(submission: Submission, answers: Sequence[Resolution]) -> Submission | None:
    """The same copy with something else typed where an answer filled one of its new rows; None where none did."""
    filled = {(t, rid): name for answer in answers if answer.choice == "value" for t, rid, name, _ in answer.cells}
    typed = {(e.table, e.rid): e for e in submission.edits if e.kind == "add" and (e.table, e.rid) in filled}
    more = tuple(e._replace(field=filled[place], value=f"typed-{place[1]}") for place, e in typed.items())
    later = dataclasses.replace(submission, version=submission.version + 50, digest="more", missing=())
    return dataclasses.replace(later, edits=(*submission.edits, *more)) if more else None


def _mostly_taken_back(rnd: Random, submission: Submission) -> Submission:
    """The same copy with one of its edits left: the others were typed back."""
    edits = (rnd.choice(submission.edits),)
    return dataclasses.replace(submission, version=submission.version + 50, digest="back", edits=edits, missing=())


def _unit(table: str, name: str) -> tuple[str, ...]:
    return together(lw.schema().tables[table], name) if name else ()


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
    _check_refs(world, outcome)
    for name in ("log", "deals"):
        for rid, row in outcome.master[name].items():
            target = row[outcome.master[name].at["customer"]]
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
