"""Scores: a small whole number, 1 to 5 where the schema says nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from custsheet.fields.base import CellLimit, Constraint, Field, Language, Parsed, Reading, Show, refused, repaired
from custsheet.fields.moments import serial_text
from custsheet.messages import word
from custsheet.model import Cell, Value
from custsheet.plan import Scalar

_STARS = re.compile(r"([★*⭐]+)[☆]*")
_POINTS = re.compile(r"'?([+-]?\d{1,4})(?:\.0+)?(?: ?(?:分|星|points?|stars?)| ?/ ?(\d{1,4})(?:分)?)?", re.ASCII)


class ScoreField(Field):
    """A whole number between two bounds; the only family whose value is an int."""

    types = ("score",)

    @property
    def low(self) -> int:
        """Lowest score."""
        return _bound(self.spec.min, 1)

    @property
    def high(self) -> int:
        """Highest score."""
        return _bound(self.spec.max, 5)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read `4`, `4分`, `4/5` or stars."""
        folded = unicodedata.normalize("NFKC", text).strip().casefold()
        if stars := _STARS.fullmatch(folded):
            return self._taken(len(stars[1]), text, reading)
        found = _POINTS.fullmatch(folded)
        if not found or (found[2] and int(found[2]) != self.high):
            return self.wrong(text, reading)
        return self._taken(int(found[1]), text, reading)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Take a whole number; `20%` or a date is none."""
        if number != number.to_integral_value() or cell.style not in ("general", "number", "text"):
            return self.wrong(serial_text(number, cell.style) or cell.raw, reading)
        return self._taken(int(number), str(int(number)), reading)

    def _taken(self, score: int, typed: str, reading: Reading) -> Parsed:
        if not self.low <= score <= self.high:
            return self.wrong(typed, reading)
        return Parsed(score) if typed == str(score) else repaired(score, typed, str(score))

    def wrong(self, raw: str, reading: Reading) -> Parsed:
        """Say which scores there are."""
        return refused(raw, "score", low=str(self.low), high=str(self.high))

    def show(self) -> Show:
        """Return a centred digit."""
        return Show("0", "center", width=8)

    def put(self, value: Value, language: Language) -> Scalar:
        """Return the int."""
        return int(str(value))

    def limit(self) -> CellLimit | None:
        """Return whole numbers between the bounds."""
        outside = f"{{cell}}<{self.low},{{cell}}>{self.high},{{cell}}<>INT({{cell}})"
        wrong = f"OR(ISTEXT({{cell}}),IF(ISNUMBER({{cell}}),OR({outside}),FALSE))"
        return CellLimit("whole", low=str(self.low), high=str(self.high), wrong=wrong)

    def rules(self) -> Sequence[Constraint]:
        """Return the bounds."""
        return [Constraint("min", self.low), Constraint("max", self.high)]

    def advice(self, language: Language) -> Sequence[str]:
        """Return the bounds with their meaning."""
        return [word("fill.score", language, low=self.low, high=self.high)]

    def restore(self, text: str) -> Value:
        """Return the int."""
        return int(text)


def _bound(value: Value, otherwise: int) -> int:
    return int(value) if isinstance(value, (int, Decimal)) else otherwise
