"""Which row is which, heads and columns, and rules over whole rows."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {}

WORDS: dict[str, tuple[str, str]] = {}
