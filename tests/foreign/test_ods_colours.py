"""Which cells of an OpenDocument table have a colour, whatever says so, and how many are kept at most (U12, P32)."""

from __future__ import annotations

import pytest

from custsheet.foreign.ods_colours import MOST, Colours


def coloured() -> Colours:
    """Two columns of column style `y`, further ones without; styles yellow, its child, red, and none at all."""
    found = Colours()
    for style, colour in {"y": "#ffff00", "r": "#FF0000", "none": "transparent", "odd": "url(#ffff00)"}.items():
        found.background(style, colour)
    found.style("child", "y")
    found.sheet()
    found.columns(0, "r")
    found.columns(2, "y")
    found.columns(16_382, "")
    return found


@pytest.mark.parametrize(
    ("row", "cell", "fills"),
    [
        ("", "", ["FFFF00", "FFFF00", ""]),
        ("r", "", ["FF0000", "FF0000", "FF0000"]),
        ("r", "child", ["FFFF00", "FFFF00", "FFFF00"]),
        ("r", "none", ["", "", ""]),
        ("r", "odd", ["", "", ""]),
        ("", "unknown", ["", "", ""]),
    ],
)
def test_whose_style_counts(row: str, cell: str, fills: list[str]) -> None:
    """The cell's own before the row's, the row's before the column's; one that says none is none."""
    found = coloured()
    found.row(row)
    found.cells(0, 300, cell)
    found.end(range(4, 5), 3)
    assert [(f.row, f.column, f.fill) for f in found.fills] == [
        (4, column, fill) for column, fill in enumerate(fills, 1) if fill
    ]


def test_a_small_file_cannot_ask_for_any_number_of_colours() -> None:
    """A row that stands a million times is not kept a million times, and what was kept before it stays."""
    found = coloured()
    for numbers in (range(1, 3), range(3, 1_000_003), range(1_000_003, 1_000_004)):
        found.row("r")
        found.cells(0, 16_384, "")
        found.end(numbers, 1)
    assert [f.row for f in found.fills] == [1, 2]
    assert MOST < 1_000_000
