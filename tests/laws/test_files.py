"""The merge through real files: written, edited by other hands, read, merged into the ledger; every edit adds up."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from file_sight import hidden_from, seen_in, words_in
from file_world import FIRST_WEEK, MEMBERS, ROUNDS, SECOND_WEEK, Return, World, late, make_template

from custsheet.merging import state_digest
from custsheet.workspace.folder import Folder

WORLDS = int(os.environ.get("CUSTSHEET_FILE_WORLDS", "13"))
"""Teams of twelve members in two rounds, so 24 copies each, and those that come back twice or late."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("files"))


@pytest.fixture
def world(template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> World:
    """A world with the copies of its first round issued, and what everybody types in them."""
    shutil.copytree(template, tmp_path / "team")
    w = World(tmp_path / "team", Random(request.param))
    w.issue(ROUNDS[0])
    for scene in FIRST_WEEK:
        scene(w)
    for member, _ in MEMBERS:
        w.back(member)
    return w


def merged(w: World, files: Sequence[Return], source: str = "") -> dict[str, Any]:
    """Put files into the inbox and merge; the report must hold exactly what the script knows."""
    wanted = w.put(files, source=source)
    done = w.run("merge")
    found = {
        Path(f["file"]).name: Counter({b: n for b, n in f["edits"].items() if n and b != "total"})
        for f in done["files"]
    }
    assert {name: found[name] for name in wanted} == wanted
    total = sum((*wanted.values(),), Counter())
    assert done["edits"] == {"total": total.total(), **{b: total[b] for b in done["edits"] if b != "total"}}
    return done


def digest(root: Path) -> str:
    folder = Folder.open(root, now=dt.datetime(2026, 11, 16))  # noqa: DTZ001
    try:
        return state_digest(folder.ledger.tables(folder.schema))
    finally:
        folder.close()


@pytest.mark.parametrize("world", range(WORLDS), indirect=True)
def test_every_edit_in_files_is_where_it_belongs(world: World) -> None:
    """L5, L19, L21, L22 and L17: each file's edits per bucket, late ones too; no next copy tells more."""
    first = list(world.returns)
    before = {rid: dict(row) for rid, row in world.rows.items()}
    merged(world, first)
    world.run("round", "close", ROUNDS[0])
    world.issue(ROUNDS[1])
    for member, _ in MEMBERS:
        words = words_in(world.copy_of(member))
        assert (member, sorted(words & hidden_from(world, member, before))) == (member, [])
        assert seen_in(world, member) <= words
    for scene in SECOND_WEEK:
        scene(world)
    for member, _ in MEMBERS:
        world.back(member)
    merged(world, world.returns)
    old = {r.member: r.typed for r in first}
    people = [member for member in ("s0", "s2", "s4", "o0", "o1") if world.cells(member)][:4]
    merged(world, [late(world, member, old[member]) for member in people], source=ROUNDS[0])
    world.run("verify", "--full")


@pytest.mark.parametrize("world", range(100, 103), indirect=True)
def test_to_undo_is_to_merge_without(world: World, tmp_path: Path) -> None:
    """L9: revoked is as never merged, revoked all is the opening; told by the digest of the ledger's rows."""
    opening, some, rest = digest(world.root), world.returns[::2], world.returns[1::2]
    twin = World(tmp_path / "twin", Random(0))
    shutil.copytree(world.root, twin.root)
    revisions = []
    for files in (some, rest):
        world.put(files)
        revisions.append(world.run("merge")["revision"])
    twin.put(rest)
    twin.run("merge")
    without = digest(twin.root)
    assert len({opening, without, digest(world.root)}) == 3
    world.run("undo", revisions[0])
    assert digest(world.root) == without
    world.run("undo", revisions[1])
    assert digest(world.root) == opening
