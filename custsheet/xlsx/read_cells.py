"""Make the cells of a workbook from what stands in the XML, equal ones once as a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

from custsheet.model import Cell
from custsheet.number_formats import Style
from custsheet.xlsx.read_known import ByIndex, ByText, Known, Numbers, cells_of, texts_of
from custsheet.xlsx.read_text import decode_escapes

NO_FORMULA_TEXT = "?"
"""Stands for a formula whose text the file does not give at its cell."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_NEW = tuple.__new__
_DAYS_BETWEEN_1904_AND_1900 = 1462
_MOST_DAYS = 2_958_466


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the numbers in sheet XML stand for."""

    strings: Sequence[str] | None = None
    """None where the workbook has no such part."""
    styles: Sequence[Style] = ()
    date1904: bool = False


class Cells:
    """The cells of a workbook; equal ones are the same object as a rule, so that later rooms parse each once."""

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

    def with_formulas(
        self, plains: Sequence[Cell | None], formulas: Sequence[str | None], xml_type: str, style: int
    ) -> list[Cell | None]:
        """Do so for a whole column; no formula leaves a cell as it is."""
        if xml_type == "b":
            pairs = zip(plains, formulas, strict=True)
            return [plain if text is None else self.with_formula(plain, text, style) for plain, text in pairs]
        blank = Cell("text", "", self._style(style))
        filled = [plain or blank for plain in plains]
        if None not in formulas:
            kinds, raws, styles, _ = zip(*filled, strict=True)
            return list(cells_of(zip(kinds, raws, styles, formulas, strict=True)))
        return [
            plain if text is None else _NEW(Cell, (kind, raw, looks, text))
            for plain, (kind, raw, looks, _), text in zip(plains, filled, formulas, strict=True)
        ]

    def _style(self, index: int) -> Style:
        if 0 <= index < len(self._meanings.styles):
            return self._meanings.styles[index]
        self.has_unknown_style = self.has_unknown_style or index != 0
        return "general"

    def _known_of(self, xml_type: str, style: Style) -> Known:
        if xml_type == "s":
            return ByIndex(self._meanings.strings, style)
        if xml_type == "n":
            shift = self._meanings.date1904 and style == "date"
            return Numbers(lambda text: _number(text.strip(), style, shift=shift), None if shift else style)
        if xml_type == "b":
            return _known(lambda text: _boolean(text.strip(), style))
        if xml_type in ("str", "inlineStr"):
            return ByText(
                lambda text: _text(decode_escapes(text), style), lambda texts: texts_of(_decoded(texts), style)
            )
        if xml_type not in ("e", "d"):
            return _known(lambda text: _undefined(text, xml_type, style))
        kind: Literal["error", "text"] = "error" if xml_type == "e" else "text"
        return _known(lambda text: Cell(kind, text, style) if text else None)


def _known(make: Callable[[str], Cell | None]) -> ByText:
    return ByText(make, partial(map, make))


def _decoded(texts: Sequence[str]) -> Sequence[str]:
    return list(map(decode_escapes, texts)) if "_x" in "".join(texts) else texts


def _text(text: str, style: Style) -> Cell | None:
    return Cell("text", text, style) if text else None


def _boolean(text: str, style: Style) -> Cell | None:
    raw = _BOOLEANS.get(text)
    return Cell("bool", raw, style) if raw else _undefined(text, "b", style)


def _undefined(text: str, xml_type: str, style: Style) -> Cell | None:
    """A value that its own type does not allow, or a type that nobody defined: a number that is none, for no field."""
    return Cell("number", f"{text} ({xml_type[:20]})", style) if text else None


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
