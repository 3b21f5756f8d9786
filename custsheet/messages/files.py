"""Why a returned file is refused, or what is odd about it as a whole."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {}

WORDS: dict[str, tuple[str, str]] = {}
