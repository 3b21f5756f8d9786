"""The hash chain over everything that was written: each entry covers the one before it and a digest of its payload."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from custsheet.ledger.codec import to_json
from custsheet.ledger.layout import audit, audit_payload

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the chain; `body` is None where the payload was erased."""

    seq: int
    at: str
    actor: str
    act: str
    subject: str
    payload_digest: str
    prev: str
    hash: str
    salt: str | None = None
    body: str | None = None


def head(connection: Connection) -> str:
    """Return the hash of the last entry."""
    found = connection.execute(select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).scalar()
    return str(found or START)


def append(connection: Connection, key: bytes, *, at: str, actor: str, act: str, subject: str, payload: object) -> str:
    """Append one entry and return the new head.

    The salt is derived from the ledger's key, not drawn: the head travels in every copy, and the same input must give
    the same bytes. A payload's digest cannot be guessed by anyone who does not hold the key.
    """
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, START)
    body = to_json(payload)
    salt = hmac.new(key, f"audit {seq} {prev}".encode(), hashlib.sha256).hexdigest()
    digest = payload_digest(salt, body)
    entry = {"seq": seq, "at": at, "actor": actor, "act": act, "subject": subject, "payload_digest": digest}
    link = entry_hash(prev, *(str(value) for value in entry.values()))
    connection.execute(insert(audit), [{**entry, "prev": prev, "hash": link}])
    connection.execute(insert(audit_payload), [{"seq": seq, "salt": salt, "body": body}])
    return link


def entry_hash(prev: str, *parts: str) -> str:
    """Return the hash of an entry from the one before and its own parts."""
    return hashlib.sha256(to_json([prev, *parts]).encode()).hexdigest()


def payload_digest(salt: str, body: str) -> str:
    """Return the salted digest of a payload."""
    return hashlib.sha256(f"{salt}{body}".encode()).hexdigest()


def entries(connection: Connection) -> Iterator[Entry]:
    """Iterate over the chain in order."""
    joined = select(*audit.columns, audit_payload.c.salt, audit_payload.c.body).select_from(
        audit.outerjoin(audit_payload, audit.c.seq == audit_payload.c.seq)
    )
    for found in connection.execute(joined.order_by(audit.c.seq)):
        values: Any = tuple(found)
        yield Entry(*values)
