"""Computed fields: what the system works out; never read as a person's value, never compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

from custsheet.fields.base import BLANK, Constraint, Field, Language, Order, Parsed, Reading, Show
from custsheet.fields.moments import from_serial, say_moment
from custsheet.fields.number import money_format
from custsheet.fields.numerals import canonical, plain
from custsheet.model import Cell, Unreadable, Value
from custsheet.plan import Scalar
from custsheet.text import join


class ComputedField(Field):
    """A formula of the schema; its cells hold whatever the client calculated."""

    types = ("computed",)

    @property
    def editable(self) -> bool:
        """Nobody types here."""
        return False

    def parse(self, cell: Cell | None, *, language: Language, today: dt.date, order: Order = "") -> Parsed:
        """Return the value that the client calculated; an error is blank, since it is nobody's edit."""
        if cell is None or cell.kind == "error":
            return BLANK
        return super().parse(cell._replace(formula=None), language=language, today=today, order=order)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Take the text."""
        return Parsed(text)

    def read_bool(self, raw: str, reading: Reading) -> Parsed:
        """Take the logical value."""
        return Parsed(raw.upper() in ("TRUE", "1"))

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Take the number, or the date that it shows."""
        if cell.style == "date" and (moment := from_serial(number)):
            return Parsed(moment.date() if moment.time() == dt.time() else moment)
        return Parsed(canonical(number))

    def wrong(self, raw: str, reading: Reading) -> Parsed:
        """Return blank."""
        return BLANK

    def same(self, a: Value, b: Value) -> bool:
        """Say yes: never compared by value."""
        return True

    def show(self) -> Show:
        """Return general format: text format would show the formula itself."""
        if self.spec.currency or self.spec.decimals is not None:
            return Show(money_format(self.spec.decimals), "right", width=11.5)
        return Show("General", "")

    def put(self, value: Value, language: Language) -> Scalar:
        """Return the value itself."""
        if isinstance(value, (tuple, Unreadable)):
            return self.phrase(value, language)
        return value

    def phrase(self, value: Value, language: Language) -> str:
        """Return the value in words."""
        if isinstance(value, dt.datetime):
            return say_moment(value)
        if isinstance(value, tuple):
            return join(value, "zh")
        return plain(value) if isinstance(value, Decimal) else str(value)

    def constraints(self) -> Sequence[Constraint]:
        """Return nothing: what the system fills is in order."""
        return []

    def store(self, value: Value) -> str:
        """Return the value with a letter for its kind."""
        if isinstance(value, bool):
            return f"b{value}"
        if isinstance(value, (int, Decimal)):
            return f"n{plain(Decimal(value))}"
        if isinstance(value, dt.date):
            return f"{'t' if isinstance(value, dt.datetime) else 'd'}{value.isoformat()}"
        return f"s{self.phrase(value, 'zh')}"

    def restore(self, text: str) -> Value:
        """Return the value of its kind."""
        return _KINDS[text[0]](text[1:])


_KINDS: dict[str, Callable[[str], Value]] = {
    "b": "True".__eq__,
    "n": Decimal,
    "d": dt.date.fromisoformat,
    "t": dt.datetime.fromisoformat,
    "s": str,
}
