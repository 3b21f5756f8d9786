"""The cases of MERGE.md section 3, one sentence each."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from merge_bench import BODY, Round, answer, buckets, codes, make_returned_table

from custsheet.merging import difference, find_edits, reject
from custsheet.model import Returned, Unreadable
from custsheet.schema import from_body


def test_case_1_nothing_edited(start: Callable):
    """An unedited copy makes no edit, no change and no question."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang")

    outcome = round_.merge()
    assert (outcome.count()["total"], outcome.changes, outcome.questions) == (0, (), ())
    assert outcome.master == round_.opening


def test_case_2_one_side_edits(start: Callable):
    """What one member changed is applied, under that member's name."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert round_.cell(outcome, "a", "phone") == "2"
    assert [(c.field, c.old, c.new, c.members) for c in outcome.changes] == [("phone", "1", "2", ("wang",))]


def test_case_3_the_same_value_from_two(start: Callable):
    """The same value from two members is one change with both names."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert [c.members for c in outcome.changes] == [("li", "wang")]
    assert buckets(outcome) == {"applied": 2}


def test_case_4_different_values(start: Callable):
    """Different values are a conflict, and the master keeps what it had."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "3"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_CELL"]
    assert round_.cell(outcome, "a", "phone") == "1"
    assert buckets(outcome) == {"conflict": 2}


def test_case_10_a_new_row(start: Callable):
    """A new row keeps the id of its spare place, and a blank owner is the one who added it."""
    round_ = start({"a": {}})

    round_.back("li", customers={"new": [{"name": "示例新客户", "phone": "5"}]})

    outcome = round_.merge()
    assert round_.cell(outcome, "customers-li1-spare0", "owner") == "li"
    assert buckets(outcome) == {"applied": 2}


def test_case_23_stale_but_untouched(start: Callable):
    """A copy of an older state is applied where the master has not moved."""
    round_ = start({"a": {"phone": "1", "plan": "x"}}, now={"a": {"plan": "y"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    assert round_.cell(round_.merge(), "a", "phone") == "2"


def test_case_24_stale_and_agreed(start: Callable):
    """Where the master has moved to the very value that came back, nothing is to be done."""
    round_ = start({"a": {"phone": "1"}}, now={"a": {"phone": "2"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    assert buckets(round_.merge()) == {"same": 1}


def test_case_25_stale_and_different(start: Callable):
    """Where the master has moved to another value, a person decides."""
    round_ = start({"a": {"phone": "1"}}, now={"a": {"phone": "3"}})

    round_.back("wang", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_STALE"]
    assert round_.cell(outcome, "a", "phone") == "3"


def test_case_37_read_only_column(start: Callable):
    """An edit where the member may only read is kept out and reported."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("zhao", customers={"a": {"name": "b", "phone": "2"}})

    outcome = round_.merge()
    assert buckets(outcome) == {"applied": 1, "rejected": 1}
    assert round_.cell(outcome, "a", "name") == "a"
    assert [(f.code, f.where.cell) for f in round_.findings] == [("R_READ_ONLY", "B3")]


