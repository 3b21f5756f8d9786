"""Families whose value is a text: text, note, email, member, ref, identity number."""

from __future__ import annotations

import pytest

from custsheet.fields.base import Constraint
from custsheet.model import Cell, Unreadable


def number(raw: str, style: str = "general") -> Cell:
    return Cell("number", raw, style)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("  华兴贸易\xa0", "华兴贸易", ""),
        ("第一行\r\n第二行", "第一行\n第二行", ""),
        ("gtxpro", "GTX Pro", "F_TERM"),
        ("ＧＴＸＰｒｏ", "GTX Pro", "F_TERM"),
        ("GTX Pro", "GTX Pro", ""),
        ("=1+1", "=1+1", "F_FORMULA_LIKE_TEXT"),
        ("\u202e321", "\u202e321", "F_CONTROL_CHARS"),
        ("a\x00b", "ab", "F_CONTROL_CHARS"),
        ("'0571", "0571", "F_REPAIRED"),
        ("'Twas", "'Twas", ""),
        (number("123"), "123", ""),
        (number("123.0"), "123", ""),
        (number("0.25", "percent"), "25%", ""),
        (number("46329", "date"), "2026-11-03", "F_REPAIRED"),
        (number("0.5", "time"), "12:00", "F_REPAIRED"),
        (Cell("bool", "TRUE"), "TRUE", ""),
        (number("123456789012345"), "123456789012345", ""),
        (number("110101199001011008"), None, "R_DIGITS_LOST"),
        (number("1.10101199001011E17"), None, "R_DIGITS_LOST"),
        ("x" * 32768, None, "R_VALUE"),
        ("=DISPIMG(\"ID_0123\",1)", None, "R_FORMULA"),
        (Cell("text", "x", "general", '_xlfn.DISPIMG("ID",1)'), None, "R_FORMULA"),
        ("#N/A", None, "R_CELL_ERROR"),
        (Cell("error", "#REF!"), None, "R_CELL_ERROR"),
        ("\u3000", None, ""),
    ],
)  # fmt: skip
def test_text(field, outcome, typed: str | Cell, value: str | None, code: str) -> None:
    """Text stays as typed but for outer blanks, terms and numbers; errors and pictures are refused (P26, P41, P52)."""
    assert outcome(field("text", terms={"gtxpro": "GTX Pro"}), typed) == (value, code)


def test_terms_lead_to_their_end(field, outcome) -> None:
    """A term that leads to another term is followed at once, so a value that comes back does not change again."""
    chained = field("text", terms={"a": "b", "b": "c"})

    assert outcome(chained, "a") == ("c", "F_TERM")
    assert outcome(field("text", terms={"a": "b", "b": "a"}), "a")[1] in ("", "F_TERM")  # a ring does not hang


def test_a_cell_that_differs_by_a_tab_or_a_term_is_not_an_edit(field) -> None:
    """Some clients turn tabs to blanks; a term added after the copy went out is nobody's edit (MERGE L1)."""
    text = field("text", terms={"gtxpro": "GTX Pro"})

    assert text.same("a\tb", "a b")
    assert text.same("GTXPro", "GTX Pro")
    assert not text.same("GTX", "GTX Pro")


def test_an_unreadable_value_that_comes_back_as_text_is_not_an_edit(field) -> None:
    """It goes out as text, so a text field reads it as one; it is still the same content."""
    text = field("text")

    assert text.same(Unreadable("=1+1"), "=1+1")
    assert text.same("110101199001011008", Unreadable("110101199001011008", "R_DIGITS_LOST"))
    assert not text.same(Unreadable("a"), Unreadable("b"))
    assert not text.same(Unreadable("a"), None)


