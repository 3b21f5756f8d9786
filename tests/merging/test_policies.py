"""What a field's policy does at its edges."""

from __future__ import annotations

import pytest

from custsheet.fields import make
from custsheet.fields.base import LONGEST, Spec, Text
from custsheet.merging.policies import Bid, Cell, Settled, append
from custsheet.schema.records import Team


def _both(first: str, second: str, base: str = "开头") -> Settled | None:
    field = make(Spec("notes", "note", Text("备注", "Notes"), merge="append"))
    cell = Cell("append", field, base, frozenset(), False, Team(()))
    return append(cell, [Bid("m1", base, f"{base}\n{first}"), Bid("m2", base, f"{base}\n{second}")])


def test_what_two_wrote_stands_under_one_another() -> None:
    """Both parts, in the order of the members."""
    found = _both("甲说", "乙说")
    assert found is not None
    assert found.value == "开头\n甲说\n乙说"


@pytest.mark.parametrize("sign", ["甲", "😀"])
def test_more_than_a_cell_can_hold_is_asked_about(sign: str) -> None:
    """Counted as sheets count, an emoji twice: what fits is put together, what does not is for a person."""
    width = 2 if sign == "😀" else 1
    room = (LONGEST - 6) // 2 // width
    assert _both(sign * room, "乙" * (room * width)) is not None
    assert _both(sign * (room + 2), "乙" * (room * width + 3)) is None
