"""What does not hold in a row is found at its cell, in words that name only what the member sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from custsheet.checks import CheckRow, check
from custsheet.expr import Related
from custsheet.fields import make
from custsheet.fields.base import Spec, Text
from custsheet.model import Finding, Unreadable, Value
from custsheet.schema.records import TableDef
from custsheet.wording import message_of

Make = Callable[..., CheckRow]


@pytest.fixture
def found(customers: TableDef, today: dt.date) -> Callable[..., list[Finding]]:
    def of(*rows: CheckRow, related: Callable[[str], Related] | None = None, language: str = "zh") -> list[Finding]:
        return [f for _, f in check(customers, rows, today=today, related=related, language=language)]  # type: ignore[arg-type]

    return of


def seen(finding: Finding) -> tuple[str, str, str, str, str]:
    """Return what a person and a script look for in a finding."""
    return (finding.code, finding.where.field, finding.where.cell, finding.rule, finding.value)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", None, ("R_REQUIRED", "name", "A3", "required", "")),
        ("name", "", ("R_REQUIRED", "name", "A3", "required", "")),
        ("name", "一二三四五六七八九十一", ("R_VALUE", "name", "A3", "max_length", "一二三四五六七八九十一")),
        ("name", "示例!", ("R_VALUE", "name", "A3", "pattern", "示例!")),
        ("phone", "1380013", ("R_VALUE", "phone", "B3", "phone", "1380013")),
        ("email", "wang.example.com", ("R_VALUE", "email", "C3", "email", "wang.example.com")),
        ("status", "已丢失", ("R_VALUE", "status", "D3", "one_of", "已丢失")),
        ("tags", ("重点", "远"), ("R_VALUE", "tags", "E3", "each_of", "重点、远")),
        ("amount", Decimal(-1), ("R_VALUE", "amount", "F3", "min", "-1")),
        ("amount", Decimal("100.5"), ("R_VALUE", "amount", "F3", "max", "100.5")),
        ("owner", None, ("R_REQUIRED", "owner", "I3", "required", "")),
    ],
)
def test_each_constraint_is_found_at_its_cell(
    field: str, value: Value, expected: tuple[str, ...], found: Any, row: Make
) -> None:
    """A value that a constraint does not let pass is rejected, with the constraint's name and what stood there."""
    findings = found(row(changed=field, **{field: value}))
    assert [expected] == [seen(f) for f in findings]
    assert (findings[0].severity, findings[0].origin, findings[0].member) == ("rejected", "edit", "m1")


@pytest.mark.parametrize(
    ("values", "severity", "expected"),
    [
        ({"next": None}, "error", ("F_RULE", "next", "G3", "plan", "")),
        ({"last": dt.date(2026, 12, 1)}, "warning", ("F_RULE", "next", "G3", "order", "2026-11-27")),
        (
            {"next": dt.date(2026, 11, 19), "last": None},
            "warning",
            ("F_RULE", "next", "G3", "past", "2026-11-19"),
        ),
        ({"next": dt.date(2025, 1, 1), "last": None}, "rejected", ("R_VALUE", "next", "G3", "min", "2025-01-01")),
    ],
)
def test_each_row_rule_is_found_once_at_the_cell_to_fill_in(
    values: dict[str, Value], severity: str, expected: tuple[str, ...], found: Any, row: Make
) -> None:
    """A rule that does not hold is one finding with the rule's name and severity, not one per column."""
    findings = found(row(changed="next last", **values))
    assert [(severity, expected)] == [(f.severity, seen(f)) for f in findings if seen(f) == expected]
    assert len(findings) == len({f.rule for f in findings})


def test_row_in_order_says_nothing(found: Any, row: Make) -> None:
    """Good rows and blanks in fields that need no value bring no finding."""
    assert found(row(), row(phone=None, email=None, tags=None, amount=None, last=None), row(tags=())) == []


def test_no_rows_say_nothing(found: Any) -> None:
    """A table of which nothing came back is in order."""
    assert found() == []


def test_one_bad_cell_does_not_hide_another(found: Any, row: Make) -> None:
    """Junk in one row leaves what is wrong in the same column of another row to be found."""
    junk = row(next=Unreadable("下周"), amount=Unreadable("约5万"), status=Unreadable("?"), name=Unreadable("#REF!"))
    late, low = row(next=dt.date(2026, 11, 1), last=None, number=4), row(amount=Decimal(-5), number=5)
    assert [(f.code, f.where.cell, f.rule) for f in found(junk, late, low)] == [
        ("F_RULE", "G4", "past"),
        ("R_VALUE", "F5", "min"),
    ]


def test_findings_of_one_row_do_not_hide_each_other(found: Any, row: Make) -> None:
    """Everything that is wrong in one row is told at once, in the order of its columns, then its rules."""
    bad = row(name=None, phone="1", status="x", tags=("远",), amount=Decimal(-1), next=None, owner=None)
    assert [f.rule for f in found(bad)] == ["required", "phone", "one_of", "each_of", "min", "required", "plan"]


