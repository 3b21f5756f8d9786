"""Numbers, percentages and progress: exact decimals, whatever a person puts around the digits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from custsheet.fields.base import CellLimit, Constraint, Field, Language, Parsed, Reading, Show, refused, repaired
from custsheet.fields.moments import serial_text
from custsheet.fields.numerals import Numeral, canonical, grouped, is_cut, plain, read_numeral
from custsheet.fields.words import digits_lost
from custsheet.messages import word
from custsheet.model import Cell, Value
from custsheet.plan import Scalar

_LOW, _HIGH = "-999999999999999", "999999999999999"


class NumberField(Field):
    """A decimal number."""

    types = ("number",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read digits with separators, units and signs; said where they were more than digits."""
        numeral = read_numeral(text)
        if numeral is None or not self.takes(numeral):
            return self.wrong(text, reading)
        if numeral.cut:
            return repaired(numeral.value, text, plain(numeral.value), "F_PRECISION")
        said = self.phrase(numeral.value, reading.language)
        return Parsed(numeral.value) if numeral.plain or said == text else repaired(numeral.value, text, said)

    def takes(self, numeral: Numeral) -> bool:
        """Tell whether a numeral of this kind belongs into the field."""
        return True

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Take a number cell, but never a date's serial."""
        value = canonical(number)
        if value is None:
            return self.wrong(cell.raw, reading)
        if cell.style in ("date", "time", "duration"):
            return refused(serial_text(number, cell.style) or cell.raw, "number_not_date")
        if digits_lost(number) or is_cut(number, value):
            return repaired(value, cell.raw, plain(value), "F_PRECISION")
        return Parsed(value)

    def show(self) -> Show:
        """Return a right-aligned number."""
        return Show(
            _decimals("0", self.spec.decimals) if self.spec.decimals is not None else "General", "right", cap=14
        )

    def put(self, value: Value, language: Language) -> Scalar:
        """Return an int where it is whole."""
        number = _number(value)
        return int(number) if number == number.to_integral_value() else number

    def phrase(self, value: Value, language: Language) -> str:
        """Return the digits; years and counts carry no separators."""
        return plain(_number(value))

    def limit(self) -> CellLimit | None:
        """Return the bounds, and red for text and for what lies outside of them."""
        low, high = (None if v is None else plain(_number(v)) for v in (self.low, self.high))
        outside = [f"{{cell}}<{low}"] * (low is not None) + [f"{{cell}}>{high}"] * (high is not None)
        bounds = f",AND(ISNUMBER({{cell}}),OR({','.join(outside)}))" if outside else ""
        wrong = f"OR(ISTEXT({{cell}}){bounds})" if bounds else "ISTEXT({cell})"
        return CellLimit("decimal", low=low or _LOW, high=high or _HIGH, wrong=wrong)

    @property
    def low(self) -> Value:
        """Least value that is in order."""
        return self.spec.min

    @property
    def high(self) -> Value:
        """Greatest value that is in order."""
        return self.spec.max

    def rules(self) -> Sequence[Constraint]:
        """Return the bounds as decimals."""
        bounds: list[tuple[str, Value]] = [("min", self.low), ("max", self.high)]
        return [Constraint(name, _number(v)) for name, v in bounds if v is not None]  # type: ignore[arg-type]

    def advice(self, language: Language) -> Sequence[str]:
        """Return how to write it, and the bounds."""
        return [word(f"fill.{self.spec.type}", language), *self.say_bounds(language)]

    def say_bounds(self, language: Language) -> list[str]:
        """Return the sentence on bounds, if there are any."""
        low, high = ("" if v is None else self.phrase(v, language) for v in (self.low, self.high))
        if low and high:
            return [word("fill.between", language, low=low, high=high)]
        if low:
            return [word("fill.min", language, low=low)]
        return [word("fill.max", language, high=high)] if high else []

    def store(self, value: Value) -> str:
        """Return plain digits."""
        return plain(_number(value))

    def restore(self, text: str) -> Value:
        """Return the decimal."""
        return Decimal(text)


class PercentField(NumberField):
    """A share, kept as a fraction: 20% is 0.2."""

    types = ("percent",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read `20%`; a bare number goes the way of a number cell without percent format."""
        numeral = read_numeral(text)
        if numeral is None or numeral.currency:
            return self.wrong(text, reading)
        if not numeral.percent:
            return self._bare(numeral.value, text, reading)
        if numeral.cut:
            return repaired(numeral.value, text, plain(numeral.value), "F_PRECISION")
        said = self.phrase(numeral.value, reading.language)
        return Parsed(numeral.value) if text == said else repaired(numeral.value, text, said)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Take a fraction; without percent format 20 was meant as 20%."""
        parsed = super().read_number(number, cell, reading)
        if isinstance(parsed.value, Decimal) and cell.style != "percent":
            return self._bare(parsed.value, plain(parsed.value), reading)
        return parsed

    def _bare(self, value: Decimal, typed: str, reading: Reading) -> Parsed:
        if not self._means_percent(value):
            return Parsed(value) if value != 1 else repaired(value, typed, self.phrase(value, reading.language))
        share = value / 100
        return repaired(share, typed, self.phrase(share, reading.language))

    def _means_percent(self, value: Decimal) -> bool:
        """Take a value within the field's own bounds as a fraction; above 1 and up to 100 it lost its sign."""
        if isinstance(self.high, (int, Decimal)) and self.high > 1 and value <= self.high:
            return False
        return 1 < abs(value) <= 100

    def show(self) -> Show:
        """Return whole percents, or as many decimals as the schema says."""
        return Show(f"{_decimals('0', self.spec.decimals or 0, pad=False)}%_0", "right", width=10)

    def phrase(self, value: Value, language: Language) -> str:
        """Return `20%`."""
        return f"{plain(_number(value) * 100)}%"


class ProgressField(PercentField):
    """How much of a task is done, from 0% to 100%."""

    types = ("progress",)

    @property
    def low(self) -> Value:
        """Nothing done."""
        return Decimal(0) if self.spec.min is None else self.spec.min

    @property
    def high(self) -> Value:
        """All done."""
        return Decimal(1) if self.spec.max is None else self.spec.max


def _number(value: Value) -> Decimal:
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    raise TypeError(f"not a number: {value!r}")


def _decimals(whole: str, decimals: int | None, *, pad: bool = True) -> str:
    return f"{whole}{'.' + '0' * decimals if decimals else ''}{'_0' if pad else ''}"


def money_format(decimals: int | None) -> str:
    """Return thousands with commas, padded on the right so that figures line up beside signs."""
    return _decimals("#,##0", decimals)


def money_words(value: Value, decimals: int | None) -> str:
    """Return thousands with commas."""
    return grouped(_number(value), decimals)
