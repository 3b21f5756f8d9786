"""Learn from the first rows of a sheet how all of them are written, and remember it for other copies."""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from custsheet.xlsx.read_row import RowRead, Signature
from custsheet.xlsx.read_shapes import Columns, Dialect, Seen, Shape, columns_of, make_shape

_MOST_SHAPES = 5
_MOST_WAYS = 20_000
"""Ways of writing a cell after which there is nothing to learn: every cell looks otherwise."""
_MOST_KEPT = 1024
_MOST_COLUMNS, _MOST_KEYS = 256, 64

K = TypeVar("K")
V = TypeVar("V")

_Key = tuple[Dialect, Signature]
_SERVED: dict[_Key, Shape] = {}
"""The shape that served for rows like this one: copies of one issue look alike."""
_ASKED: dict[Columns, None] = {}
"""Columns of small sheets: a shape for them pays if there are more copies."""


class Learner:
    """Counts how the cells of rows are written; after a few rows, and again after many more, it makes a shape."""

    def __init__(self, *, is_big: bool) -> None:
        self._is_big = is_big
        self._most = _MOST_SHAPES if is_big else 1
        self._rows = self._made = 0
        self._seen: Counter[Seen] = Counter()
        self._keys: set[_Key] = set()

    def note(self, row: RowRead, dialect: Dialect) -> Shape | None:
        """Take notice of a row that no shape fitted; return one that served for such a row elsewhere."""
        self._rows += 1
        if self._made >= self._most or len(row.signature) > _MOST_COLUMNS:
            return None
        key = (dialect, row.signature)
        if len(self._keys) < _MOST_KEYS:
            self._keys.add(key)
        self._seen.update(row.seen())
        if len(self._seen) > _MOST_WAYS:
            self._forget()
        return _SERVED.get(key)

    def shape(self, dialect: Dialect) -> Shape | None:
        """Return a new shape when it is time for one."""
        if self._rows < 8 << 2 * self._made or self._made >= self._most:
            return None
        self._rows, self._made = 0, self._made + 1
        columns = columns_of(self._seen)
        if not self._is_big and columns not in _ASKED:
            _remember(_ASKED, columns, None)
            return None
        return make_shape(columns, dialect)

    def praise(self, shape: Shape) -> None:
        """Remember that a shape served for rows such as those it was made from."""
        while self._keys:
            _remember(_SERVED, self._keys.pop(), shape)

    def _forget(self) -> None:
        self._made = _MOST_SHAPES
        self._seen.clear()
        self._keys.clear()


def _remember(known: dict[K, V], key: K, value: V) -> None:
    if len(known) >= _MOST_KEPT:
        known.clear()
    known[key] = value
