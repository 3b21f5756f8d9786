"""Check a ledger against itself: the file, the audit chain, the rows at every revision, received files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from custsheet.ledger import audit, dialect, layout
from custsheet.ledger.files import FileStore
from custsheet.ledger.state import current, replay
from custsheet.model import Finding


def told(check: Callable[[Connection], list[Finding]], connection: Connection) -> list[Finding]:
    """Return what a check finds; where it cannot go on for something is missing, that the ledger is damaged."""
    try:
        return check(connection)
    except (LookupError, TypeError, ValueError, ArithmeticError) as missing:
        return [_finding("F_LEDGER_STRUCTURE", detail=f"{check.__name__}: {type(missing).__name__} {missing}")]


def structure(connection: Connection, *, full: bool) -> list[Finding]:
    """Check the file itself: pages, indexes, references, guards."""
    database = dialect.of(connection)
    try:
        found = [_finding("F_LEDGER_STRUCTURE", detail=words) for words in database.structure(connection, full=full)]
        found += [_finding("F_LEDGER_REFERENCE", detail=words) for words in database.dangling(connection)]
        unguarded = set(layout.APPEND_ONLY) - database.guards(connection)
    except DatabaseError as error:  # damage that stops even the check
        return [_finding("F_LEDGER_STRUCTURE", detail=str(error.orig))]
    return found + [_finding("F_LEDGER_UNGUARDED", table=table) for table in sorted(unguarded)]


def chain(connection: Connection) -> list[Finding]:
    """Check that each audit entry follows from the one before it and covers its payload.

    The chain holds without a payload; what that recorded can no longer be proved, and that is told.
    """
    found: list[Finding] = []
    erased = 0
    prev = audit.START
    for count, entry in enumerate(audit.entries(connection), 1):
        parts = (str(entry.seq), entry.at, entry.actor, entry.act, entry.subject, entry.payload_digest)
        if entry.seq != count or entry.prev != prev or entry.hash != audit.entry_hash(prev, *parts):
            return [*found, _finding("F_LEDGER_CHAIN", seq=entry.seq)]
        erased += entry.body is None
        if entry.body is not None and audit.payload_digest(entry.salt or "", entry.body) != entry.payload_digest:
            found.append(_finding("F_LEDGER_PAYLOAD", seq=entry.seq, act=entry.act))
        prev = entry.hash
    return [*found, _finding("F_LEDGER_ERASED", count=erased)] if erased else found


def last_state(connection: Connection) -> list[Finding]:
    """Check the rows as they are now against the last revision."""
    newest = layout.revision.c.number.desc()
    last = connection.execute(select(layout.revision).order_by(newest).limit(1)).first()
    if last is None or current(connection, last.number).digest() == last.state_digest:
        return []
    return [_finding("F_LEDGER_STATE", revision=last.number)]


def rows(connection: Connection) -> list[Finding]:
    """Check when rows came and went, and since when cells hold what they hold, against their history."""
    lives: dict[int, tuple[int | None, int | None]] = {}
    history = layout.row_history.c
    for row, rev, act in connection.execute(select(history.row, history.rev, history.act).order_by(history.rev)):
        came = lives.get(row, (rev, None))[0]
        lives[row] = (came, rev if act == "deleted" else None)
    wrong = {
        (one.table, one.rid)
        for one in connection.execute(select(layout.row))
        if lives.get(one.id) != (one.created_rev, one.deleted_rev)
    }
    past, now = layout.cell_history.c, layout.cell.c
    newest = select(past.row, past.field, func.max(past.rev).label("rev")).group_by(past.row, past.field).subquery()
    same_cell = (newest.c.row == now.row) & (newest.c.field == now.field)
    odd = select(layout.row.c.table, layout.row.c.rid).join(layout.cell, now.row == layout.row.c.id)
    odd = odd.join(newest, same_cell).where(newest.c.rev != now.rev)
    wrong |= {(one.table, one.rid) for one in connection.execute(odd)}
    return [_finding("F_LEDGER_ROW", table=table, rid=rid) for table, rid in sorted(wrong)]


def every_state(connection: Connection) -> list[Finding]:
    """Replay history from the first revision on and check each one's digest."""
    kept = connection.execute(select(layout.revision.c.number, layout.revision.c.state_digest))
    digests = {one.number: one.state_digest for one in kept}
    return [
        _finding("F_LEDGER_HISTORY", revision=state.revision)
        for state in replay(connection, max(digests, default=0))
        if state.digest() != digests.get(state.revision)
    ]


def files(connection: Connection, folder: Path) -> list[Finding]:
    """Check that every received file is there with the bytes that it came with."""
    store = FileStore(folder)
    found = []
    for one in connection.execute(select(layout.file).order_by(layout.file.c.at, layout.file.c.sha256)):
        state = store.check(one.sha256)
        if state:
            found.append(_finding(state, sha256=one.sha256, name=one.name))
    return found


def _finding(code: str, **facts: object) -> Finding:
    return Finding(code, "error", facts=tuple((name, str(value)) for name, value in facts.items()))
