"""What waits for an answer beside a merge is kept as lists in notes; whatever moves it says the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from custsheet.ledger.transaction import Transaction
from custsheet.workspace.folder import Folder

Item = Mapping[str, Any]
Lists = Mapping[str, Sequence[Item]]
"""Name of a note → items of its list."""
RECORD = "waits:"
"""What the names of the notes begin with that keep, for each revision, what it moved."""
UNDONE = "undid:"
"""The same for each undo: which submissions and answers it put aside."""
UNDONE_BY = "undone:"
"""Begins the name of the note that says of a revision by which one it was undone; empty where that was undone too."""


@dataclass(frozen=True)
class Waits:
    """What one revision moved: what asks no longer, what asks from then on, and what was written down for good."""

    off: Lists = field(default_factory=dict)
    on: Lists = field(default_factory=dict)
    said: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Name of a note → (text before, text since)."""

    @classmethod
    def of(cls, folder: Folder, revision: int) -> Waits:
        """Return what a revision moved; nothing where it moved nothing."""
        return cls.loaded(folder.ledger.note(f"{RECORD}{revision}"))

    @classmethod
    def loaded(cls, text: str) -> Waits:
        """Invert `dumped`."""
        kept = json.loads(text or "{}")
        said = {name: (before, since) for name, (before, since) in kept.get("said", {}).items()}
        return cls(kept.get("off", {}), kept.get("on", {}), said)

    def dumped(self) -> str:
        """Return it as the text of a note; empty where nothing moved."""
        parts = {"off": self.off, "on": self.on, "said": self.said}
        kept = {name: {note: part[note] for note in part if part[note]} for name, part in parts.items()}
        return json.dumps(kept, ensure_ascii=False) if any(kept.values()) else ""

    @property
    def back(self) -> Waits:
        """The way back."""
        return Waits(self.on, self.off, {name: (since, before) for name, (before, since) in self.said.items()})

    def also(self, other: Waits) -> Waits:
        """Return both together."""
        off, on = ({n: [*a.get(n, ()), *b.get(n, ())] for n in {**a, **b}} for a, b in
                   ((self.off, other.off), (self.on, other.on)))  # fmt: skip
        return Waits(off, on, {**self.said, **other.said})

    def move(self, folder: Folder, tx: Transaction) -> None:
        """Do it."""
        for note in {**self.off, **self.on}:
            there = json.loads(folder.ledger.note(note) or "[]")
            off, on = self.off.get(note, ()), self.on.get(note, ())
            now = [item for item in there if item not in off]
            now += [item for item in on if item not in now]
            if now != there:
                tx.decide(note, json.dumps(now, ensure_ascii=False) if now else "")
        for note, (_, since) in self.said.items():
            tx.decide(note, since)

    def keep(self, tx: Transaction, revision: int) -> None:
        """Remember that a revision did it."""
        text = self.dumped()
        if text:
            tx.decide(f"{RECORD}{revision}", text)


def undone_by(folder: Folder, revision: int) -> dict[str, Any]:
    """Return what the undo that is a revision put aside, as it was noted; empty where it is none."""
    found: dict[str, Any] = json.loads(folder.ledger.note(f"{UNDONE}{revision}") or "{}")
    return found
