"""Tell whether a cell still holds what was written into it, whatever the program that saved it made of it.

Programs change texts that nobody touched: they resolve what looks like an escape, turn tabs into blanks, line ends into
others, dates into bare numbers. Compared is therefore what stands in the cell, not what it would be read as today.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from custsheet.fields.base import Field, Note, Parsed, literal
from custsheet.fields.moments import to_serial
from custsheet.fields.numerals import canonical
from custsheet.look import SIGNS
from custsheet.model import Absent, Cell, Unreadable, Value
from custsheet.plan import Scalar
from custsheet.schema.records import Issue
from custsheet.text import clean, halved

ZEROS = "F_ZEROS_RESTORED"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SIGNS = tuple(sign.sign for sign in SIGNS.values() if sign.sign)
_SECOND = Decimal(1) / 86_400
_DEEPEST = 4
"""Programs in a row that escape an escape."""


class AsIssued:
    """The cells of one table as they were written, by which a returned cell is told to be untouched."""

    def __init__(
        self, fields: Sequence[Field], places: Sequence[int | None], issue: Issue, names: Mapping[str, str]
    ) -> None:
        self._fields, self._places, self._issue, self._names = fields, places, issue, names

    def kept(
        self, cells: Sequence[Cell | None], parsed: Sequence[Parsed | Absent], base: Sequence[Value]
    ) -> list[Parsed | Absent]:
        """Return what was read, with the value as issued wherever the cell still holds it."""
        found = list(parsed)
        for at, (field, read, was) in enumerate(zip(self._fields, parsed, base, strict=True)):
            if isinstance(read, Absent) or was is None or read.value == was or not field.editable:
                continue
            place = self._places[at]
            cell = cells[place] if place is not None and place < len(cells) else None
            if cell is not None and self._holds(cell, field, was, read.value):
                found[at] = Parsed(was)
            elif cell is not None and lost_zeros(cell, was):
                found[at] = Parsed(was, (Note(ZEROS, cell.raw, str(was)),))
        return found

    def _holds(self, cell: Cell, field: Field, was: Value, read: Value) -> bool:
        written = self._written(field, was)
        if holds(cell, written):
            return True
        if not isinstance(read, Unreadable) or not cell.raw.startswith(_SIGNS):
            return False
        return holds(cell._replace(raw=cell.raw[1:]), written)  # Gnumeric's .ods has the sign that a red cell shows

    def _written(self, field: Field, value: Value) -> Scalar:
        kind = field.spec.type
        if kind == "ref" and isinstance(value, str):
            return self._issue.labels.get(field.spec.to, {}).get(value, value)
        if kind == "member" and isinstance(value, str):
            return self._names.get(value, value)
        if kind == "members" and isinstance(value, tuple):
            value = tuple(self._names.get(who, who) for who in value)
        return field.write(value, language=self._issue.language)


def holds(cell: Cell, written: Scalar) -> bool:
    """Tell whether a cell holds what was written, but for what programs change by themselves."""
    if isinstance(written, str):
        found, issued = level(f"={cell.formula}" if cell.formula is not None else cell.raw), level(written)
        return found == issued or halved(found, issued)
    if cell.kind != "number" or cell.formula is not None or written is None:
        return False
    number = literal(cell.raw)
    if number is None:
        return False
    if isinstance(written, dt.date):
        return abs(number - _serial(written)) < _SECOND / 2
    return canonical(number) == canonical(Decimal(written))


def lost_zeros(cell: Cell, was: Value) -> bool:
    """Tell whether a cell holds the digits of a text as issued, as the number that a program made of them."""
    if not isinstance(was, str) or not was.startswith("0") or not was.isascii() or not was.isdigit():
        return False
    return cell.kind == "number" and cell.formula is None and literal(cell.raw) == int(was)


def _serial(moment: dt.date) -> Decimal:
    if not isinstance(moment, dt.datetime):
        return Decimal(to_serial(moment))
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return to_serial(moment.date()) + seconds * _SECOND


@lru_cache(maxsize=1 << 12)
def level(text: str) -> str:
    """Return a text as all programs leave it: escapes resolved, tabs as blanks, plain line ends, no outer blanks."""
    for _ in range(_DEEPEST):
        if "_x" in text:
            text = _decoded(text)
    return clean(text).replace("\t", " ")


def _decoded(text: str) -> str:
    """Resolve escapes once; two of them may be the halves of one character."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
