"""Text folding, near misses, names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custsheet.text import clean, display_width, fold, join, nearest, safe_file_name, split_list


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("客户名称", "客户名称"),
        ("  客户\u3000名称\xa0", "客户 名称"),
        ("ＧＴＸ　Ｐｒｏ", "gtx pro"),
        ("Straße", "strasse"),
        ("下次\n跟进", "下次 跟进"),
        ("客\u200b户", "客户"),
        ("", ""),
    ],
)
def test_fold_matches_headers_whatever_their_width_blanks_and_case(typed: str, folded: str) -> None:
    """Full width, every kind of blank, and case fold away (P41)."""
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\xa0 王芳\u3000\n", "王芳"),
        ("e\u0301", "é"),
        ("１３８", "１３８"),
        ("a\x0bb\x07", "a\nb"),
        ("\ud842\udfb7", "𠮷"),
        ("a\tb", "a\tb"),
        ("\xa0", ""),
    ],
)
def test_clean_keeps_what_was_typed_but_for_line_ends_and_outer_blanks(typed: str, canonical: str) -> None:
    """The canonical text is NFC with LF, without outer blanks or what XML cannot hold (P52, MERGE 1)."""
    assert clean(typed) == canonical


@given(st.text())
@settings(max_examples=100)
def test_folding_and_cleaning_twice_changes_nothing_more(typed: str) -> None:
    """Both are idempotent, so a canonical value that comes back is the same value."""
    assert clean(clean(typed)) == clean(typed)
    assert fold(fold(typed)) == fold(typed)


STATUSES = ["潜在客户", "意向客户", "成交客户", "丢失客户"]


@pytest.mark.parametrize(
    ("typed", "words", "near"),
    [
        ("潜力客户", STATUSES, ["潜在客户"]),
        ("潜在", STATUSES, ["潜在客户"]),
        ("technolgy", ["technology", "medical", "retail"], ["technology"]),
        ("Enagging", ["Prospecting", "Engaging", "Won"], ["Engaging"]),
        ("电 话", ["电话", "邮箱"], ["电话"]),
        ("客户", STATUSES, STATUSES[:3]),
        ("完全不同", STATUSES, []),
        ("x", ["y", "won"], []),
        ("", STATUSES, []),
    ],
)
def test_near_misses_are_suggested_in_both_scripts(typed: str, words: list[str], near: list[str]) -> None:
    """A slip of one character in three, or a word inside another, is near; at most three, nearest first."""
    assert nearest(typed, words) == near


@pytest.mark.parametrize(
    ("text", "units"), [("abc", 3), ("客户", 4), ("▲ 11-03", 8), ("A客", 3), ("短\n长一些", 6), ("é", 2), ("", 0)]
)
def test_wide_full_and_ambiguous_characters_take_two_units(text: str, units: int) -> None:
    """The width rule of LOOK 3; the widest line counts."""
    assert display_width(text) == units


def test_names_are_joined_as_each_language_does() -> None:
    """Chinese lists take 、, English ones a comma and an and."""
    assert join(["王芳", "李雷"], "zh") == "王芳、李雷"
    assert [join(["A", "B", "C"][:n], "en") for n in range(4)] == ["", "A", "A and B", "A, B and C"]


def test_lists_split_at_every_usual_separator() -> None:
    """，、；,;|/ and line ends separate; blanks around items and empty items go (P42)."""
    assert split_list("重点，华东、A; B;C|D/ E\n F ,, ") == ["重点", "华东", "A", "B", "C", "D", "E", "F"]


@pytest.mark.parametrize(
    ("wanted", "given_name"),
    [
        ("客户跟进_王芳_2026-W47.xlsx", "客户跟进_王芳_2026-W47.xlsx"),
        ("王_芳.xlsx", "王/芳.xlsx"),
        ("_CON.xlsx", "CON.xlsx"),
        ("_com1", "com1"),
        ("_nul.tar.gz", "nul.tar.gz"),
        ("a_b", 'a<>:"|?*b. . '),
        ("_副本.xlsx", "~$副本.xlsx"),
        ("_", "..."),
    ],
)
def test_file_names_are_safe_on_windows(wanted: str, given_name: str) -> None:
    """Forbidden characters, reserved names, trailing dots and owner-file prefixes are replaced (P44)."""
    assert safe_file_name(given_name) == wanted


def test_long_file_names_keep_their_extension() -> None:
    """A name fits into the 255 bytes that file systems allow, and still ends in .xlsx."""
    name = safe_file_name("客" * 300 + ".xlsx")

    assert name.endswith("客.xlsx")
    assert len(name.encode()) <= 200
