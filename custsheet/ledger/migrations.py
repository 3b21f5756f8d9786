"""The layout's numbered steps: a new ledger takes all of them, an older one those that it lacks."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from custsheet.ledger import dialect, layout

Step = Callable[[Connection], None]


def _first_layout(connection: Connection) -> None:
    database = dialect.of(connection)
    database.mark(connection)
    layout.METADATA.create_all(connection)
    for table in layout.APPEND_ONLY:
        database.guard(connection, table)


STEPS: list[Step] = [_first_layout]
"""Step n brings a ledger from layout n-1 to n. Released steps never change: when a second one comes, the first must
keep its own copy of the tables that it made."""


def latest() -> int:
    """Return the number of the layout that this program writes."""
    return len(STEPS)


def upgrade(connection: Connection, version: int, *, to: int | None = None) -> None:
    """Take the steps after `version`, all or those up to `to`, inside the caller's one transaction."""
    last = latest() if to is None else to
    for step in STEPS[version:last]:
        step(connection)
    dialect.of(connection).set_version(connection, last)
