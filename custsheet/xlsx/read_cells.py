"""Make each distinct cell of a workbook once, from what stands in the XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import repeat
from typing import Literal

from custsheet.errors import FileRefused
from custsheet.model import Cell
from custsheet.number_formats import Style
from custsheet.xlsx.read_text import decode_escapes

NO_FORMULA_TEXT = "?"
"""Stands for a formula whose text the file does not give at its cell."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_NEW = partial(tuple.__new__, Cell)
"""What `Cell._make` does, without a Python call for each."""
_DAYS_BETWEEN_1904_AND_1900 = 1462
_MOST_DAYS = 2_958_466


MakeMany = Callable[[list[str]], Iterable[Cell | None] | None]
"""Makes the cells of many distinct texts; None where they have to be made one by one."""


class Known(dict[str | None, Cell | None]):
    """The cells of one type and style by their stored text, made when asked for; no text is no cell."""

    def __init__(self, make: Callable[[str], Cell | None], make_many: MakeMany | None = None) -> None:
        super().__init__({None: None})
        self._make, self._make_many = make, make_many

    def __missing__(self, text: str) -> Cell | None:
        cell = self[text] = self._make(text)
        return cell

    def of(self, column: Sequence[str | None]) -> list[Cell | None]:
        """Return the cells of a column; where it brings new texts, their cells are made together, which is faster."""
        if self._make_many and not (column[0] in self and column[-1] in self):
            new = [text for text in set(column) if text is not None and text not in self]
            made = self._make_many(new)
            if made is not None:
                self.update(zip(new, made, strict=True))
        return list(map(self.__getitem__, column))


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the numbers in sheet XML stand for."""

    strings: Sequence[str] | None = None
    """None where the workbook has no such part."""
    styles: Sequence[Style] = ()
    date1904: bool = False


class Cells:
    """Every distinct cell of a workbook; equal ones are the same object, so that later rooms parse each once."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._known: dict[tuple[str, Style], Known] = {}
        self.has_unknown_style = False

    def of(self, xml_type: str, style: int) -> Known:
        """Return the cells of one XML type and style index."""
        key = (xml_type, self._style(style))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._known_of(*key)
        return known

    def cell(self, xml_type: str, style: int, text: str | None, formula: str | None) -> Cell | None:
        """Return the cell for a stored text and a formula; None where it holds nothing."""
        plain = self.of(xml_type, style)[text]
        return plain if formula is None else self.with_formula(plain, formula, style)

    def with_formula(self, plain: Cell | None, formula: str, style: int) -> Cell:
        """Return the cell of a formula whose cached value is the plain cell."""
        if plain is None:
            return Cell("text", "", self._style(style), formula)
        if plain.kind == "bool" and formula.upper() == plain.raw + "()":  # how LibreOffice stores a boolean
            return plain
        return Cell(plain.kind, plain.raw, plain.style, formula)

    def _style(self, index: int) -> Style:
        if 0 <= index < len(self._meanings.styles):
            return self._meanings.styles[index]
        self.has_unknown_style = self.has_unknown_style or index != 0
        return "general"

    def _known_of(self, xml_type: str, style: Style) -> Known:
        if xml_type == "s":
            return Known(
                lambda text: _text(self._string(text), style), lambda texts: _texts(self._many_strings(texts), style)
            )
        if xml_type == "n":
            shift = self._meanings.date1904 and style == "date"
            return Known(
                lambda text: _number(text.strip(), style, shift=shift),
                None if shift else lambda texts: _numbers(texts, style),
            )
        if xml_type == "b":
            return Known(lambda text: _boolean(text.strip(), style))
        if xml_type in ("str", "inlineStr"):
            return Known(
                lambda text: _text(decode_escapes(text), style),
                lambda texts: _texts(list(map(decode_escapes, texts)), style),
            )
        kind: Literal["error", "text"] = "error" if xml_type == "e" else "text"
        return Known(lambda text: Cell(kind, text, style) if text else None)

    def _many_strings(self, indexes: list[str]) -> list[str]:
        strings = self._meanings.strings
        try:
            # only patterns that leave no sign to an index bring many at once
            return [strings[index] for index in map(int, indexes)] if strings is not None else [""]
        except IndexError:
            return [""]  # made one by one, the wrong one is found

    def _string(self, index: str) -> str:
        index = index.strip()
        if self._meanings.strings is None:
            raise FileRefused("E_PKG_PART_MISSING", part="sharedStrings.xml")
        # "-1" must not become Python's last one
        if not (index.isascii() and index.isdigit() and len(index) < 10) or int(index) >= len(self._meanings.strings):
            raise FileRefused("E_CELL_STRING_INDEX", index=index[:12])
        return self._meanings.strings[int(index)]


def _text(text: str, style: Style) -> Cell | None:
    return Cell("text", text, style) if text else None


def _texts(texts: list[str], style: Style) -> Iterable[Cell] | None:
    if "" in texts:
        return None
    return map(_NEW, zip(repeat("text"), texts, repeat(style), repeat(None), strict=False))


def _numbers(texts: list[str], style: Style) -> Iterable[Cell] | None:
    """Make number cells of texts that hold nothing but digits, signs, points and e."""
    try:
        list(map(float, texts))  # of such texts it takes the same as the pattern, only faster
    except ValueError:
        return None
    return map(_NEW, zip(repeat("number"), texts, repeat(style), repeat(None), strict=False))


def _boolean(text: str, style: Style) -> Cell | None:
    raw = _BOOLEANS.get(text)
    return Cell("bool", raw, style) if raw else _text(text, style)


def _number(text: str, style: Style, *, shift: bool) -> Cell | None:
    if not _NUMBER.fullmatch(text):  # NaN, INF, words: for a person to see, not for arithmetic
        return _text(text, style)
    return Cell("number", _since_1900(text) if shift else text, style)


def _since_1900(text: str) -> str:
    """Turn a serial of the 1904 system into one of the 1900 system."""
    serial = Decimal(text)
    if not 0 <= serial < _MOST_DAYS:
        return text
    return f"{serial + _DAYS_BETWEEN_1904_AND_1900:f}"
