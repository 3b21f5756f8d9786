"""Patterns of a schema: whether a text is one, and whether it could try without end on a text that does not fit.

Python's engine goes back and tries again. Where a repeat has two ways through the same signs, each sign doubles the
tries: `(a+)+` on thirty letters takes minutes. Such repeats are found here by the positions that may follow each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from re import _parser  # type: ignore[attr-defined]  # the only way to a pattern's parts
from typing import Any

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_OFTEN = 10
"""From this many rounds on a repeat counts as one without end."""
_SAMPLE = [chr(code) for code in range(0x180)] + list("一中客户１Ａａ。，、；　\u2028")
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def what_is_wrong(text: str) -> str:
    """Return the code of what is wrong with a pattern; empty where it can be used."""
    try:
        re.compile(text)
    except re.error:
        return "SCHEMA_PATTERN"
    return "SCHEMA_PATTERN_SLOW" if runs_away(text) else ""


def runs_away(text: str) -> bool:
    """Tell whether a regular expression may take time that doubles with each sign of a text that does not fit."""
    return any(_Ways(parts).are_two for parts in _endless(_parser.parse(text)))


def _endless(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield each repeat without end that has a choice inside."""
    for op, argument in parts:
        for body in _bodies(str(op), argument):
            if str(op) in _REPEATS and argument[1] >= _OFTEN and _has_choice(body):
                yield [(op, argument)]
            yield from _endless(body)


def _bodies(op: str, argument: Any) -> list[Any]:
    if op == "BRANCH":
        return list(argument[1])
    if op in (*_REPEATS, "POSSESSIVE_REPEAT"):
        return [argument[2]]
    if op == "SUBPATTERN":
        return [argument[3]]
    if op in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    return [argument] if op == "ATOMIC_GROUP" else []


def _has_choice(parts: Iterable[Any]) -> bool:
    for op, argument in parts:
        varies = str(op) in _REPEATS and argument[0] != argument[1]
        if varies or str(op) in ("BRANCH", "GROUPREF", "GROUPREF_EXISTS", "ASSERT", "ASSERT_NOT"):
            return True
        if any(map(_has_choice, _bodies(str(op), argument))):
            return True
    return False


class _Ways:
    """The positions of a pattern, which may follow which, and whether there are two ways from one to the next."""

    def __init__(self, parts: Iterable[Any]) -> None:
        self._signs: list[frozenset[str]] = []
        self._follow: Counter[tuple[int, int]] = Counter()
        self._strange = False
        _, first, _ = self._sequence(parts)
        after = [{b for a, b in self._follow if a == at} for at in range(len(self._signs))]
        self.are_two = self._strange or max(self._follow.values(), default=1) > 1
        self.are_two = self.are_two or any(self._clash(positions) for positions in (first, *after))

    def _clash(self, positions: Iterable[int]) -> bool:
        return any(self._signs[a] & self._signs[b] for a, b in combinations(positions, 2))

    def _sequence(self, parts: Iterable[Any]) -> tuple[bool, set[int], set[int]]:
        """Return whether nothing fits too, which positions may come first, and which last."""
        empty, first, last = True, set[int](), set[int]()
        for op, argument in parts:
            may_lack, begins, ends = self._part(str(op), argument)
            self._follow.update((a, b) for a in last for b in begins)
            first |= begins if empty else set()
            last = ends | (last if may_lack else set())
            empty = empty and may_lack
        return empty, first, last

    def _part(self, op: str, argument: Any) -> tuple[bool, set[int], set[int]]:
        if op in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            self._signs.append(_signs(op, argument))
            return False, {len(self._signs) - 1}, {len(self._signs) - 1}
        if op == "AT":
            return True, set(), set()
        if op == "BRANCH":
            ways = [self._sequence(body) for body in argument[1]]
            self._strange = self._strange or sum(w[0] for w in ways) > 1
            return any(w[0] for w in ways), set().union(*(w[1] for w in ways)), set().union(*(w[2] for w in ways))
        if op in _REPEATS:
            return self._repeat(*argument)
        bodies = _bodies(op, argument)
        self._strange = self._strange or op not in ("SUBPATTERN", "ATOMIC_GROUP", "POSSESSIVE_REPEAT")
        return self._sequence(bodies[0]) if bodies else (True, set(), set())

    def _repeat(self, least: int, most: int, body: Any) -> tuple[bool, set[int], set[int]]:
        empty, first, last = self._sequence(body)
        if most > 1 and least != most:
            self._follow.update((a, b) for a in last for b in first)
        return empty or least == 0, first, last


def _signs(op: str, argument: Any) -> frozenset[str]:
    """Return which signs of a sample stand at a position, and those that the pattern itself names."""
    if op == "LITERAL":
        return frozenset(chr(argument))
    return frozenset(sign for sign in _SAMPLE if _fits(op, argument, sign))


def _fits(op: str, argument: Any, sign: str) -> bool:
    if op == "ANY":
        return sign != "\n"
    if op == "NOT_LITERAL":
        return bool(ord(sign) != argument)
    negated = any(str(kind) == "NEGATE" for kind, _ in argument)
    return bool(negated != any(_one_of(str(kind), value, sign) for kind, value in argument))


def _one_of(kind: str, value: Any, sign: str) -> bool:
    if kind == "LITERAL":
        return bool(ord(sign) == value)
    if kind == "RANGE":
        return bool(value[0] <= ord(sign) <= value[1])
    return kind == "CATEGORY" and re.match(_CATEGORIES[str(value)], sign) is not None
