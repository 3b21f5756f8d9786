"""Rows of a table whose column of row ids is gone: known by check code, key, or what else stands in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from custsheet.model import CellRef, Finding

if TYPE_CHECKING:
    from custsheet.intake.identity import Known, Row

Issued = Mapping[str, tuple[str, ...]]
"""Row id → texts of the shown cells as issued."""
Pairs = list[tuple["Row", str]]
"""Rows of the sheet, each with the issued row that it is."""

FEW = 3
"""So many rows, or a tenth of the table, may have lost their ids one by one."""
LEAST_RENAMED = 3
LEAST_ALIKE = 0.5
"""Of the filled cells of an issued row, so many have to stand in a row for it to be that one."""


def ids_are_gone(rows: Sequence[Row], known: Known) -> bool:
    """Tell whether rows have no ids any more, all or many of them, while there were issued rows to come back.

    Where a few are blank, each is asked about (cases 17 and 18).
    """
    blank = sum(any(row.texts) for row in rows if not row.raw.rid)
    if not blank:
        return False
    here = {row.raw.rid for row in rows}
    missing = sum(rid not in here for rid in known.issued)
    return missing > 0 and (here == {""} or min(blank, missing) > max(FEW, len(known.issued) // 10))


def restore(rows: Sequence[Row], known: Known, owner: Mapping[str, str], sheet: str, file: str) -> list[Finding]:
    """Give rows their ids back where nobody can doubt it, and say how many are known by what.

    `owner` is check code → issued row. A row that has nothing of any issued row is a new one; one that could be several
    issued rows is held.
    """
    filled = [row for row in rows if any(row.texts)]
    counts = {}
    steps: tuple[tuple[str, Callable[[Sequence[Row], Issued, Known], Pairs]], ...] = (
        ("check", partial(_by_check, owner=owner)),
        ("key", _by_key),
        ("content", _alike),
    )
    for how, find in steps:
        left = [row for row in filled if not row.raw.rid]
        taken = {row.raw.rid for row in filled}
        found = find(left, {rid: texts for rid, texts in known.issued.items() if rid not in taken}, known)
        for row, rid in found:
            row.raw.rid = rid
        counts[how] = len(found)
    rest = sum(not row.raw.rid for row in filled)
    facts = {"sheet": sheet, "total": len(filled), "sure": counts["check"] + counts["key"], **counts, "rest": rest}
    where = CellRef(file, sheet, table=known.table)
    return [Finding("F_IDS_LOST", "warning", where, facts=tuple((k, str(v)) for k, v in facts.items()))]


def _by_check(rows: Sequence[Row], issued: Issued, known: Known, owner: Mapping[str, str]) -> Pairs:
    """Rows that still carry the check code of an issued row, which no other row carries."""
    counted = Counter(row.raw.check for row in rows)
    return [
        (row, owner[row.raw.check])
        for row in rows
        if counted[row.raw.check] == 1 and owner.get(row.raw.check) in issued
    ]


def _by_key(rows: Sequence[Row], issued: Issued, known: Known) -> Pairs:
    """Rows whose key stands once in the sheet and once among the issued."""
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    wanted: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        found[known.key(row.texts)].append(row)
    for rid, texts in issued.items():
        wanted[known.key(texts)].append(rid)
    keys = [key for key in found if key and len(found[key]) == len(wanted.get(key, ())) == 1]
    return [(found[key][0], wanted[key][0]) for key in keys]


def _alike(rows: Sequence[Row], issued: Issued, known: Known) -> Pairs:
    """Each row's one issued row with which it shares most filled cells, where that one shares as many with no other.

    Rows that are the same in all cells are taken in their order: one is as good as the other.
    """
    pairs = _equal(rows, issued)
    taken_rows, taken = {id(row) for row, _ in pairs}, {rid for _, rid in pairs}
    rows = [row for row in rows if id(row) not in taken_rows]
    index: dict[tuple[int, str], list[str]] = defaultdict(list)
    for rid, texts in issued.items():
        if rid not in taken:
            for at, text in enumerate(texts):
                if text:
                    index[at, text].append(rid)
    scores = [_scores(row.texts, index) for row in rows]
    best_of: dict[str, int] = {}
    for counted in scores:
        for rid, score in counted.items():
            best_of[rid] = max(best_of.get(rid, 0), score)
    for row, counted in zip(rows, scores, strict=True):
        top = max(counted.values(), default=0)
        best = [rid for rid, score in counted.items() if score == top]
        if len(best) == 1 and _fits(row, issued[best[0]], top, known, index):
            rivals = sum(other.get(best[0], 0) == top for other in scores)
            if best_of[best[0]] == top and rivals == 1:
                pairs.append((row, best[0]))
    return pairs


def _fits(
    row: Row, texts: Sequence[str], shared: int, known: Known, index: Mapping[tuple[int, str], Sequence[str]]
) -> bool:
    """Whether enough is shared; under another name it takes three cells, one of which no other row has."""
    if shared < LEAST_ALIKE * sum(map(bool, texts)):
        return False
    mine, theirs = known.key(row.texts), known.key(texts)
    if not mine or not theirs or mine == theirs:
        return True
    same = [(at, a) for at, (a, b) in enumerate(zip(row.texts, texts, strict=True)) if a and a == b]
    return len(same) >= LEAST_RENAMED and any(len(index[place]) == 1 for place in same)


def _equal(rows: Sequence[Row], issued: Issued) -> Pairs:
    waiting: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for rid, texts in issued.items():
        waiting[texts].append(rid)
    return [(row, waiting[row.texts].pop(0)) for row in rows if waiting.get(row.texts)]


def _scores(texts: Sequence[str], index: Mapping[tuple[int, str], list[str]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for at, text in enumerate(texts):
        if text:
            counted.update(index.get((at, text), ()))
    return counted
