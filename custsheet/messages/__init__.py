"""Every wording that a person reads, in Chinese and English, from one catalogue of codes."""

from __future__ import annotations

from custsheet.messages.catalogue import Wording, fix, known, say, severity, word

__all__ = ["Wording", "fix", "known", "say", "severity", "word"]
