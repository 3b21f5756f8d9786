"""What a member may see of what was told in a world of files, and which of its words stand in a file's bytes."""

from __future__ import annotations

import base64
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from file_world import READ, World

WORD = re.compile(r"[a-z]+[0-9]+词")


def words_in(path: Path) -> set[str]:
    """Every word of a world that stands in a part of a workbook, or in what its stamp holds packed."""
    with zipfile.ZipFile(path) as package:
        texts = [package.read(name).decode("utf-8") for name in package.namelist()]
    return set(WORD.findall("\n".join([*texts, *unpacked("\n".join(texts))])))


def unpacked(text: str) -> list[str]:
    """What long runs of base-64 hold, alone or one after the other."""
    chunks = re.findall(r"<t[^>]*>([A-Za-z0-9+/=]{40,8000})</t>", text)
    found = []
    for start in range(len(chunks)):
        for end in range(start + 1, len(chunks) + 1):
            try:
                found.append(zlib.decompress(base64.b64decode("".join(chunks[start:end]))).decode())
            except (ValueError, zlib.error):
                continue
    assert found, "the stamp is found"
    return found


def _is_word(value: object) -> bool:
    return bool(WORD.fullmatch(str(value)))


def may_see(w: World, member: str, owner: str, name: str) -> bool:
    role = w.roles[member]
    return role == "sales" or (role == "reader" and name in READ) or (role == "own" and owner == member)


def hidden_from(w: World, member: str, before: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Words of rows and fields out of a member's sight, typed by anybody else or there from the start."""
    owners = {rid: row["owner"] for rid, row in w.rows.items()}
    told = {
        str(t.value)
        for t in w.told
        if t.member != member and not may_see(w, member, owners.get(t.rid, t.member if not t.rid else ""), t.name)
    }
    rows = {
        value
        for row in w.rows.values()
        for name, value in row.items()
        if not may_see(w, member, row["owner"], name) and not had(before, row["rid"], member)
    }
    mine = {str(t.value) for t in w.told if t.member == member}
    return {word for word in told | rows if _is_word(word)} - mine


def had(before: Mapping[str, Mapping[str, str]], rid: str, member: str) -> bool:
    return rid in before and before[rid]["owner"] == member


def seen_in(w: World, member: str) -> set[str]:
    """Words that stand in the rows of a member's copy: the search finds them."""
    return {
        value
        for row in w.rows.values()
        for name, value in row.items()
        if may_see(w, member, row["owner"], name) and _is_word(value)
    }