def test_case_39_unreadable_value(start: Callable):
    """A value that cannot be read stays out; other cells of the row go on."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2", "amount": Unreadable("十来万")}})

    assert buckets(round_.merge()) == {"applied": 1, "rejected": 1}


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def test_case_5_delete_against_edit(start: Callable):
    """A delete mark against an edit is a question about the row, which stays as it was."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"delete": ["a"]})
    round_.back("li", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_DELETE_EDIT"]
    assert outcome.master == round_.opening
    assert buckets(outcome) == {"conflict": 2}


def test_case_6_delete_against_delete(start: Callable):
    """Two members who both ask to delete a row delete it."""
    round_ = start({"a": {}, "b": {}})

    round_.back("wang", customers={"delete": ["a"]})
    round_.back("li", customers={"delete": ["a"]})

    outcome = round_.merge()
    assert outcome.master["customers"].rids == ("b",)
    assert [(c.kind, c.rid, c.members) for c in outcome.changes] == [("delete", "a", ("li", "wang"))]


def test_case_7_delete_waits_for_approval(start: Callable):
    """One delete mark waits until somebody approves of it."""
    round_ = start({"a": {}, "b": {}})

    round_.back("wang", customers={"delete": ["a"]})

    outcome = round_.merge()
    assert codes(outcome) == ["H_DELETE"]
    round_.resolutions = [answer(outcome.questions[0], "delete")]
    assert round_.merge().master["customers"].rids == ("b",)


def test_case_7b_stale_delete(start: Callable):
    """A row that changed since the copy was made is not deleted by that copy."""
    round_ = start({"a": {"plan": "x"}}, now={"a": {"plan": "y"}})

    round_.back("wang", customers={"delete": ["a"]})

    outcome = round_.merge()
    assert (codes(outcome), outcome.master) == (["H_STALE_DELETE"], round_.opening)


def test_case_8_missing_rows(start: Callable):
    """A row that did not come back stays, with a question; when many are gone the file is refused."""
    round_ = start({f"r{n}": {} for n in range(8)})

    round_.back("wang", customers={"missing": ["r1", "r2"]})
    round_.back("li", customers={"missing": [f"r{n}" for n in range(4)]})

    outcome = round_.merge(round_.submissions[0])
    assert codes(outcome) == ["H_ROW_MISSING", "H_ROW_MISSING"]
    assert outcome.master == round_.opening
    said = [(f.code, f.severity, dict(f.facts)["count"]) for f in round_.findings]
    assert said == [("F_ROW_MISSING", "warning", "2"), ("E_ROWS_LOST", "refused", "4")]


def test_case_9_delete_without_right(start: Callable):
    """A delete mark of somebody who may not delete is kept out."""
    round_ = start({"a": {"owner": "chen"}})

    round_.back("chen", customers={"delete": ["a"]})

    assert buckets(round_.merge()) == {"rejected": 1}
    assert [f.code for f in round_.findings] == ["R_DELETE"]


def test_case_11_same_row_from_two(start: Callable):
    """The same new row from two is one row where both name one owner, else a question whose it is."""
    row = {"name": "示例新客户", "phone": "5"}
    agreed, disputed = start({"a": {}}), start({"a": {}})

    agreed.back("boss", customers={"new": [{**row, "owner": "li"}]})
    agreed.back("li", customers={"new": [row]})
    disputed.back("wang", customers={"new": [row]})
    disputed.back("li", customers={"new": [row]})

    assert (len(agreed.merge().master["customers"]), buckets(agreed.merge())) == (2, {"applied": 5})
    assert codes(disputed.merge()) == ["H_OWNER"]
    assert len(disputed.merge().master["customers"]) == 1


def test_case_12_same_key_other_cells(start: Callable):
    """New rows of one name that differ are one question, and nothing is inserted until it is answered."""
    round_ = start({"a": {}})

    round_.back("wang", customers={"new": [{"name": "示例", "phone": "5"}]})
    round_.back("li", customers={"new": [{"name": "示例", "phone": "6"}]})

    outcome = round_.merge()
    assert codes(outcome) == ["H_DUP_KEY"]
    assert len(outcome.master["customers"]) == 1
    pick = next(c for n, c in enumerate(("claim:0", "claim:1")) if outcome.questions[0].claims[n].member == "li")
    round_.resolutions = [answer(outcome.questions[0], pick)]
    assert round_.merge().master["customers"].column("phone") == [None, "6"]


def test_case_13_key_already_there(start: Callable):
    """A new row whose name the master has already waits; rows that refer to it wait with it."""
    round_ = start({"a": {}})

    round_.back("li", customers={"new": [{"name": "a", "phone": "5"}]},
                log={"new": [{"customer": "customers-li1-spare0", "content": "拜访"}]})  # fmt: skip

    outcome = round_.merge()
    assert codes(outcome) == ["H_DUP_KEY", "H_DEPENDS"]
    assert len(outcome.master["log"]) == 0
    round_.resolutions = [answer(outcome.questions[0], "drop")]
    after = round_.merge()
    assert after.master["log"].column("customer") == ["a"]
    assert after.questions == ()


def test_an_answer_holds_whichever_of_equal_rows_stays(start: Callable):
    """A visit let in without its customer, whom two had added alike; one takes theirs back: nothing is asked anew."""
    round_ = start({"a": {"code": "7"}})
    same = {"name": "示例新客户", "code": "7", "owner": "wang"}
    round_.back("boss", customers={"new": [same], "a": {"phone": "1"}})
    round_.back("wang", customers={"new": [{**same, "owner": None}]},
                log={"new": [{"customer": "customers-wang1-spare0", "content": "拜访"}]})  # fmt: skip
    outcome = round_.merge()
    assert codes(outcome) == ["H_UNIQUE", "H_DEPENDS"]
    assert outcome.questions[0].rid == "customers-boss1-spare0"  # the other's is the same row
    round_.resolutions = [answer(outcome.questions[1], "add")]
    known = round_.merge()
    assert (codes(known), known.master["log"].rows) == (["H_UNIQUE"], ((None, "拜访", "wang"),))

    round_.back("boss", 2, customers={"a": {"phone": "1"}})

    after = round_.merge()
    assert [codes(after), after.questions[0].rid] == [["H_UNIQUE"], "customers-wang1-spare0"]
    assert after.master["log"].rows == ((None, "拜访", "wang"),)


def test_added_rows_refer_to_added_rows(start: Callable):
    """A log row of a customer that was added in the same copy leads to it, and names who wrote it."""
    round_ = start({"a": {}})

    round_.back("li", customers={"new": [{"name": "示例新客户"}]},
                log={"new": [{"customer": "customers-li1-spare0", "content": "拜访"}] * 2})  # fmt: skip

    log = round_.merge().master["log"]
    assert log.rows == (("customers-li1-spare0", "拜访", "li"),) * 2


@pytest.mark.parametrize(
    ("code", "bucket"),
    [("R_DUP_ID", "rejected"), ("R_ID_NOT_ISSUED", "rejected"), ("H_DUP_ID_SPLIT", "held"), ("H_ID_LOST", "held")],
)
def test_cases_15_to_19_rows_in_doubt(start: Callable, code: str, bucket: str):
    """Rows of which intake does not know which they are never reach the master by themselves."""
    round_ = start({"a": {"phone": "1"}})

    round_.back("wang", customers={"a": {"phone": "2"}, "x": {"name": "b"}, "codes": {"a": code, "x": code}})

    outcome = round_.merge()
    assert buckets(outcome) == {bucket: 2}
    assert outcome.master == round_.opening


def test_case_20_moved_rows(start: Callable, returned_table: Callable):
    """Whole rows in another order are no edit."""
    round_ = start({"a": {"phone": "1"}, "b": {"phone": "2"}})
    issue = round_.issue("wang")
    table = returned_table(issue, "customers", {})
    moved = Returned(issue.copy, "wang", "f", {"customers": replace(table, rows=table.rows[::-1])})

    assert find_edits(moved, issue, round_.schema, version=1)[0].edits == ()


def test_case_22_key_edited(start: Callable):
    """A changed name is an edit with a remark; two rows of one name wait."""
    alone, clash = start({"a": {}, "b": {}}), start({"a": {}, "b": {}})

    alone.back("wang", customers={"a": {"name": "示例"}})
    clash.back("wang", customers={"a": {"name": "示例"}})
    clash.back("li", customers={"b": {"name": "示例"}})

    assert [f.code for f in alone.merge().findings] == ["F_KEY_CHANGED"]
    assert codes(clash.merge()) == ["H_KEY", "H_KEY"]
    assert clash.merge().master == clash.opening


def test_case_26_versions(start: Callable):
    """A version that carries an edit of the one before replaces it; one that carries none is a second branch."""
    follows, branches = start({"a": {}}), start({"a": {}})

    follows.back("wang", customers={"a": {"phone": "1", "plan": "x"}})
    follows.back("wang", version=2, customers={"a": {"phone": "1"}})
    branches.back("wang", customers={"a": {"phone": "1"}})
    branches.back("wang", version=2, customers={"a": {"phone": "2", "plan": "x"}})

    one, two = follows.merge(), branches.merge()
    assert one.buckets == {("wang-1", 1): ("applied", "superseded"), ("wang-1", 2): ("applied",)}
    assert [f.code for f in one.findings] == ["F_SUPERSEDED"]
    assert (codes(two), buckets(two)) == (["H_DIVERGED"], {"conflict": 2, "applied": 1})


def test_case_27_the_same_copy_twice(start: Callable):
    """The same submission twice is the same submission."""
    round_ = start({"a": {}})
    submission = round_.back("wang", customers={"a": {"phone": "1"}})

    assert round_.merge(submission, submission) == round_.merge(submission)


def test_case_28_late_copy(start: Callable, table: Callable):
    """A late copy is compared with what it last brought: what it left alone undoes nothing."""
    round_ = start({"a": {"phone": "1", "plan": "x"}})
    first = round_.back("wang", customers={"a": {"phone": "2"}})
    closed = round_.merge()
    round_.submissions.clear()
    moved = {**closed.master, "customers": table(round_.schema, "customers", {
        "a": {**dict(zip(closed.master["customers"].fields, closed.master["customers"].rows[0], strict=True)),
              "phone": "3"}})}  # fmt: skip
    round_.opening = moved

    round_.back("wang", 2, late=True, previous=first, customers={"a": {"phone": "2", "plan": "y"}})

    outcome = round_.merge()
    assert (round_.cell(outcome, "a", "phone"), round_.cell(outcome, "a", "plan")) == ("3", "y")
    assert "F_LATE" in [f.code for f in round_.findings]


def test_case_30_handed_over(start: Callable):
    """An edit of the former owner waits for the new one."""
    round_ = start({"a": {"owner": "chen"}}, now={"a": {"owner": "li"}})

    round_.back("chen", customers={"a": {"phone": "2"}})

    assert codes(round_.merge()) == ["H_REASSIGNED"]


def changed(round_: Round, name: str, definition: dict | None) -> None:
    """Give the schema another definition of a field, or none, after the copies were issued."""
    body = copy.deepcopy(BODY)
    body["tables"]["customers"]["fields"].pop(name, None)
    if definition is not None:
        body["tables"]["customers"]["fields"][name] = definition
    round_.schema = from_body(body)


def test_case_31_a_column_that_was_removed_since(start: Callable):
    """What was typed under a field that the schema has no more is kept out and listed; the rest arrives."""
    round_ = start({"a": {"phone": "1", "plan": "x"}})
    round_.back("wang", customers={"a": {"phone": "2", "notes": "7"}})
    changed(round_, "notes", None)

    outcome = round_.merge()

    assert buckets(outcome) == {"applied": 1, "rejected": 1}
    assert [(f.code, f.severity, f.value) for f in outcome.findings] == [("R_COLUMN_REMOVED", "rejected", "7")]


def test_case_32_a_column_that_was_added_since(start: Callable):
    """A copy that does not have the new field says nothing about it."""
    round_ = start({"a": {"phone": "1"}})
    issue = round_.issue("wang")
    changed(round_, "size", {"type": "number", "title": "Size", "default": 3})
    returned = Returned(issue.copy, "wang", "f", {"customers": make_returned_table(issue, "customers", {})})

    assert find_edits(returned, issue, round_.schema, version=1)[0].edits == ()


def test_case_33_a_type_that_was_changed_since(start: Callable):
    """A value that the new type cannot read is kept out, as it was typed; one that it can read is taken."""
    for typed, placed in ((Unreadable("一二三", "R_TYPE_CHANGED"), "rejected"), (Decimal(5), "applied")):
        round_ = start({"a": {"phone": None}})
        changed(round_, "phone", {"type": "number", "title": "Phone"})

        round_.back("wang", customers={"a": {"phone": typed}})

        assert buckets(round_.merge()) == {placed: 1}


def test_case_34_a_column_is_gone(start: Callable):
    """A column that did not come back is unchanged, not blank."""
    round_ = start({"a": {"phone": "1"}})

    assert round_.back("wang", customers={"absent": ["phone"]}).edits == ()


def test_case_38_owner_set_to_another(start: Callable):
    """Only who may reassign hands a row over; a new row may name its adder."""
    round_ = start({"a": {"owner": "wang"}})

    round_.back("wang", customers={"a": {"owner": "li"}, "new": [{"name": "示例", "owner": "wang"}]})

    assert [f.code for f in round_.findings] == ["R_NOT_PERMITTED"]
    assert buckets(round_.merge()) == {"rejected": 1, "applied": 2}

    round_.back("li", customers={"new": [{"name": "示例二", "owner": "wang"}]})
    outcome = round_.merge()
    assert [f.code for f in round_.findings] == ["R_NOT_PERMITTED", "R_NEW_OWNER"]
    assert round_.cell(outcome, "customers-li1-spare0", "owner") == "li"


@pytest.mark.parametrize("code", ["R_CELL_ERROR", "R_FORMULA", "R_VALUE"])
def test_cases_40_and_48_error_cells_and_formulas(start: Callable, code: str):
    """An error cell or a formula is kept out and is never a blank."""
    round_ = start({"a": {"phone": "1"}})

    submission = round_.back("wang", customers={"a": {"phone": Unreadable("#REF!", code)}})

    assert [e.code for e in submission.edits] == [code]
    assert round_.cell(round_.merge(), "a", "phone") == "1"


def test_case_41_required_blanked(start: Callable):
    """A required cell that was emptied keeps what it had; a new row without one waits."""
    round_ = start({"a": {}})

    round_.back("wang", customers={"a": {"name": None}, "new": [{"phone": "5"}]})

    outcome = round_.merge()
    assert buckets(outcome) == {"rejected": 1, "held": 1}
    assert codes(outcome) == ["H_INCOMPLETE"]
    question = outcome.questions[0]
    assert (question.field, question.choices) == ("name", ("drop", "add", "value"))
    round_.resolutions = [answer(question, "value", "补上")]
    filled = round_.merge()
    assert (codes(filled), round_.cell(filled, question.rid, "name")) == ([], "补上")
    assert buckets(filled) == {"rejected": 1, "applied": 1}

    round_.back("wang", 2, customers={"a": {"name": None}, "new": [{"phone": "6"}]})
    amended = round_.merge()
    assert (codes(amended), round_.cell(amended, question.rid, "name")) == ([], "补上")
    assert round_.cell(amended, question.rid, "phone") == "6"


def test_case_42_mass_blanking(start: Callable):
    """Emptying more than ten cells and a third of a column waits for a word, as one question."""
    rows = {f"r{n:02}": {"phone": str(n)} for n in range(30)}
    round_ = start(rows)

    round_.back("wang", customers={rid: {"phone": None} for rid in list(rows)[:11]})

    outcome = round_.merge()
    assert (codes(outcome), buckets(outcome)) == (["H_MASS_BLANK"], {"held": 11})
    round_.resolutions = [answer(outcome.questions[0], "claim:0")]
    assert buckets(round_.merge()) == {"applied": 11}


def test_case_43_together_they_break_a_rule(start: Callable):
    """Two good edits that break a rule together are both held, and the row stays in order."""
    round_ = start({"a": {"status": "潜在客户", "plan": "x"}})

    round_.back("wang", customers={"a": {"status": "丢失客户"}})
    round_.back("li", customers={"a": {"plan": None}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_RULE"]
    assert outcome.master == round_.opening
    assert buckets(outcome) == {"held": 2}


def test_case_44_unique_across_copies(start: Callable):
    """A value that may stand once and comes twice is held in both rows."""
    round_ = start({"a": {}, "b": {}, "c": {}})

    round_.back("wang", customers={"a": {"code": "7"}})
    round_.back("li", customers={"b": {"code": "7"}, "c": {"code": "8"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_UNIQUE", "H_UNIQUE"]
    assert outcome.master["customers"].column("code") == [None, None, "8"]


def test_case_45_edit_of_a_deleted_row(start: Callable):
    """An edit of a deleted row asks whether the row is to come back with it."""
    round_ = start({"a": {"phone": "1"}, "b": {}}, now={"a": None})

    round_.back("wang", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_ROW_GONE"]
    round_.resolutions = [answer(outcome.questions[0], "keep")]
    assert round_.cell(round_.merge(), "a", "phone") == "2"


def test_case_49_an_answer_stands(start: Callable):
    """A copy that comes after the answer with a value that was asked about changes nothing."""
    round_ = start({"a": {"phone": "1"}})
    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "3"}})
    round_.resolutions = [answer(round_.merge().questions[0], "claim:1")]

    round_.back("boss", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert (outcome.questions, round_.cell(outcome, "a", "phone")) == ((), "3")
    assert buckets(outcome) == {"applied": 1, "superseded": 2}


def test_case_50_a_new_value_asks_again(start: Callable):
    """A value that nobody was asked about opens the question again, with the answer in place meanwhile."""
    round_ = start({"a": {"phone": "1"}})
    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.back("li", customers={"a": {"phone": "3"}})
    round_.resolutions = [answer(round_.merge().questions[0], "claim:1")]

    round_.back("boss", customers={"a": {"phone": "4"}})

    outcome = round_.merge()
    assert [(q.code, q.master) for q in outcome.questions] == [("H_STALE", "3")]
    assert round_.cell(outcome, "a", "phone") == "3"


def test_case_50_for_a_row(start: Callable):
    """A row that an answer deleted stays so while what somebody types into it anew is asked about."""
    round_ = start({"a": {"phone": "1"}, "b": {}})
    round_.back("wang", customers={"delete": ["a"]})
    round_.back("li", customers={"a": {"phone": "2"}})
    round_.resolutions = [answer(round_.merge().questions[0], "delete")]
    assert buckets(round_.merge()) == {"applied": 1, "superseded": 1}

    round_.back("boss", customers={"a": {"phone": "2", "plan": "y"}})

    outcome = round_.merge()
    assert outcome.master["customers"].rids == ("b",)
    assert [(q.code, q.default, [c.row for c in q.claims]) for q in outcome.questions] == [
        ("H_ROW_GONE", "delete", [(("phone", "2"), ("plan", "y")), (("phone", "2"),)])
    ]
    assert buckets(outcome) == {"applied": 1, "superseded": 2, "conflict": 1}
    round_.resolutions.append(answer(outcome.questions[0], "keep"))
    assert (codes(kept := round_.merge()), round_.cell(kept, "a", "plan")) == ([], "y")


@pytest.mark.parametrize("choice", ["master", "base", "both"])
def test_case_50_what_an_answer_meant_stays(start: Callable, choice: str):
    """Kept, put back or joined when two were known: a third value, from another base, is asked about, not taken in."""
    round_ = start({"a": {"notes": "x", "plan": "p"}})
    round_.back("wang", customers={"a": {"plan": "q"}})
    round_.back("li", customers={"a": {"plan": "r"}})
    question = round_.merge().questions[0]
    round_.resolutions = [question.answered(choice, by="boss", at="2026-11-20T10:00")]
    after = {"master": "p", "base": "p", "both": "q\nr"}[choice]
    assert round_.cell(round_.merge(), "a", "plan") == after

    round_.issued_from = start({"a": {"plan": "z"}}).issued_from
    round_.back("boss", customers={"a": {"plan": "y"}})

    outcome = round_.merge()
    assert [(q.code, q.master) for q in outcome.questions] == [("H_STALE", after)]
    assert round_.cell(outcome, "a", "plan") == after
    round_.resolutions.append(outcome.questions[0].answered("master", by="boss", at="2026-11-20T11:00"))
    assert (codes(kept := round_.merge()), round_.cell(kept, "a", "plan")) == ([], after)


def test_case_50_for_fields_that_merge_together(start: Callable):
    """What was taken of a whole group stays whole, though its claim is gone, while another one is asked about."""
    round_ = start({"a": {"stage": "s1", "amount": Decimal(1)}})
    round_.back("wang", customers={"a": {"stage": "s2"}})
    round_.back("li", customers={"a": {"amount": Decimal(2)}})
    question = round_.merge().questions[0]
    choice = next(c for c, cells in question.means if {n: v for *_, n, v in cells}["stage"] == "s2")
    round_.resolutions = [question.answered(choice, by="boss", at="2026-11-20T10:00")]

    round_.back("wang", 2, customers={"a": {"stage": "s3"}})

    outcome = round_.merge()
    assert codes(outcome) == ["H_STALE"]
    assert [round_.cell(outcome, "a", name) for name in ("stage", "amount")] == ["s2", Decimal(1)]
    round_.resolutions.append(outcome.questions[0].answered("master", by="boss", at="2026-11-20T11:00"))
    assert [round_.cell(kept := round_.merge(), "a", name) for name in ("stage", "amount")] == ["s2", Decimal(1)]
    assert codes(kept) == []


def test_case_50_while_the_row_is_asked_about(start: Callable):
    """Somebody then asks to delete the row: what was answered stays in it meanwhile."""
    round_ = start({"a": {"plan": "p"}})
    round_.back("wang", customers={"a": {"plan": "q"}})
    round_.back("li", customers={"a": {"plan": "r"}})
    question = round_.merge().questions[0]
    round_.resolutions = [question.answered("claim:0", by="boss", at="2026-11-20T10:00")]

    round_.back("boss", customers={"delete": ["a"]})

    outcome = round_.merge()
    assert (codes(outcome), round_.cell(outcome, "a", "plan")) == (["H_DELETE_EDIT"], "q")


def test_case_50_in_a_new_row(start: Callable):
    """What an answer filled in stays while its member's own value is asked about, then what is answered counts."""
    round_ = start({"a": {}})
    round_.back("wang", customers={"new": [{"phone": "5"}]})
    question = round_.merge().questions[0]
    round_.resolutions = [question.answered("value", "补上", by="boss", at="2026-11-20T10:00")]

    round_.back("wang", 2, customers={"new": [{"phone": "5", "name": "我的"}]})

    outcome = round_.merge()
    assert [(q.code, q.master, q.choices) for q in outcome.questions] == [
        ("H_STALE", "补上", ("master", "claim:0", "value"))
    ]
    assert round_.cell(outcome, question.rid, "name") == "补上"
    assert buckets(outcome) == {"applied": 2, "conflict": 1}
    stale = outcome.questions[0]
    for choice, name in (("claim:0", "我的"), ("master", "补上")):
        told = [*round_.resolutions, stale.answered(choice, by="boss", at="2026-11-20T11:00")]
        done = dataclasses.replace(round_, resolutions=told).merge()
        assert (codes(done), round_.cell(done, question.rid, "name")) == ([], name)


def told(question, choice: str, hour: int = 10):
    """An answer, with what it comes to, at some hour of the day."""
    return question.answered(choice, by="boss", at=f"2026-11-20T{hour}:00")


def test_case_50_a_row_taken_as_it_is_may_be_amended(start: Callable):
    """Taken without the name that it lacks: its member adds a phone, and nobody is asked about the name again."""
    round_ = start({"a": {}})
    round_.back("wang", customers={"new": [{"phone": "5"}]})
    question = round_.merge().questions[0]
    round_.resolutions = [told(question, "add")]

    round_.back("wang", 2, customers={"new": [{"phone": "5", "plan": "x"}]})

    outcome = round_.merge()
    assert (codes(outcome), round_.cell(outcome, question.rid, "plan")) == ([], "x")


def test_a_row_that_was_dropped_asks_again_when_more_is_typed_into_it(start: Callable):
    """What an answer to drop did not know is not lost with it."""
    round_ = start({"a": {}})
    round_.back("wang", customers={"new": [{"phone": "5"}]})
    round_.resolutions = [told(round_.merge().questions[0], "drop")]
    assert buckets(round_.merge()) == {"superseded": 1}

    round_.back("wang", 2, customers={"new": [{"phone": "5", "plan": "x"}]})

    assert (codes(outcome := round_.merge()), buckets(outcome)) == (["H_INCOMPLETE"], {"held": 3})


def test_case_50_for_rows_of_one_key(start: Callable):
    """One of two was taken; a third of that name is asked about alone, beside the one that is in."""
    round_ = start({"a": {}})
    round_.back("wang", customers={"new": [{"name": "新", "phone": "1"}]})
    round_.back("li", customers={"new": [{"name": "新", "phone": "2"}]})
    first = round_.merge().questions[0]
    phones = [dict(claim.row)["phone"] for claim in first.claims]
    round_.resolutions = [told(first, f"claim:{phones.index('2')}")]

    round_.back("boss", customers={"new": [{"name": "新", "phone": "3"}]})

    outcome = round_.merge()
    assert [(q.code, [dict(c.row)["phone"] for c in q.claims], q.choices) for q in outcome.questions] == [
        ("H_DUP_KEY", ["3"], ("drop", "add"))
    ]
    assert sorted(filter(None, outcome.master["customers"].column("phone"))) == ["2"]
    round_.resolutions.append(told(outcome.questions[0], "add", 11))
    assert sorted(filter(None, round_.merge().master["customers"].column("phone"))) == ["2", "3"]
    assert codes(round_.merge()) == []


def test_case_50_for_a_rule(start: Callable):
    """What was let pass stays; only what somebody else then changes under the same rule waits."""
    round_ = start({"a": {"status": "潜在客户", "plan": "x"}})
    round_.back("wang", customers={"a": {"status": "丢失客户"}})
    round_.back("li", customers={"a": {"plan": None}})
    round_.resolutions = [told(round_.merge().questions[0], "both")]
    assert [round_.cell(round_.merge(), "a", name) for name in ("status", "plan")] == ["丢失客户", None]

    round_.submissions.pop()  # 李 thinks better of it: nothing of theirs is left
    assert codes(round_.merge()) == []
    round_.back("boss", customers={"a": {"plan": None}})

    assert codes(again := round_.merge()) == []
    assert round_.cell(again, "a", "status") == "丢失客户"


def test_case_50_for_emptied_cells(start: Callable):
    """A column was emptied and taken so; the next version empties more: those alone wait."""
    rows = {f"r{n:02}": {"phone": str(n)} for n in range(30)}
    round_ = start(rows)
    round_.back("wang", customers={rid: {"phone": None} for rid in list(rows)[:11]})
    round_.resolutions = [told(round_.merge().questions[0], "claim:0")]

    round_.back("wang", 2, customers={rid: {"phone": None} for rid in list(rows)[:13]})

    outcome = round_.merge()
    assert (codes(outcome), buckets(outcome)) == (["H_MASS_BLANK"], {"applied": 22, "held": 2})
    assert dict(outcome.questions[0].facts)["count"] == "2"


def test_case_50_for_a_row_that_came_back(start: Callable):
    """A row deleted before was brought back; what others type into it then is merged, not asked about anew."""
    round_ = start({"a": {"phone": "1"}, "b": {}}, now={"a": None})
    round_.back("wang", customers={"a": {"phone": "2"}})
    round_.resolutions = [told(round_.merge().questions[0], "keep")]

    round_.back("li", customers={"a": {"plan": "y"}})

    outcome = round_.merge()
    assert codes(outcome) == []
    assert [round_.cell(outcome, "a", name) for name in ("phone", "plan")] == ["2", "y"]


def test_an_answer_to_keep_a_row_is_not_asked_again(start: Callable):
    """The row stays: what others type into it afterwards is merged like anything else."""
    round_ = start({"a": {"phone": "1"}})
    round_.back("wang", customers={"delete": ["a"]})
    round_.resolutions = [answer(round_.merge().questions[0], "keep")]

    round_.back("li", customers={"a": {"phone": "2"}})

    outcome = round_.merge()
    assert (codes(outcome), round_.cell(outcome, "a", "phone")) == ([], "2")
    assert buckets(outcome) == {"superseded": 1, "applied": 1}


# ── policies and groups ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "base", "one", "two", "after"),
    [
        ("tags", ("a", "b"), ("b", "c"), ("a", "b", "d"), {"b", "c", "d"}),
        ("notes", "x", "x\n王：一", "x\n李：二", "x\n李：二\n王：一"),
        ("next", None, dt.date(2026, 11, 25), dt.date(2026, 12, 1), dt.date(2026, 12, 1)),
    ],
)
def test_policies(start: Callable, field: str, base, one, two, after):
    """Tags are united, notes put under one another, of dates the latest is taken, and nobody is asked."""
    round_ = start({"a": {field: base}})

    round_.back("wang", customers={"a": {field: one}})
    round_.back("li", customers={"a": {field: two}})

    outcome = round_.merge()
    found = round_.cell(outcome, "a", field)
    assert (set(found) if isinstance(found, tuple) else found, outcome.questions) == (after, ())


def test_one_tag_that_one_adds_and_another_removes_is_asked_about(start: Callable):
    """Whose copy did not have it yet adds it, whose copy had it takes it away: neither wins by itself."""
    round_ = start({"a": {"tags": ("重点",)}})

    round_.back("wang", customers={"a": {"tags": ("展会",)}})
    round_.issued_from = start({"a": {"tags": None}}).issued_from
    round_.back("li", customers={"a": {"tags": ("重点",)}})

    outcome = round_.merge()
    assert [q.code for q in outcome.questions] in (["H_CELL"], ["H_STALE"])
    assert round_.cell(outcome, "a", "tags") == ("重点",)
    assert "applied" not in buckets(outcome)


def test_fields_of_a_group_merge_together(start: Callable):
    """Two members who touch one group differently are asked about the whole of it."""
    round_ = start({"a": {"stage": "s1", "amount": Decimal(1)}})

    round_.back("wang", customers={"a": {"stage": "s2"}})
    round_.back("li", customers={"a": {"amount": Decimal(2)}})

    outcome = round_.merge()
    assert (codes(outcome), outcome.master) == (["H_CELL"], round_.opening)
    round_.resolutions = [answer(outcome.questions[0], "claim:0")]
    assert round_.cell(round_.merge(), "a", "stage") in ("s1", "s2")
    assert len(round_.merge().changes) == 1


def test_a_managers_own_edit_answers_claims(start: Callable):
    """Claims on a cell that the manager has set since they were merged are settled by that."""
    round_ = start({"a": {"phone": "1"}}, now={"a": {"phone": "9"}})
    submission = round_.back("wang", customers={"a": {"phone": "2"}})
    round_.overruled = {("customers", "a", "phone"): frozenset({submission.key})}

    outcome = round_.merge()

    assert (outcome.questions, round_.cell(outcome, "a", "phone")) == ((), "9")
    assert buckets(outcome) == {"superseded": 1}


def test_a_second_claim_reopens(start: Callable):
    """What was applied on Tuesday goes back on Friday when somebody else claims the cell."""
    round_ = start({"a": {"phone": "1"}})
    round_.back("wang", customers={"a": {"phone": "2"}})
    tuesday = round_.merge()
    round_.back("li", customers={"a": {"phone": "3"}})

    friday = round_.merge()

    written = difference(tuesday.master, friday.master, friday)
    assert [(c.field, c.old, c.new, c.cause) for c in written] == [("phone", "2", "1", "reopened")]


def test_rejected_cells_of_the_checks(start: Callable):
    """A cell that the checks refuse is rejected; the rest of the submission goes on."""
    round_ = start({"a": {}})
    submission = round_.back("wang", customers={"a": {"phone": "2", "plan": "x"}})

    checked = reject(submission, {("customers", "a", "phone"): "R_VALUE"})

    assert buckets(round_.merge(checked)) == {"rejected": 1, "applied": 1}
