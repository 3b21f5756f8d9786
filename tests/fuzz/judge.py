"""What has to hold of a spoiled file: a refusal that has words, or the cells that others read too; never a crash."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import oracle
from seeds import TODAY

from custsheet.container import USUAL
from custsheet.errors import CustsheetError, FileRefused
from custsheet.foreign import csv_text, ods
from custsheet.messages import fix, known, say, severity
from custsheet.model import Cell, Grid, Unreadable
from custsheet.wording import message_of
from custsheet.workspace.alone import read_alone
from custsheet.workspace.reading import read_any
from custsheet.xlsx.read import read_grid

HANG = 60.0
"""Seconds of the processor after which a file counts as one that never ends; those that do take a second at most."""
SMALL = replace(USUAL, chunk=1 << 11)
"""Many borders between chunks, and patterns that are learnt from little: what big files do, in small ones."""


@dataclass(frozen=True)
class Verdict:
    """What became of one file."""

    outcome: str
    """`read`, or the code of the refusal."""
    problem: str = ""
    """What is wrong with that; empty where all is well."""
    seconds: float = 0


def judged(look: Callable[[], str]) -> Verdict:
    """Run one look at a file: the outcome that it returns, or the problem that it raises."""
    before = time.process_time()
    try:
        verdict = Verdict(look())
    except Wrong as wrong:
        verdict = Verdict("wrong", str(wrong))
    except Exception as crash:  # whatever it is: no file may raise it
        verdict = Verdict("crash", f"{type(crash).__name__}: {crash}")
    taken = time.process_time() - before
    slow = f"{taken:.1f} s" if taken > HANG else ""
    return replace(verdict, problem=verdict.problem or slow, seconds=taken)


class Wrong(Exception):
    """A file was read, and not as it is."""


def xlsx(data: bytes) -> Verdict:
    """Read a workbook by patterns and without, with big chunks and small ones, and compare with the oracle."""
    return judged(lambda: _xlsx(data))


def _xlsx(data: bytes) -> str:
    exact = _outcome(lambda: read_grid(data, name="x.xlsx", exact=True))
    for limits in (USUAL, SMALL):
        fast = _outcome(lambda limits=limits: read_grid(data, name="x.xlsx", limits=limits))  # type: ignore[misc]
        if fast != exact and not (isinstance(fast, FileRefused) and isinstance(exact, FileRefused)):
            raise Wrong(f"by patterns {_short(fast)}, without {_short(exact)}")
    if isinstance(exact, FileRefused):
        return exact.code
    _compared(exact, data)
    return "read"


def _short(outcome: Grid | FileRefused) -> str:
    return outcome.code if isinstance(outcome, FileRefused) else f"{sum(len(s.rows) for s in outcome.sheets)} rows"


def _outcome(read: Callable[[], Grid]) -> Grid | FileRefused:
    try:
        return read()
    except FileRefused as refused:
        _worded(refused)
        return refused


def _worded(problem: CustsheetError) -> None:
    """A refusal has a code of the catalogue, and both sentences in both languages with all their facts."""
    if problem.code not in known() or (isinstance(problem, FileRefused) and severity(problem.code) != "refused"):
        raise Wrong(f"{problem.code} is not in the catalogue")
    for language in ("zh", "en"):
        for sentence in (say(problem.code, language, **problem.facts), fix(problem.code, language, **problem.facts)):
            if not sentence.strip() or "…" in sentence:
                raise Wrong(f"{problem.code}: {sentence!r}")


def _compared(grid: Grid, data: bytes) -> None:
    """Compare a grid with what the oracle makes of the same bytes."""
    try:
        expected = oracle.sheets(data)
    except Exception as problem:
        raise Wrong(f"read, and the oracle says {type(problem).__name__}: {problem}") from problem
    if [(s.name, s.state, list(s.merged)) for s in grid.sheets] != [(s.name, s.state, s.merged) for s in expected]:
        raise Wrong("other sheets")
    for mine, theirs in zip(grid.sheets, expected, strict=True):
        cells = [(row, at, cell) for row in mine.rows for at, cell in enumerate(row.cells, 1) if cell is not None]
        if len(cells) != len(theirs.cells):
            raise Wrong(f"{mine.name}: {len(cells)} cells, the oracle has {len(theirs.cells)}")
        for (row, at, cell), other in zip(cells, theirs.cells, strict=True):
            same = (row.number, at, cell.kind, cell.raw, cell.formula, row.hidden)
            if same != (*other[:5], other.hidden) or other.style not in ("", cell.style):
                raise Wrong(f"{mine.name}: {same} {cell.style}, the oracle has {other}")


def as_copy(data: bytes) -> Verdict:
    """Read a copy of ours through intake and checks, by its own stamp."""
    return judged(lambda: _as_copy(data))


def _as_copy(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "王芳.xlsx"
        path.write_bytes(data)
        try:
            read = read_alone(path, today=TODAY)
        except CustsheetError as problem:
            _worded(problem)
            return problem.code
    if read.received.refused is not None:
        _worded(read.received.refused)
        return read.received.refused.code
    for finding in read.received.findings:
        for language in ("zh", "en"):
            if not message_of(finding, language)[0].strip():
                raise Wrong(f"{finding.code} has no words")
    _typed(read, data)
    return "read"


def _typed(read: object, data: bytes) -> None:
    """Every value that an edit brings is what its field makes of the cell that the oracle sees at that address."""
    cells = {(s.name, c.row, c.column): c for s in oracle.sheets(data) for c in s.cells}
    schema = read.schema  # type: ignore[attr-defined]
    issue = read.received.issue  # type: ignore[attr-defined]
    for edit in read.edits:  # type: ignore[attr-defined]
        field = schema.tables[edit.table].fields.get(edit.field)
        letters = edit.where.cell.rstrip("0123456789")
        if field is None or not letters or isinstance(edit.value, Unreadable) or field.spec.type == "member":
            continue
        place = (edit.where.sheet, int(edit.where.cell[len(letters) :]), oracle._column(letters))
        seen = cells.get(place)
        cell = Cell(seen.kind, seen.raw, seen.style or "general", seen.formula) if seen else None  # type: ignore[arg-type]
        made = field.parse(cell, language=issue.language, today=TODAY).value
        if made != edit.value and not (seen and not seen.style):
            raise Wrong(f"{edit.where.cell}: {edit.value!r} was taken, and {made!r} stands there")


def foreign(data: bytes, kind: str) -> Verdict:
    """Read a file of another format; text and OpenDocument in this process, binary ones in a child as always."""
    name = f"x.{kind}"
    if kind == "csv":
        return judged(lambda: _foreign(lambda: csv_text.read(data, name)))
    if kind == "ods" and data.startswith(b"PK\x03\x04"):
        return judged(lambda: _foreign(lambda: ods.read(data, name)))
    return judged(lambda: _foreign(lambda: read_any(data, name)))


def _foreign(read: Callable[[], Grid]) -> str:
    found = _outcome(read)
    return found.code if isinstance(found, FileRefused) else "read"
