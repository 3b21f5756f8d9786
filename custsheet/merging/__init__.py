"""What the copies of a round changed, and their merge, cell by cell; pure functions of what they are given."""

from __future__ import annotations

from custsheet.merging.core import merge
from custsheet.merging.edits import find_edits, hold_late, reject, since_issue
from custsheet.merging.steps import difference
from custsheet.merging.values import state_digest

__all__ = ["difference", "find_edits", "hold_late", "merge", "reject", "since_issue", "state_digest"]
