"""Chinese identity numbers: text of 18 characters with a check digit."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from custsheet.fields.base import CellLimit, Parsed, Reading, Show, refused, repaired
from custsheet.fields.words import WordField, digits_lost
from custsheet.model import Cell

_SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


class IdNumberField(WordField):
    """An identity number of the mainland."""

    types = ("id-number",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read 18 characters; blanks and width are repaired, digits never."""
        bare = re.sub(r"[\s'’‘-]", "", unicodedata.normalize("NFKC", text)).upper()
        if not _in_order(bare):
            return self.wrong(text, reading)
        return Parsed(bare) if bare == text else repaired(bare, text, bare)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Refuse: a number cell keeps 15 of the 18 digits."""
        if digits_lost(number):
            return refused(cell.raw, "digits", "R_DIGITS_LOST")
        return self.wrong(cell.raw, reading)

    def show(self) -> Show:
        """Return text, set before any data."""
        return Show("@", width=20)

    def limit(self) -> CellLimit | None:
        """Return the length."""
        return CellLimit("textLength", low="18", high="18", wrong='AND({cell}<>"",LEN({cell})<>18)')


def _in_order(number: str) -> bool:
    if not _SHAPE.fullmatch(number):
        return False
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[17]
