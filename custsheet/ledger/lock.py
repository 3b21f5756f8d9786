"""A note beside the ledger that says who writes to it now: advice only, the database's lock is the truth."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from custsheet import machine

NAME = "lock.json"
FACTS = ("host", "pid", "user", "since", "command")


@contextlib.contextmanager
def holding(ledger: Path, *, since: str, command: str) -> Iterator[None]:
    """Say that this run writes; call it while the database's lock is held."""
    note = ledger.with_name(NAME)
    text = json.dumps({**machine.whoami(), "since": since, "command": command}, ensure_ascii=False)
    with contextlib.suppress(OSError):
        note.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)


def holder(ledger: Path) -> dict[str, str]:
    """Return who holds the ledger as far as the note tells; `?` for what it does not."""
    try:
        found = json.loads(ledger.with_name(NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    known = found if isinstance(found, dict) else {}
    return {fact: str(known.get(fact) or "?") for fact in FACTS}
