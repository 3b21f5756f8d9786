"""A whole weekly round, custsheet against the script that a competent pandas user writes, in one run.

    make bench                                               100 copies of 500 rows, 3 repetitions
    python benchmarks/round.py --copies 5 --rows 50 --repeat 1

Every customer is in two copies, the owner's and a helper's. Each person types in about 3 % of their rows; two people
meet on one cell in each pair; some copies come back with a phone or a status that nobody can read. Both sides write
the copies, get them back with the same edits, read, check and merge them. At the end of each repetition every side must
have found exactly the changes, conflicts and unreadable cells that were typed, else the run stops: figures of different
results compare nothing.

Measured are CPU seconds of this process (all threads; wall time beside them), medians over the repetitions; a ratio is
the script's CPU by custsheet's. The sides are interleaved step by step, and the order turns round from one repetition
to the next; the round with ledger runs in every second repetition. Not measured: importing modules (both sides are
warmed up on a small round), making the data, typing. The pandas script keeps no history, saves no master, signs
nothing, and compares against a base that it still has in memory; what custsheet does beyond that is in its figures.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import ours
import pandas_script
from sample import FIELDS, Found, Week, week

XLSXWRITER = importlib.util.find_spec("xlsxwriter") is not None
PACKAGES = ("custsheet", "pandas", "pandera", "openpyxl", "python-calamine", *(["xlsxwriter"] if XLSXWRITER else []))
STEPS = {"write": "write the copies", "read": "read them back", "validate": "validate", "merge": "merge"}
EXTRA = {"merge": ("compare",)}
"""What custsheet does for a step at another time: it compares copies with their base before the checks."""
CUSTSHEET, OPENPYXL, FAST, LEDGER = "custsheet", "pandas", "pandas, fast engines", "workspace"

Taken = dict[tuple[str, str], list[tuple[float, float]]]
"""(side, step) → (CPU, wall) seconds of each repetition."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table; 1 if a side found something else than what was typed."""
    parser = argparse.ArgumentParser(description="Benchmark one weekly round against a pandas script.")
    parser.add_argument("--copies", type=int, default=100, metavar="N", help="members, one copy each (default 100)")
    parser.add_argument("--rows", type=int, default=500, metavar="N", help="rows in each copy (default 500)")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="repetitions (default 3)")
    given = parser.parse_args(argv)
    if given.copies < 2 or given.rows < 20 or given.repeat < 1:
        parser.error("two people on one cell need --copies 2 and --rows 20 at least")
    with tempfile.TemporaryDirectory(prefix="custsheet-bench-") as place:
        try:
            _rounds(week(2, 20), Path(place) / "warm", 1, progress=False)
            data = week(given.copies, given.rows)
            taken = _rounds(data, Path(place) / "bench", given.repeat, progress=True)
        except DifferentResults as problem:
            print(f"STOPPED: {problem}", file=sys.stderr)
            return 1
    print(_report(data, taken, given))
    return 0


class DifferentResults(Exception):  # says what it is
    """A side found something else than what was typed."""


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────


