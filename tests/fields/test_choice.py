"""Choices, tags, yes and no."""

from __future__ import annotations

import pytest

from custsheet.fields.base import Option, Text
from custsheet.model import Cell


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("潜在客户", "潜在客户", ""),
        ("Prospect", "潜在客户", ""),
        (" 潜在客户\xa0", "潜在客户", ""),
        ("prospect", "潜在客户", "F_REPAIRED"),
        ("Ｐｒｏｓｐｅｃｔ", "潜在客户", "F_REPAIRED"),
        ("○ 潜在客户", "潜在客户", "F_REPAIRED"),
        ("签约客户", "成交客户", "F_TERM"),
        ("WON", "成交客户", "F_TERM"),
        ("签了", "成交客户", "F_TERM"),
        ("潜力客户", None, "R_VALUE"),
        (Cell("number", "1"), None, "R_VALUE"),
        (Cell("bool", "TRUE"), None, "R_VALUE"),
        ("", None, ""),
    ],
)
def test_choice(field, outcome, statuses, typed: str | Cell, value: str | None, code: str) -> None:
    """Either language, any width and case, other words, terms are read; a near miss is suggested (R007, P10)."""
    status = field("choice", options=statuses, terms={"签了": "签约客户"})

    assert outcome(status, typed) == (value, code)


def test_an_unknown_choice_names_the_nearest_and_all(field, read, statuses) -> None:
    """The refusal offers the near miss in the words of either language."""
    zh = dict(read(field("choice", options=statuses), "潜力客户").facts)
    en = dict(read(field("choice", options=statuses), "Prospct", "en").facts)

    assert (zh["nearest_zh"], zh["options_zh"]) == ("潜在客户", "潜在客户、意向客户、成交客户、丢失客户")
    assert en["expected_en"].startswith("Did you mean “Prospect”?")


def test_choices_are_shown_in_the_language_of_the_copy(field, statuses) -> None:
    """The canonical value is one; its text follows the language; an option taken away stands for itself."""
    status = field("choice", options=statuses)

    assert status.write("潜在客户", language="en") == "Prospect"
    assert status.choices("en") == ("Prospect", "Interested", "Customer", "Lost")
    assert status.write("旧状态", language="zh") == "旧状态"
    assert status.limit().severity == "stop"


def test_options_that_are_numbers_or_letters(field, outcome) -> None:
    """Number cells match numeric options; single letters stand in the middle."""
    grade = field("choice", options=tuple(Option(v, Text(v, v)) for v in ("A", "B", "1")))

    assert outcome(grade, Cell("number", "1.0")) == ("1", "")
    assert outcome(grade, "Ａ") == ("A", "F_REPAIRED")
    assert grade.show().align == "center"


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("重点、华东", ("重点", "华东"), ""),
        ("重点，华东;VIP/ vip", ("重点", "华东", "VIP"), ""),
        ("T-1 AND T-2", ("T-1", "T-2"), ""),
        ("大客，重点", ("大客户", "重点"), "F_TERM"),
        (Cell("number", "2026"), ("2026",), ""),
        ("，、", None, ""),
        (Cell("error", "#N/A"), None, "R_CELL_ERROR"),
    ],
)
def test_tags(field, outcome, typed: str | Cell, value: tuple[str, ...] | None, code: str) -> None:
    """Any separator, typed order, no tag twice, terms put in (P40, P42)."""
    assert outcome(field("tags", terms={"大客": "大客户"}), typed) == (value, code)


def test_tags_of_a_closed_list(field, read, outcome) -> None:
    """Where the schema lists the words, another word is refused with the nearest of them."""
    options = (Option("east", Text("华东", "East")), Option("vip", Text("重点", "Key")))
    tags = field("tags", options=options)

    assert outcome(tags, "华东, Key") == (("east", "vip"), "")
    assert tags.write(("east", "vip"), language="zh") == "华东、重点"
    assert dict(read(tags, "华东、重点户").facts)["nearest"] == "重点"


def test_tags_are_a_set(field) -> None:
    """Order and case of tags are no edit."""
    assert field("tags").same(("a", "b"), ("B", "a"))
    assert not field("tags").same(("a",), None)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("是", True, ""),
        ("No", False, ""),
        ("TRUE", True, ""),
        ("√", True, "F_REPAIRED"),
        ("×", False, "F_REPAIRED"),
        ("Y", True, "F_REPAIRED"),
        ("n", False, "F_REPAIRED"),
        ("１", True, "F_REPAIRED"),
        (Cell("number", "0"), False, "F_REPAIRED"),
        (Cell("bool", "TRUE"), True, ""),
        (Cell("bool", "0"), False, ""),
        (Cell("bool", "7"), None, "R_VALUE"),
        (Cell("number", "7"), None, "R_VALUE"),
        ("x", None, "R_VALUE"),
        ("也许", None, "R_VALUE"),
        ("", None, ""),
    ],
)
def test_bool(field, outcome, typed: str | Cell, value: bool | None, code: str) -> None:
    """Words, ticks, letters and logical cells; a Latin x is not guessed."""
    assert outcome(field("bool"), typed) == (value, code)
