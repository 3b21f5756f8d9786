"""Opportunities: amounts by stage and month, and what was won by member, product and quarter."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from custsheet.messages import word
from custsheet.model import Value
from custsheet.reports.roles import StageRoles
from custsheet.reports.rows import Rows, amount_of, day_of, key_of
from custsheet.summary import UNKNOWN, Stage, StageGrid, Total, Totals

MOST_MONTHS = 12
MONTHS_BACK = 5
"""So many months before today's are still shown one by one."""

EARLIER, LATER, NONE = "earlier", "later", "none"
End = Literal["open", "won", "lost", "unknown"]
Row = Mapping[str, Value]


def ends(rows: Rows, stage: StageRoles) -> dict[str, End]:
    """Return what each option of the stage means, in the schema's order."""
    options = rows.schema.tables[stage.table].fields[stage.field].spec.options
    return {o.value: "won" if o.value in stage.won else "lost" if o.value in stage.lost else "open" for o in options}


def open_count(rows: Rows) -> int:
    """Count the opportunities that are neither won nor lost."""
    stage = rows.roles.stage
    if stage is None:
        return 0
    known = ends(rows, stage)
    return sum(known.get(key_of(row[stage.field])) == "open" for _, row in rows.of(stage.table))


# ── stage × month ───────────────────────────────────────────────────────────────────────────────────


def stage_grid(rows: Rows, today: dt.date) -> StageGrid | None:
    """Return amounts by stage and month; all columns of all stages add up to all amounts."""
    stage = rows.roles.stage
    if stage is None or not stage.amount:
        return None
    known = ends(rows, stage)
    columns = _columns((_month(row, stage) for _, row in rows.of(stage.table)), today)
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    counts: Counter[str] = Counter()
    for _, row in rows.of(stage.table):
        value = key_of(row[stage.field])
        value = value if value in known else UNKNOWN
        counts[value] += 1
        sums[value][_column(_month(row, stage), columns)] += amount_of(row[stage.amount])

    def line(value: str, text: str, kind: End) -> Stage:
        return Stage(value, text, kind, tuple(sums[value][c] for c in columns), counts[value])

    stages = [line(value, rows.option(stage.table, stage.field, value), kind) for value, kind in known.items()]
    if counts[UNKNOWN]:
        stages.append(line(UNKNOWN, word("report.unknown", rows.language), "unknown"))
    return StageGrid(columns, tuple(stages))


def _month(row: Row, stage: StageRoles) -> str:
    day = day_of(row[stage.close]) if stage.close else None
    return f"{day.year:04}-{day.month:02}" if day else NONE


def _columns(months: Iterable[str], today: dt.date) -> tuple[str, ...]:
    """Every month from the first to the last; of more than a year those around today, the rest in two sums."""
    found = set(months)
    numbers = sorted(_number(m) for m in found - {NONE})
    columns: list[str] = []
    if numbers:
        first, last = numbers[0], numbers[-1]
        start = max(first, min(_number(f"{today:%Y-%m}") - MONTHS_BACK, last - MOST_MONTHS + 1))
        end = min(last, start + MOST_MONTHS - 1)
        columns = [_name(n) for n in range(start, end + 1)]
        columns = [EARLIER] * (first < start) + columns + [LATER] * (last > end)
    return (*columns, *([NONE] if NONE in found else []))


def _column(month: str, columns: tuple[str, ...]) -> str:
    if month in columns:
        return month
    years = [c for c in columns if c not in (EARLIER, LATER, NONE)]
    return EARLIER if month < years[0] else LATER


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


# ── totals ──────────────────────────────────────────────────────────────────────────────────────────


def totals(rows: Rows) -> Totals | None:
    """Return the opportunities by member, by product and by quarter, each adding up to all of them."""
    stage = rows.roles.stage
    if stage is None:
        return None
    nobody, unknown = (word(f"report.{key}", rows.language) for key in ("nobody", "unknown"))
    found = list(rows.of(stage.table))
    members = _totals(rows, stage, [rows.owner(stage.table, rid) for rid, _ in found])
    products = _totals(rows, stage, [key_of(row[stage.product]) for _, row in found] if stage.product else [])
    quarters = _totals(rows, stage, [_quarter(row, stage) for _, row in found] if stage.close else [])

    def product(key: str) -> str:
        return rows.labels.value(stage.table, stage.product, key) if key else unknown

    return Totals(
        _named(members, lambda key: rows.name(key) or nobody, _by_value),
        _named(products, product, _by_value),
        _named(quarters, lambda key: key or unknown, lambda t: (t.key == UNKNOWN, t.key)),
    )


def _named(
    found: Iterable[Total], name: Callable[[str], str], order: Callable[[Total], tuple[object, ...]]
) -> tuple[Total, ...]:
    return tuple(sorted((replace(t, text=name(t.key)) for t in found), key=order))


def _by_value(total: Total) -> tuple[bool, Decimal, int, str]:
    return (total.key == UNKNOWN, -total.value, -total.won, total.text)


def _quarter(row: Row, stage: StageRoles) -> str:
    day = day_of(row[stage.close])
    return f"{day.year} Q{(day.month + 2) // 3}" if day else UNKNOWN


def _totals(rows: Rows, stage: StageRoles, groups: Sequence[str]) -> list[Total]:
    """Sum the opportunities by group; `groups` names one per row, and is empty where there is nothing to group by."""
    known = ends(rows, stage)
    counts: Counter[tuple[str, End]] = Counter()
    values: dict[str, Decimal] = {}
    for group, (_, row) in zip(groups, rows.of(stage.table), strict=False):
        end = known.get(key_of(row[stage.field]), "unknown")
        counts[group, end] += 1
        won = amount_of(row[stage.amount]) if end == "won" and stage.amount else Decimal(0)
        values[group] = values.get(group, Decimal(0)) + won
    return [Total(k, k, counts[k, "open"], counts[k, "won"], counts[k, "lost"], v) for k, v in values.items()]
