"""What an expression is looked at in: a row of values, or a sheet's cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from custsheet.model import Value

Language = Literal["zh", "en"]

Related = Callable[[str, str], Sequence[Mapping[str, Value]]]
"""(table, via) → the rows of that table whose ref field `via` is this row."""


def nothing_related(table: str, via: str) -> Sequence[Mapping[str, Value]]:
    """Return no rows: for rows that nothing refers to yet."""
    del table, via
    return ()


@dataclass(frozen=True, slots=True)
class Scope:
    """One row, the day, and the rows that refer to it."""

    row: Mapping[str, Value]
    """Field → value; a field that is not here is blank."""
    today: dt.date
    related: Related = nothing_related
    language: Language = "zh"


class ExcelScope(Protocol):
    """How a sheet names what an expression speaks of. Addresses come without `=`."""

    @property
    def today(self) -> str:
        """The day: `cs_today`."""

    @property
    def language(self) -> Language:
        """The language of the copy."""

    def cell(self, field: str) -> str:
        """Return this row's cell of a field: `$F3`."""

    def related(self, table: str, field: str) -> str:
        """Return a column of another table, spare rows included: `'跟进记录'!$B$3:$B$232`."""

    def own_key(self) -> str:
        """Return the cell with the text under which refs show this row: `$B3`."""

    def text(self, field: str, value: Value) -> str:
        """Return how a cell of this field shows a text or boolean value, as a literal of Excel: `"潜在客户"`."""
