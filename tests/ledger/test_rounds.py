"""Rounds, copies and what came back: kept as they were, and a changed base does not pass for the issued one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from custsheet.errors import Bug, CallError, LedgerError
from custsheet.ledger.store import Ledger, open_ledger
from custsheet.ledger.transaction import Transaction
from custsheet.model import CellRef, Edit, Resolution, Submission, Table, Unreadable
from custsheet.schema import from_body
from custsheet.schema.records import Issue, Member, Schema, TableGrant, Team

Revise = Callable[..., int]
NOW = "2026-11-20T09:00:00"
ROUND = "2026-W47"

GRANT = {"customers": TableGrant("own", ("phone", "name"), frozenset({"phone"}), add=True, enter=frozenset({"name"}))}
ROLES = {"manager": {"*": {"rows": "all", "see": "*", "edit": "*"}}}
ISSUE = Issue(
    copy="copy-1",
    member="wang",
    round=ROUND,
    number=1,
    revision=1,
    grant=GRANT,
    base={"customers": Table("customers", ("phone", "name"), ("b", "a"), ((None, "示例公司"), ("138", "华兴贸易")))},
    spare={"customers": ("s1", "s2")},
    labels={"customers": {"a": "华兴贸易", "b": "示例公司"}},
    language="en",
    schema_digest="d" * 64,
    issued_on="2026-11-20",
    due="2026-11-27",
)
EDIT = Edit(
    "cell", "customers", "a", "phone", "138", Unreadable("一三八"), CellRef(file="王芳.xlsx", cell="D7"), "R_VALUE"
)
SUBMISSION = Submission("copy-1", "wang", 1, "c" * 64, (EDIT,), "王芳.xlsx", NOW, (("customers", "b"),), late=True)


def write(ledger: Ledger, act: Callable[[Transaction], object], now: str = NOW) -> None:
    with ledger.write(actor="wang", kind="test", now=now) as tx:
        act(tx)


@pytest.fixture
def issued(ledger: Ledger, schema: Schema, revise: Revise) -> Ledger:
    """Two customers, an open round and one copy of both."""
    revise({"a": ("华兴贸易", "138"), "b": ("示例公司", None)})
    with ledger.write(actor="manager", kind="generate", now=NOW) as tx:
        tx.open_round(ROUND, 1, due="2026-11-27")
        tx.add_issue(ISSUE, schema, base_digest="b" * 64, mac="m", file_sha256="f" * 64, name="客户跟进_王芳.xlsx")
    return ledger


def test_a_round_opens_closes_and_opens_again(issued: Ledger) -> None:
    """A round keeps its opening through closing and reopening; the next one closes nothing."""
    write(issued, lambda tx: tx.open_round("2026-W48", 1), now="2026-11-27T09:00:00")
    assert [one.name for one in issued.open_rounds()] == [ROUND, "2026-W48"]
    write(issued, lambda tx: tx.close_round(ROUND), now="2026-12-01T09:00:00")
    closed = issued.round(ROUND)
    assert (closed.state, closed.closed_at, closed.due) == ("closed", "2026-12-01T09:00:00", "2026-11-27")
    write(issued, lambda tx: tx.reopen_round(ROUND))
    assert (issued.round(ROUND).state, issued.round(ROUND).opening_revision) == ("open", 1)


def test_a_round_is_named_once_and_known_by_name(issued: Ledger) -> None:
    """A second round of the same name, or one that is not there, is the call's fault; the names are told."""
    with pytest.raises(CallError, match="ROUND_EXISTS"):
        write(issued, lambda tx: tx.open_round(ROUND, 1))
    with pytest.raises(CallError) as stopped:
        issued.round("2026-W99")
    assert (stopped.value.code, stopped.value.facts["known"]) == ("ROUND_UNKNOWN", ROUND)


def test_a_copy_s_base_comes_from_history(issued: Ledger, schema: Schema, revise: Revise) -> None:
    """The copy is the one that was issued, to the order of its rows, however the rows moved on since."""
    revise({"a": ("改名", "139")})
    assert issued.issue("copy-1", schema) == ISSUE
    assert issued.issue("copy-2", schema) is None


