"""A server's address in custsheet.yaml: told from a path, checked, and shown without its password."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HOST = re.compile(r"[\w.-]*|[0-9a-f:.]+", re.IGNORECASE)


def scheme(text: str) -> str:
    """Return what stands before `://` in an address, in small letters; empty for a path."""
    found = _ADDRESS.match(text)
    return found[1].lower() if found else ""


def is_sound(text: str) -> bool:
    """Tell whether a server's address can be taken apart: a host and a database, awkward characters as %XX."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(_HOST.fullmatch(host)) and len(parts.path) > 1 and parts.netloc.count("@") <= 1
