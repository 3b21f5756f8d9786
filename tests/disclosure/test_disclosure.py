"""No part of a copy holds anything that its member may not see (issue 3, U13); what may be seen is there."""

from __future__ import annotations

import base64
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

MEMBERS = ("wang", "li", "zhou", "qian", "wu", "sun")
MARK = re.compile(r"custsheet-stamp-1 copy (\d+) [0-9a-f]{64} (?:[0-9a-f]{64}|-)")
SHOWN_DAYS = 90


def grant(body: dict[str, Any], role: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return table → (rows, fields) of a role, read from the YAML alone (DESIGN 6)."""
    found = {}
    for table, definition in body["tables"].items():
        right = body["roles"][role].get(table) or body["roles"][role].get("*")
        if right is not None:
            see = tuple(definition["fields"]) if right["see"] == "*" else tuple(right["see"])
            found[table] = (right["rows"], see)
    return found


def visible(world: Any, who: str, role: str) -> Iterator[tuple[Any, str]]:
    """Yield every (row, field) that a member sees."""
    rights = grant(world.body, role)
    for row in world.rows:
        scope, see = rights.get(row.table, ("none", ()))
        old = "show" in world.body["tables"][row.table] and row.age > SHOWN_DAYS
        if not old and (scope == "all" or (scope == "own" and who in row.owners)):
            yield from ((row, name) for name in see)


def parts(path: Path) -> dict[str, str]:
    """Return every part of a copy as text, and the stamp's payload beside them."""
    with zipfile.ZipFile(path) as package:
        found = {name: package.read(name).decode("utf-8") for name in package.namelist()}
    found["(names)"] = " ".join(found)
    found["(stamp)"] = payload("\n".join(found.values()))
    return found


def payload(text: str) -> str:
    """Return the stamp as JSON text: its chunks, put together and inflated."""
    assert MARK.search(text), "the copy carries no stamp"
    chunks = re.findall(r"<t[^>]*>([A-Za-z0-9+/=]{40,8000})</t>", text)
    unpacked = []
    for start in range(len(chunks)):
        for end in range(start + 1, len(chunks) + 1):
            try:
                unpacked.append(zlib.decompress(base64.b64decode("".join(chunks[start:end]))).decode())
            except (ValueError, zlib.error):
                continue
    assert len(unpacked) == 1, "one stamp, whole"
    return unpacked[0]


def where(texts: dict[str, str], tokens: Iterable[str]) -> list[tuple[str, str]]:
    """Return (token, part) of every token that stands somewhere."""
    return [(token, name) for token in tokens for name, text in texts.items() if token in text]


@pytest.fixture(scope="session")
def opened(copies: dict[str, Path]) -> dict[str, dict[str, str]]:
    return {who: parts(path) for who, path in copies.items()}


@pytest.mark.parametrize("who", MEMBERS)
def test_no_value_of_a_row_or_field_out_of_sight_is_in_a_copy(world: Any, opened: Any, roles: Any, who: str) -> None:
    """Issue 3, L17: every part and the stamp are free of every value that the member may not see."""
    allowed = {token for row, name in visible(world, who, roles[who]) for token in row.tokens.get(name, ())}
    every = {token for row in world.rows for tokens in row.tokens.values() for token in tokens}
    assert not where(opened[who], sorted(every - allowed))
    assert who == "sun" or len(every - allowed) > 40


@pytest.mark.parametrize("who", MEMBERS)
def test_every_value_in_sight_stands_on_a_sheet_and_in_the_stamp(world: Any, opened: Any, roles: Any, who: str) -> None:
    """The search can fail: what the member may see is found, in the sheets and in the base."""
    allowed = {token for row, name in visible(world, who, roles[who]) for token in row.tokens.get(name, ())}
    on_sheets = {name: text for name, text in opened[who].items() if name != "(stamp)"}
    assert {token for token, _ in where(on_sheets, allowed)} == allowed
    assert {token for token, _ in where({"": opened[who]["(stamp)"]}, allowed)} == allowed
    assert len(allowed) > 8


@pytest.mark.parametrize("who", MEMBERS)
def test_no_word_about_a_field_out_of_sight_is_in_a_copy(world: Any, opened: Any, roles: Any, who: str) -> None:
    """DESIGN 6: a field that `see` does not name is not in the copy in any form: title, help, options, sections."""
    rights = grant(world.body, roles[who])
    hidden = [
        token
        for (table, name), tokens in world.words.items()
        for token in tokens
        if name not in rights.get(table, ("", ()))[1] and not _named_by_a_ref(world, rights, table, name)
    ]
    assert not where(opened[who], hidden)
    assert hidden or roles[who] in ("sales", "manager"), "these two see every field"


@pytest.mark.parametrize("who", MEMBERS)
def test_every_title_in_sight_stands_in_a_copy(world: Any, opened: Any, roles: Any, who: str) -> None:
    """The titles of what the member sees are there, in the language of the copy."""
    rights = grant(world.body, roles[who])
    at = 1 if who == "wu" else 0
    shown = {world.words[table, name][at] for table, (_, see) in rights.items() for name in see}
    found = {token for token, _ in where(opened[who], shown)}
    assert {t for t in shown - found if not _computed(world, t)} == set()


@pytest.mark.parametrize("who", MEMBERS)
def test_no_rule_that_speaks_of_a_field_out_of_sight_is_in_a_copy(
    world: Any, opened: Any, roles: Any, who: str
) -> None:
    """Words about a row name only fields that the member sees (DESIGN 9)."""
    rights = grant(world.body, roles[who])
    hidden = [token for table, names, token in world.rule_words if not names <= set(rights.get(table, ("", ()))[1])]
    assert not where(opened[who], hidden)


@pytest.mark.parametrize("who", MEMBERS)
def test_no_address_of_a_member_is_in_a_copy(world: Any, opened: Any, who: str) -> None:
    """A copy names members; their mail addresses stay in members.yaml."""
    assert not where(opened[who], [mail.partition("@")[0] for mail in world.emails])


def _named_by_a_ref(world: Any, rights: Any, table: str, name: str) -> bool:
    """The key of a table that is not granted may be named where a ref in sight leads to it."""
    fields = {t: world.body["tables"][t]["fields"] for t in rights}
    leads = any(fields[t][n].get("to") == table for t, (_, see) in rights.items() for n in see)
    return table not in rights and leads and name in world.body["tables"][table].get("key", ())


def _computed(world: Any, token: str) -> bool:
    """A computed field that reads what the member does not see cannot be worked out, and is left out."""
    at = next(place for place, tokens in world.words.items() if token in tokens)
    return bool(world.body["tables"][at[0]]["fields"][at[1]]["type"] == "computed")
