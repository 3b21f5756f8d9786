"""What holds for every family: registry, inverses, storage, sentences."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custsheet.errors import CallError
from custsheet.fields import make, types
from custsheet.fields.base import LONGEST, Option, Spec, Text
from custsheet.messages import known
from custsheet.model import Cell, Unreadable

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14)
FIRST = dt.datetime.fromisoformat("1900-03-01")
DAYS = st.dates(FIRST.date())
ANY_TEXT = ("computed", "text", "note", "tags", "members", "member", "ref")
OPTIONS = tuple(Option(v, Text(v, f"{v}-en")) for v in ("甲", "乙", "丙"))

TYPED = {
    "text": WORDS,
    "note": WORDS,
    "choice": st.sampled_from("甲乙丙"),
    "tags": WORDS,
    "date": DAYS.map(dt.date.isoformat),
    "datetime": st.datetimes(FIRST).map(lambda m: m.isoformat(" ", "seconds")),
    "number": NUMBERS.map(str),
    "money": NUMBERS.map(str),
    "percent": NUMBERS.map(lambda n: f"{n:f}%"),
    "progress": NUMBERS.map(lambda n: f"{n:f}%"),
    "score": st.integers(1, 5).map(str),
    "bool": st.sampled_from(["是", "否"]),
    "phone": st.from_regex(r"1[3-9][0-9]{9}|0571-[0-9]{8}(-[0-9]{1,4})?|\+1202555[0-9]{4}", fullmatch=True),
    "email": st.emails(),
    "member": WORDS,
    "members": WORDS,
    "ref": WORDS,
    "id-number": st.just("11010519491231002X"),
    "computed": WORDS,
}  # fmt: skip
STYLES = {"percent": "percent", "progress": "percent"}


def of(kind: str) -> object:
    return make(Spec("f", kind, Text("字段", "Field"), options=OPTIONS if kind == "choice" else (), currency="CNY"))


def test_every_type_is_tried_here() -> None:
    """A new family must state what people type in it."""
    assert set(TYPED) == set(types())


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_value_survives_sheet_sentence_and_ledger(kind: str, language: str, stored, today: dt.date) -> None:
    """Parse inverts write, as we and LibreOffice store it, and text; load inverts dump (MERGE L1)."""
    family = of(kind)

    @given(TYPED[kind])
    @settings(max_examples=40, deadline=None)
    def holds(typed: str) -> None:
        value = family.parse(Cell("text", typed), language=language, today=today).value
        assume(value is not None and not isinstance(value, Unreadable))
        assert family.load(family.dump(value)) == value
        for cell in stored(family.write(value, language=language), STYLES.get(kind, "general")):
            assert family.same(family.parse(cell, language=language, today=today).value, value)
        if kind != "computed":
            said = Cell("text", family.text(value, language=language))
            assert family.parse(said, language=language, today=today).value == value

    holds()


@pytest.mark.parametrize("kind", types())
def test_what_cannot_be_read_is_kept_as_typed(kind: str) -> None:
    """An unreadable value is stored with its code, shown as typed, and equal only to itself (DESIGN 4)."""
    family, value = of(kind), Unreadable("1.38E+10\x1f", "R_DIGITS_LOST")
    again = family.load(family.dump(value))

    assert again == value
    assert again.code == "R_DIGITS_LOST"
    assert family.text(value, language="zh") == "1.38E+10\x1f"
    assert family.write(Unreadable("x" * 40000), language="zh") == "x" * LONGEST


@pytest.mark.parametrize("kind", types())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_blank_is_blank_everywhere(kind: str, language: str, today: dt.date) -> None:
    """No cell, blank text and None go through all faces as blank (P47)."""
    family = of(kind)

    assert family.parse(None, language=language, today=today).value is None
    assert family.parse(Cell("text", " \u3000"), language=language, today=today).value is None
    assert (family.write(None, language=language), family.text(None, language=language)) == (None, "")
    assert (family.dump(None), family.load(None)) == (None, None)


@pytest.mark.parametrize("kind", [kind for kind in types() if kind != "computed"])
def test_errors_formulas_and_pictures_are_never_values(kind: str, today: dt.date) -> None:
    """`#REF!` is never read as blank, a formula never as its value, a picture never as text (MERGE 40, 48; P26)."""
    cells = {
        Cell("error", "#REF!"): ("#REF!", "R_CELL_ERROR"),
        Cell("text", "#SPILL!"): ("#SPILL!", "R_CELL_ERROR"),
        Cell("number", "3", "general", "1+2"): ("=1+2", "R_FORMULA"),
        Cell("text", '=_xlfn.DISPIMG("ID_1",1)'): ('=_xlfn.DISPIMG("ID_1",1)', "R_FORMULA"),
    }
    for cell, (raw, code) in cells.items():
        value = of(kind).parse(cell, language="zh", today=today).value
        assert (value.raw, value.code) == (raw, code)


@pytest.mark.parametrize("kind", types())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_family_says_how_it_is_filled(kind: str, language: str) -> None:
    """The guide has at least one sentence per field, with every fact filled in (R043)."""
    sentences = of(kind).say(language=language)

    assert sentences
    assert not [s for s in sentences if "…" in s or "{" in s]


@pytest.mark.parametrize("kind", [kind for kind in types() if kind not in ANY_TEXT])
def test_every_refusal_says_what_to_write(kind: str, today: dt.date) -> None:
    """The code has a wording, and the facts an example in both languages (R001, P35)."""
    parsed = of(kind).parse(Cell("text", "？？"), language="zh", today=today)

    assert parsed.value == Unreadable("？？")
    assert parsed.value.code in known()
    for language in ("zh", "en"):
        told = dict(parsed.facts)[f"expected_{language}"]
        assert told
        assert "…" not in told


def test_a_computed_field_is_never_an_edit(today: dt.date) -> None:
    """Its formula is ours, its value whatever the client worked out, its errors nobody's (MERGE 48b)."""
    days = of("computed")

    assert days.parse(Cell("number", "3", "general", "K3-TODAY()"), language="zh", today=today).value == Decimal(3)
    assert days.parse(Cell("error", "#REF!", "general", "K3"), language="zh", today=today).value is None
    assert days.same(Decimal(3), "上周")
    assert not days.editable


def test_an_unknown_type_suggests_the_nearest() -> None:
    """A slip in the schema is a call error with a suggestion."""
    with pytest.raises(CallError) as stopped:
        make(Spec("f", "dat", Text("", "")))

    assert (stopped.value.code, stopped.value.facts["nearest"]) == ("FIELD_TYPE", "date")
    assert "FIELD_TYPE" in known()
