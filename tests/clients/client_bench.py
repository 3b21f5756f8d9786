"""A workspace of the client test's team: its copy goes through a program and comes back to the commands."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from client_programs import Program
from team_bench import Done, run_here

from custsheet import schema as schemas
from custsheet.demo import client_team
from custsheet.demo.client_edits import Found, Kind, acts, expected
from custsheet.demo.client_values import KINDS
from custsheet.fields.base import Language, literal
from custsheet.fields.numerals import canonical
from custsheet.model import Cell, Grid
from custsheet.schema.records import Member, Team
from custsheet.workspace.create import create
from custsheet.workspace.folder import Folder
from custsheet.workspace.reading import read_any

NOW = dt.datetime.fromisoformat("2026-11-16T09:00")
DAY = client_team.TODAY.isoformat()
MANAGER = "manager"
SIGNED = "the sign that a red cell shows is written into it"
FORMATS = {"date": "the format of dates is lost", "percent": "the format of percentages is lost"}


@dataclass(frozen=True)
class ClientTeam:
    """The workspace; it is copied for every merge and never written to."""

    root: Path
    language: Language

    @classmethod
    def make(cls, root: Path, language: Language) -> ClientTeam:
        """Make the workspace with every row in its ledger, and issue the copy."""
        create(root, schema="simple", language=language, now=NOW)
        body = {**client_team.body(), "language": language}
        (root / "schema.yaml").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
        members = (*client_team.team(language).members, Member(MANAGER, "Manager", "tester", language=language))
        (root / "members.yaml").write_text(schemas.dump_team(Team(members)), encoding="utf-8")
        folder = Folder.open(root, now=NOW)
        with folder.ledger.write(actor=MANAGER, kind="import", now=folder.now) as tx:
            tx.store_schema(folder.schema)
            tx.store_team(folder.team)
            tx.revise(client_team.rows(language), (), folder.schema)
        folder.close()
        team = cls(root, language)
        done = team.run("generate", "--member", client_team.MEMBER, "--round", client_team.ROUND)
        assert done.code == 0, done.out + done.err
        return team

    def run(self, *args: object, root: Path | None = None) -> Done:
        """Run a command of the team's."""
        return run_here("-C", root or self.root, *args, "--today", DAY)

    @cached_property
    def copy(self) -> Path:
        """The copy as it was issued."""
        return next((self.root / "rounds" / client_team.ROUND / "outbox").glob("*.xlsx"))

    @cached_property
    def grid(self) -> Grid:
        """The cells of the copy as it was issued."""
        return read_any(self.copy.read_bytes(), self.copy.name)

    def acts(self, kinds: tuple[Kind, ...]) -> list[list[object]]:
        """The script's edits as acts of a driver."""
        return acts(self.grid, client_team.schema(self.language), self.language, kinds)


@dataclass(frozen=True)
class Returned:
    """One copy that a program has saved."""

    team: ClientTeam
    path: Path

    def json(self, *words: object, root: Path | None = None) -> dict[str, Any]:
        """The document of a command about this file."""
        return self.team.run(*words, "--json", root=root).json

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What `validate` says about it, a refusal too."""
        body = self.json("validate", self.path)
        refused = [{"code": f["code"], "severity": "refused"} for f in body["files"] if f["state"] == "refused"]
        found: list[dict[str, Any]] = [*refused, *body["findings"]]
        return found

    @property
    def edits(self) -> list[Found]:
        """What `diff` finds in it."""
        return [_told(edit) for edit in self.json("diff", self.path)["edits"]]

    def merged(self, folder: Path) -> dict[str, Any]:
        """What `merge` makes of it in a copy of the workspace."""
        shutil.copytree(self.team.root, folder)
        return self.json("merge", self.path, root=folder)

    def altered(self) -> list[str]:
        """The kinds of values of which some cell is no longer what was written, to the eye of a plain reader."""
        grid = read_any(self.path.read_bytes(), self.path.name)
        title = client_team.schema(self.team.language).tables["values"].title[self.team.language]
        before, now = ({_kind(row): row for row in _rows(g, title)} for g in (self.team.grid, grid))
        found: dict[str, None] = {}
        for kind in KINDS:
            for a, b in itertools.zip_longest(before[kind], now.get(kind, ())):
                found |= dict.fromkeys(_difference(kind, a, b))
        return list(found)


def make(program: Program, team: ClientTeam, folder: Path) -> Mapping[tuple[str, str], Returned]:
    """Let a program save the copy in each of its formats, once untouched and once edited: (format, what) → file."""
    made = {
        (ending, what): folder / f"{program.name}-{what}.{ending}"
        for ending in program.formats
        for what in ("saved", "edited")
    }
    script = team.acts(program.kinds)
    files = [
        {"source": str(team.copy), "target": str(target), "acts": script if what == "edited" else []}
        for (_, what), target in made.items()
    ]
    program.run(files, folder)
    return {key: Returned(team, path) for key, path in made.items()}


def scripted(program: Program, language: Language) -> frozenset[Found]:
    """The edits that custsheet is to find after a program's part of the script."""
    return expected(language, program.kinds)


def _told(edit: Mapping[str, str]) -> Found:
    return edit["kind"], edit["label"].partition("/")[2], edit["field"], edit["new"]


# ── a plain look at cells ───────────────────────────────────────────────────────────────────────────


def _rows(grid: Grid, title: str) -> list[tuple[Cell | None, ...]]:
    sheet = grid.sheet(title)
    assert sheet is not None, title
    return [row.cells[: 1 + len(client_team.FAMILIES)] for row in sheet.rows if _kind(row.cells) in KINDS]


def _kind(cells: tuple[Cell | None, ...]) -> str:
    return cells[1].raw if len(cells) > 1 and cells[1] else ""


def _difference(kind: str, before: Cell | None, now: Cell | None) -> list[str]:
    """What a plain reader would call the difference between two cells, if there is one."""
    if _plain(before) == _plain(now):
        worth = before is not None and now is not None and before.kind == now.kind == "number"
        lost = worth and before.style != now.style and before.style in FORMATS  # type: ignore[union-attr]
        return [FORMATS[before.style]] if lost else []  # type: ignore[union-attr]
    return [SIGNED if now is not None and _plain(before) == ("text", now.raw[1:]) else kind]


def _plain(cell: Cell | None) -> object:
    if cell is None or cell.raw == "":
        return None
    number = literal(cell.raw) if cell.kind == "number" else None
    return (cell.kind, cell.raw) if number is None else canonical(number)
