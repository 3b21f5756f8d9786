"""Check what the tables hold of acts against what the audit chain says of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select

from custsheet.ledger import audit, layout
from custsheet.ledger.codec import record_digest, safe_text, text_digest
from custsheet.ledger.revise import steps_digest
from custsheet.model import Finding

_Subject = tuple[str, str]
"""Kind of record, name."""
_Facts = Mapping[str, object]
_NOT_COVERED = ("id", "state", "body")
"""Columns of a record that its digest leaves out: its number, where it stands by now, and the body, which is beside."""
_SERIES: Final = {"submission": ("copy", "version"), "resolution": ("question",), "refused": ("sha256",)}
"""Kinds of records that are numbered as they came, with the columns that an entry names as its subject."""


def records(connection: Connection) -> list[Finding]:
    """Check revisions, copies, submissions, answers, schemas, files and notes against the audit chain.

    Of where things stand, the last word counts.
    """
    found: list[Finding] = []
    told: dict[_Subject, dict[str, tuple[object, int]]] = {}
    came: dict[str, list[tuple[audit.Entry, Any]]] = {act: [] for act in _SERIES}
    for entry in audit.entries(connection):
        said = _said(entry)
        if not _holds(connection, entry, said):
            found.append(_unlike((entry.act, entry.subject), entry.seq))
        if entry.act in came:
            came[entry.act].append((entry, said))
        for subject, facts in _stands(entry, said):
            told.setdefault(subject, {}).update({name: (value, entry.seq) for name, value in facts.items()})
    for act, entries in came.items():
        found += _series(connection, act, entries)
    return found + _standing(told, {**dict(_kept(connection)), **_noted(connection, told)})


def _series(connection: Connection, act: str, entries: list[tuple[audit.Entry, Any]]) -> Iterator[Finding]:
    """Compare records that are numbered as they came with their entries, one by one."""
    table = layout.METADATA.tables[act]
    kept = connection.execute(select(table).order_by(table.c.id)).mappings()
    for number, (entry, one) in enumerate(zip_longest(entries, kept), 1):
        subject = " ".join(str(one[name]) for name in _SERIES[act]) if one is not None else ""
        if entry is None:
            yield _unlike((act, subject), "—")
        elif one is None or (one["id"], subject) != (number, entry[0].subject):
            yield _unlike((act, entry[0].subject), entry[0].seq)
        elif entry[1].get("record", digest := _digest(one)) != digest:  # erased, or not covered by earlier versions
            yield _unlike((act, subject), entry[0].seq)


def _standing(
    told: Mapping[_Subject, Mapping[str, tuple[object, int]]], kept: Mapping[_Subject, _Facts]
) -> list[Finding]:
    found = [_unlike(subject, "—") for subject in sorted(told.keys() ^ kept.keys())]
    for subject in sorted(told.keys() & kept.keys()):
        wrong = [seq for name, (value, seq) in told[subject].items() if kept[subject][name] != value]
        found += [_unlike(subject, max(wrong))] if wrong else []
    return found


def _stands(entry: audit.Entry, said: Any) -> Iterator[tuple[_Subject, dict[str, object]]]:
    """Yield what an entry says of where things stand since."""
    match entry.act:
        case "open_round":
            opened = {n: said[n] for n in ("state", "opening_revision", "due") if n in said}
            yield ("round", entry.subject), {**opened, "opened_at": entry.at, "closed_at": ""}
        case "close_round":
            yield ("round", entry.subject), {"state": "closed", "closed_at": entry.at}
        case "reopen_round":
            yield ("round", entry.subject), {"state": "open", "closed_at": ""}
        case "superseded" | "revoked":
            yield ("issue", entry.subject), {"state": entry.act}
        case "issue":
            yield ("issue", entry.subject), {"state": "issued"}
        case "submission" | "submission_state":
            yield ("submission", entry.subject), {"state": said["state"]} if said else {}
        case "file":
            names = {"name": safe_text(said["name"]), "size": said["size"]} if said else {}
            yield ("file", entry.subject), {"at": entry.at, **names}
        case "schema" | "team":
            yield ("in force", entry.act), {"digest": entry.subject}
        case "notes":
            yield from ((("note", name), {"value": digest}) for name, digest in said.items())


def _kept(connection: Connection) -> Iterator[tuple[_Subject, _Facts]]:
    """Yield what the tables say of the same."""
    for one in connection.execute(select(layout.round_)).mappings():
        yield ("round", one["name"]), dict(one)
    for copy, state in connection.execute(select(layout.issue.c.copy, layout.issue.c.state)):
        yield ("issue", copy), {"state": state}
    submissions = layout.submission.c
    for copy, number, state in connection.execute(select(submissions.copy, submissions.version, submissions.state)):
        yield ("submission", f"{copy} {number}"), {"state": state}
    for act in ("schema", "team"):
        for (digest,) in connection.execute(select(layout.meta.c.value).where(layout.meta.c.name == act)):
            yield ("in force", act), {"digest": digest}
    for one in connection.execute(select(layout.file)).mappings():
        yield ("file", one["sha256"]), dict(one)


def _noted(connection: Connection, told: Collection[_Subject]) -> dict[_Subject, _Facts]:
    """Return what the notes say that the audit chain covers; the others are small things that nothing hangs on."""
    notes = connection.execute(select(layout.meta).where(layout.meta.c.name.startswith("note:")))
    found = ((one.name.removeprefix("note:"), text_digest(one.value)) for one in notes)
    return {("note", name): {"value": digest} for name, digest in found if ("note", name) in told}


def _holds(connection: Connection, entry: audit.Entry, said: Any) -> bool:
    """Tell whether what an entry covers is still there as it was; an erased payload says nothing."""
    match entry.act:
        case "revision":
            return _is_revision(connection, entry, said)
        case "issue" if said:
            which = select(layout.issue).where(layout.issue.c.copy == entry.subject)
            return any(_digest(one) == said["record"] for one in connection.execute(which).mappings())
        case "schema" | "team":
            table = layout.schema_version if entry.act == "schema" else layout.team
            body = connection.execute(select(table.c.body).where(table.c.digest == entry.subject)).scalar()
            return body is not None and text_digest(body) == entry.subject
    return True


def _is_revision(connection: Connection, entry: audit.Entry, said: Any) -> bool:
    """Tell whether a revision is as it was written; entries of earlier versions do not cover its summary."""
    kept = connection.execute(select(layout.revision).where(layout.revision.c.number == int(entry.subject))).first()
    if kept is None or (kept.at, kept.actor) != (entry.at, entry.actor):
        return False
    if not said:
        return True
    summary = text_digest(kept.summary)
    told = (said["kind"], said["state"], said["steps"], said.get("summary", summary))
    return bool(told == (kept.kind, kept.state_digest, steps_digest(connection, kept.number), summary))


def _digest(record: RowMapping) -> str:
    """Return the digest of a stored record, as its entry has it."""
    body = record.get("body", b"")
    columns = {name: value for name, value in record.items() if name not in _NOT_COVERED}
    return record_digest(columns, body if isinstance(body, bytes) else body.encode())


def _said(entry: audit.Entry) -> Any:
    """Return an entry's payload; nothing where it was erased or is no JSON any more, which the chain tells."""
    try:
        return json.loads(entry.body or "{}")
    except ValueError:
        return {}


def _unlike(subject: _Subject, seq: object) -> Finding:
    facts = {"act": subject[0], "subject": subject[1], "seq": seq}
    return Finding("F_LEDGER_RECORD", "error", facts=tuple((name, str(value)) for name, value in facts.items()))
