"""Members: names in a cell that stand for persons of the team; `intake` resolves them."""

from __future__ import annotations

import re

from custsheet.fields.base import WRONG_IN_LIST, CellLimit, Language, Parsed, Reading, Show, advised, repaired
from custsheet.fields.tags import TagsField
from custsheet.fields.words import WordField

_BLANKS = re.compile(r"\s+")


class MemberField(WordField):
    """One person: the display name in a cell, the member's id in the ledger."""

    types = ("member",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Take the name, blanks inside it made one."""
        name = _BLANKS.sub(" ", text)
        parsed = super().read_text(name, reading)
        if name != text and not parsed.notes:
            parsed = repaired(parsed.value, text, str(parsed.value))
        return advised(parsed, self.spec.type)

    def show(self) -> Show:
        """Return text."""
        return Show("@", cap=25)

    def limit(self) -> CellLimit | None:
        """Return the dropdown of the team."""
        return CellLimit("list", source="members", severity="stop", wrong=WRONG_IN_LIST)


class MembersField(TagsField):
    """Several persons, as tags are."""

    types = ("members",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Take the names."""
        return advised(super().read_text(text, reading), self.spec.type)

    def choices(self, language: Language) -> tuple[str, ...]:
        """Return nothing: who may be named is known to the team alone."""
        return ()
