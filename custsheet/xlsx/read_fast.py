"""Read rows of a sheet by patterns that prove them well-formed, without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from custsheet.model import Cell
from custsheet.xlsx.read_columns import ColumnReader, Groups
from custsheet.xlsx.read_known import Known
from custsheet.xlsx.read_learn import Learner
from custsheet.xlsx.read_row import EMPTY, Filled, Kind, RowRead, read_row, read_row_again
from custsheet.xlsx.read_shapes import Dialect, Grammar, Shape, dialect_of, grammar, row_is_hidden
from custsheet.xlsx.read_sheet import SheetWalker
from custsheet.xlsx.read_text import GAP

_SHORT_RUN = 8
"""A run of fewer rows does not pay for going column by column."""
_MOST_SHORT_RUNS = 32
_MOST_TAILS = 10_000
_SHORT_ROW = 1_500
_GAP = re.compile(GAP)


class _Run(NamedTuple):
    """Rows that fit a shape, one after the other, and where they end."""

    groups: Groups
    stop: int

    @property
    def height(self) -> int:
        """How many rows."""
        return len(self.groups[0]) if self.groups else 0


class RowTaker:
    """Takes whole rows as text; what it cannot prove it feeds to the walker, in the state it would have had anyway.

    Rows of one sheet look alike: after a few of them a pattern for the whole row is made, whose addresses, styles and
    types the regex engine compares, so that only values become Python objects.
    """

    def __init__(self, walker: SheetWalker, *, is_big: bool) -> None:
        """A big sheet pays for a shape of its own."""
        self._walker, self._is_big = walker, is_big
        self._rows, self._cells, self._longest = walker.rows, walker.cells, walker.limits.text
        self._words: Grammar | None = None
        self._learner = Learner(is_big=is_big)
        self._shape: Shape | None = None
        self._short_runs = 0
        self._is_smooth = True
        """Whether the rows seen last all fitted, up to the end."""
        self._kinds: dict[Kind, Known] = {}
        self._tails: dict[str, bool | None] = {}
        self._columns = ColumnReader(walker)

    def take(self, raw: memoryview) -> int:
        """Read complete rows; return how many bytes were dealt with."""
        text = str(raw, "latin-1")  # costs little, and all that the patterns look for is ASCII
        # one character is looked for at memchr's speed, two or more are ten times slower
        if "]" in text and "]]>" in text:
            return 0
        words = self._words = self._words or grammar(dialect_of(text, self._walker.prefix))
        at, end, slowly = 0, len(text), 0
        while at < end:
            if self._shape and not slowly:
                at, slowly = self._take_run(self._shape, text, at)
                if at >= end:
                    break
            after = self._take_row(text, at, words)
            if not after:
                after = text.find(words.row_start, at + 1)
                after = end if after < 0 else after
                self._walker.feed(raw[at:after])  # expat reads this row, and says whether it really was one
                if not self._walker.between(2):
                    return after
            at, slowly = after, max(0, slowly - 1)
        return at

    # ── many rows at once ───────────────────────────────────────────────────────────────────────────

    def _take_run(self, shape: Shape, text: str, at: int) -> tuple[int, int]:
        """Take as many rows as the shape fits; return where they end, and how many rows to take one by one."""
        run = self._run(shape, text, at)
        if run.height >= _SHORT_RUN:
            numbers, tails = run.groups[:2]
            hidden, cells = self._all_hidden(tails), self._columns.columns(shape, run.groups)
            if hidden is not None and cells is not None:
                self._short_runs = 0
                self._learner.praise(shape)
                self._rows.add_run(list(map(int, numbers)), hidden, cells)
                return run.stop, 0
        self._short_runs += 1
        if self._short_runs > (_MOST_SHORT_RUNS if self._is_big else 1):
            self._shape = None
        return at, run.height + 1

    def _run(self, shape: Shape, text: str, at: int) -> _Run:
        if self._is_smooth and shape.pattern.match(text, at):
            run = _cut(shape, text, at)
            if run:
                return run
        run = _fitting(shape, text, at)
        if run.stop > at:
            self._is_smooth = run.stop == len(text)
        return run

    def _all_hidden(self, tails: Sequence[str]) -> list[bool] | None:
        judged = {tail: self._hidden(tail) for tail in set(tails)}
        if None in judged.values():
            return None
        are_hidden = any(judged.values())
        return [bool(judged[tail]) for tail in tails] if are_hidden else [False] * len(tails)

    # ── one row ─────────────────────────────────────────────────────────────────────────────────────

    def _take_row(self, text: str, at: int, words: Grammar) -> int:
        """Take one row of any shape, cell by cell; return where it ends, 0 if it is not in the dialect."""
        match = words.row.match(text, at)
        hidden = self._hidden(match[2]) if match else None
        if not match or hidden is None:
            return 0
        number, row, stop = match[1], EMPTY, match.end()
        if not match[3]:
            stop = text.find(words.row_end, match.end())
            read = self._read(text[match.end() : stop], number, words) if stop >= 0 else None
            if read is None:
                return 0
            row, stop = read, stop + len(words.row_end)
        self._rows.check(int(number))
        self._rows.add(int(number), list(self._cells_of(row.filled)), hidden=hidden)
        self._note(row, words.dialect)
        return _GAP.match(text, stop).end() if words.dialect.gap else stop  # type: ignore[union-attr]  # it fits anywhere

    def _read(self, body: str, number: str, words: Grammar) -> RowRead | None:
        if len(body) > self._longest:
            return None
        if self._is_big or len(body) > _SHORT_ROW:
            return read_row(body, number, words.cell)
        return read_row_again(body, number, words.dialect)

    def _cells_of(self, filled: Iterable[Filled]) -> Iterator[tuple[int, Cell]]:
        for column, kind, text, told, shared in filled:
            known = self._kinds.get(kind)
            if known is None:
                known = self._kinds[kind] = self._cells.of(kind[1], kind[0])
            cell = known[text]
            if told is not None:
                cell = self._cells.with_formula(cell, self._walker.formula(told, shared), kind[0])
            if cell is not None:
                yield column, cell

    def _note(self, row: RowRead, dialect: Dialect) -> None:
        served = self._learner.note(row, dialect)
        if not self._shape and not self._short_runs:
            self._shape = served
        shape = self._learner.shape(dialect)
        if shape:
            self._shape, self._short_runs = shape, 0

    def _hidden(self, tail: str) -> bool | None:
        """Judge a row's attributes after its number, once for all rows that share the text."""
        if tail not in self._tails:
            if len(self._tails) > _MOST_TAILS:
                self._tails.clear()
            self._tails[tail] = row_is_hidden(tail, self._walker.namespaces.keys())
        return self._tails[tail]


def _cut(shape: Shape, text: str, at: int) -> _Run | None:
    """Cut a text into the groups of its rows; None if not all rows fit, and then it was in vain."""
    parts, step = shape.pattern.split(text[at:]), shape.pattern.groups + 1
    has_more = any(parts[::step])  # between the rows
    return None if has_more else _Run([parts[group::step] for group in range(1, step)], len(text))


def _fitting(shape: Shape, text: str, at: int) -> _Run:
    """Return the rows up to the first that does not fit."""
    match, found, stop = shape.pattern.match, [], at
    while fit := match(text, stop):
        found.append(fit.groups())
        stop = fit.end()
    return _Run(list(zip(*found, strict=True)), stop)
