"""Answer the round's questions in the written question workbook, with the very words of its dropdowns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custsheet.addresses import letters
from custsheet.messages import word
from custsheet.model import Cell, GridSheet, Question
from custsheet.xlsx.patch import CellEdit, patch
from custsheet.xlsx.read import read_grid

PREFERRED: Final = {
    "H_CELL": "claim:0",
    "H_DUP_KEY": "claim:0",
    "H_OWNER": "claim:1",
    "H_DELETE": "delete",
}
"""What the manager of the demo answers; what is not here stays open."""
LEFT_OPEN: Final = "next_plan"
"""The question on this field is left to whoever tries the demo."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as it was picked."""

    question: str
    code: str
    label: str
    picked: str
    """The text of the dropdown."""


def answer(data: bytes, questions: Sequence[Question]) -> tuple[bytes, tuple[Answered, ...]]:
    """Pick an answer for all questions but those left to the reader; return the workbook as it would be saved."""
    sheet = next(s for s in read_grid(data).sheets if s.state == "visible")
    head, at = _head(sheet)
    asked = {q.id: q for q in questions}
    edits: list[CellEdit] = []
    answered: list[Answered] = []
    for row in sheet.rows:
        question = asked.get(_text(row.cells, at["_question"])) if row.number > head else None
        if question is None or question.field == LEFT_OPEN or question.code not in PREFERRED:
            continue
        shown = json.loads(_text(row.cells, at["_choices"]))
        picked = shown[PREFERRED[question.code]]
        decision = f"{letters(at[word('question.decision', 'zh')] + 1)}{row.number}"
        edits.append(CellEdit(sheet.name, decision, picked))
        answered.append(Answered(question.id, question.code, question.label, picked))
    return patch(data, edits), tuple(answered)


def _head(sheet: GridSheet) -> tuple[int, dict[str, int]]:
    """Return the number of the head row, and text → 0-based column."""
    for row in sheet.rows:
        at = {cell.raw: position for position, cell in enumerate(row.cells) if cell is not None}
        if "_question" in at:
            return row.number, at
    raise LookupError("no head in the question workbook")


def _text(cells: Sequence[Cell | None], position: int) -> str:
    cell = cells[position] if position < len(cells) else None
    return cell.raw if cell is not None else ""
