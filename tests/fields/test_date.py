"""Dates: what people type, and what a sheet holds."""

from __future__ import annotations

import datetime as dt

import pytest

from custsheet.model import Cell

NOV3 = dt.date(2026, 11, 3)


def number(raw: str, style: str = "general") -> Cell:
    return Cell("number", raw, style)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("2026-11-03", NOV3, ""),
        ("2026/11/3", NOV3, ""),
        ("2026-11-03 00:00:00", NOV3, ""),
        ("2026-11-03T00:00:00", NOV3, ""),
        ("2026.11.3", NOV3, "F_REPAIRED"),
        ("2026年11月3日", NOV3, "F_REPAIRED"),
        ("2026 年 11 月 3 号", NOV3, "F_REPAIRED"),
        ("26年11月3日", NOV3, "F_REPAIRED"),
        ("20261103", NOV3, "F_REPAIRED"),
        ("２０２６－１１－０３", NOV3, "F_REPAIRED"),
        ("'2026-11-3", NOV3, "F_REPAIRED"),
        ("2026年11月3日 星期二", NOV3, "F_REPAIRED"),
        ("2026-11-03 15:30", NOV3, "F_REPAIRED"),
        ("2026年11月3日下午3点半", NOV3, "F_REPAIRED"),
        ("13/11/2026", dt.date(2026, 11, 13), "F_REPAIRED"),
        ("11/13/2026", dt.date(2026, 11, 13), "F_REPAIRED"),
        ("5/5/2026", dt.date(2026, 5, 5), "F_REPAIRED"),
        ("3 Nov 2026", NOV3, "F_REPAIRED"),
        ("November 3, 2026", NOV3, "F_REPAIRED"),
        ("11月3日", NOV3, "F_DATE_ASSUMED"),
        ("11-3", NOV3, "F_DATE_ASSUMED"),
        ("3-Nov", NOV3, "F_DATE_ASSUMED"),
        ("1月5日", dt.date(2027, 1, 5), "F_DATE_ASSUMED"),
        ("6月1日", dt.date(2026, 6, 1), "F_DATE_ASSUMED"),
        ("2月29日", dt.date(2028, 2, 29), "F_DATE_ASSUMED"),
        ("今天", None, "R_VALUE"),
        ("明天", None, "R_VALUE"),
        ("后天", None, "R_VALUE"),
        ("昨天", None, "R_VALUE"),
        ("本周五", dt.date(2026, 11, 20), "F_DATE_ASSUMED"),
        ("周三", None, "R_VALUE"),
        ("下周三", dt.date(2026, 11, 25), "F_DATE_ASSUMED"),
        ("下下周日", dt.date(2026, 12, 6), "F_DATE_ASSUMED"),
        ("上个星期一", dt.date(2026, 11, 9), "F_DATE_ASSUMED"),
        ("月底", dt.date(2026, 11, 30), "F_DATE_ASSUMED"),
        ("下月底", dt.date(2026, 12, 31), "F_DATE_ASSUMED"),
        ("年底", dt.date(2026, 12, 31), "F_DATE_ASSUMED"),
        ("下个月3号", dt.date(2026, 12, 3), "F_DATE_ASSUMED"),
        ("3天后", None, "R_VALUE"),
        ("两周后", None, "R_VALUE"),
        ("三个月后", None, "R_VALUE"),
        ("3/4/2026", None, "R_DATE_AMBIGUOUS"),
        ("3.4.2026", None, "R_DATE_AMBIGUOUS"),
        ("2026年11月3日 星期三", None, "R_VALUE"),
        ("2026-02-30", None, "R_VALUE"),
        ("1899-12-31", None, "R_VALUE"),
        ("11月27号左右", None, "R_VALUE"),
        ("2026.11", None, "R_VALUE"),
        ("下周", None, "R_VALUE"),
        ("27/11", None, "R_VALUE"),
        ("26/11/3", None, "R_VALUE"),
        ("待定", None, "R_VALUE"),
        (" \xa0", None, ""),
    ],
)
def test_dates_typed_as_text(field, outcome, typed: str, value: dt.date | None, code: str) -> None:
    """Clear forms are read; what was assumed is said; what could be two days is not guessed (R005, P04, P05, P06)."""
    assert outcome(field("date"), typed) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("3/4/2026", dt.date(2026, 3, 4), "F_DATE_ORDER"),
        ("27/11", dt.date(2026, 11, 27), "F_DATE_ASSUMED"),
        ("next Friday", dt.date(2026, 11, 27), "F_DATE_ASSUMED"),
        ("in 2 weeks", None, "R_VALUE"),
        ("end of month", dt.date(2026, 11, 30), "F_DATE_ASSUMED"),
        ("3.4.2026", None, "R_DATE_AMBIGUOUS"),
    ],
)
def test_dates_typed_in_an_english_copy(field, outcome, typed: str, value: dt.date | None, code: str) -> None:
    """English copies take month before day, and say so."""
    assert outcome(field("date"), typed, "en") == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (number("46329", "date"), NOV3, ""),
        (number("46329.5", "date"), NOV3, "F_REPAIRED"),
        (number("61", "date"), dt.date(1900, 3, 1), ""),
        (number("2958465", "date"), dt.date(9999, 12, 31), ""),
        (number("46329"), NOV3, "F_DATE_SERIAL"),
        (number("46329.0"), NOV3, "F_DATE_SERIAL"),
        (number("20261103"), NOV3, "F_REPAIRED"),
        (number("60", "date"), None, "R_VALUE"),
        (number("-1", "date"), None, "R_VALUE"),
        (number("10000000000", "date"), None, "R_VALUE"),
        (number("1e999", "date"), None, "R_VALUE"),
        (number("abc"), None, "R_VALUE"),
        (number("12"), None, "R_VALUE"),
        (number("0.2", "percent"), None, "R_VALUE"),
        (number("0.5", "time"), None, "R_VALUE"),
        (Cell("bool", "TRUE"), None, "R_VALUE"),
        (Cell("error", "#REF!"), None, "R_CELL_ERROR"),
        (Cell("number", "46347", "date", "TODAY()"), None, "R_FORMULA"),
        (None, None, ""),
    ],
)
def test_dates_as_cells(field, outcome, cell: Cell | None, value: dt.date | None, code: str) -> None:
    """Serials are dates under a date format, or near today; the rest is refused, never blank (MERGE 39, 40, 48)."""
    assert outcome(field("date"), cell) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-11-03 15:30", "2026-11-03 15:30:00"),
        ("2026/11/3 9:05:07", "2026-11-03 09:05:07"),
        ("2026年11月3日下午3点半", "2026-11-03 15:30:00"),
        ("下周三 上午10:00", "2026-11-25 10:00:00"),
        ("11/3/2026 3:30 pm", None),
        ("2026-11-03", "2026-11-03 00:00:00"),
        ("2026-11-03 25:00", None),
        (number("46329.6458333333", "date"), "2026-11-03 15:30:00"),
        (number("46329.99999999", "date"), "2026-11-04 00:00:00"),
    ],
)
def test_moments_are_read_to_the_second(field, outcome, typed: str | Cell, value: str | None) -> None:
    """Date and time in Chinese and ISO forms; serials round to the second (MERGE 1)."""
    expected = value and dt.datetime.fromisoformat(value)

    assert outcome(field("datetime"), typed)[0] == expected


def test_a_refused_date_says_what_to_write(field, read) -> None:
    """The refusal carries both readings and an example, in the language of the copy."""
    facts = dict(read(field("date"), "3/4/2026").facts)

    assert (facts["one"], facts["other"]) == ("2026-03-04", "2026-04-03")
    assert facts["expected_zh"] == "写成年-月-日，比如 2026-03-04。"


def test_bounds_of_a_date_are_serials_with_a_warning(field) -> None:
    """Nobody is locked out by a date (LOOK 7): 1990 to 2100, red for text."""
    limit = field("date").limit()

    assert (limit.kind, limit.low, limit.high, limit.severity) == ("date", "32874", "73415", "warning")
    assert "ISTEXT({cell})" in limit.wrong
