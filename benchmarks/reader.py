"""The guarded reader against python-calamine, which guards nothing and keeps less, on the same files in one run.

    make bench-reader                                        about five minutes, most of them in other programs
    python benchmarks/reader.py --rows 5000 --big 0          without the big lists

Copies as custsheet issues them, with hidden ids, formulas and validations, and what each spreadsheet program that is
here makes of one when it opens and saves it. Both sides read every sheet to the end: custsheet to a grid of cells with
raw texts, kinds, formats and formulas, every part judged; calamine by `to_python`, values only.

Measured is CPU of this process, the sides interleaved, their order turned round from one repetition to the next; a
figure is a median, a ratio custsheet's by calamine's: below 1 is faster. Both must find the same number of filled cells
or the run stops. Peak memory is that of a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import python_calamine
import reader_files as files

from custsheet.container import USUAL
from custsheet.model import Grid
from custsheet.xlsx.read import read_grid

LIMITS = replace(USUAL, file=1 << 30, part=1 << 30, total=1 << 30)
"""SheetJS packs nothing: its big file is over the usual size."""
Save = Callable[[Path, Path], str]


_PEAK = """
print(int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) // 1024)
"""
PEAK = {
    "custsheet": f"""
import sys; from pathlib import Path; from custsheet.xlsx.read import read_grid
kept = read_grid(Path(sys.argv[1])){_PEAK}""",
    "calamine": f"""
import sys, python_calamine; book = python_calamine.load_workbook(sys.argv[1])
kept = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]{_PEAK}""",
}
"""What a process of its own does, and says: the most memory that it has taken, in MB, where the system tells."""


@dataclass(frozen=True)
class Case:
    """Files that are read together, and what ratio is aimed at."""

    title: str
    paths: tuple[Path, ...]
    goal: float | None = None


@dataclass(frozen=True)
class Taken:
    """Median CPU seconds of both sides, and how many cells are filled."""

    ours: float
    calamine: float
    cells: int


class DifferentCells(Exception):  # says what it is
    """The sides did not find the same cells."""


def _by(program: str) -> Save:
    return lambda source, target: files.saved_by(program, source, target)


CLOSE: dict[str, Save] = {
    "LibreOffice": _by("libreoffice"),
    "ONLYOFFICE": _by("onlyoffice"),
    "SheetJS": _by("sheetjs"),
}
OTHERS: dict[str, tuple[Save, float]] = {
    "openpyxl": (_by("openpyxl"), 2),
    "ExcelJS": (_by("exceljs"), 4),
    "excelize": (_by("excelize"), 4),
    "Spire.XLS": (_by("spire"), 4),
    "Gnumeric": (_by("gnumeric"), 4),
    "indented XML": (files.indented, 4),
    "prefixed XML": (files.prefixed, 4),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables; 1 if the sides found different cells."""
    given = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="custsheet-reader-") as place:
        try:
            _run(given, Path(place))
        except DifferentCells as problem:
            print(f"STOPPED: {problem}", file=sys.stderr)
            return 1
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark the reader against python-calamine.")
    parser.add_argument("--rows", type=int, default=5_000, metavar="N", help="rows of a copy (default 5000)")
    parser.add_argument("--big", type=int, default=100_000, metavar="N", help="rows of the big lists, 0 = none")
    parser.add_argument("--copies", type=int, default=60, metavar="N", help="copies of 500 rows (default 60)")
    parser.add_argument("--empty", type=int, default=200_000, metavar="N", help="rows of 16 empty cells below a copy")
    parser.add_argument("--repeat", type=int, default=9, metavar="N", help="repetitions, fewer for big files")
    return parser.parse_args(argv)


