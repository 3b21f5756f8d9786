"""The same week with custsheet: its library parts step by step, and the use cases of a whole workspace with ledger."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sample import FIELDS, TODAY, Found, Place, Typed, Week, text

import custsheet as cs
from custsheet import schema as schemas
from custsheet.container.atomic import write_file
from custsheet.intake import Context, read_copy, stamp_of
from custsheet.merging import find_edits
from custsheet.merging import merge as merge_all
from custsheet.model import Change, Grid, Question, Returned, Submission
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Member, Schema, Team
from custsheet.stamp import Stamp
from custsheet.workspace.checked import check_all
from custsheet.workspace.disk import read_bytes
from custsheet.workspace.issuing import build_issue, render
from custsheet.workspace.merging import Merged
from custsheet.workspace.received import Received
from custsheet.xlsx.patch import CellEdit, patch
from custsheet.xlsx.read import read_grid

TABLE, SHEET, ROUND = "customers", "客户", "2026-W47"
MANAGER = Member("manager", "赵敏经理", "manager")


# ── the team's folder ───────────────────────────────────────────────────────────────────────────────


def body() -> dict[str, object]:
    """Return the built-in `follow-up` schema cut down to sixteen fields of customers: both sides do the same."""
    whole = schemas.load_schema(schemas.builtin("follow-up")).body
    table = dict(whole["tables"][TABLE])  # type: ignore[index]
    table["fields"] = {name: table["fields"][name] for name in FIELDS}
    table.pop("logged", None)  # the table that it fills is left out
    roles = {name: {TABLE: whole["roles"][name][TABLE]} for name in ("sales",)}  # type: ignore[index]
    roles["manager"] = whole["roles"]["manager"]  # type: ignore[index]
    kept = {name: value for name, value in whole.items() if name != "order"}
    return {**kept, "tables": {TABLE: table}, "roles": roles}


def team_of(week: Week) -> Team:
    """Return the members: a manager and the people of the week."""
    return Team((MANAGER, *(Member(p.id, p.name, "sales", manager=MANAGER.id) for p in week.people)))


def make_team(root: Path, week: Week) -> None:
    """Make a workspace with all customers imported: what every repetition starts from."""
    cs.Workspace.create(root, schema="follow-up", now=_moment(8))
    (root / "schema.yaml").write_text(json.dumps(body(), ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    (root / "members.yaml").write_text(schemas.dump_team(team_of(week)), encoding="utf-8")
    names = {person.id: person.name for person in week.people}
    listed = root.parent / "customers.csv"
    with listed.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(FIELDS.values())
        writer.writerows([_said(customer[name], names) for name in FIELDS] for customer in week.customers)
    with cs.Workspace.open(root, now=_moment(9), today=TODAY) as work:
        imported = work.import_rows(listed, TABLE)
    assert imported.added == len(week.customers), imported


def _said(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, tuple):
        return "、".join(names.get(v, v) for v in value)
    return "" if value is None else names.get(str(value), str(value))


def _moment(hour: int) -> dt.datetime:
    return dt.datetime.combine(TODAY, dt.time(hour))


# ── library parts ───────────────────────────────────────────────────────────────────────────────────


class Library:
    """The calls that the workspace makes, one step at a time, from files alone: each copy's stamp gives its base."""

    def __init__(self, week: Week, folder: Path, root: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.week = week
        self.folder = folder
        with cs.Workspace.open(root, now=_moment(10), today=TODAY) as work:
            self.schema: Schema = work.schema
            self.team: Team = work.team
            self.opening = work.master
            self.ledger, self.key, self.head = work.folder.ledger.id, work.folder.ledger.key, work.folder.ledger.head
        self.names = {m.id: m.name for m in self.team.members}
        self.read_copies: list[tuple[Path, Issue, Returned]] = []
        self.received: list[Received] = []
        self.found = Found()

    def path(self, person: str) -> Path:
        """Return where a person's copy lies."""
        return self.folder / f"{person}.xlsx"

    def write(self) -> None:
        """Write one copy per member."""
        labels = Labels(self.schema, self.opening, language="zh", names=self.names)
        for person in self.week.people:
            issue = build_issue(
                self.schema,
                self.team,
                self.team.by_id[person.id],
                self.opening,
                ledger=self.ledger,
                round_name=ROUND,
                number=1,
                revision=1,
                today=TODAY,
                labels=labels,
            )
            made = render(self.schema, self.team, issue, ledger=self.ledger, key=self.key, head=self.head, today=TODAY)
            write_file(self.path(person.id), made.data)

    def read(self) -> None:
        """Read the copies back: guard, cells, stamp, heads, values, and which row is which."""
        self.read_copies = []
        for person in self.week.people:
            path = self.path(person.id)
            grid = read_grid(read_bytes(path), name=path.name)
            issue = _stamp(grid).issue
            assert issue is not None
            context = Context(self.schema, self.team, TODAY)
            self.read_copies.append((path, issue, read_copy(grid, issue, context, file=path.name)))

    def compare(self) -> None:
        """Compare each copy with its own base; belongs to the merge, but the checks look at changed rows only."""
        self.received = []
        for path, issue, returned in self.read_copies:
            submission, findings = find_edits(returned, issue, self.schema, version=1)
            assert not any(f.severity == "refused" for f in (*returned.findings, *findings)), (path, findings)
            self.received.append(Received(path, "new", issue=issue, submission=submission, findings=findings))

    def validate(self) -> None:
        """Check what was changed, over all copies at once."""
        self.received = check_all(self.schema, self.opening, self.received, today=TODAY, language="zh")

    def merge(self) -> None:
        """Merge all copies."""
        submissions = [item.submission for item in self.received if item.submission]
        outcome = merge_all(self.opening, submissions, self.schema, team=self.team, today=TODAY)
        self.found = found(self.opening[TABLE].rids, self.week, outcome.changes, outcome.questions, submissions)


def _stamp(grid: Grid) -> Stamp:
    stamp = stamp_of(grid)
    assert stamp is not None
    return stamp


def found(
    rids: Sequence[str],
    week: Week,
    changes: Iterable[Change],
    questions: Iterable[Question],
    submissions: Iterable[Submission],
) -> Found:
    """Return what a merge came to, by customer's name; rows stand in the ledger in the order of the import."""
    names = dict(zip(rids, (str(customer["name"]) for customer in week.customers), strict=True))
    return Found(
        {(names[c.rid], c.field, text(c.new)) for c in changes},
        {(names[q.rid], q.field) for q in questions},
        {(names[e.rid], e.field) for s in submissions for e in s.edits if e.code.startswith("R_")},
    )


# ── the workspace ───────────────────────────────────────────────────────────────────────────────────


class Week47:
    """A manager's week through the use cases, ledger and all: generate and merge."""

    def __init__(self, week: Week, root: Path, template: Path) -> None:
        shutil.copytree(template, root)
        self.week = week
        self.root = root
        self.found = Found()
        self.paths: dict[str, Path] = {}

    def path(self, person: str) -> Path:
        """Return where a person's copy lies."""
        return self.paths[person]

    def generate(self) -> None:
        """Issue all copies."""
        with cs.Workspace.open(self.root, now=_moment(10), today=TODAY) as work:
            made = work.generate()
        self.paths = {copy.member: copy.path for copy in made.copies if copy.path}

    def merge(self) -> None:
        """Merge what lies in the inbox."""
        with cs.Workspace.open(self.root, now=_moment(18), today=TODAY) as work:
            merged = work.merge(*self.paths.values())
            self.found = self._found(merged, work.master[TABLE].rids)

    def _found(self, merged: Merged, rids: Sequence[str]) -> Found:
        refused = [item.refused for item in merged.files if item.refused]
        assert not refused, refused
        submissions = [item.submission for item in merged.files if item.submission]
        return found(rids, self.week, merged.changes, merged.questions, submissions)


# ── members at work ─────────────────────────────────────────────────────────────────────────────────


def type_in(path: Path, sheet: str, typed: Mapping[Place, Typed], addresses: Mapping[Place, str]) -> None:
    """Let a person type into a copy of either side."""
    edits = [CellEdit(sheet, addresses[place], value) for place, value in typed.items()]
    path.write_bytes(patch(path.read_bytes(), edits))


class Addresses:
    """Where each cell stands in the copies: alike but for the rows, which keep the order of the import."""

    def __init__(self, week: Week, some: Path, sheet: str) -> None:
        shown = read_grid(some.read_bytes()).sheet(sheet)
        assert shown is not None
        numbered = ((row.number, [cell.raw if cell else "" for cell in row.cells]) for row in shown.rows)
        self.head, texts = next((number, texts) for number, texts in numbered if "_id" in texts)
        self.columns = {name: _letters(texts.index(head)) for name, head in FIELDS.items()}
        self.rows: dict[str, list[str]] = defaultdict(list)
        for customer in week.customers:
            for who in (customer["owner"], *(customer["helpers"] or ())):  # type: ignore[misc]
                self.rows[str(who)].append(str(customer["name"]))

    def of(self, person: str) -> dict[Place, str]:
        """Return (customer, field) → A1 address in a person's copy."""
        numbered = enumerate(self.rows[person], self.head + 1)
        return {(row, name): f"{at}{number}" for number, row in numbered for name, at in self.columns.items()}


def _letters(position: int) -> str:
    text, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text