def test_findings_come_with_the_index_of_their_row(customers: TableDef, today: dt.date, row: Make) -> None:
    """Rows of several copies are checked in one call; each finding says which row it is about."""
    rows = [row(), row(name=None), row(), row(next=None)]
    assert [(index, f.rule) for index, f in check(customers, rows, today=today, language="zh")] == [
        (1, "required"),
        (3, "plan"),
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [("", "inherited"), ("name", "inherited"), ("status", "edit"), ("next", "edit")],
)
def test_finding_is_an_edit_if_one_of_its_cells_was_changed_here(
    changed: str, expected: str, found: Any, row: Make
) -> None:
    """A broken rule that this copy did not touch was there before."""
    assert [expected] == [f.origin for f in found(row(changed=changed, next=None))]


def test_constraint_is_an_edit_only_if_its_own_cell_was_changed(found: Any, row: Make) -> None:
    """A blank that was there before stays inherited whatever else was typed in the row."""
    assert [(f.where.field, f.origin) for f in found(row(changed="next", name=None))] == [("name", "inherited")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_name_only_what_the_member_sees(language: str, customers: TableDef, found: Any, row: Make) -> None:
    """A rule about an unseen field is told at a seen cell, and no fact of it names the unseen field or its value."""
    (finding,) = found(row(see="name status", changed="status", next=None), language=language)
    assert ("F_RULE", "status", "D3", "plan", "潜在客户" if language == "zh" else "Prospect") == seen(finding)
    assert customers.fields["next"].spec.title[language] not in str(finding.facts)


def test_what_a_member_does_not_see_is_not_told(found: Any, row: Make) -> None:
    """Findings about fields that are not in the copy are left out altogether."""
    assert found(row(see="phone email", changed="phone", name=None, next=None, owner=None)) == []


def test_unreadable_cell_is_not_called_blank_nor_a_broken_rule(found: Any, row: Make) -> None:
    """What nobody could read has its own finding from intake: it is neither missing nor in the wrong order."""
    assert found(row(changed="next", name=Unreadable("#N/A"), next=Unreadable("下周"), last=dt.date(2027, 1, 1))) == []


def test_columns_without_a_single_value(found: Any, row: Make) -> None:
    """A column that is blank in every row is checked like any other."""
    blank = dict.fromkeys(("phone", "email", "tags", "amount", "next", "last"))
    assert [f.rule for f in found(row(**blank), row(**blank, number=4))] == ["plan", "plan"]


def test_many_bad_rows_are_all_found(found: Any, row: Make) -> None:
    """No limit on failures cuts the list short."""
    rows = [row(name=None, number=number) for number in range(3, 203)]
    assert [f"A{number}" for number in range(3, 203)] == [f.where.cell for f in found(*rows)]


def test_rule_over_related_rows_waits_for_them(found: Any, row: Make) -> None:
    """A rule that counts another table's rows is decided only where those rows are given."""

    def related(rid: str) -> Related:
        return lambda table, via: [{"rid": rid, "table": table, "via": via}] * 2

    assert (found(row()), [f.rule for f in found(row(), related=related)]) == ([], ["busy"])


def test_table_rules_are_left_to_the_merge(found: Any, row: Make) -> None:
    """Two rows of two copies with one phone number are not a matter of one row."""
    assert found(row(), row(number=4)) == []


def test_two_tables_do_not_mix(customers: TableDef, today: dt.date, row: Make) -> None:
    """Each table is checked by its own fields, also where they are called the same."""
    spec = Spec("name", "text", Text("名称", "Name"), required=True, max_length=2)
    other = TableDef("goals", Text("目标", "Goals"), {"name": make(spec)})
    rows = [CheckRow("g1", ("三个字",), frozenset(), {"name": row().refs["name"]})]
    assert check(customers, [row(name="三个字")], today=today, language="zh") == []
    assert [f.rule for _, f in check(other, rows, today=today, language="zh")] == ["max_length"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_can_be_said(language: str, found: Any, row: Make) -> None:
    """No fact that a wording asks for is missing, in either language."""
    bad = row(name=None, phone="1", status="x", tags=("远",), amount=Decimal(-1), next=dt.date(2025, 1, 1), email="x")
    long = row(name="x" * 11, amount=Decimal(101), next=None, number=4)
    for finding in found(bad, long, language=language):
        assert "…" not in "".join(message_of(finding, language))


def test_rule_is_told_in_the_words_of_the_sheet(found: Any, row: Make) -> None:
    """A finding says the rule as a sentence, with the options as the copy shows them."""
    (finding,) = found(row(changed="next", next=None), language="en")
    assert "When Status is not “Lost”, fill in Next follow-up" in message_of(finding, "en")[0]
    assert "下次跟进时间" in message_of(finding, "zh")[0]