def _run(given: argparse.Namespace, place: Path) -> None:
    few = max(3, given.repeat // 3)
    print(f"{_versions()}\n\n{_line('file', 'cells', 'calamine ms', 'custsheet ms', 'ratio', 'aim')}")
    small = files.copies(place, 1, 500)
    middle = files.copies(place, 1, given.rows)[0]
    _show(Case("custsheet, a copy of 500 rows", tuple(small)), given.repeat * 2)
    _show(Case(f"custsheet, a copy of {given.rows:,} rows", (middle,), 0.7), given.repeat)
    _show_saved(middle, {name: (save, 0.7) for name, save in CLOSE.items()} | OTHERS, given.repeat)
    many = tuple(files.copies(place, given.copies, 500))
    _show(Case(f"custsheet, {len(many)} copies of 500 rows", many, 1.0), few)
    if given.big:
        big = files.plain_list(place / "big.xlsx", given.big)
        _show(Case(f"custsheet, a list of {given.big:,} rows", (big,), 0.55), few)
        _show_saved(big, {name: (save, 0.55) for name, save in CLOSE.items()}, few)
        _show_peaks(big)
    _show_empty(files.with_empty_cells(small[0], place / "empty.xlsx", given.empty), given.empty)


def _show_saved(source: Path, saves: dict[str, tuple[Save, float]], repeat: int) -> None:
    for name, (save, goal) in saves.items():
        target = source.with_name(f"{source.stem} {name}.xlsx")
        problem = save(source, target)
        if problem:
            print(f"  {name}: not measured, {problem}", flush=True)
        else:
            _show(Case(f"  saved by {name}", (target,), goal), repeat)
            target.unlink()


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────


def _show(case: Case, repeat: int) -> None:
    taken = _measured(case, repeat)
    ratio = taken.ours / taken.calamine
    aim = "" if case.goal is None else f"{case.goal:.2f}{'' if ratio <= case.goal else ' missed'}"
    figures = (f"{taken.cells:,}", f"{taken.calamine * 1000:.1f}", f"{taken.ours * 1000:.1f}", f"{ratio:.2f}", aim)
    print(_line(case.title, *figures), flush=True)


def _measured(case: Case, repeat: int) -> Taken:
    cells = _same_cells(case)  # and both sides are warm
    taken: tuple[list[float], list[float]] = ([], [])
    for at in range(repeat):
        for side in (0, 1) if at % 2 else (1, 0):
            taken[side].append(_timed((_read_ours, _read_calamine)[side], case.paths))
    return Taken(*map(statistics.median, taken), cells)


def _timed(read: Callable[[Iterable[Path]], object], paths: Iterable[Path]) -> float:
    gc.collect()
    before = time.process_time()
    kept = read(paths)
    taken = time.process_time() - before
    del kept
    return taken


def _read_ours(paths: Iterable[Path]) -> list[Grid]:
    return [read_grid(path, limits=LIMITS) for path in paths]


def _read_calamine(paths: Iterable[Path]) -> list[list[list[object]]]:
    found: list[list[list[object]]] = []
    for path in paths:
        book = python_calamine.load_workbook(str(path))
        found += [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return found


def _same_cells(case: Case) -> int:
    grids, values = _read_ours(case.paths), _read_calamine(case.paths)
    sheets = [sheet for grid in grids for sheet in grid.sheets]
    ours = sum(cell is not None and cell.raw != "" for sheet in sheets for row in sheet.rows for cell in row.cells)
    theirs = sum(value != "" for sheet in values for row in sheet for value in row)
    if ours != theirs:
        raise DifferentCells(f"{case.title}: {ours} filled cells, {theirs} by calamine")
    return ours


# ── memory, and cells that are not there ────────────────────────────────────────────────────────────


def _show_peaks(path: Path) -> None:
    peaks = {side: _peak_of(side, path) for side in ("custsheet", "calamine")}
    print(f"  peak memory: {', '.join(f'{side} {peak} MB' for side, peak in peaks.items())}", flush=True)


def _peak_of(side: str, path: Path) -> str:
    done = subprocess.run([sys.executable, "-c", PEAK[side], str(path)], check=False, capture_output=True, text=True)
    return done.stdout.strip() or "?"


def _show_empty(path: Path, rows: int) -> None:
    taken = statistics.median(_timed(_read_ours, (path,)) for _ in range(3))
    title = f"{rows:,} rows x 16 empty styled cells below a copy"
    print(f"{title}: {taken:.2f} s of CPU, peak {_peak_of('custsheet', path)} MB")


def _line(title: str, *figures: str) -> str:
    return f"{title:42}" + "".join(f"{figure:>14}" for figure in figures)


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("custsheet", "python-calamine"))
    return f"{packages}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