def test_a_base_may_show_more_than_the_rows_hold(issued: Ledger, schema: Schema) -> None:
    """Computed values and rows of other places are kept beside the row ids."""
    table = Table("customers", ("name", "amount"), ("a", "x"), (("华兴贸易", Decimal("1.50")), ("别处", None)))
    second = replace(ISSUE, copy="copy-2", number=2, base={"customers": table, "log": Table("log", ("note",))})
    write(issued, lambda tx: tx.add_issue(second, schema))
    assert issued.issue("copy-2", schema) == second


def test_a_copy_of_an_earlier_schema_is_read_with_that_one(ledger: Ledger) -> None:
    """A field removed since, or of another type now, is in the base as it was issued (cases 31 and 33)."""
    name, size = ({"title": title, "type": kind} for title, kind in (("客户名称", "text"), ("人数", "number")))
    customers = {"title": "客户", "key": ["name"], "fields": {"name": name, "size": size}}
    body = {"schema": "sample", "version": "1", "title": "示例", "tables": {"customers": customers}, "roles": ROLES}
    old = from_body(body)
    table = Table("customers", ("name", "size"), ("a",), (("华兴贸易", Decimal("12.5")),))
    issue = replace(ISSUE, base={"customers": table}, schema_digest=old.digest, grant=old.roles["manager"])
    with ledger.write(actor="manager", kind="generate", now=NOW) as tx:
        tx.store_schema(old)
        tx.revise({"customers": table}, (), old)
        tx.open_round(ROUND, 1)
        tx.add_issue(issue, old)
    for fields in ({"name": name}, {"name": name, "size": {"title": "规模", "type": "text"}}):
        newer = from_body(body | {"tables": {"customers": customers | {"fields": fields}}})
        assert ledger.issue("copy-1", newer) == issue


def test_copies_are_listed_by_round_and_member(issued: Ledger, schema: Schema) -> None:
    """The list tells name, state and revision; superseding keeps the copy."""
    other = replace(ISSUE, copy="copy-2", member="li")
    write(issued, lambda tx: (tx.add_issue(other, schema), tx.supersede_issue("copy-1")))
    found = [(one.copy, one.member, one.state) for one in issued.issues(ROUND)]
    assert found == [("copy-1", "wang", "superseded"), ("copy-2", "li", "issued")]
    (first,) = issued.issues(member="wang")
    assert (first.name, first.base_digest, first.today) == ("客户跟进_王芳.xlsx", "b" * 64, "2026-11-20")
    assert issued.has_head(first.head)
    restored = issued.issue("copy-1", schema)
    assert restored is not None
    assert restored.state == "superseded"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cell_history SET value = '999' WHERE field = 'phone'",
        "DELETE FROM cell_history WHERE field = 'phone'",
        "UPDATE cell_history SET value = '别人' WHERE field = 'name'",
    ],
)
def test_a_changed_base_is_not_taken(
    issued: Ledger, schema: Schema, path: Path | str, revise: Revise, behind: Callable[..., None], statement: str
) -> None:
    """Whoever changes history behind the program's back gets no base out of it, and verify says so."""
    revise({"a": ("华兴贸易", "140"), "b": ("示例公司", "141")})
    issued.close()
    behind(statement)
    with open_ledger(path) as again:
        with pytest.raises(LedgerError) as stopped:
            again.issue("copy-1", schema)
        assert (stopped.value.code, stopped.value.exit_code) == ("LEDGER_DAMAGED", 5)
        assert "F_LEDGER_HISTORY" in {problem.code for problem in again.verify(full=True)}


def test_a_submission_comes_back_as_it_was(issued: Ledger) -> None:
    """By round, by copy and content, and by its file's digest."""
    write(issued, lambda tx: tx.add_submission(SUBMISSION, ROUND, sha256="f" * 64))
    assert issued.submissions(ROUND) == [SUBMISSION]
    assert issued.submission_by("copy-1", "c" * 64) == SUBMISSION
    assert issued.submission_by("copy-1", "d" * 64) is None
    seen = issued.file_seen("f" * 64)
    assert seen is not None
    assert seen.submission is not None
    assert (seen.submission.copy, seen.submission.late, seen.submission.state) == ("copy-1", True, "merged")


