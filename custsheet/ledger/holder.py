"""Who writes to a ledger on a server, in the name of its session: 63 bytes of ASCII are all that a server shows."""

from __future__ import annotations

from custsheet import machine
from custsheet.ledger.lock import FACTS

_ROOM = 63
_ORDER = ("since", "pid", "command", "user", "host")
_PROGRAM = "custsheet "


def note(*, since: str, command: str) -> str:
    """Return the facts in one line: names that are no ASCII as Punycode, and cut where there is no room."""
    known = {**machine.whoami(), "since": since, "command": command.removeprefix(_PROGRAM)}
    ends = {"user": 12, "host": 15, "command": 9}
    short = [known[fact].replace("|", "/")[: ends.get(fact)] for fact in _ORDER]
    while True:
        line = "|".join(_ascii(part) for part in short)
        if len(line) <= _ROOM:
            return line
        longest = max(range(len(short)), key=lambda at: len(_ascii(short[at])) if at > 1 else 0)
        short[longest] = short[longest][:-1]


def facts(line: str) -> dict[str, str]:
    """Read such a line; `?` for what it does not tell."""
    parts = [_plain(part) for part in line.split("|")]
    known = dict(zip(_ORDER, parts, strict=True)) if len(parts) == len(_ORDER) else {}
    if known.get("command"):
        known["command"] = _PROGRAM + known["command"]
    return {fact: known.get(fact) or "?" for fact in FACTS}


def _ascii(text: str) -> str:
    return text if text.isascii() else "~" + text.encode("punycode").decode()


def _plain(text: str) -> str:
    try:
        return text[1:].encode().decode("punycode") if text.startswith("~") else text
    except UnicodeError:
        return "?"
