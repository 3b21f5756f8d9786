"""Rows: written as revisions, read now and as they were, with the history of every cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from custsheet.errors import Bug, CallError, LedgerError
from custsheet.ledger.store import Ledger, open_ledger
from custsheet.model import Change, Table, Unreadable
from custsheet.schema.records import Schema

Revise = Callable[..., int]
NOW = "2026-11-20T09:00:00"

A, B, C = {"a": ("华兴贸易", "138")}, {"b": ("示例公司", None)}, {"c": ("远方示例", "139")}


def names(ledger: Ledger, schema: Schema, revision: int | None = None) -> dict[str, object]:
    return {rid: row[0] for rid, row in ledger.tables(schema, revision)["customers"].items()}


def test_values_come_back_in_canonical_form(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """Every type of value, blank and unreadable among them, is read back equal, in the schema's order of fields."""
    row = ("示例公司", Unreadable("1.38E+10", "R_VALUE"), Decimal("12.50"), dt.date(2026, 11, 27), ("VIP", "老客户"))
    revise({"a": row, "b": (None,) * 5}, fields=tuple(schema.tables["customers"].fields))
    table = ledger.tables(schema)["customers"]
    assert table.rows == (row, (None,) * 5)
    assert table.get("a", "phone").code == "R_VALUE"


def test_rows_stand_in_the_order_of_first_appearance(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """A row keeps its place, whatever the order of the next state and however often it goes and comes back."""
    revise(B | A)
    revise(C | A)
    revise(C | A | B)
    assert list(names(ledger, schema)) == ["b", "a", "c"]


def test_a_deleted_row_is_kept_and_can_come_back(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """Deleting is soft: the row is among those gone with its values, and is restored with its history."""
    revise(A | B)
    revise(A)
    assert (names(ledger, schema), ledger.gone(schema)["customers"].rids) == ({"a": "华兴贸易"}, ("b",))
    assert ledger.gone(schema)["customers"].get("b", "name") == "示例公司"
    revise(A | B)
    acts = [entry.act for entry in ledger.history("customers", "b", schema) if not entry.field]
    assert (acts, ledger.gone(schema)["customers"].rids) == (["added", "deleted", "restored"], ())


def test_each_revision_reads_as_it_was(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """The rows as of a revision never change, whatever comes after it."""
    states = [A, A | B, B, B | A | C, {"a": ("改名", None)} | C]
    for state in states:
        revise(state)
    seen = [dict(ledger.tables(schema, number)["customers"].by_rid) for number in range(1, 6)]
    assert [{rid: row[:2] for rid, row in one.items()} for one in seen] == [dict(state) for state in states]
    assert names(ledger, schema, 0) == {}


def test_history_tells_who_changed_a_cell_and_why(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """Each step of a cell has its old and new value, revision, actor, cause, members and files."""
    revise(A, kind="import")
    change = Change("customers", "a", "phone", "138", None, members=("wang", "li"), cause="resolution")
    revise({"a": ("华兴贸易", None)}, change, files={("customers", "a", "phone"): ("f" * 64,)})
    first, second = ledger.history("customers", "a", schema, "phone")
    assert (first.old, first.new, first.cause, first.kind) == (None, "138", "import", "import")
    assert (second.revision, second.old, second.new, second.actor) == (2, "138", None, "wang")
    assert (second.cause, second.members, second.files) == ("resolution", ("wang", "li"), ("f" * 64,))


def test_a_revision_lists_its_changes(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """What a revision changed can be read back as changes, with the values before it."""
    revise(A | B)
    revise({"a": ("华兴", "138")} | C)
    found = [(c.kind, c.rid, c.field, c.old, c.new) for c in ledger.changes(2, schema)]
    assert found == [
        ("delete", "b", "", None, None),
        ("add", "c", "", None, None),
        ("cell", "a", "name", "华兴贸易", "华兴"),
        ("cell", "c", "name", None, "远方示例"),
        ("cell", "c", "phone", None, "139"),
    ]


def test_what_the_next_state_does_not_name_stays(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """A table or field that the next state lacks is not touched: absent is never blank (L12)."""
    revise(A)
    with ledger.write(actor="wang", kind="set", now=NOW) as tx:
        tx.revise({"log": Table("log", ("note",), ("n",), (("第一条",),))}, (), schema)
    revise({"a": ("华兴",)}, fields=("name",))
    assert ledger.tables(schema)["customers"].by_rid["a"][:2] == ("华兴", "138")
    assert ledger.tables(schema)["log"].column("note") == ["第一条"]


def test_equal_rows_give_the_same_state_digest(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """The digest is one of content: going back to a state gives its digest again (L9)."""
    for state in (A | B, A, B | A):
        revise(state)
    first, second, third = (revision.state_digest for revision in ledger.revisions())
    assert (first == third, first == second) == (True, False)


def test_the_same_row_id_in_two_tables_is_two_rows(ledger: Ledger, schema: Schema) -> None:
    """A row is named by table and row id."""
    target = {
        "customers": Table("customers", ("name",), ("x",), (("示例",),)),
        "log": Table("log", ("note",), ("x",), (("记一笔",),)),
    }
    with ledger.write(actor="wang", kind="import", now=NOW) as tx:
        tx.revise(target, (), schema)
    assert [ledger.tables(schema)[t].rows[0][0] for t in target] == ["示例", "记一笔"]


def test_reads_inside_a_write_see_it(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """While a transaction is open its own reads see what it wrote, and nothing of it stays after a rollback."""
    revise(A)

    def write_and_stop() -> None:
        with ledger.write(actor="wang", kind="set", now=NOW) as tx:
            tx.revise({"customers": Table("customers", ("name",), ("a",), (("改",),))}, (), schema)
            assert (ledger.revision(), names(ledger, schema)) == (2, {"a": "改"})
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_and_stop()
    assert (ledger.revision(), names(ledger, schema), ledger.verify(full=True)) == (1, {"a": "华兴贸易"}, [])


def test_another_run_s_revision_is_seen(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """Rows kept in memory are not taken for the truth once another run has written."""
    revise(A)
    with open_ledger(ledger.path) as other:
        names(other, schema)
        revise(A | B)
        assert list(names(other, schema)) == ["a", "b"]


def test_a_state_computed_from_older_rows_is_not_written(ledger: Ledger, revise: Revise) -> None:
    """Whoever computed from revision 1 does not overwrite revision 2."""
    revise(A)
    revise(A | B)
    with pytest.raises(LedgerError) as stopped:
        revise(A, based_on=1)
    assert (stopped.value.code, ledger.revision()) == ("LEDGER_MOVED", 2)


def test_misuse_is_a_bug_and_writes_nothing(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """A nested write, an unknown field or table, and a revision that is not there are refused by name."""
    with pytest.raises(Bug, match="LEDGER_FIELD"):
        revise({"a": ("x",)}, fields=("colour",))
    with pytest.raises(CallError, match="REVISION_UNKNOWN"):
        ledger.tables(schema, 7)
    with ledger.write(actor="wang", kind="set", now=NOW), pytest.raises(Bug, match="LEDGER_NESTED"):
        revise(A)
    assert ledger.revision() == 0


def test_a_ledger_reopens_as_it_was_left(ledger: Ledger, schema: Schema, revise: Revise) -> None:
    """Closing and opening changes nothing: id, key, head, rows."""
    revise(A | B)
    before = (ledger.id, ledger.key, ledger.head, dict(ledger.tables(schema)))
    ledger.close()
    with open_ledger(ledger.path) as again:
        assert (again.id, again.key, again.head, dict(again.tables(schema))) == before
