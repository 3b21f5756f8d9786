"""Refs: a key in a cell that stands for a row of another table; `intake` resolves it."""

from __future__ import annotations

from custsheet.fields.base import WRONG_IN_LIST, CellLimit, Field, Parsed, Reading, Show, advised, repaired
from custsheet.fields.words import WordField
from custsheet.model import Value


class RefField(WordField):
    """A row of another table: its key in a cell, its row id in the ledger."""

    types = ("ref",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Take the key; a line break inside it is a slip."""
        key = text.replace("\n", " ")
        parsed = super().read_text(key, reading)
        if key != text and not parsed.notes:
            parsed = repaired(parsed.value, text, str(parsed.value))
        return advised(parsed, self.spec.type)

    def show(self) -> Show:
        """Return text."""
        return Show("@", cap=25)

    def limit(self) -> CellLimit | None:
        """Return the dropdown of the target's keys: a warning, since a row may be new."""
        return CellLimit("list", source="ref", severity="warning", wrong=WRONG_IN_LIST)

    def same(self, a: Value, b: Value) -> bool:
        """Tell whether both are the same row."""
        return Field.same(self, a, b)
