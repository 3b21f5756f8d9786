"""Keep the cells of a workbook that are known already, and make new ones many at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Literal, Protocol

from custsheet.errors import FileRefused
from custsheet.model import Cell
from custsheet.number_formats import Style
from custsheet.xlsx.read_text import resolve

_UNMADE: Literal[False] = False
_MOST_DIGITS = 9
"""Of an index: more would be none in a file of any size."""
_MOST_KEPT = 20000
_BLOCK = 1_024
"""Shared strings whose cells are made together."""
_SAMPLE, _MOST_OFTEN = 32, 10_000
"""Texts that show whether a column says the same again and again, and how many of them are kept at hand."""

_NUMBERS = re.compile("[-+0-9.eE]*+")

Column = list[Cell | None]
Cells = dict[str | None, Cell | None]
MakeMany = Callable[[Sequence[str]], Iterable[Cell | None]]


class Known(Protocol):
    """The cells of one type and style by their text, made when asked for; no text is no cell."""

    def __getitem__(self, text: str | None) -> Cell | None:
        """Return the cell of a text that the parser has read."""

    def column(self, marked: Sequence[str | None], longest: int) -> Column | None:
        """Return the cells of texts as they stand between two tags; None where the parser has to judge."""


class ByText:
    """Knows cells by their text."""

    def __init__(self, make: Callable[[str], Cell | None], make_many: MakeMany) -> None:
        self._make, self._make_many = make, make_many
        self._cells: Cells = {None: None}
        self._marked: Cells = {None: None}
        """By their text as it stands between two tags, for whole columns."""

    def __getitem__(self, text: str | None) -> Cell | None:
        if text not in self._cells:
            assert text is not None
            self._cells[text] = self._same(text) or self._make(text)
        return self._cells[text]

    def column(self, marked: Sequence[str | None], longest: int) -> Column | None:
        """Return the cells of texts as they stand between two tags; None where the parser has to judge."""
        known = self._marked
        try:
            return list(map(known.__getitem__, marked))
        except KeyError:
            pass
        some = marked[:_SAMPLE]
        if len(known) > _MOST_KEPT and known.keys().isdisjoint(some) and len(set(some)) == len(some) and all(marked):
            # they seem all different: a bigger heap would only be slower to look into
            return self._made(marked, longest)  # type: ignore[arg-type]  # none of them is None
        new: list[str] = [text for text in marked if text not in known]  # type: ignore[misc]
        cells = self._made(new, longest)
        if cells is None:
            return None
        if len(known) > _MOST_KEPT:
            known = {text: known[text] for text in marked if text in known}
        for text, cell in zip(new, cells, strict=True):  # faster than `update`
            known[text] = cell
        return list(map(known.__getitem__, marked))

    def _made(self, marked: Sequence[str], longest: int) -> Column | None:
        """Make the cells of texts that are not known; None where the parser has to judge."""
        is_long = len("".join(marked)) > longest and max(map(len, marked)) > longest
        cells = None if is_long else self._judged(marked)
        return None if cells is None else list(cells)

    def _judged(self, marked: Sequence[str]) -> Iterable[Cell | None] | None:
        texts = resolve(marked)
        cells = None if texts is None else self._make_many(texts)
        if texts is None or cells is None or self._cells.keys().isdisjoint(texts):
            return cells
        return [self._cells.get(text, cell) for text, cell in zip(texts, cells, strict=True)]

    def _same(self, text: str) -> Cell | None:
        """Return the cell of a column that says the same without any reference."""
        return None if "&" in text or "<" in text else self._marked.get(text.encode().decode("latin-1"))


class Numbers(ByText):
    """Knows number cells, in which nothing is ever written as a reference."""

    def __init__(self, make: Callable[[str], Cell | None], style: Style | None) -> None:
        """A style if all that is a number is a cell of this style and no more."""
        super().__init__(make, partial(map, make))
        self._marked = self._cells
        self._style = style

    def _judged(self, marked: Sequence[str]) -> Iterable[Cell | None] | None:
        """Make number cells together, if they are nothing but numbers."""
        is_plain = _NUMBERS.fullmatch("".join(marked))
        if not is_plain and resolve(marked) != list(marked):
            return None
        if is_plain and self._style and _are_numbers(marked):
            return cells_of(zip(repeat("number"), marked, repeat(self._style), repeat(None), strict=False))
        return self._make_many(marked)


def _are_numbers(texts: Sequence[str]) -> bool:
    """Tell whether all are numbers; of texts of digits, signs, points and e, float takes the same as the pattern."""
    try:
        list(map(float, texts))
    except ValueError:
        return False
    return True


class ByIndex:
    """Knows the cells of shared strings by their index: neighbours in a sheet are neighbours in the list."""

    def __init__(self, strings: Sequence[str] | None, style: Style) -> None:
        self._strings, self._style = strings, style
        self._cells: list[Cell | Literal[False] | None] = list(repeat(_UNMADE, len(strings or ())))
        """False where none was made yet."""
        self._often: dict[str | None, Cell | None] = {None: None}
        """Of indexes that come again and again: a look into it costs less than a number made of digits."""

    def __getitem__(self, text: str | None) -> Cell | None:
        if text is None:
            return None
        index = self._index(text)
        cell = self._cells[index]
        if cell is False and self._strings:
            said = self._strings[index]
            cell = self._cells[index] = Cell("text", said, self._style) if said else None
        return cell or None

    def column(self, marked: Sequence[str | None], longest: int) -> Column | None:  # as for texts
        """Return the cells of indexes, digits only; None where one is out of range."""
        try:
            return list(map(self._often.__getitem__, marked))
        except KeyError:
            is_varied = len(set(marked[:_SAMPLE])) * 2 > len(marked[:_SAMPLE]) or len(self._often) > _MOST_OFTEN
        if is_varied:
            return self._made(marked)
        new = [text for text in set(marked) if text not in self._often]
        cells = self._made(new)
        if cells is None:
            return None
        self._often.update(zip(new, cells, strict=True))
        return list(map(self._often.__getitem__, marked))

    def _made(self, marked: Sequence[str | None]) -> Column | None:
        try:
            return self._at(list(map(int, marked)))  # type: ignore[arg-type]
        except IndexError:
            return None
        except TypeError:  # there are gaps
            cells = self._made([text for text in marked if text is not None])
        rest = iter(cells or ())
        return None if cells is None else [text and next(rest) for text in marked]  # type: ignore[misc]

    def _at(self, indexes: Sequence[int]) -> Column:
        known = self._cells
        cells = list(map(known.__getitem__, indexes))
        if not all(cells):  # some are new, or empty
            self._make({index // _BLOCK for index, cell in zip(indexes, cells, strict=True) if cell is False})
            cells = list(map(known.__getitem__, indexes))
        return cells  # type: ignore[return-value]  # False is none of them

    def _make(self, blocks: Iterable[int]) -> None:
        """Make the cells of neighbours with those that are asked for: the other columns of these rows need them."""
        strings = self._strings or ()
        for block in blocks:
            first, stop = block * _BLOCK, (block + 1) * _BLOCK
            made = texts_of(strings[first:stop], self._style)
            were = self._cells[first:stop]
            self._cells[first:stop] = [old or new for old, new in zip(were, made, strict=True)] if any(were) else made

    def _index(self, text: str) -> int:
        text = text.strip()
        if self._strings is None:
            raise FileRefused("E_PKG_PART_MISSING", part="sharedStrings.xml")
        # "-1" must not become Python's last one
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS) or int(text) >= len(self._strings):
            raise FileRefused("E_CELL_STRING_INDEX", index=text[:12])
        return int(text)


def cells_of(fields: Iterable[tuple[object, ...]]) -> Iterable[Cell]:
    """Make cells of their fields, without a Python call for each."""
    return map(tuple.__new__, repeat(Cell), fields)


def texts_of(texts: Sequence[str], style: Style) -> Iterable[Cell | None]:
    """Make text cells together; an empty text is no cell."""
    made = cells_of(zip(repeat("text"), texts, repeat(style), repeat(None), strict=False))
    return made if all(texts) else [cell if cell.raw else None for cell in made]
