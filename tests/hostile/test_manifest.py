"""Every file of the hostile set ends as its manifest wants: refused with its code, or read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from custsheet.errors import FileRefused
from custsheet.messages import fix, say, severity
from custsheet.model import Grid
from custsheet.xlsx.read import read_grid

Hostile = tuple[Path, list[dict[str, Any]]]
ONLY_A_CELL = {"num_text"}
"""The file is read; what is wrong is for the field to say."""
OTHERS_SAY = {"F_COLUMN_UNKNOWN", "F_MERGED_CELLS", "F_HIDDEN_SHEET"}
"""What can be seen in the grid itself is remarked on by those who know which sheet holds data."""


def _outcome(path: Path) -> Grid | FileRefused:
    try:
        return read_grid(path)
    except FileRefused as refused:
        return refused


def test_files_that_must_be_refused_are(hostile: Hostile) -> None:
    """Each attack on file, package, XML or sheet is refused with the manifest's code (T1-T5, T10)."""
    folder, cases = hostile
    wrong = {}
    for case in cases:
        if case["want"] == "reject" and case["name"] not in ONLY_A_CELL:
            outcome = _outcome(folder / case["file"])
            code = outcome.code if isinstance(outcome, FileRefused) else "read"
            if code not in (case["code"], *case["also_ok"]):
                wrong[case["name"]] = (case["code"], code)
    assert wrong == {}


def test_files_that_must_be_read_are(hostile: Hostile) -> None:
    """Odd but honest files are read: the three rows of the plain workbook are there, and the remark wanted."""
    folder, cases = hostile
    wrong = {}
    for case in cases:
        if case["want"] == "reject" and case["name"] not in ONLY_A_CELL:
            continue
        grid = _outcome(folder / case["file"])
        code = case["code"]
        is_read = isinstance(grid, Grid) and len(grid.sheets[0].rows) >= 3
        is_file_remark = code.startswith("F_") and case["level"] != "cell" and code not in OTHERS_SAY
        if not is_read or (is_file_remark and code not in dict(grid.notes)):
            wrong[case["name"]] = (code, grid)
    assert wrong == {}


def test_every_refusal_has_words(hostile: Hostile) -> None:
    """Each code that came up says what is wrong and how to mend it, in both languages, with all its facts."""
    folder, cases = hostile
    for case in cases:
        outcome = _outcome(folder / case["file"])
        if isinstance(outcome, FileRefused):
            assert severity(outcome.code) == "refused"
            for language in ("zh", "en"):
                words = say(outcome.code, language, **outcome.facts) + fix(outcome.code, language, **outcome.facts)
                assert len(words) > 20
                assert "…" not in words
