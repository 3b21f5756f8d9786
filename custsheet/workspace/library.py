"""The public verbs for those who use custsheet from Python: plain rows in, records and frames out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from custsheet.checks import frame as checked_frame
from custsheet.fields.base import Field
from custsheet.merging import core as merging
from custsheet.model import Cell, Edit, Finding, Outcome, Resolution, Submission, Table, Tables, Value
from custsheet.schema.records import Grant, Issue, Schema, Team
from custsheet.workspace.alone import generate_alone, read_alone, tables_from
from custsheet.workspace.create import Created, create
from custsheet.workspace.editing import Set, set_value
from custsheet.workspace.folder import Folder
from custsheet.workspace.importing import Imported, import_rows
from custsheet.workspace.issuing import Generated
from custsheet.workspace.issuing import generate as issue_copies
from custsheet.workspace.merging import Merged
from custsheet.workspace.merging import merge as merge_round
from custsheet.workspace.status import Status, status
from custsheet.workspace.validating import Validated
from custsheet.workspace.validating import validate as check_files

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Copy:
    """A returned copy, read by its own stamp (unverified): what it holds, what was issued, what was changed."""

    file: str
    issue: Issue
    schema: Schema
    submission: Submission
    findings: tuple[Finding, ...]

    @property
    def base(self) -> Tables:
        """The rows as issued."""
        return self.issue.base

    @property
    def grant(self) -> Grant:
        """What its member sees and may change."""
        return self.issue.grant

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every difference from the base, with its address in the file."""
        return self.submission.edits

    @property
    def tables(self) -> Tables:
        """The rows as they came back: the base with the edits in it; deleted rows are still there."""
        return {name: _edited(table, self.edits) for name, table in self._all().items()}

    def _all(self) -> dict[str, Table]:
        return {name: self.base.get(name) or Table(name, granted.see) for name, granted in self.grant.items()}


def _edited(table: Table, edits: Sequence[Edit]) -> Table:
    rows = {rid: list(row) for rid, row in table.items()}
    for edit in edits:
        if edit.table == table.name and edit.kind != "delete" and edit.field in table.at:
            row = rows.setdefault(edit.rid, [None] * len(table.fields))
            row[table.at[edit.field]] = edit.value
    return Table(table.name, table.fields, tuple(rows), tuple(tuple(row) for row in rows.values()))


def read(path: str | Path, *, today: dt.date | None = None) -> Copy:
    """Read a returned copy by its own stamp. Raises FileRefused with a code where it is not read, as a whole.

    `today` is the day by which incomplete dates are judged; default: the day of issue.
    """
    day = today or dt.date.min
    found = read_alone(Path(path), today=day)
    received = found.received
    if received.refused is not None:
        raise received.refused
    assert received.issue is not None
    assert received.submission is not None
    assert found.schema is not None
    return Copy(Path(path).name, received.issue, found.schema, received.submission, received.findings)


def validate(copy: Copy) -> list[Finding]:
    """Return what is to be said about a copy: each finding with code, place, value, rule."""
    return list(copy.findings)


def generate(
    schema: Schema,
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    *,
    team: Team,
    member: str,
    round: str,  # noqa: A002  # the word that the rest of the house uses
    today: dt.date,
) -> bytes:
    """Return one copy as the bytes of an xlsx; unsigned, since there is no ledger.

    `rows` is table → mappings of field → value. Values are canonical ones; a text is read as if it were typed.
    """
    read_rows = {name: [_canonical(schema, name, row, today) for row in given] for name, given in rows.items()}
    return generate_alone(schema, tables_from(schema, read_rows), team, member, round_name=round, today=today)


def _canonical(schema: Schema, table: str, row: Mapping[str, object], today: dt.date) -> dict[str, object]:
    fields = schema.tables[table].fields
    return {name: _read(fields[name], value, schema, today) for name, value in row.items()}


def _read(field: Field, value: object, schema: Schema, today: dt.date) -> Value:
    if isinstance(value, str) and field.spec.type not in ("ref", "member"):
        return field.parse(Cell("text", value), language=schema.language, today=today).value
    return value  # type: ignore[return-value]


def merge(
    opening: Tables,
    copies: Iterable[Copy],
    schema: Schema,
    resolutions: Sequence[Resolution] = (),
    *,
    team: Team,
    today: dt.date | None = None,
) -> Outcome:
    """Merge copies cell by cell against what each was issued; the order of copies does not matter.

    Returns `.master`, `.changes`, `.questions`, `.findings` and `.count()` of edits by bucket.
    """
    given = list(copies)
    day = today or max(
        (dt.date.fromisoformat(c.issue.issued_on) for c in given if c.issue.issued_on), default=dt.date.min
    )
    return merging.merge(
        opening, [copy.submission for copy in given], schema, team=team, resolutions=resolutions, today=day
    )


def frame(copy: Copy, table: str) -> pd.DataFrame:
    """Return one table of a copy as a DataFrame of object columns, indexed by row id."""
    rows = copy.tables[table]
    definition = copy.schema.tables[table]
    full = [[row[rows.at[f]] if f in rows.at else None for f in definition.fields] for row in rows.rows]
    return checked_frame(definition, full, index=rows.rids)


class Workspace:
    """A team's folder: the commands' verbs as methods, with the same results as records."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    @classmethod
    def open(
        cls, path: str | Path, *, now: dt.datetime | None = None, today: dt.date | None = None, actor: str = ""
    ) -> Workspace:
        """Open the workspace that `path` lies in. `now` stamps what is written; default: midnight of `today`."""
        day = today or (now.date() if now else dt.date.today())  # noqa: DTZ011  # the public edge
        moment = now or dt.datetime.combine(day, dt.time())
        return cls(Folder.open(Path(path), now=moment, today=day, actor=actor))

    @classmethod
    def create(cls, path: str | Path, *, schema: str, language: str = "zh", now: dt.datetime) -> Created:
        """Make a new workspace."""
        return create(Path(path), schema=schema, language="en" if language == "en" else "zh", now=now)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.close()

    def close(self) -> None:
        """Let go of the ledger."""
        self.folder.close()

    @property
    def schema(self) -> Schema:
        """The team's schema."""
        return self.folder.schema

    @property
    def team(self) -> Team:
        """The team's members."""
        return self.folder.team

    @property
    def master(self) -> Tables:
        """The current rows."""
        return self.folder.ledger.tables(self.folder.schema)

    def import_rows(self, path: str | Path, table: str, *, update: bool = False) -> Imported:
        """Import a csv or xlsx into a table."""
        return import_rows(self.folder, Path(path), table, update=update)

    def generate(self, *members: str, round: str = "", again: bool = False) -> Generated:  # noqa: A002
        """Issue copies."""
        return issue_copies(self.folder, members=members, round_name=round, again=again)

    def validate(self, *files: str | Path) -> Validated:
        """Check returned copies."""
        return check_files(self.folder, [Path(f) for f in files])

    def merge(self, *files: str | Path, dry_run: bool = False) -> Merged:
        """Merge what came back."""
        return merge_round(self.folder, [Path(f) for f in files], dry_run=dry_run)

    def set(self, label: str, field: str, value: str) -> Set:
        """Change one cell."""
        return set_value(self.folder, label, field, value)

    def status(self) -> Status:
        """Tell where the week stands."""
        return status(self.folder)
