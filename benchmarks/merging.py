"""The merge of many copies, custsheet against a pandas loop per copy and against daff, in one run.

    make bench-merge                                           1,000 copies of 1,000 rows of 16 fields
    python benchmarks/merging.py --copies 50 --rows 200 --repeat 1

Each member types into 5 % of the rows. On most news about a customer they agree; some see it otherwise, which makes
conflicts; every fifth copy is older than what the manager changed since, which makes stale bases; in every tenth copy
three rows are new and two are gone.

Measured are CPU seconds of this process, the fastest run of each side; the sides take turns. Copies are made one by
one and are already read when the clock starts, so that no more than one is in memory: for custsheet as intake hands
them on, where a row that nobody touched is the very row as issued, and a second time with every row made of new
objects; for pandas as frames; for daff as its own tables. custsheet's figure holds everything from a read copy to the
outcome: edits with place, base and rights, the merge, its questions in words, which member changed what. The pandas
loop finds values, conflicts and rows only. daff merges the first eight copies that are not stale, its figure is scaled
by the number of cells; once a row is new or gone each further copy takes it several times as long, so that copies
without such rows are measured as well. Every side must find exactly what was done to the copies, else the run stops:
figures of different results compare nothing.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import math
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version

import numpy as np
import pandas as pd
from merge_sample import FIELDS, TABLE, TODAY, Cell, Found, Round, Typed, each_returned, expected, make_round

from custsheet.merging import find_edits, merge
from custsheet.model import Value

GOALS = {"pandas loop": 25, "daff": 300}
CELLS_A_SECOND = 20_000_000
DAFF = importlib.util.find_spec("daff") is not None


class DifferentResults(Exception):  # says what it is
    """A side found something else than what was typed."""


class Clock:
    """Adds up the CPU seconds that pass within it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._start = time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.process_time() - self._start


# ── the sides ───────────────────────────────────────────────────────────────────────────────────────


def custsheet(given: Round, *, fresh: bool = False) -> float:
    """Compare and merge all copies; return the seconds."""
    clock, submissions = Clock(), []
    for returned, issue in each_returned(given, fresh=fresh):
        with clock:
            submission, _ = find_edits(returned, issue, given.schema, version=1)
        submissions.append(submission)
    with clock:
        outcome = merge({TABLE: given.opening}, submissions, given.schema, team=given.team, today=TODAY)
    found = Found(
        {(c.rid, c.field): c.new for c in outcome.changes if c.kind == "cell"},
        {(q.rid, q.field) for q in outcome.questions if q.field},
        {c.rid for c in outcome.changes if c.kind == "add"},
        {q.rid for q in outcome.questions if q.code == "H_ROW_MISSING"},
    )
    _check("custsheet", given, found)
    typed = _typed(given)
    if outcome.count()["total"] != typed:
        raise DifferentResults(f"custsheet placed {outcome.count()['total']} edits of {typed}")
    return clock.seconds


def pandas_loop(given: Round) -> float:
    """Do it as a pandas user does: a comparison per copy, then one group for each cell; return the seconds."""
    clock, found, added, missing = Clock(), [], [], set()
    bases = {stale: _frame(table.by_rid) for stale, table in ((True, given.older), (False, given.opening))}
    for copy in given.copies:
        frame = _frame(given.rows(copy, fresh=True))
        with clock:
            base, now = bases[copy.stale].set_index("rid"), frame.set_index("rid")
            found.append(_compared(base, now, copy.number))
            added.append(now.loc[now.index.difference(base.index)])
            missing.update(base.index.difference(now.index))
    with clock:
        changes, conflicts = _settled(pd.concat(found, ignore_index=True), bases[False])
        new = pd.concat(added)
    changes = {cell: _plain(value) for cell, value in changes.items()}
    _check("pandas", given, Found(changes, conflicts, set(new.index), missing), _plain)
    return clock.seconds