def test_a_submission_changes_state_and_stays(issued: Ledger) -> None:
    """A held submission that is accepted is the same submission."""
    write(issued, lambda tx: tx.add_submission(SUBMISSION, ROUND, sha256="f" * 64, state="held"))
    assert issued.submissions(ROUND, states=["merged"]) == []
    write(issued, lambda tx: tx.set_submission_state("copy-1", 1, "merged"))
    assert issued.submissions(ROUND, states=["merged"]) == [SUBMISSION]
    assert [one.state for one in issued.submission_infos(copy="copy-1")] == ["merged"]


@pytest.mark.parametrize(
    "second",
    [replace(SUBMISSION, version=2), replace(SUBMISSION, digest="e" * 64), replace(SUBMISSION, copy="nowhere")],
    ids=["same content", "same version", "no such copy"],
)
def test_a_submission_is_kept_once(issued: Ledger, second: Submission) -> None:
    """The same content or version of a copy, or a copy never issued, is refused and nothing is written."""
    write(issued, lambda tx: tx.add_submission(SUBMISSION, ROUND, sha256="f" * 64))
    with pytest.raises(Bug, match="LEDGER_REFUSED"):
        write(issued, lambda tx: tx.add_submission(second, ROUND, sha256="f" * 64))
    assert issued.submissions(ROUND) == [SUBMISSION]


def test_refused_files_are_listed_once(issued: Ledger) -> None:
    """The same refusal again says nothing; the file is known by its bytes, its name may be anything."""
    refusal = {"sha256": "9" * 64, "name": "坏\udce9.xlsx", "code": "E_NOT_OURS", "facts": {"size": 3, "why": "zip"}}
    for _ in range(2):
        write(
            issued, lambda tx: (tx.add_file("9" * 64, "坏\udce9.xlsx", 3), tx.add_refused(**refusal, round_name=ROUND))
        )
    (one,) = issued.refused(ROUND)
    assert (one.name, one.code, one.facts) == ("坏\udce9.xlsx", "E_NOT_OURS", {"size": 3, "why": "zip"})
    seen = issued.file_seen("9" * 64)
    assert seen is not None
    assert (seen.refused, seen.size, seen.submission) == (one, 3, None)
    assert issued.file_seen("8" * 64) is None


def test_the_last_answer_to_the_same_candidates_holds(issued: Ledger) -> None:
    """An answer is kept with the candidates that it answered; a new set of candidates has its own."""
    first = Resolution("q1", "d1", "master", None, "wang", NOW)
    answers = [first, replace(first, digest="d2", choice="claim:0", value="139"), replace(first, choice="base")]
    for answer in answers:
        write(issued, lambda tx, answer=answer: tx.add_resolution(answer, ROUND))
    kept = [replace(answers[at], number=at + 1, revision=issued.revision()) for at in (2, 1)]
    assert issued.resolutions(ROUND) == kept


def test_the_schema_and_team_in_force_are_kept(ledger: Ledger, schema: Schema) -> None:
    """The last stored is in force, an earlier one too when it is stored again; all can be read."""
    newer = replace(schema, version="2", body={"schema": "sample", "version": "2"})
    team = Team((Member("wang", "王芳", "sales", extra=(("city", "杭州"),)), Member("li", "李雷", "manager")))
    assert (ledger.latest_schema(), ledger.team()) == (None, None)
    for one in (schema, newer, schema):
        write(ledger, lambda tx, one=one: tx.store_schema(one))
    write(ledger, lambda tx: tx.store_team(team))
    assert (ledger.latest_schema(), ledger.team()) == (schema.digest, team)
    assert ledger.schema_body(newer.digest) == newer.body


def test_everything_written_is_whole_for_verify(issued: Ledger, schema: Schema) -> None:
    """A ledger with one of everything has no problems."""
    write(issued, lambda tx: tx.store_schema(schema))
    write(issued, lambda tx: tx.add_submission(SUBMISSION, ROUND, sha256="f" * 64))
    write(issued, lambda tx: tx.add_resolution(Resolution("q 1", "d1", "master"), ROUND))
    write(issued, lambda tx: (tx.supersede_issue("copy-1"), tx.close_round(ROUND)))
    assert issued.verify(full=True) == []
