"""Wrong merges, each of which the law that is meant to catch it catches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from law_checks import LAWS
from law_world import make_world

from custsheet.errors import Bug
from custsheet.merging import adds, cells, core, edits, gates, policies, questions, rows, settle, steps, versions
from custsheet.model import Change, Unreadable

WORLDS = 400
Patch = tuple[Any, str, Any]


def _same_unless_blank(field: Any, a: Any, b: Any) -> bool:
    return a is None or SAME(field, a, b)


SAME = edits.same
CLAIMANT = cells._claimant
FIND = edits.find_edits
LINEAGE = versions.lineage
GONE = rows._gone
PUT = cells._put


def _claimant_fresh(*args: Any) -> Any:
    claimant = CLAIMANT(*args)
    claimant.stale = False
    return claimant


def _ask_but_take_last(work: Any, unit: Any, alive: Any, candidates: Any, code: str, bucket: str) -> None:
    ASK(work, unit, alive, candidates, code, bucket)
    unit.outcome = alive[-1].wants


ASK = cells._ask
MEANING = cells._meaning


def _keep_the_opening(unit: Any, answer: Any, candidates: Any) -> Any:
    return unit.master if answer.choice == "master" else MEANING(unit, answer, candidates)


def _join_what_comes(unit: Any, answer: Any, candidates: Any) -> Any:
    return MEANING(unit, replace(answer, cells=()) if answer.choice == "both" else answer, candidates)


def _take_last(work: Any, unit: Any, alive: Any, candidates: Any, code: str, bucket: str) -> None:
    unit.outcome = alive[-1].wants
    for claimant in alive:
        PUT(claimant, "applied")


def _without(code: str) -> Callable[..., Any]:
    def find(*args: Any, **named: Any) -> Any:
        submission, findings = FIND(*args, **named)
        return replace(submission, edits=tuple(e for e in submission.edits if e.code != code)), findings

    return find


def _forget_previous(issue: Any, previous: Any) -> Any:
    del previous
    return HELD(issue, None)


HELD = edits.held_before


def _older_wins(submissions: Any) -> Any:
    whole = LINEAGE(submissions)
    firsts = {s.copy: s for s in sorted((*whole.heads, *whole.past), key=lambda s: -s.version)}
    heads = tuple(firsts[copy] for copy in sorted(firsts))
    past = tuple(s for s in (*whole.heads, *whole.past) if s not in heads)
    return versions.Lineage(heads, {s.key: firsts[s.copy] for s in past}, past)


_BUCKETS = core._buckets


def _heads_alone(versions: Any, items: Any) -> Any:
    """Count the edits of the versions that count, and those of no other."""
    heads = {head.key for head in versions.heads}
    return {key: placed for key, placed in _BUCKETS(versions, items).items() if key in heads}


def _last_only(submissions: Any) -> Any:
    """Every later version replaces the earlier ones, branches too."""
    whole = LINEAGE(submissions)
    lasts = {s.copy: s for s in sorted((*whole.heads, *whole.past), key=lambda s: s.version)}
    heads = tuple(lasts[copy] for copy in sorted(lasts))
    past = tuple(s for s in (*whole.heads, *whole.past) if s not in heads)
    return versions.Lineage(heads, {s.key: lasts[s.copy] for s in past}, past)


def _arrival(submissions: Any) -> list[Any]:
    return list({s.key: s for s in submissions}.values())


def _gone_is_same(work: Any, key: Any, marks: Any, items: Any, verdicts: Any) -> None:
    rows._place([*marks, *items], "same")


def _delete_at_once(work: Any, key: Any, marks: Any, items: Any, verdicts: Any) -> None:
    rows._place(items, "superseded")
    rows._delete(work, key, marks, verdicts, None)


def _edit_beats_delete(work: Any, key: Any, marks: Any, items: Any, verdicts: Any) -> None:
    rows._place(marks, "same")
    verdicts.cells += items


def _each_its_own(unit: Any, alive: Any) -> dict[str, Any]:
    for n, claimant in enumerate(alive):
        claimant.digest = f"{n}"
    return {c.digest: c.wants for c in alive}


def _content_key(work: Any, table: str, row: Any) -> tuple[str, ...]:
    return tuple(f"{name}={value}" for name, value in row.items() if name != "by")


def _first_add_wins(self: Any, group: Any) -> None:
    for add in group[1:]:
        add.set("dropped")


def _union_of_last(cell: Any, bids: Any) -> Any:
    return policies.Settled(bids[-1].value, (True,) * len(bids))


def _everything(self: Any, added: bool, new: bool) -> frozenset[str]:
    return frozenset(self._table.fields)


def _drop_forged(self: Any, row: Any) -> None:
    if row.code != "R_ID_NOT_ISSUED":
        NEW(self, row)


NEW = edits._TableEdits._new


def _ignore_doubt(self: Any, row: Any, base: Any) -> None:
    KNOWN(self, replace(row, code=""), base)


KNOWN = edits._TableEdits._known


def _any_may_delete(self: Any, rid: str, base: Any, where: Any, code: str) -> None:
    DELETE(self, rid, base, where, code)
    self.edits[-1] = self.edits[-1]._replace(code=code)


DELETE = edits._TableEdits._delete

AGREED = cells._agreed
SIFT = gates.sift
CODE = edits._TableEdits._code
MASTER = core._master
DECIDE = cells.decide
RUN = edits._TableEdits.run


def _agreed_whatever_the_base(work: Any, unit: Any) -> bool:
    for item in unit.items if len(unit.names) == 1 else ():
        item.edit = item.edit._replace(base=unit.master[0])
    return AGREED(work, unit)


def _skip_rows_as_issued(self: Any) -> None:
    """Do not look for delete marks in rows that hold what was issued."""
    known = self._before.rows
    rows = tuple(row for row in self._table.rows if row.values is not known.get(row.rid))
    self._table = replace(self._table, rows=rows)
    RUN(self)


def _take_held(work: Any, items: Any) -> Any:
    for item in items:
        if item.edit.code.startswith("H_"):
            item.edit = item.edit._replace(code="")
    return SIFT(work, items)


def _read_the_unreadable(self: Any, position: int, value: Any, **how: Any) -> str:
    return CODE(self, position, "readable" if isinstance(value, Unreadable) else value, **how)


def _missing_goes(work: Any, missing: Any, ever: Any, items: Any) -> dict[Any, Any]:
    live = [(table, rid, who) for table, rid, who in missing if work.live(table, rid) is not None]
    return {(table, rid): Change(table, rid, "", None, None, (who,), kind="delete") for table, rid, who in live}


def _only_what_is_explained(current: Any, target: Any, outcome: Any) -> Any:
    return tuple(change for change in DIFFERENCE(current, target, outcome) if change.cause != "reopened")


DIFFERENCE = steps.difference


def _twice_is_two(submissions: Any) -> list[Any]:
    """The same content again is another copy."""
    found: dict[Any, Any] = {}
    for s in sorted(submissions, key=lambda s: (s.copy, s.version, s.digest)):
        again = sum(key[:2] == s.key for key in found)
        found[(*s.key, again)] = replace(s, copy=f"{s.copy}{'+' * again}")
    return list(found.values())


def _in_place(draft: Any) -> Any:
    found = MASTER(draft)
    draft.work.opening.update(found)
    return found


def _without_li(submissions: Any) -> Any:
    return LINEAGE([s for s in submissions if s.member != "b-li"])


def _once_asked_all_wait(work: Any, unit: Any) -> None:
    DECIDE(work, unit)
    if work.questions:
        unit.hold()


def _nobody_is_outside(*_: Any) -> bool:
    return False


MUTANTS: dict[str, tuple[str, list[Patch]]] = {
    "a conflict takes the last": ("law_07_conflict_keeps_master", [(cells, "_ask", _ask_but_take_last)]),
    "the last claim wins unasked": ("law_05_conservation", [(cells, "_ask", _take_last)]),
    "blanking is no edit": ("law_05_conservation", [(edits, "same", _same_unless_blank)]),
    "read-only is applied": ("law_06_non_interference", [(edits._TableEdits, "_allowed", _everything)]),
    "read-only is dropped silently": ("law_05_conservation", [(edits, "find_edits", _without("R_READ_ONLY"))]),
    "adding without right is dropped": ("law_05_conservation", [(edits, "find_edits", _without("R_NOT_PERMITTED"))]),
    "a forged row is dropped silently": ("law_05_conservation", [(edits._TableEdits, "_new", _drop_forged)]),
    "doubled ids are merged": ("law_05_conservation", [(edits._TableEdits, "_known", _ignore_doubt)]),
    "everybody may delete": ("law_05_conservation", [(edits._TableEdits, "_delete", _any_may_delete)]),
    "absent is blank": ("law_12_absent_is_not_blank", [(edits, "Absent", type("Never", (), {}))]),
    "no canonical form": ("law_01_identity", [(edits, "same", lambda field, a, b: a == b)]),
    "a stale base is ignored": ("law_18_master_edit_survives", [(cells, "_claimant", _claimant_fresh)]),
    "a stale delete is applied": ("law_18_master_edit_survives", [(rows, "_marked", _delete_at_once)]),
    "a delete beats an edit": ("law_05_conservation", [(rows, "_marked", _delete_at_once)]),
    "an edit beats a delete": ("law_05_conservation", [(rows, "_marked", _edit_beats_delete)]),
    "an edit of a gone row is lost": ("law_05_conservation", [(rows, "_gone", _gone_is_same)]),
    "the older version wins": ("law_19_versions", [(core, "lineage", _older_wins)]),
    "branches replace one another": ("law_19_versions", [(core, "lineage", _last_only)]),
    "the order of arrival counts": ("law_03_order", [(versions, "ordered", _arrival)]),
    "the same edit counts as a conflict": ("law_20_agreement", [(cells, "_candidates", _each_its_own)]),
    "superseded edits are forgotten": ("law_05_conservation", [(core, "_buckets", _heads_alone)]),
    "equal adds become one": ("law_21_multiplicity", [(adds, "key_text", _content_key)]),
    "one of two adds is lost": ("law_05_conservation", [(adds._Table, "_one_key", _first_add_wins)]),
    "refs to merged rows dangle": ("law_21_multiplicity", [(settle, "_dangling", lambda draft: [])]),
    "the last tags win": ("law_05_conservation", [(policies, "POLICIES", {"union": _union_of_last})]),
    "rules are not looked at": ("law_23_rules", [(settle, "_broken_rules", lambda draft: [])]),
    "uniqueness is not looked at": ("law_23_rules", [(settle, "_not_unique", lambda draft: [])]),
    "untouched cells of old copies count": ("law_22_old_copies", [(edits, "held_before", _forget_previous)]),
    "an agreed cell ignores its base": ("law_18_master_edit_survives", [(cells, "_agreed", _agreed_whatever_the_base)]),
    "a delete mark on a row as issued is lost": (
        "law_05_conservation",
        [(edits._TableEdits, "run", _skip_rows_as_issued)],
    ),
    "what waits is applied": ("law_05_conservation", [(core, "sift", _take_held)]),
    "the unreadable is applied": ("law_05_conservation", [(edits._TableEdits, "_code", _read_the_unreadable)]),
    "a missing row is deleted": ("law_08_provenance", [(core, "ask_missing", _missing_goes)]),
    "what goes back is not written": ("law_13_batch_is_incremental", [(steps, "difference", _only_what_is_explained)]),
    "a file twice counts twice": ("law_02_idempotent", [(versions, "ordered", _twice_is_two)]),
    "the opening is written into": ("law_09_undo", [(core, "_master", _in_place)]),
    "one member is not heard": ("law_14_renaming", [(core, "lineage", _without_li)]),
    "one question stops the others": ("law_15_locality", [(cells, "decide", _once_asked_all_wait)]),
    "a handed-over row takes old edits": ("law_24_hand_over", [(cells, "_outsider", _nobody_is_outside)]),
    "what was dropped is not listed": ("law_19_versions", [(core, "_superseded", lambda work, versions, buckets: [])]),
    "keeping means the opening": ("law_25_answers_hold", [(cells, "_meaning", _keep_the_opening)]),
    "both is whatever there is": ("law_25_answers_hold", [(cells, "_meaning", _join_what_comes)]),
    "own words go with the claims": (
        "law_25_answers_hold",
        [(cells, "units_of_answers", lambda work, units, restored: [])],
    ),
    "a new row forgets its answer": (
        "law_25_answers_hold",
        [(adds._Table, "_retyped", lambda self, add, field, question, answer: None)],
    ),
    "amending a row takes it back": (
        "law_26_what_was_let_in_stays",
        [(adds.Add, "about", lambda self, definition, why, names: [self.digest])],
    ),
    "a row let in keeps a ref to nothing": ("law_16_resolution", [(settle, "_blank", lambda add, names: None)]),
    "answers do not stand": (
        "law_16_resolution",
        [(questions.Answers, "standing", lambda self, question, candidates: None)],
    ),
}


def broken_by(law: str, worlds: int) -> str:
    """Return what went wrong first, or nothing."""
    for seed in range(worlds):
        try:
            LAWS[law](make_world(Random(seed)), Random(seed + 1))
        except (AssertionError, Bug) as problem:
            return f"{type(problem).__name__} in world {seed}"
    return ""


@pytest.mark.parametrize("law", sorted({law for law, _ in MUTANTS.values()}))
def test_the_merge_itself_passes(law: str):
    """The same harness finds nothing wrong with the merge as it is."""
    assert broken_by(law, WORLDS) == ""


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_mutant_is_caught(name: str, monkeypatch: pytest.MonkeyPatch):
    """The law that is meant for this fault sees it."""
    law, patches = MUTANTS[name]
    for place, attribute, wrong in patches:
        monkeypatch.setattr(place, attribute, wrong)

    assert broken_by(law, WORLDS)
