"""docs/clients.md is what `make clients` writes, and says what comes out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from client_bench import Returned
from client_programs import NOT_RUN, PROGRAMS
from client_table import DOC, altered_of, page, result, rows_of

CASES = [
    pytest.param(p.name, ending, marks=pytest.mark.xdist_group(f"client-{p.name}"))
    for p in PROGRAMS.values()
    for ending in p.formats
]


def test_the_page_is_what_is_written_from_its_tables() -> None:
    """Every sentence of the page is the table's own; no program is left out, and four are said not to have been run."""
    text = DOC.read_text(encoding="utf-8")
    assert page(rows_of(text), altered_of(text)) == text
    ran = {(row[0], row[1]) for row in rows_of(text) if "not run" not in row}
    assert ran == {(p.title, ending) for p in PROGRAMS.values() for ending in p.formats}
    assert all(f"| {name} |  | not run | not run |" in text for name in NOT_RUN)


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_the_page_says_what_comes_out(
    name: str, ending: str, saved_by: Callable[[str], Mapping[tuple[str, str], Returned]]
) -> None:
    """The row of each program that is here is the one that the page shows."""
    assert result(PROGRAMS[name], ending, saved_by(name)) in rows_of(DOC.read_text(encoding="utf-8"))
