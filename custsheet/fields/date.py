"""Dates and moments: real dates of the sheet, and every way in which people type one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from custsheet.fields.base import CellLimit, Constraint, Field, Language, Note, Order, Parsed, Reading, Show, refused
from custsheet.fields.moments import (
    Ambiguous,
    Moment,
    column_order,
    from_serial,
    read_moment,
    say_moment,
    serial_text,
    to_serial,
)
from custsheet.fields.numerals import plain
from custsheet.messages import word
from custsheet.model import Cell, Value
from custsheet.plan import Scalar

_LOW, _HIGH = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
_CODES = {
    "tidied": "F_REPAIRED",
    "assumed": "F_DATE_ASSUMED",
    "month_first": "F_DATE_ORDER",
    "ordered": "F_DATE_BY_COLUMN",
}
_NEIGHBOURHOOD = 30
"""Years around today in which a bare number may be the serial of a date."""


class DateField(Field):
    """A day."""

    types = ("date",)

    def order(self, texts: Iterable[str]) -> Order:
        """Judge by the dates of a column that can be read in one way only."""
        return column_order(texts)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read a date typed as text; what was assumed is always said."""
        found = read_moment(text, reading.language, reading.today, reading.order)
        if found is None:
            return self.wrong(text, reading)
        if isinstance(found, Ambiguous):
            one, other = found.one.isoformat(), found.other.isoformat()
            return refused(text, "date_order", "R_DATE_AMBIGUOUS", one=one, other=other)
        return self.taken(found, text)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Read a serial; without date format only near today, or as 20261103."""
        if cell.style in ("percent", "time", "duration"):
            seen = f"{plain(number * 100)}%" if cell.style == "percent" else serial_text(number, cell.style)
            return self.wrong(seen or cell.raw, reading)
        if cell.style == "date":
            moment = from_serial(number)
            if moment is None:
                return self.wrong(cell.raw, reading)
            return self.taken(Moment(moment, "plain", timed=moment.time() != dt.time()), say_moment(moment))
        return self._bare(number, cell, reading)

    def _bare(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        if number == number.to_integral_value() and number.adjusted() == 7:
            return self.read_text(str(int(number)), reading)
        moment = from_serial(number)
        if moment is None or abs(moment.year - reading.today.year) > _NEIGHBOURHOOD:
            return self.wrong(cell.raw, reading)
        value = self.value(moment)
        return Parsed(value, (Note("F_DATE_SERIAL", cell.raw, self.phrase(value, reading.language)),))

    def taken(self, moment: Moment, typed: str) -> Parsed:
        """Return the value, with a note where the reading was more than plain or cut a time off."""
        value = self.value(moment.when)
        how = moment.how if moment.how != "plain" or not self.cuts(moment) else "tidied"
        return Parsed(value, () if how == "plain" else (Note(_CODES[how], typed, self.phrase(value, "zh")),))

    def value(self, moment: dt.datetime) -> dt.date:
        """Return the canonical value of a moment."""
        return moment.date()

    def cuts(self, moment: Moment) -> bool:
        """Tell whether the canonical value says less than the moment."""
        return moment.when.time() != dt.time()

    def show(self) -> Show:
        """Return the whole date, left: with a sign it is text to the eye."""
        return Show("yyyy-mm-dd", "left", width=13)

    def put(self, value: Value, language: Language) -> Scalar:
        """Return the date itself."""
        return _day_or_moment(value)

    def phrase(self, value: Value, language: Language) -> str:
        """Return the ISO date."""
        return _day_or_moment(value).isoformat()

    def limit(self) -> CellLimit | None:
        """Return the bounds as serials, and red for text and for days outside of them."""
        low, high = (_day_or_moment(v) for v in (self.spec.min or _LOW, self.spec.max or _HIGH))
        first, last = to_serial(_day(low)), to_serial(_day(high))
        wrong = f"OR(ISTEXT({{cell}}),AND(ISNUMBER({{cell}}),OR({{cell}}<{first},{{cell}}>={last + 1})))"
        return CellLimit("date", low=str(first), high=str(last), wrong=wrong)

    def rules(self) -> Sequence[Constraint]:
        """Return the bounds that the schema gives."""
        low = [Constraint("min", self.spec.min)] if self.spec.min is not None else []
        return [*low, *([Constraint("max", self.spec.max)] if self.spec.max is not None else [])]

    def advice(self, language: Language) -> Sequence[str]:
        """Return how to write it, and the bounds."""
        low = [word("fill.min", language, low=self.phrase(self.spec.min, language))] if self.spec.min else []
        high = [word("fill.max", language, high=self.phrase(self.spec.max, language))] if self.spec.max else []
        return [word(f"fill.{self.spec.type}", language), *low, *high]

    def restore(self, text: str) -> Value:
        """Return the date."""
        return dt.date.fromisoformat(text)


class DateTimeField(DateField):
    """A day and a time, to the second."""

    types = ("datetime",)

    def value(self, moment: dt.datetime) -> dt.date:
        """Return the moment."""
        return moment

    def cuts(self, moment: Moment) -> bool:
        """Never: a moment is kept whole."""
        return False

    def show(self) -> Show:
        """Return date and time."""
        return Show("yyyy-mm-dd hh:mm", "left", width=18)

    def phrase(self, value: Value, language: Language) -> str:
        """Return date and time, without the time at midnight."""
        moment = _day_or_moment(value)
        return say_moment(moment) if isinstance(moment, dt.datetime) else moment.isoformat()

    def store(self, value: Value) -> str:
        """Return the ISO moment."""
        moment = _day_or_moment(value)
        return moment.isoformat(timespec="seconds") if isinstance(moment, dt.datetime) else f"{moment}T00:00:00"

    def restore(self, text: str) -> Value:
        """Return the moment."""
        return dt.datetime.fromisoformat(text)


def _day_or_moment(value: Value) -> dt.date:
    if isinstance(value, dt.date):
        return value
    raise TypeError(f"not a date: {value!r}")


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
