"""Phone numbers."""

from __future__ import annotations

import pytest

from custsheet.model import Cell


def number(raw: str) -> Cell:
    return Cell("number", raw)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("13800138000", "13800138000", ""),
        ("0571-88880000", "0571-88880000", ""),
        ("0571-88880000-123", "0571-88880000-123", ""),
        ("4001234567", "4001234567", ""),
        ("10086", "10086", ""),
        ("１３８ 0013-8000", "13800138000", "F_REPAIRED"),
        ("+86 138 0013 8000", "13800138000", "F_REPAIRED"),
        ("0086-13800138000", "13800138000", "F_REPAIRED"),
        ("86-571-88880000", "0571-88880000", "F_REPAIRED"),
        ("+86 10 8888 0000", "010-88880000", "F_REPAIRED"),
        ("+86 412 123 4567", "0412-1234567", "F_REPAIRED"),
        ("057188880000", "0571-88880000", "F_REPAIRED"),
        ("(0571)8888 0000", "0571-88880000", "F_REPAIRED"),
        ("0571-88880000转123", "0571-88880000-123", "F_REPAIRED"),
        ("0571 88880000 ext. 123", "0571-88880000-123", "F_REPAIRED"),
        ("电话：13800138000", "13800138000", "F_REPAIRED"),
        ("'13800138000", "13800138000", "F_REPAIRED"),
        ("013700000000", "13700000000", "F_REPAIRED"),
        ("400-123-4567", "4001234567", "F_REPAIRED"),
        ("+1 202-555-0123", "+12025550123", "F_REPAIRED"),
        ("+852 2123 4567", "+85221234567", "F_REPAIRED"),
        ("13800138000.0", "13800138000", "F_PHONE_NUMBER"),
        ("1.3800138E+10", "13800138000", "F_PHONE_NUMBER"),
        ("1.38E+10", None, "R_DIGITS_LOST"),
        ("1.38001E+10", None, "R_DIGITS_LOST"),
        ("1380013800", None, "R_VALUE"),
        ("138001380001", None, "R_VALUE"),
        ("88880000", None, "R_VALUE"),
        ("+999 12", None, "R_VALUE"),
        ("13800138000/13900139000", None, "R_VALUE"),
        ("见备注", None, "R_VALUE"),
        (number("13800138000"), "13800138000", "F_PHONE_NUMBER"),
        (number("13800138000.0"), "13800138000", "F_PHONE_NUMBER"),
        (number("1.3800138E+10"), "13800138000", "F_PHONE_NUMBER"),
        (number("75512345678"), "0755-12345678", "F_PHONE_NUMBER"),
        (number("1012345678"), "010-12345678", "F_PHONE_NUMBER"),
        (number("1.38E+10"), None, "R_DIGITS_LOST"),
        (number("13800000000"), None, "R_DIGITS_LOST"),
        (number("1234567890123456"), None, "R_DIGITS_LOST"),
        (number("138001380.5"), None, "R_VALUE"),
        (Cell("number", "46329", "date"), None, "R_VALUE"),
        ("", None, ""),
    ],
)
def test_phone_in_china(field, outcome, typed: str | Cell, value: str | None, code: str) -> None:
    """Digits are rebuilt while none is lost; lost digits and two numbers in one cell are refused (R002, P08, P09)."""
    assert outcome(field("phone"), typed) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("(202) 555-0123", "+12025550123"),
        ("+12025550123", "+12025550123"),
        ("+86 13800138000", "+8613800138000"),
        ("12", None),
    ],
)
def test_phone_of_another_region(field, outcome, typed: str, value: str | None) -> None:
    """Elsewhere the canonical form is international, whether the prefix was typed or not."""
    assert outcome(field("phone", region="US"), typed)[0] == value


def test_phone_is_text_in_the_sheet(field) -> None:
    """The format is text before any data stands there (P08), and the width that of LOOK 3."""
    show = field("phone").show()

    assert (show.number_format, show.width) == ("@", 13)
