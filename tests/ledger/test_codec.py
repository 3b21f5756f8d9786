"""What is stored comes back equal to the last detail, whatever a person or a hostile file put into it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custsheet.fields.base import Field, Spec, Text
from custsheet.ledger import codec
from custsheet.model import CellRef, Edit, Resolution, Submission, Unreadable, Value

TEXTS = st.text(st.characters(), max_size=12)  # lone surrogates and control characters too
WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.dates(),
    st.datetimes().map(lambda moment: moment.replace(fold=0)),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.builds(Unreadable, TEXTS, st.sampled_from(["R_VALUE", "R_FORMULA"])),
)
PLACES = st.builds(CellRef, file=TEXTS, sheet=WORDS, cell=st.just("D7"), label=TEXTS)
EDITS = st.builds(
    Edit,
    kind=st.sampled_from(["cell", "add", "delete"]),
    table=WORDS,
    rid=WORDS,
    field=WORDS,
    base=VALUES,
    value=VALUES,
    where=PLACES,
    code=st.sampled_from(["", "R_READ_ONLY"]),
    row=st.lists(st.tuples(WORDS, VALUES), max_size=3).map(tuple),
)
SUBMISSIONS = st.builds(
    Submission,
    copy=WORDS,
    member=WORDS,
    version=st.integers(1, 99),
    digest=WORDS,
    edits=st.lists(EDITS, max_size=4).map(tuple),
    file=TEXTS,
    received=st.just("2026-11-20T09:00:00"),
    missing=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
    late=st.booleans(),
)


class Plain(Field):
    """Keeps text as it is, the most that any field can ask of the ledger."""

    def dump(self, value: Value) -> str | None:
        return str(value)

    def load(self, text: str | None) -> Value:
        return text


FIELD = Plain(Spec(name="note", type="text", title=Text("备注", "Note")))


def through_database(text: str) -> str:
    """Return what UTF-8 keeps of a text; a lone surrogate would raise here."""
    return text.encode().decode()


@given(SUBMISSIONS)
def test_a_submission_is_restored_exactly(submission: Submission) -> None:
    """Every submission equals what was stored, types of its values included (L13 needs it)."""
    text = through_database(codec.to_json(codec.submission_to_json(submission)))
    restored = codec.submission_from_json(json.loads(text))
    assert restored == submission
    assert [repr(e) for e in restored.edits] == [repr(e) for e in submission.edits]


@given(st.one_of(TEXTS, st.builds(Unreadable, TEXTS, st.just("R_VALUE"))))
def test_a_cell_is_restored_exactly(value: Value) -> None:
    """No text can be taken for an unreadable value, nor the other way round, whatever marks it begins with."""
    text = codec.value_to_text(FIELD, value)
    assert text is not None
    assert (codec.text_to_value(FIELD, through_database(text)), "\x00" in text) == (value, False)


@pytest.mark.parametrize("text", ["", "\x1f", "\x1e", "\x1fR_VALUE\x1f坏", '\x1et"x"', "\ud800", "a\x00b", "\n前"])
def test_awkward_texts_stay_text(text: str) -> None:
    """A cell that holds our own marks, NUL or half a surrogate pair is still that text."""
    kept = codec.value_to_text(FIELD, text)
    assert codec.text_to_value(FIELD, through_database(str(kept))) == text
    assert codec.plain_text(through_database(codec.safe_text(text))) == text


def test_types_that_compare_equal_stay_apart() -> None:
    """TRUE, 1 and 1.0, a day and its midnight are different values and come back as such."""
    values: list[Value] = [True, 1, Decimal("1.0"), "1", dt.date(2026, 1, 2), dt.datetime(2026, 1, 2), (), ("1",)]  # noqa: DTZ001
    assert [repr(codec.untag(codec.tag(value))) for value in values] == [repr(value) for value in values]


def test_a_resolution_is_restored_exactly() -> None:
    """An answer keeps its own value."""
    answer = Resolution("q1", "d" * 64, "value", Decimal("12.50"), "wang", "2026-11-20", "电话确认过")
    assert codec.resolution_from_json(codec.resolution_to_json(answer)) == answer
