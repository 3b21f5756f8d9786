"""What one cell cannot tell its column may: dates whose day and month could be either way round (P05, P06, P20)."""

from __future__ import annotations

import datetime as dt

import pytest

from custsheet.fields.moments import column_order
from custsheet.model import Cell

_TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["25/11/2026", "13.12.2026", "3/4/2026"], "day"),
        (["11/25/2026", "12-13-2026", "3/4/2026"], "month"),
        (["25/11/2026", "3/4/2026"], ""),  # one date may be a slip
        (["25/11/2026", "11/25/2026", "13/1/2026"], ""),  # they contradict each other
        (["5/5/2026", "2026-11-25", "明天", "31/31/2026", "99/99/2026"], ""),
        ([], ""),
    ],
)
def test_the_order_of_a_column(column: list[str], order: str) -> None:
    """Two dates that can be read in one way only decide; one, or two that differ, do not."""
    assert column_order(column) == order


def test_an_ambiguous_date_is_read_as_its_column(field, read) -> None:
    """Never silently: the note has what was typed and what it was read as; without an order it is refused."""
    date = field("date")
    parsed = date.parse(_text("3/4/2026"), language="zh", today=_TODAY, order="day")
    assert parsed.value.isoformat() == "2026-04-03"
    assert [(n.code, n.old, n.new) for n in parsed.notes] == [("F_DATE_BY_COLUMN", "3/4/2026", "2026-04-03")]
    assert date.parse(_text("3/4/2026"), language="zh", today=_TODAY, order="month").value.isoformat() == "2026-03-04"
    assert read(date, "3/4/2026").value.code == "R_DATE_AMBIGUOUS"


def test_the_order_of_a_column_beats_that_of_the_language(field) -> None:
    """In an English copy 3/4 counts as March unless the column says otherwise; a sure date is never turned round."""
    date = field("date")
    assert date.parse(_text("3/4/2026"), language="en", today=_TODAY, order="day").value.isoformat() == "2026-04-03"
    assert date.parse(_text("11/25/2026"), language="en", today=_TODAY, order="day").value.isoformat() == "2026-11-25"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("phone", "“13800138000”", "13800138000"),
        ("date", "「2026-11-03」", "2026-11-03"),
        ("number", "'12'", "12"),
        ("percent", "＂20%＂", "0.2"),
        ("bool", "“是”", "True"),
    ],
)
def test_quotes_around_a_value_are_taken_off_and_told(field, read, kind: str, typed: str, value: str) -> None:
    """Smart quotes, corner brackets and apostrophes that came with a paste are no part of it (P47)."""
    parsed = read(field(kind), typed)
    assert str(parsed.value) == value
    assert [note.code for note in parsed.notes] == ["F_REPAIRED"]


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("潛在客戶", "潜在客户"), ("意向客尸", "意向客户"), ("丢失 客 户 了", ""), ("完全别的", "")],
)
def test_a_pasted_over_option_names_the_nearest(field, read, statuses, typed: str, nearest: str) -> None:
    """Traditional signs and slips are no option and not guessed: the refusal names the one that was meant (P26)."""
    parsed = read(field("choice", options=statuses), typed)
    assert parsed.value.raw == typed
    assert dict(parsed.facts).get("nearest_zh", "") == nearest


def test_blanks_inside_an_option_do_not_matter(field, outcome, statuses) -> None:
    """The option is found where only one has these signs, and that is told."""
    assert outcome(field("choice", options=statuses), "意向\u3000 客户") == ("意向客户", "F_REPAIRED")


def _text(typed: str) -> Cell:
    return Cell("text", typed)
