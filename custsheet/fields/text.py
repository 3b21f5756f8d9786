"""Text: names, places, plans; one line or several."""

from __future__ import annotations

from collections.abc import Sequence

from custsheet.fields.base import CellLimit, Language, Show
from custsheet.fields.words import WordField, say_limits
from custsheet.messages import word


class TextField(WordField):
    """A text as it was typed."""

    types = ("text",)

    def show(self) -> Show:
        """Return text format; a formula under text format would show itself instead of its value."""
        if self.spec.compute is not None:
            return Show("General", cap=25)
        return Show("@", wrap=self.spec.long, cap=40 if self.spec.long else 25)

    def limit(self) -> CellLimit | None:
        """Return the greatest length, where the schema gives one."""
        if not self.spec.max_length:
            return None
        high = str(self.spec.max_length)
        return CellLimit("textLength", low="0", high=high, wrong=f"LEN({{cell}})>{high}")

    def advice(self, language: Language) -> Sequence[str]:
        """Return one sentence for long texts, and the limits."""
        return [word("fill.long" if self.spec.long else "fill.text", language), *say_limits(self, language)]