def _compared(base: pd.DataFrame, frame: pd.DataFrame, number: int) -> pd.DataFrame:
    common = frame.index.intersection(base.index)
    before, after = base.loc[common], frame.loc[common]
    differs = ((before != after) & ~(before.isna() & after.isna())).stack()
    claims = after.astype(object).stack()[differs].rename("value").reset_index()
    claims["base"] = before.astype(object).stack()[differs].to_numpy()
    claims["copy"] = number
    return claims.set_axis(["rid", "field", "value", "base", "copy"], axis=1)


def _settled(claims: pd.DataFrame, opening: pd.DataFrame) -> tuple[dict[Cell, object], set[Cell]]:
    now = opening.set_index("rid").astype(object).stack().rename("now").rename_axis(["rid", "field"])
    claims = claims.join(now, on=["rid", "field"])
    claims["stale"] = (claims["base"] != claims["now"]) & ~(claims["base"].isna() & claims["now"].isna())
    claims["other"] = claims["value"] != claims["now"]
    groups = claims.groupby(["rid", "field"])
    told = groups.agg(
        value=("value", "first"), kinds=("value", "nunique"), stale=("stale", "any"), other=("other", "any")
    )
    asked = (told["kinds"] > 1) | (told["stale"] & told["other"])
    applied = told[~asked & told["other"]]
    return applied["value"].to_dict(), set(told[asked].index)


def _frame(rows: Mapping[str, tuple[Value, ...]]) -> pd.DataFrame:
    """Rows as a frame with a type for each column, blanks as pandas has them."""
    columns: dict[str, object] = {"rid": pd.array(list(rows), dtype="str")}
    for name, column in zip(FIELDS, zip(*rows.values(), strict=True), strict=True):
        kind = FIELDS[name]["type"]
        if kind == "date":
            columns[name] = np.array(column, dtype="datetime64[s]")
        elif kind == "number":
            columns[name] = np.array([np.nan if value is None else float(value) for value in column])
        else:
            columns[name] = pd.array(list(column), dtype="str")
    return pd.DataFrame(columns)


def daff_merge(given: Round, copies: Sequence[Typed]) -> float:
    """Merge copies with daff's three-way merge, one after the other; return the seconds."""
    import daff  # noqa: PLC0415  (not everybody has it)

    clock = Clock()
    few = Round(given.older, given.opening, tuple(copies), given.schema)
    parent, local = (_daff_table(given.opening.by_rid) for _ in range(2))
    for copy in copies:
        remote = _daff_table(few.rows(copy, fresh=True))
        with clock:
            flags = daff.CompareFlags()
            flags.addPrimaryKey("rid")
            daff.Merger(parent, local, remote, flags).apply()
    before, after = ({rid: row for rid, *row in table.data[1:]} for table in (parent, local))
    found = Found({}, set(), after.keys() - before.keys(), before.keys() - after.keys())
    for rid in before.keys() & after.keys():
        for name, old, new in zip(FIELDS, before[rid], after[rid], strict=True):
            if "///" in new:
                found.conflicts.add((rid, name))
            elif old != new:
                found.changed[rid, name] = new
    _check("daff", few, found, _text)
    return clock.seconds


