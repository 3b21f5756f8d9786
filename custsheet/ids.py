"""Ids that are derived, never drawn: the same parts give the same id on every machine."""

from __future__ import annotations

import base64
import hashlib
import hmac


def derive(*parts: str, length: int = 13) -> str:
    """Return `length` lower-case base-32 characters that name these parts and no others."""
    text = "\x1f".join(parts).encode()
    return base64.b32encode(hashlib.sha256(text).digest()).decode().lower()[:length]


def short_hash(*parts: str) -> str:
    """Return 16 hexadecimal digits that name these parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def check_code(copy: str, rid: str) -> str:
    """Return the six characters that tie a row id to a copy (`_check`)."""
    code = hmac.new(copy.encode(), rid.encode(), hashlib.sha256).digest()
    return base64.b32encode(code).decode()[:6]


def copy_id(ledger: str, round_name: str, member: str, number: int) -> str:
    """Return the id of the `number`-th copy of a member in a round."""
    return derive("copy", ledger, round_name, member, str(number), length=16)


def spare_ids(copy: str, table: str, count: int) -> tuple[str, ...]:
    """Return the ids that wait in the blank rows of a copy's table."""
    return tuple(derive("spare", copy, table, str(n)) for n in range(count))