def _rounds(data: Week, place: Path, repeat: int, *, progress: bool) -> Taken:
    taken: Taken = defaultdict(list)
    template = place / "template"
    template.parent.mkdir(parents=True)
    _measure(taken, (LEDGER, "import"), lambda: ours.make_team(template, data))
    for at in range(repeat):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=place) as folder:
            _one_round(data, Path(folder), template, taken, at)
        if progress:
            print(f"repetition {at + 1} of {repeat}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return taken


def _one_round(data: Week, folder: Path, template: Path, taken: Taken, at: int) -> None:
    """One repetition, step by step, each step by one side after the other; the last begins in every second one."""
    turned = at % 2 == 1
    library = ours.Library(data, folder / "library", template)
    workspace = None if turned else ours.Week47(data, folder / "team", template)
    plain = pandas_script.PandasScript(data, folder / "plain", write_engine="openpyxl", read_engine="openpyxl")
    fast_writer = "xlsxwriter" if XLSXWRITER else "openpyxl"
    fast = pandas_script.PandasScript(
        data, folder / ("fast" if XLSXWRITER else "plain"), write_engine=fast_writer, read_engine="calamine"
    )

    def step(name: str, *calls: tuple[str, Callable[[], None]]) -> None:
        for side, call in reversed(calls) if turned else calls:
            _measure(taken, (side, name), call)

    with_ledger = [workspace] if workspace else []
    scripts = [(OPENPYXL, plain), *([(FAST, fast)] if XLSXWRITER else [])]
    generate = [(LEDGER, team.generate) for team in with_ledger]
    step("write", (CUSTSHEET, library.write), *generate, *((side, script.write) for side, script in scripts))
    _everybody_types(data, [library, *with_ledger], [script for _, script in scripts])
    step("read", (CUSTSHEET, library.read), (OPENPYXL, plain.read), (FAST, fast.read))
    _measure(taken, (CUSTSHEET, "compare"), library.compare)
    step("validate", (CUSTSHEET, library.validate), (OPENPYXL, plain.validate), (FAST, fast.validate))
    together = [(LEDGER, team.merge) for team in with_ledger]
    step("merge", (CUSTSHEET, library.merge), *together, (OPENPYXL, plain.merge), (FAST, fast.merge))
    for side, made in ((CUSTSHEET, library), (OPENPYXL, plain), (FAST, fast), *((LEDGER, t) for t in with_ledger)):
        _same(side, made.found, data.expected)


def _measure(taken: Taken, key: tuple[str, str], call: Callable[[], None]) -> None:
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    taken[key].append((time.process_time() - cpu, time.perf_counter() - wall))


def _everybody_types(
    data: Week, sides: Sequence[ours.Library | ours.Week47], scripts: Sequence[pandas_script.PandasScript]
) -> None:
    places = ours.Addresses(data, sides[0].path(data.people[0].id), ours.SHEET)
    for person in data.people:
        typed, addresses = data.edits[person.id], places.of(person.id)
        for side in sides:
            ours.type_in(side.path(person.id), ours.SHEET, typed, addresses)
        for script in scripts:
            addresses = script.addresses(person.name)
            ours.type_in(script.path(person.id), pandas_script.SHEET, typed, addresses)


def _same(side: str, found: Found, expected: Found) -> None:
    problem = found.difference(expected)
    if problem:
        raise DifferentResults(f"{side} did not find what was typed\n{problem}")


# ── the table ───────────────────────────────────────────────────────────────────────────────────────


class _Medians:
    def __init__(self, taken: Taken) -> None:
        self.taken = taken

    def of(self, side: str, *steps: str) -> tuple[float, float]:
        """Return the median CPU and wall seconds of these steps together."""
        runs = list(zip(*(self.taken[side, step] for step in steps), strict=True))
        cpu = statistics.median(sum(step[0] for step in run) for run in runs)
        return cpu, statistics.median(sum(step[1] for step in run) for run in runs)


def _report(data: Week, taken: Taken, given: argparse.Namespace) -> str:
    medians = _Medians(taken)
    if not XLSXWRITER:  # calamine only reads
        taken[FAST, "write"] = taken[OPENPYXL, "write"]
    peers = [medians.of(side, *STEPS) for side in (OPENPYXL, FAST)]
    rows = [_row(medians, title, (*EXTRA.get(step, ()), step), (step,)) for step, title in STEPS.items()]
    rows.append(_row(medians, "total", (*STEPS, "compare"), tuple(STEPS)))
    rows.append(("whole round with ledger", *_figures(medians.of(LEDGER, "write", "merge"), peers)))
    engines = "XlsxWriter" if XLSXWRITER else "openpyxl"
    heads = ("CPU seconds (wall)", "custsheet", "pandas, openpyxl", "ratio", f"pandas, {engines} + calamine", "ratio")
    return "\n".join([*_found(data, given), "", *_table([heads, *rows]), "", *_notes(medians)])


def _found(data: Week, given: argparse.Namespace) -> list[str]:
    found, typed = data.expected, sum(map(len, data.edits.values()))
    size = f"{given.copies} copies x {given.rows} rows x {len(FIELDS)} fields of {len(data.customers)} customers"
    same = f"{len(found.changes)} changes, {len(found.conflicts)} conflicts, {len(found.rejected)} unreadable cells"
    return [f"{size}, {typed} cells typed, median of {given.repeat}", f"all sides found the same: {same}"]


def _notes(medians: _Medians) -> list[str]:
    parts = {step: _seconds(medians.of(LEDGER, step)) for step in ("write", "merge", "import")}
    inside = f"generate {parts['write']} + merge {parts['merge']}, which reads, checks, backs up, writes questions.xlsx"
    runs = len(medians.taken[LEDGER, "merge"])
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"with ledger (median of {runs}): {inside}",
        f"import of all customers, once: {parts['import']}",
        *([] if XLSXWRITER else ["XlsxWriter is not installed: the faster script writes by openpyxl too"]),
        f"{packages}, Python {platform.python_version()}",
    ]


def _row(medians: _Medians, title: str, mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    peers = [medians.of(side, *theirs) for side in (OPENPYXL, FAST)]
    return (title, *_figures(medians.of(CUSTSHEET, *mine), peers))


def _figures(mine: tuple[float, float], peers: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    return (_seconds(mine), *(shown for peer in peers for shown in (_seconds(peer), f"{peer[0] / mine[0]:.1f}x")))


def _seconds(taken: tuple[float, float]) -> str:
    return f"{taken[0]:.2f} ({taken[1]:.2f})"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.rjust(w) if at else cell.ljust(w) for at, (cell, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:-2], "-" * len(lines[0]), *lines[-2:]]


if __name__ == "__main__":
    sys.exit(main())