def _daff_table(rows: Mapping[str, tuple[Value, ...]]) -> object:
    import daff  # noqa: PLC0415

    return daff.PythonTableView([["rid", *FIELDS], *([rid, *map(_text, row)] for rid, row in rows.items())])


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    """What a value is to pandas: numbers as floats, days as days."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return float(value) if isinstance(value, Decimal | float) else value


def _typed(given: Round) -> int:
    """Count the cells that people changed, and those that they filled in new rows."""
    added = [row for copy in given.copies for row in copy.added.values()]
    return sum(len(copy.cells) for copy in given.copies) + sum(value is not None for row in added for value in row)


def _check(side: str, given: Round, found: Found, as_side: Callable[[object], object] = lambda value: value) -> None:
    wanted = expected(given)
    wanted = wanted._replace(changed={cell: as_side(value) for cell, value in wanted.changed.items()})
    if found != wanted:
        counted, typed = ("/".join(str(len(part)) for part in each) for each in (found, wanted))
        raise DifferentResults(
            f"{side} found {counted} changes/conflicts/new rows/rows gone, made were {typed}, or others"
        )


# ── the run ─────────────────────────────────────────────────────────────────────────────────────────


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table; 1 if a side found something else than what was typed."""
    parser = argparse.ArgumentParser(description="Benchmark the merge of many copies against pandas and daff.")
    parser.add_argument("--copies", type=int, default=1000, metavar="N", help="copies, one per member (default 1000)")
    parser.add_argument("--rows", type=int, default=1000, metavar="N", help="rows in each copy (default 1000)")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="repetitions of every side (default 3)")
    given = parser.parse_args(argv)
    if given.copies < 5 or given.rows < 40 or given.repeat < 1:
        parser.error("conflicts and stale bases need --copies 5 and --rows 40 at least")
    try:
        custsheet(make_round(5, 40))
        print(_report(make_round(given.copies, given.rows), given.repeat))
    except DifferentResults as problem:
        print(f"STOPPED: {problem}", file=sys.stderr)
        return 1
    return 0


def _report(given: Round, repeat: int) -> str:
    rate, lines = _rates(given, repeat), []
    for side, (cells, seconds) in rate.items():
        ratio = f"{rate['custsheet'][0] / rate['custsheet'][1] * seconds / cells:,.1f}"
        goal = f"{GOALS[side]}" if side in GOALS else f"{CELLS_A_SECOND / 1e6:.0f} M" if side == "custsheet" else ""
        lines.append(f"| {side} | {cells:,} | {seconds:.2f} | {cells / seconds / 1e6:,.3f} | {ratio} | {goal} |")
    return "\n".join([*_head(given), "", *_HEADS, *lines])


_HEADS = (
    "| side | cells | CPU s | million cells a second | custsheet is faster by | goal |",
    "|---|---|---|---|---|---|",
)


def _head(given: Round) -> list[str]:
    changed, conflicts, added, missing = expected(given)
    stale = sum(copy.stale for copy in given.copies)
    packages = ("custsheet", "pandas", *(["daff"] if DAFF else []))
    return [
        f"{len(given.copies):,} copies x {len(given.opening):,} rows x {len(FIELDS)} fields, {stale:,} of them stale",
        f"{_typed(given):,} edits: {len(changed):,} changed cells, {len(conflicts):,} conflicts",
        f"{len(added):,} new rows; {len(missing):,} gone from {sum(bool(c.missing) for c in given.copies):,} copies",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in packages),
    ]


def _rates(given: Round, repeat: int) -> dict[str, tuple[int, float]]:
    """Side → (cells, CPU seconds of its fastest run)."""
    fresh = [copy for copy in given.copies if not copy.stale]
    few, plain = fresh[:8], [copy for copy in fresh if not copy.added][:8]
    sides: dict[str, tuple[int, Callable[[], float]]] = {
        "custsheet": (len(given.copies), lambda: custsheet(given)),
        "custsheet, every row new": (len(given.copies), lambda: custsheet(given, fresh=True)),
        "pandas loop": (len(given.copies), lambda: pandas_loop(given)),
    }
    if DAFF:
        sides["daff"] = (len(few), lambda: daff_merge(given, few))
        sides["daff, no row new or gone"] = (len(plain), lambda: daff_merge(given, plain))
    fastest: dict[str, float] = {}
    for _ in range(repeat):
        for side, (_, run) in sides.items():
            gc.collect()
            fastest[side] = min(run(), fastest.get(side, math.inf))
    cells = len(given.opening) * len(FIELDS)
    return {side: (copies * cells, fastest[side]) for side, (copies, _) in sides.items()}


if __name__ == "__main__":
    sys.exit(main())
