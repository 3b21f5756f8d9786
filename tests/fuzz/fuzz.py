"""Spoil many files and judge each: `python tests/fuzz/fuzz.py --files 20000 --seed 1`; the same seed, the same files.

Files that fail are kept in a folder, with what was wrong. Exit code 1 where there are any.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent))

import judge
import seeds
import spoil
import typing_hands

SHARES = {"xlsx": 62, "client": 6, "copy": 8, "typed": 12, "ods": 5, "csv": 4, "xls": 1.5, "xlsb": 1.5}
"""Of a hundred files. `client`: workbooks that real programs saved; `copy`: ours, read through intake as well; `typed`:
ours after hands typed into it."""
PORTION = 250
STUCK = 120
"""Seconds after which a worker that does not come back is ended, with where it is."""


@dataclass
class Tally:
    """What became of many files."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """(kind, outcome) as `kind outcome` → how many."""
    problems: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Which file, what is wrong with it, and the file."""
    seconds: float = 0
    slowest: tuple[float, str] = (0, "")
    """Seconds, and which file."""

    def add(self, name: str, kind: str, verdict: judge.Verdict, data: bytes) -> None:
        """Count one file."""
        self.outcomes[f"{kind} {verdict.outcome}"] += 1
        self.seconds += verdict.seconds
        self.slowest = max(self.slowest, (verdict.seconds, name))
        if verdict.problem:
            self.problems.append((name, verdict.problem, data))

    def join(self, other: Tally) -> None:
        """Add another's counts."""
        self.outcomes += other.outcomes
        self.problems += other.problems
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)


def sample(seed: int, number: int, kinds: dict[str, float] | None = None) -> tuple[str, bytes]:
    """Return the kind and the bytes of one spoiled file; the same seed and number give the same."""
    chance = Random(f"{seed}/{number}")
    shares = kinds or SHARES
    kind = chance.choices(list(shares), list(shares.values()))[0]
    makers = {"ods": seeds.ods_table, "csv": seeds.csv_table, "xlsb": seeds.xlsb_book}
    if kind in makers:
        return kind, _spoiled(makers[kind](chance), chance, whole=kind == "csv")
    if kind == "xls":
        books = seeds.from_clients("xls") or (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),)
        return kind, spoil.spoiled_bytes(chance.choice(books), chance)
    if kind == "typed":
        return kind, typing_hands.typed(chance.choice(seeds.copies()), chance)
    there = {"copy": seeds.copies(), "client": seeds.from_clients("xlsx") or seeds.copies()}
    data = chance.choice(there[kind]) if kind in there else seeds.zipped(seeds.Maker(chance).parts())
    return kind, _spoiled(data, chance, whole=False)


def _spoiled(data: bytes, chance: Random, *, whole: bool) -> bytes:
    """Spoil what is inside of a zip, more often than the zip."""
    way = chance.random()
    if whole or way < 0.1:
        return spoil.spoiled_bytes(data, chance)
    if way < 0.15:
        return spoil.spoiled_header(data, chance)
    return data if way < 0.2 else spoil.spoiled_parts(data, chance)


def judged(kind: str, data: bytes) -> judge.Verdict:
    """Judge a file as what it was before it was spoilt."""
    if kind in ("xlsx", "client"):
        return judge.xlsx(data)
    if kind in ("copy", "typed"):
        grid = judge.xlsx(data)
        return grid if grid.problem or grid.outcome != "read" else judge.as_copy(data)
    return judge.foreign(data, kind)


def portion(seed: int, first: int, last: int, kinds: dict[str, float] | None = None) -> Tally:
    """Judge the files of these numbers."""
    faulthandler.enable()
    tally = Tally()
    for number in range(first, last):
        faulthandler.dump_traceback_later(STUCK, exit=True)
        kind, data = sample(seed, number, kinds)
        tally.add(f"{kind}-{seed}-{number}", kind, judged(kind, data), data)
    faulthandler.cancel_dump_traceback_later()
    return tally


def run(seed: int, files: int, workers: int) -> Iterator[Tally]:
    """Judge many files, some of them at a time."""
    firsts = range(0, files, PORTION)
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(portion, [seed] * len(firsts), firsts, [min(f + PORTION, files) for f in firsts])


def told(tally: Tally, files: int) -> str:
    """Say what it came to."""
    kinds: dict[str, Counter[str]] = {}
    for key, count in tally.outcomes.items():
        kind, outcome = key.split(" ")
        kinds.setdefault(kind, Counter())[outcome] += count
    lines = [
        f"{kind:7}{sum(found.values()):7}  " + "  ".join(f"{code} {n}" for code, n in found.most_common(9))
        for kind, found in sorted(kinds.items())
    ]
    time = f"{tally.seconds:.0f} s of the processor, slowest {tally.slowest[0]:.2f} s ({tally.slowest[1]})"
    return "\n".join([*lines, f"{files} files, {len(tally.problems)} wrong, {time}"])


def main() -> int:
    """Read the call, run, tell, keep what failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    call = options.parse_args()
    tally = Tally()
    for part in run(call.seed, call.files, call.workers):
        tally.join(part)
    for name, problem, data in tally.problems:
        call.keep.mkdir(parents=True, exist_ok=True)
        (call.keep / f"{name}.{name.split('-')[0]}").write_bytes(data)
        sys.stdout.write(f"{name}: {problem}\n")
    sys.stdout.write(told(tally, call.files) + "\n")
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
