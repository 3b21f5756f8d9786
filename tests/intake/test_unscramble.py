"""Un-scramble: columns that were sorted apart from their rows go back, with what was typed in them (U2, P01)."""

from __future__ import annotations

import random

import pytest

from custsheet.intake.unscramble import put_back
from custsheet.model import Value

ISSUED: list[list[Value]] = [
    # name      phone   grade  city
    ["澄湖示例", "8001", "B", "杭州"],
    ["远山示例", "8004", "A", "上海"],
    ["青禾示例", "8002", "B", "杭州"],
    ["北岭示例", "8005", "C", "北京"],
    ["东屿示例", "8003", "A", "上海"],
]


def _sorted(*columns: int, key: int, typed: dict[tuple[int, int], Value] | None = None) -> list[list[Value]]:
    """Type, then sort these columns by one of them while the others stay."""
    rows = [list(row) for row in ISSUED]
    for (row, column), value in (typed or {}).items():
        rows[row][column] = value
    parts = sorted(([row[c] for c in columns] for row in rows), key=lambda part: str(part[columns.index(key)]))
    for row, part in zip(rows, parts, strict=True):
        for column, value in zip(columns, part, strict=True):
            row[column] = value
    return rows


def test_one_column_goes_back() -> None:
    """A column that was sorted alone is as it was issued again; each moved cell is told with its row."""
    found = put_back(ISSUED, _sorted(1, key=1), [1])
    assert found.rows == ISSUED
    assert {(p.row, p.value) for p in found.placed} == {(1, "8004"), (2, "8002"), (3, "8005"), (4, "8003")}
    assert {p.how for p in found.placed} == {"back"}


def test_an_edit_before_the_sort_goes_with_its_row() -> None:
    """A value in order was typed before: it goes to the row whose value is missed, and is to be looked at."""
    found = put_back(ISSUED, _sorted(1, key=1, typed={(3, 1): "8009"}), [1])
    assert found.rows[3][1] == "8009"
    assert [(p.row, p.value) for p in found.placed if p.how == "likely"] == [(3, "8009")]
    assert [row for at, row in enumerate(found.rows) if at != 3] == [row for at, row in enumerate(ISSUED) if at != 3]


def test_an_edit_after_the_sort_stays_where_it_was_typed() -> None:
    """A value out of order was typed into the row where it stands; the value that it covered goes back to its row."""
    rows = _sorted(1, key=1)
    rows[0][1] = "9999"
    found = put_back(ISSUED, rows, [1])
    assert found.rows[0][1] == "9999"
    assert [row[1] for row in found.rows[1:]] == [row[1] for row in ISSUED[1:]]


def test_columns_that_moved_together_take_their_edits_along() -> None:
    """All visible columns sorted under standing ids: each row's cells go back together, the typed one among them."""
    found = put_back(ISSUED, _sorted(0, 1, 2, 3, key=0, typed={(2, 3): "宁波"}), [0, 1])
    expected = [list(row) for row in ISSUED]
    expected[2][3] = "宁波"
    assert found.rows == expected


def test_what_nobody_can_place_is_told_and_not_placed() -> None:
    """Two values typed over in a column sorted alone: the rows keep what was issued, both values are listed."""
    typed = {(0, 1): "8010", (1, 1): "8011"}
    found = put_back(ISSUED, _sorted(1, key=1, typed=typed), [1])
    assert [row[1] for row in found.rows] == [row[1] for row in ISSUED]
    assert sorted(str(p.value) for p in found.placed if p.how == "left") == ["8010", "8011"]


@pytest.mark.parametrize("size", [20, 200])
def test_random_sorts_lose_no_value(size: int) -> None:
    """Whatever was sorted: a sort alone is undone wholly; with edits every typed value is in a cell or in the list."""
    rng = random.Random(size)
    for _ in range(60):
        base: list[list[Value]] = [[f"c{at}", str(rng.randrange(10**6)), rng.choice("ABC")] for at in range(size)]
        columns = rng.choice([(1,), (0, 1), (1, 2), (0, 1, 2)])
        rows = [list(row) for row in base]
        typed = {rng.randrange(size): f"typed{n}" for n in range(rng.choice([0, 0, 1, 3]))}
        for at, value in typed.items():
            rows[at][1] = value
        parts = sorted(([row[c] for c in columns] for row in rows), key=lambda part: str(part[columns.index(1)]))
        for row, part in zip(rows, parts, strict=True):
            for column, value in zip(columns, part, strict=True):
                row[column] = value
        found = put_back(base, rows, [c for c in columns if c != 2])
        told = [row[1] for row in found.rows] + [p.value for p in found.placed if p.how == "left"]
        assert set(typed.values()) <= set(told)
        if not typed:
            assert found.rows == base