@pytest.mark.parametrize(
    ("typed", "value", "codes"),
    [
        ("【沟通记录】谈了价格", "【沟通记录】谈了价格", []),
        ("沟通记录：谈了价格\n跟进计划: 下周报价", "【沟通记录】谈了价格\n【跟进计划】下周报价", ["F_REPAIRED"]),
        ("[沟通记录]：谈了价格", "【沟通记录】谈了价格", ["F_REPAIRED"]),
        ("沟通记录很多", "沟通记录很多", []),
        ("客户要 gtxpro 两台", "客户要 GTX Pro 两台", ["F_TERM"]),
        ("gtxprofi", "gtxprofi", []),
        ("有意向，意向客户", "有意向客户，意向客户", ["F_TERM"]),
        (number("5"), "5", []),
    ],
)
def test_note(field, read, typed: str | Cell, value: str, codes: list[str]) -> None:
    """Section heads are written one way, standard terms put in word by word, the rest stays (R012)."""
    sections = ("基本信息", "沟通记录", "需求分析", "跟进计划")
    note = field("note", sections=sections, terms={"gtxpro": "GTX Pro", "意向": "意向客户"})
    parsed = read(note, typed)

    assert (parsed.value, [n.code for n in parsed.notes]) == (value, codes)
    assert read(note, str(parsed.value)).value == parsed.value


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("wang.fang@example.com", "wang.fang@example.com", ""),
        ("Wang@EXAMPLE.com", "Wang@example.com", "F_REPAIRED"),
        ("ｗａｎｇ＠example。com", "wang@example.com", "F_REPAIRED"),
        ("mailto:wang@example.com", "wang@example.com", "F_REPAIRED"),
        ("王芳 <wang@example.com>", "wang@example.com", "F_REPAIRED"),
        ("wang @example.com;", "wang@example.com", "F_REPAIRED"),
        ("wang@公司.cn", "wang@公司.cn", ""),
        ("wang@example", None, "R_VALUE"),
        ("wang..fang@example.com", None, "R_VALUE"),
        ("a@b.com, c@d.com", None, "R_VALUE"),
        ("王芳@example.com", None, "R_VALUE"),
        (number("5"), None, "R_VALUE"),
    ],
)
def test_email(field, outcome, typed: str | Cell, value: str | None, code: str) -> None:
    """One address per cell, domain in lower case; what is no address is refused (R002, P41)."""
    assert outcome(field("email"), typed) == (value, code)


@pytest.mark.parametrize(
    ("kind", "typed", "value", "code"),
    [
        ("member", "王芳", "王芳", ""),
        ("member", "Li  Lei", "Li Lei", "F_REPAIRED"),
        ("members", "王芳、李雷，王芳", ("王芳", "李雷"), ""),
        ("ref", "华兴\n贸易", "华兴 贸易", "F_REPAIRED"),
        ("ref", number("1024"), "1024", ""),
        ("id-number", "11010519491231002x", "11010519491231002X", "F_REPAIRED"),
        ("id-number", "11010519491231002X", "11010519491231002X", ""),
        ("id-number", "110105194912310021", None, "R_VALUE"),
        ("id-number", "110105194913310021", None, "R_VALUE"),
        ("id-number", number("110101199001011008"), None, "R_DIGITS_LOST"),
    ],
)
def test_names_keys_and_identity_numbers(
    field, outcome, kind: str, typed: str | Cell, value: object, code: str
) -> None:
    """Members and refs give the words that `intake` looks up; identity numbers are checked by their last digit."""
    assert outcome(field(kind), typed) == (value, code)


def test_members_are_the_same_in_any_order(field) -> None:
    """Helpers are a set (R014)."""
    assert field("members").same(("m1", "m2"), ("m2", "m1"))
    assert not field("members").same(("m1",), ("m2", "m1"))


def test_text_rules_come_from_the_schema(field) -> None:
    """Pattern and length reach pandera; without a length a cell's own cap holds."""
    assert list(field("text").constraints()) == [Constraint("max_length", 32767)]
    coded = field("text", pattern="[A-Z]+", max_length=8, required=True)
    assert list(coded.constraints()) == [
        Constraint("required"),
        Constraint("pattern", "[A-Z]+"),
        Constraint("max_length", 8),
    ]
    assert coded.limit().wrong == "LEN({cell})>8"
