"""The audit chain: it only grows, and what was changed behind the program's back shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from custsheet.ledger.layout import APPEND_ONLY, METADATA
from custsheet.ledger.store import Ledger, create, open_ledger
from custsheet.model import Resolution

Revise = Callable[..., int]
Behind = Callable[..., None]
NOW = "2026-11-20T09:00:00"


@pytest.fixture
def filled(ledger: Ledger, revise: Revise) -> Ledger:
    """Three revisions, a round and an answer."""
    for phone in ("138", "139", "140"):
        revise({"a": ("华兴贸易", phone)})
    with ledger.write(actor="wang", kind="merge", now=NOW) as tx:
        tx.open_round("2026-W47", 3)
        tx.add_resolution(Resolution("q1", "d1", "master"), "2026-W47")
    return ledger


def found(ledger: Ledger) -> set[str]:
    """Return the codes that a full verify finds when the ledger is opened again."""
    ledger.close()
    with open_ledger(ledger.path) as again:
        return {problem.code for problem in again.verify(full=True)}


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("act", ["DELETE FROM {0}", "UPDATE {0} SET {1} = {1}"])
def test_what_only_grows_cannot_be_changed(filled: Ledger, behind: Behind, table: str, act: str) -> None:
    """A trigger refuses every change of audit, revisions, history and answers."""
    column = next(iter(METADATA.tables[table].columns)).name
    filled.close()
    with pytest.raises(Exception, match=f"{table} is append-only"):
        behind(act.format(table, column), guarded=True)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE audit SET actor = 'li' WHERE seq = 2", "F_LEDGER_CHAIN"),
        ("UPDATE audit SET payload_digest = 'x' WHERE seq = 2", "F_LEDGER_CHAIN"),
        ("UPDATE audit SET hash = 'x' WHERE seq = 6", "F_LEDGER_CHAIN"),
        ("UPDATE audit_payload SET body = '{}' WHERE seq = 2", "F_LEDGER_PAYLOAD"),
        ("UPDATE cell SET value = '110' WHERE field = 'phone'", "F_LEDGER_STATE"),
        ("UPDATE row SET deleted_rev = 2", "F_LEDGER_STATE"),
        ("UPDATE cell_history SET value = '110' WHERE field = 'phone' AND rev = 2", "F_LEDGER_HISTORY"),
        ("UPDATE row_history SET act = 'deleted'", "F_LEDGER_HISTORY"),
        ("UPDATE revision SET state_digest = 'x' WHERE number = 2", "F_LEDGER_RECORD"),
        ("UPDATE cause SET members = '[\"li\"]' WHERE rev = 2", "F_LEDGER_RECORD"),
        ("UPDATE resolution SET body = replace(body, 'master', 'base')", "F_LEDGER_RECORD"),
        ("DELETE FROM resolution", "F_LEDGER_RECORD"),
        ("UPDATE round SET opening_revision = opening_revision - 1", "F_LEDGER_RECORD"),
        ("UPDATE round SET state = 'closed'", "F_LEDGER_RECORD"),
        ("INSERT INTO file SELECT 'f','f.xlsx',1,''", "F_LEDGER_RECORD"),
        ("UPDATE audit_payload SET body = '{' WHERE seq = 2", "F_LEDGER_PAYLOAD"),
        ("INSERT INTO issue SELECT 'c','nowhere','m',1,1,'','','','','','','','','issued',x'00'", "F_LEDGER_REFERENCE"),
    ],
)
def test_a_change_behind_the_program_s_back_is_found(
    filled: Ledger, database: str, behind: Behind, statement: str, code: str
) -> None:
    """Whatever is edited in the database, verify names the kind of thing that no longer agrees."""
    behind(statement.replace("x'00'", "x'00'" if database == "sqlite" else "'\\x00'"))
    assert code in found(filled)


def test_an_erased_entry_breaks_the_chain(filled: Ledger, behind: Behind) -> None:
    """An entry that is taken out of the middle is missed, with its payload gone as well."""
    behind("DELETE FROM audit_payload WHERE seq = 3", "DELETE FROM audit WHERE seq = 3")
    assert "F_LEDGER_CHAIN" in found(filled)


@pytest.mark.parametrize(
    ("database", "statement"),
    [
        ("sqlite", "DROP TRIGGER audit_no_delete"),
        ("postgresql", "DROP TRIGGER audit_no_delete ON audit"),
        ("postgresql", "ALTER TABLE audit DISABLE TRIGGER audit_no_update"),
    ],
)
def test_a_missing_guard_is_found(filled: Ledger, behind: Behind, statement: str) -> None:
    """Who takes the triggers off, or switches one off, and leaves it so is noticed."""
    filled.close()
    behind(statement, guarded=True)
    with open_ledger(filled.path) as again:
        assert [(p.code, p.facts) for p in again.verify()] == [("F_LEDGER_UNGUARDED", (("table", "audit"),))]


def test_a_cut_chain_shows_against_an_issued_head(filled: Ledger, behind: Behind) -> None:
    """The chain alone cannot tell that its end was cut off; the head in an issued copy can."""
    anchor = filled.head
    assert filled.has_head(anchor)
    behind("DELETE FROM audit_payload WHERE seq > 5", "DELETE FROM audit WHERE seq > 5")
    with open_ledger(filled.path) as again:
        assert not again.has_head(anchor)


def test_personal_data_can_be_erased_without_breaking_the_chain(filled: Ledger, behind: Behind) -> None:
    """Payloads stand apart from the chain: without them it still holds, and that they are gone is told."""
    behind("DELETE FROM audit_payload")
    assert found(filled) == {"F_LEDGER_ERASED"}


def test_every_call_moves_the_head(ledger: Ledger, revise: Revise) -> None:
    """Each recorded act is an entry of its own, so the head names exactly what was before it."""
    heads = [ledger.head]
    revise({"a": ("示例", None)})
    heads.append(ledger.head)
    with ledger.write(actor="wang", kind="note", now=NOW) as tx:
        heads += [tx.audit("note", "x", {}), tx.audit("note", "x", {})]
    assert (len(set(heads)), ledger.head) == (4, heads[-1])


def test_the_same_acts_give_the_same_head(tmp_path: Path) -> None:
    """No chance is in the chain: copies made from equal ledgers are equal bytes."""
    heads = []
    for name in ("one.db", "two.db"):
        with create(tmp_path / name, ledger_id="sample", key=b"k" * 32, now=NOW) as one:
            with one.write(actor="wang", kind="note", now=NOW) as tx:
                tx.audit("note", "x", {"phone": "138"})
            heads.append(one.head)
    assert heads[0] == heads[1]
