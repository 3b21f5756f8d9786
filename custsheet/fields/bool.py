"""Yes or no, from ticks, words, letters and logical cells."""

from __future__ import annotations

from decimal import Decimal

from custsheet.fields.base import WRONG_IN_LIST, CellLimit, Field, Language, Parsed, Reading, Show, repaired
from custsheet.model import Cell, Value
from custsheet.text import fold

_WORDS = {True: {"zh": "是", "en": "Yes"}, False: {"zh": "否", "en": "No"}}
_PLAIN = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}
_SAID = (
    _PLAIN
    | dict.fromkeys(["√", "✓", "✔", "☑", "✅", "y", "t", "1", "对", "有", "on"], True)
    | dict.fromkeys(["×", "✗", "✘", "☒", "❌", "n", "f", "0", "不", "不是", "没有", "无", "错", "off"], False)
)


class BoolField(Field):
    """A yes or a no; shown as a word with a dropdown."""

    types = ("bool",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read a word or a tick; a Latin x is left alone, it ticks in one language and crosses in another."""
        said = fold(text.lstrip("'"))
        if said not in _SAID:
            return self.wrong(text, reading)
        value = _SAID[said]
        return Parsed(value) if said in _PLAIN else repaired(value, text, self.phrase(value, reading.language))

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Read 1 and 0."""
        whole = number == number.to_integral_value() and abs(number) < 10
        return self.read_text(str(int(number)) if whole else cell.raw, reading)

    def read_bool(self, raw: str, reading: Reading) -> Parsed:
        """Take a logical cell."""
        known = {"TRUE": True, "1": True, "FALSE": False, "0": False}
        value = known.get(raw.upper())
        return self.wrong(raw, reading) if value is None else Parsed(value)

    def phrase(self, value: Value, language: Language) -> str:
        """Return yes or no."""
        return _WORDS[bool(value)][language]

    def choices(self, language: Language) -> tuple[str, ...]:
        """Return both words."""
        return _WORDS[True][language], _WORDS[False][language]

    def show(self) -> Show:
        """Return a centred word."""
        return Show("@", "center", width=8)

    def limit(self) -> CellLimit | None:
        """Return the dropdown; a logical cell is in order as well."""
        wrong = WRONG_IN_LIST.replace('{cell}<>""', "ISTEXT({cell})")
        return CellLimit("list", source="options", severity="stop", wrong=wrong)

    def store(self, value: Value) -> str:
        """Return `true` or `false`."""
        return "true" if value else "false"

    def restore(self, text: str) -> Value:
        """Return the bool."""
        return text == "true"
