"""Numbers, money, percentages, progress, scores."""

from __future__ import annotations

from decimal import Decimal

import pytest

from custsheet.fields.base import Constraint
from custsheet.model import Cell, Unreadable

D = Decimal


def number(raw: str, style: str = "general") -> Cell:
    return Cell("number", raw, style)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        (number("1137.5"), D("1137.5"), ""),
        (number("2.00"), D(2), ""),
        (number("-0"), D(0), ""),
        (number("0.10000000000000001"), D("0.1"), ""),
        (number("0.33333333333333331"), D("0.333333333333333"), ""),
        (number("1.1375E3"), D("1137.5"), ""),
        (number("1e999"), None, "R_VALUE"),
        (number("NaN"), None, "R_VALUE"),
        (number("abc"), None, "R_VALUE"),
        (number("1_000"), None, "R_VALUE"),
        (number("9" * 5000), None, "R_VALUE"),
        (number("46329", "date"), None, "R_VALUE"),
        (Cell("bool", "TRUE"), None, "R_VALUE"),
        (Cell("error", "#DIV/0!"), None, "R_CELL_ERROR"),
        (Cell("number", "2550", "general", "A1*2"), None, "R_FORMULA"),
        (number("12345678901234567890"), D("12345678901234600000"), "F_PRECISION"),
        (number("12345678901234567.89"), D("12345678901234600"), "F_PRECISION"),
        ("12345678901234567890", D("12345678901234600000"), "F_PRECISION"),
        ("12,345,678,901,234,567", D("12345678901234600"), "F_PRECISION"),
        ("123456789012345.6", D("123456789012346"), "F_PRECISION"),
        ("¥12,345,678,901,234.567", D("12345678901234.6"), "F_PRECISION"),
        ("0.30000000000000004", D("0.3"), ""),  # as programs write what they counted
        ("2.2999999999999998", D("2.3"), ""),
        ("33.333333333333336", D("33.3333333333333"), ""),
        ("1137.5", D("1137.5"), ""),
        ("1,137.5", D("1137.5"), "F_REPAIRED"),
        ("１２００", D(1200), "F_REPAIRED"),
        ("12万", D(120000), "F_REPAIRED"),
        ("3.5亿", D(350000000), "F_REPAIRED"),
        ("5千", D(5000), "F_REPAIRED"),
        ("12w", D(120000), "F_REPAIRED"),
        ("(1,234)", D(-1234), "F_REPAIRED"),
        ("−5", D(-5), "F_REPAIRED"),
        ("'120", D(120), "F_REPAIRED"),
        ("20%", D("0.2"), "F_REPAIRED"),
        ("1,23", None, "R_VALUE"),
        ("12-15万", None, "R_VALUE"),
        ("约12万", None, "R_VALUE"),
        ("1.234.567,89", None, "R_VALUE"),
        ("二十", None, "R_VALUE"),
        ("#REF!", None, "R_CELL_ERROR"),
        ("\u3000", None, ""),
    ],
)
def test_numbers(field, outcome, typed: str | Cell, value: Decimal | None, code: str) -> None:
    """Exact at 15 digits; units and separators are repairs; ranges and guesses are refused (R022, P51, MERGE 1, 39)."""
    assert outcome(field("number"), typed) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("¥120,000", D(120000), ""),
        ("￥１２０，０００", D(120000), "F_REPAIRED"),
        ("120000元", D(120000), "F_REPAIRED"),
        ("人民币 5 万元", D(50000), "F_REPAIRED"),
        ("RMB 3.5亿", D(350000000), "F_REPAIRED"),
        ("$100", None, "R_VALUE"),
        ("¥5 USD", None, "R_VALUE"),
        ("20%", None, "R_VALUE"),
    ],
)
def test_money(field, outcome, typed: str, value: Decimal | None, code: str) -> None:
    """The field's own currency may stand beside the figure; another one is refused, it is worth something else."""
    assert outcome(field("money", currency="CNY"), typed) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("20%", D("0.2"), ""),
        ("20％", D("0.2"), "F_REPAIRED"),
        ("12.5%", D("0.125"), ""),
        (number("0.2", "percent"), D("0.2"), ""),
        (number("0.2"), D("0.2"), ""),
        (number("1.5", "percent"), D("1.5"), ""),
        (number("20"), D("0.2"), "F_REPAIRED"),
        ("20", D("0.2"), "F_REPAIRED"),
        (number("1"), D(1), "F_REPAIRED"),
        (number("46329", "date"), None, "R_VALUE"),
        ("¥20", None, "R_VALUE"),
    ],
)
def test_percent(field, outcome, typed: str | Cell, value: Decimal | None, code: str) -> None:
    """A share is a fraction; 20 that lost its percent format was meant as 20%, and that is said."""
    assert outcome(field("percent"), typed) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        (number("4"), 4, ""),
        (number("4.0"), 4, ""),
        ("4", 4, ""),
        ("4分", 4, "F_REPAIRED"),
        ("４", 4, "F_REPAIRED"),
        ("4/5", 4, "F_REPAIRED"),
        ("★★★☆☆", 3, "F_REPAIRED"),
        ("8/10", None, "R_VALUE"),
        ("6", None, "R_VALUE"),
        (number("4.5"), None, "R_VALUE"),
        (number("0.2", "percent"), None, "R_VALUE"),
        ("满意", None, "R_VALUE"),
    ],
)
def test_score(field, outcome, typed: str | Cell, value: int | None, code: str) -> None:
    """A score is a whole number from 1 to 5, in digits, 分 or stars (R024)."""
    parsed, said = outcome(field("score"), typed)

    assert (parsed, said) == (value, code)
    assert value is None or type(parsed) is int


