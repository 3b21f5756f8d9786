"""What the caller, or a file that the manager wrote, got wrong; and what stopped a command."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {}

WORDS: dict[str, tuple[str, str]] = {}
