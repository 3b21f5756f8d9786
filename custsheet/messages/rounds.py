"""What the merge says: conflicts, questions, answers, buckets."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording

CODES: dict[str, Wording] = {}

WORDS: dict[str, tuple[str, str]] = {}