def test_a_number_that_became_a_date_is_shown_as_that_date(field, read) -> None:
    """The manager sees the date that the member saw, not a serial."""
    assert read(field("money"), number("46329", "date")).value == Unreadable("2026-11-03")


@pytest.mark.parametrize(
    ("kind", "settings", "number_format", "width"),
    [
        ("number", {}, "General", 0),
        ("number", {"decimals": 2}, "0.00_0", 0),
        ("money", {}, "#,##0_0", 11.5),
        ("money", {"decimals": 2}, "#,##0.00_0", 11.5),
        ("percent", {}, "0%_0", 10),
        ("percent", {"decimals": 1}, "0.0%_0", 10),
        ("progress", {}, "0%_0", 10),
    ],
)
def test_number_formats(field, kind: str, settings: dict[str, int], number_format: str, width: float) -> None:
    """Formats of LOOK 4, numbers on the right."""
    show = field(kind, **settings).show()

    assert (show.number_format, show.width, show.align) == (number_format, width, "right")


@pytest.mark.parametrize(
    ("kind", "currency", "decimals", "value", "zh"),
    [
        ("money", "CNY", None, D(120000), "¥120,000"),
        ("money", "CNY", 2, D("-1137.5"), "-¥1,137.50"),
        ("money", "USD", None, D("0.5"), "$0.5"),
        ("money", "CHF", None, D(5), "5 CHF"),
        ("number", "", None, D(1998), "1998"),
        ("percent", "", None, D("0.125"), "12.5%"),
        ("percent", "", None, D(1), "100%"),
    ],
)
def test_numbers_in_sentences(field, kind: str, currency: str, decimals: int | None, value: Decimal, zh: str) -> None:
    """Money has its sign, shares their percent, years no commas."""
    assert field(kind, currency=currency, decimals=decimals).text(value, language="zh") == zh


def test_bounds_reach_excel_pandera_and_the_guide(field) -> None:
    """One min and max in the schema serve limit, constraint and sentence."""
    bounded = field("number", min=D(0), max=D(100), required=True)

    assert (bounded.limit().low, bounded.limit().high) == ("0", "100")
    assert list(bounded.constraints()) == [Constraint("required"), Constraint("min", D(0)), Constraint("max", D(100))]
    assert list(bounded.say(language="zh")) == ["必填。", "写一个数，比如 1200。", "在 0 和 100 之间。"]


def test_progress_runs_from_nothing_to_all(field, outcome) -> None:
    """60 without a percent sign is 60%; the bounds are 0 and 1."""
    progress = field("progress")

    assert outcome(progress, number("60")) == (D("0.6"), "F_REPAIRED")
    assert [c.argument for c in progress.constraints()] == [D(0), D(1)]
