"""Read columns of formulas: those that say the same but for the row's own number, and those that share one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from custsheet.xlsx.read_shapes import Slot
from custsheet.xlsx.read_text import resolve

_DIGITS = re.compile("([0-9]+)")

Texts = Sequence[str | None]


class Template(NamedTuple):
    """The pieces between the row numbers of a formula, as they stand in the XML and as they read."""

    marked: tuple[str, ...]
    plain: tuple[str, ...]


class FormulaColumn:
    """Reads one column's formulas run by run; what fits a template exactly is made from it, the rest is resolved."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._template: Template | None = None

    def read(self, numbers: Sequence[str], marked: Texts) -> Texts | None:
        """Return the formulas of rows whose numbers are given; None where the parser has to judge."""
        if max(map(len, filter(None, marked)), default=0) > self._longest:
            return None
        if self._template is None:
            self._template = _learned(numbers, marked)
        found = self._templated(numbers, marked)
        rest = [at for at, text in enumerate(found) if text is None and marked[at] is not None]
        if len(rest) > len(found) // 2:
            self._template = None
        return found if not rest or self._resolve(found, marked, rest) else None

    def _templated(self, numbers: Sequence[str], marked: Texts) -> list[str | None]:
        """Return the formulas that the template fits exactly."""
        if not self._template:
            return [None] * len(marked)
        as_marked, as_plain = self._template
        expected: list[str | None] = [number.join(as_marked) for number in numbers]
        plain: list[str | None] = [number.join(as_plain) for number in numbers]
        if expected == list(marked):
            return plain
        return [text if said == put else None for text, said, put in zip(plain, marked, expected, strict=True)]

    def _resolve(self, found: list[str | None], marked: Texts, places: Sequence[int]) -> bool:
        texts = [text for at in places if (text := marked[at]) is not None]
        resolved = resolve(texts)
        for at, text in zip(places, resolved or (), strict=False):
            found[at] = text
        return resolved is not None


def _learned(numbers: Sequence[str], marked: Texts) -> Template | None:
    """Return the template of the first and the last formula, if they have one."""
    places = [at for at, text in enumerate(marked) if text is not None]
    first, last = places[0], places[-1]
    return template_of(numbers[first], marked[first], numbers[last], marked[last]) if first < last else None


def template_of(one_number: str, one: str | None, other_number: str, other: str | None) -> Template | None:
    """Return what two formulas have in common but for the numbers of their rows; None if they differ otherwise."""
    if one is None or other is None:
        return None
    ones, others = _DIGITS.split(one), _DIGITS.split(other)
    if len(ones) != len(others):
        return None
    marked = [""]
    for mine, theirs in zip(ones, others, strict=True):
        if (mine, theirs) == (one_number, other_number):
            marked.append("")
        elif mine == theirs:
            marked[-1] += mine
        else:
            return None
    plain = resolve(marked)
    return Template(tuple(marked), tuple(plain)) if plain else None


class Master(NamedTuple):
    """Where in a run a shared formula stands with its text, and the text."""

    place: tuple[int, int]
    """Position of the row, column."""
    text: str


class SharedFormulas:
    """The shared formulas of one run of rows, besides those known before it."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known = known
        self._found: dict[str, Master] = {}

    def find(self, slots: Iterable[Slot], groups: Sequence[Texts], longest: int) -> bool:
        """Find the formulas that stand in the run; False where the parser has to judge."""
        marked: dict[str, Master] = {}
        for slot in slots:
            texts = groups[slot.formula] if slot.shared else ()
            for at, text in [(at, text) for at, text in enumerate(texts) if text is not None]:
                index = groups[slot.shared][at] or ""
                if not text or index in marked or index in self._known or len(text) > longest:
                    return False
                marked[index] = Master((at, slot.column), text)
        resolved = resolve([master.text for master in marked.values()]) if marked else ()
        pairs = zip(marked.items(), resolved or (), strict=False)
        self._found = {index: Master(master.place, text) for (index, master), text in pairs}
        return resolved is not None

    def read(self, slot: Slot, groups: Sequence[Texts]) -> Texts | None:
        """Return the formulas of a column that shares them; None where one stands before the text that it shares."""
        texts: dict[str | None, str | None] = {None: None}
        column = groups[slot.shared]
        first = dict(zip(reversed(column), reversed(range(len(column))), strict=True))
        for index in first.keys() - texts.keys():
            master = self._found.get(index)  # type: ignore[arg-type]  # None was taken out
            if master and master.place > (first[index], slot.column):
                return None
            texts[index] = master.text if master else self._known.get(index, "")  # type: ignore[arg-type]
        return list(map(texts.__getitem__, column))

    def keep(self) -> None:
        """Know them from now on."""
        self._known.update((index, master.text) for index, master in self._found.items())
