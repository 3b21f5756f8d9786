"""Spoiled files are refused with words or read right: three hundred of those of `make fuzz`, and the judge on trial."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import fuzz
import judge
import oracle
import pytest
import seeds

from custsheet.errors import FileRefused
from custsheet.model import Cell, Grid

SEED, FILES, TESTS = 2026, 300, 6
STEP = FILES // TESTS


@pytest.mark.parametrize("first", range(0, FILES, STEP))
def test_no_spoiled_file_is_read_wrong(first: int) -> None:
    """Of fifty files none crashes, hangs, is refused without words, or gives a cell that others read differently."""
    tally = fuzz.portion(SEED, first, first + STEP)
    assert [(name, problem) for name, problem, _ in tally.problems] == []
    assert sum(tally.outcomes.values()) == STEP
    assert sum(count for outcome, count in tally.outcomes.items() if outcome.endswith(" read")) > STEP // 5


def test_the_same_seed_gives_the_same_files() -> None:
    """What fails once can be made again, by its numbers."""
    assert [fuzz.sample(7, n) for n in range(20)] == [fuzz.sample(7, n) for n in range(20)]
    assert [fuzz.sample(7, n) for n in range(20)] != [fuzz.sample(8, n) for n in range(20)]


def whole(seed: int = 3) -> bytes:
    """A workbook that nobody spoilt."""
    return seeds.zipped(seeds.Maker(Random(seed)).parts())


@pytest.mark.parametrize("seed", range(20))
def test_a_file_that_nobody_spoilt_is_read(seed: int) -> None:
    """The workbooks that are spoilt are good ones, in every dialect."""
    assert judge.xlsx(whole(seed)).outcome == "read"
    assert judge.xlsx(whole(seed)).problem == ""


@pytest.mark.parametrize("data", [pytest.param(data, id=str(n)) for n, data in enumerate(seeds.copies())])
def test_a_copy_that_nobody_touched_has_no_edit(data: bytes) -> None:
    """The copies that are spoilt are good ones, and their reading brings nothing."""
    verdict = judge.as_copy(data)
    assert (verdict.outcome, verdict.problem) == ("read", "")


def _changed(grid: Grid, change: Callable[[Cell], Cell | None]) -> Grid:
    """A grid in which the last cell of a sheet is another."""
    sheet = grid.sheets[0]
    last = sheet.rows[-1]
    at = max(n for n, cell in enumerate(last.cells) if cell is not None)
    cells = (*last.cells[:at], change(last.cells[at]), *last.cells[at + 1 :])  # type: ignore[arg-type]
    rows = (*sheet.rows[:-1], last._replace(cells=cells))
    return _as(grid, sheets=(_as(sheet, rows=rows), *grid.sheets[1:]))


def _as(record: Any, **changes: object) -> Any:
    from dataclasses import replace  # noqa: PLC0415  # beside its only use

    return replace(record, **changes)


WRONGS: dict[str, Callable[[Cell], Cell | None]] = {
    "another text": lambda cell: cell._replace(raw=cell.raw + "0"),
    "another kind": lambda cell: cell._replace(kind="error"),
    "another format": lambda cell: cell._replace(style="duration" if cell.style != "duration" else "date"),
    "a formula": lambda cell: cell._replace(formula="1+1"),
    "blank": lambda cell: None,
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_the_judge_sees_a_wrong_cell(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """A reader that gets one cell wrong, both ways alike, is found out by the oracle."""
    read = judge.read_grid
    monkeypatch.setattr(judge, "read_grid", lambda *a, **given: _changed(read(*a, **given), WRONGS[wrong]))
    verdict = judge.xlsx(whole())
    assert verdict.problem
    assert verdict.outcome != "crash"


def test_the_judge_sees_patterns_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader whose patterns and whose parser disagree is found out."""
    read = judge.read_grid

    def differs(data: bytes, *, exact: bool = False, **given: Any) -> Grid:
        grid = read(data, exact=exact, **given)
        return grid if exact else _changed(grid, WRONGS["another text"])

    monkeypatch.setattr(judge, "read_grid", differs)
    assert "by patterns" in judge.xlsx(whole()).problem


@pytest.mark.parametrize(
    "problem", [KeyError("x"), RecursionError(), FileRefused("E_NOT_IN_THE_CATALOGUE"), FileRefused("E_MACRO")]
)
def test_the_judge_sees_crashes_and_refusals_without_words(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    """An exception of Python's, a code that nobody knows, and one whose facts are missing are all wrong."""

    def fails(*_: object, **__: object) -> Grid:
        raise problem

    monkeypatch.setattr(judge, "read_grid", fails)
    assert judge.xlsx(whole()).problem


def test_the_judge_sees_a_value_that_nobody_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An intake that brings another value than the cell at that address holds is found out."""
    data = next(d for n in range(99) if (d := fuzz.sample(5, n, {"typed": 1})[1]) and _edits(d))
    read = judge.read_alone

    def differs(*args: Any, **given: Any) -> Any:
        found = read(*args, **given)
        edits = tuple(e._replace(value="nobody typed this") for e in found.received.submission.edits)
        submission = _as(found.received.submission, edits=edits)
        return _as(found, received=_as(found.received, submission=submission))

    monkeypatch.setattr(judge, "read_alone", differs)
    assert "nobody typed this" in judge.as_copy(data).problem


def _edits(data: bytes) -> bool:
    """Tell whether a copy brings an edit of a readable value that stands in a cell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(data)
        read = judge.read_alone(path, today=seeds.TODAY)
    return any(isinstance(e.value, str) and e.where.cell and e.field == "contact" for e in read.edits)


def test_the_oracle_reads_what_was_written() -> None:
    """The second opinion sees the sheets and the plain cells of a workbook as they were laid out."""
    parts = seeds.Maker(Random(5)).parts()
    seen = oracle.sheets(seeds.zipped(parts))
    assert [sheet.name for sheet in seen] == [f"S{n}" for n in range(len(seen))]
    assert sum(len(sheet.cells) for sheet in seen) > 20
