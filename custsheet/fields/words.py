"""What families whose canonical value is a text have in common: standard terms, and reading numbers as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from custsheet.fields.base import LONGEST, Constraint, Field, Parsed, Reading, Spec, refused, repaired, settled
from custsheet.fields.moments import serial_text
from custsheet.fields.numerals import canonical, plain
from custsheet.messages import word
from custsheet.model import Cell, Value
from custsheet.text import fold, units

_QUOTED_DIGITS = re.compile(r"['’‘]\+?[0-9][0-9 .,/-]*")


class WordField(Field):
    """A field whose canonical value is a clean text."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.terms = settled(spec.terms)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Take the text as it is, but for standard terms and the apostrophe that forces digits to be text."""
        if units(text) > LONGEST:
            return refused(text, "max_length", high=str(LONGEST))
        bare = text[1:] if _QUOTED_DIGITS.fullmatch(text) else text
        said = self.standard(bare)
        if said != bare:
            return repaired(said, text, said, "F_TERM")
        return Parsed(bare) if bare == text else repaired(bare, text, bare)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Take the number as it was seen; digits that Excel cannot keep are lost."""
        if digits_lost(number):
            return refused(cell.raw, "digits", "R_DIGITS_LOST")
        if cell.style in ("date", "time", "duration"):
            seen = serial_text(number, cell.style)
            return self.wrong(cell.raw, reading) if seen is None else repaired(seen, cell.raw, seen)
        percent = cell.style == "percent"
        value = canonical(number * 100 if percent else number)
        if value is None:
            return self.wrong(cell.raw, reading)
        return self.read_text(plain(value) + "%" * percent, reading)

    def read_bool(self, raw: str, reading: Reading) -> Parsed:
        """Take the logical value as it was seen."""
        return self.read_text(raw.upper(), reading)

    def standard(self, text: str) -> str:
        """Return the standard term for what was written, or the text itself."""
        return self.terms.get(fold(text), text) if self.terms else text

    def same(self, a: Value, b: Value) -> bool:
        """Tell whether two texts are the same content: some clients turn tabs to blanks, terms are one word."""
        if not (isinstance(a, str) and isinstance(b, str)):
            return super().same(a, b)
        return a == b or ((bool(self.terms) or "\t" in a or "\t" in b) and self._level(a) == self._level(b))

    def _level(self, text: str) -> str:
        return self.standard(text.replace("\t", " "))

    def rules(self) -> Sequence[Constraint]:
        """Return pattern and length, where the schema gives them."""
        pattern = [Constraint("pattern", self.spec.pattern)] if self.spec.pattern else []
        return [*pattern, Constraint("max_length", self.spec.max_length or LONGEST)]


def digits_lost(number: Decimal) -> bool:
    """Tell whether a number has more digits before its point than the 15 that Excel keeps."""
    return number.adjusted() >= 15


def say_limits(field: Field, language: str) -> list[str]:
    """Return the sentences on length and pattern that the schema asks for."""
    spec = field.spec
    length = [word("fill.max_length", language, high=spec.max_length)] if spec.max_length else []
    pattern = [word("fill.pattern", language, pattern=spec.pattern)] if spec.pattern else []
    return [*length, *pattern]
