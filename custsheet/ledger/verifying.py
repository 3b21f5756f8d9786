"""Check a ledger against itself: the file, the audit chain, the rows at every revision, received files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from custsheet.ledger import audit, dialect, layout
from custsheet.ledger.codec import record_digest, text_digest
from custsheet.ledger.files import FileStore
from custsheet.ledger.revise import steps_digest
from custsheet.ledger.state import current, replay
from custsheet.model import Finding

_Subject = tuple[str, str]
"""Kind of record, name."""
_NOT_COVERED = ("id", "state", "body")
"""Columns of a record that its digest leaves out: its number, where it stands by now, and the body, which is beside."""


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
    """Check that each audit entry follows from the one before it and covers its payload."""
    found: list[Finding] = []
    prev = audit.START
    for count, entry in enumerate(audit.entries(connection), 1):
        parts = (str(entry.seq), entry.at, entry.actor, entry.act, entry.subject, entry.payload_digest)
        if entry.seq != count or entry.prev != prev or entry.hash != audit.entry_hash(prev, *parts):
            return [*found, _finding("F_LEDGER_CHAIN", seq=entry.seq)]
        if entry.body is not None and audit.payload_digest(entry.salt or "", entry.body) != entry.payload_digest:
            found.append(_finding("F_LEDGER_PAYLOAD", seq=entry.seq, act=entry.act))
        prev = entry.hash
    return found


def last_state(connection: Connection) -> list[Finding]:
    """Check the rows as they are now against the last revision."""
    newest = layout.revision.c.number.desc()
    last = connection.execute(select(layout.revision).order_by(newest).limit(1)).first()
    if last is None or current(connection, last.number).digest() == last.state_digest:
        return []
    return [_finding("F_LEDGER_STATE", revision=last.number)]


def every_state(connection: Connection) -> list[Finding]:
    """Replay history from the first revision on and check each one's digest."""
    kept = connection.execute(select(layout.revision.c.number, layout.revision.c.state_digest))
    digests = {one.number: one.state_digest for one in kept}
    return [
        _finding("F_LEDGER_HISTORY", revision=state.revision)
        for state in replay(connection, max(digests, default=0))
        if state.digest() != digests.get(state.revision)
    ]


def records(connection: Connection) -> list[Finding]:
    """Check revisions, copies, submissions, answers, schemas and files against what the audit chain says of them.

    Of where rounds, copies and submissions stand, the last word counts.
    """
    found: list[Finding] = []
    told: dict[_Subject, dict[str, tuple[object, int]]] = {}
    for entry in audit.entries(connection):
        said = _said(entry)
        if not _holds(connection, entry, said):
            found.append(_unlike((entry.act, entry.subject), entry.seq))
        for subject, facts in _stands(entry, said):
            told.setdefault(subject, {}).update({name: (value, entry.seq) for name, value in facts.items()})
    return found + _standing(told, dict(_kept(connection)))


def _standing(
    told: Mapping[_Subject, Mapping[str, tuple[object, int]]], kept: Mapping[_Subject, Mapping[str, object]]
) -> list[Finding]:
    found = [_unlike(subject, "—") for subject in sorted(told.keys() ^ kept.keys())]
    for subject in sorted(told.keys() & kept.keys()):
        wrong = [seq for name, (value, seq) in told[subject].items() if kept[subject][name] != value]
        found += [_unlike(subject, max(wrong))] if wrong else []
    return found


def _unlike(subject: _Subject, seq: object) -> Finding:
    return _finding("F_LEDGER_RECORD", act=subject[0], subject=subject[1], seq=seq)


def _stands(entry: audit.Entry, said: Any) -> Iterator[tuple[_Subject, dict[str, object]]]:
    """Yield what an entry says of where things stand since."""
    match entry.act:
        case "open_round":
            yield ("round", entry.subject), {n: said[n] for n in ("state", "opening_revision", "due") if n in said}
        case "close_round" | "reopen_round":
            yield ("round", entry.subject), {"state": "closed" if entry.act == "close_round" else "open"}
        case "superseded" | "revoked":
            yield ("issue", entry.subject), {"state": entry.act}
        case "issue":
            yield ("issue", entry.subject), {"state": "issued"}
        case "submission" | "submission_state":
            yield ("submission", entry.subject), {"state": said["state"]} if said else {}
        case "file":
            yield ("file", entry.subject), {}


def _kept(connection: Connection) -> Iterator[tuple[_Subject, Mapping[str, object]]]:
    """Yield what the tables say of the same."""
    rounds, issues, submissions = layout.round_.c, layout.issue.c, layout.submission.c
    found = connection.execute(select(rounds.name, rounds.state, rounds.opening_revision, rounds.due))
    for name, state, opening, due in found:
        yield ("round", name), {"state": state, "opening_revision": opening, "due": due}
    for copy, state in connection.execute(select(issues.copy, issues.state)):
        yield ("issue", copy), {"state": state}
    for copy, number, state in connection.execute(select(submissions.copy, submissions.version, submissions.state)):
        yield ("submission", f"{copy} {number}"), {"state": state}
    for (sha256,) in connection.execute(select(layout.file.c.sha256)):
        yield ("file", sha256), {}


def _said(entry: audit.Entry) -> Any:
    """Return an entry's payload; nothing where it was erased or is no JSON any more, which the chain tells."""
    try:
        return json.loads(entry.body or "{}")
    except ValueError:
        return {}


def files(connection: Connection, folder: Path) -> list[Finding]:
    """Check that every received file is there with the bytes that it came with."""
    store = FileStore(folder)
    found = []
    for one in connection.execute(select(layout.file).order_by(layout.file.c.at, layout.file.c.sha256)):
        state = store.check(one.sha256)
        if state:
            found.append(_finding(state, sha256=one.sha256, name=one.name))
    return found


def _holds(connection: Connection, entry: audit.Entry, said: Any) -> bool:
    """Tell whether what an entry covers is still there as it was; an erased payload says nothing."""
    match entry.act:
        case "revision" if said:
            which = select(layout.revision.c.state_digest).where(layout.revision.c.number == int(entry.subject))
            kept = connection.execute(which).scalar()
            return bool(kept == said["state"] and steps_digest(connection, int(entry.subject)) == said["steps"])
        case "issue" | "submission" | "resolution" if said:
            return said["record"] in set(_record_digests(connection, entry.act, entry.subject))
        case "schema" | "team":
            table = layout.schema_version if entry.act == "schema" else layout.team
            body = connection.execute(select(table.c.body).where(table.c.digest == entry.subject)).scalar()
            return body is not None and text_digest(body) == entry.subject
    return True


def _record_digests(connection: Connection, act: str, subject: str) -> Iterator[str]:
    """Yield the digests of the records that an entry's subject names: one, or all answers to a question."""
    table = {"issue": layout.issue, "submission": layout.submission, "resolution": layout.resolution}[act]
    first, _, second = subject.partition(" ")
    column = table.c.question if act == "resolution" else table.c.copy
    which = select(table).where(column == (subject if act == "resolution" else first))
    if act == "submission":
        which = which.where(table.c.version == int(second))
    for one in connection.execute(which).mappings():
        body = one["body"]
        columns = {name: value for name, value in one.items() if name not in _NOT_COVERED}
        yield record_digest(columns, body if isinstance(body, bytes) else body.encode())


def _finding(code: str, **facts: object) -> Finding:
    return Finding(code, "error", facts=tuple((name, str(value)) for name, value in facts.items()))
