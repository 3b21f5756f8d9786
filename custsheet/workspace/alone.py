"""Work from files alone, without a workspace: each copy's own stamp gives its base and its rights, unverified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from custsheet import schema as schemas
from custsheet.errors import CallError, FileRefused
from custsheet.ids import derive
from custsheet.intake import Context, read_copy, stamp_cells, stamp_of
from custsheet.merging import find_edits
from custsheet.model import Edit, Submission, Table, Tables
from custsheet.schema.labels import Labels
from custsheet.schema.records import Member, Schema, Team
from custsheet.stamp import Stamp
from custsheet.text import fold
from custsheet.workspace.beside import write_free
from custsheet.workspace.checked import check_all, columns_of, label_findings
from custsheet.workspace.disk import read_bytes
from custsheet.workspace.issuing import build_issue, render
from custsheet.workspace.reading import read_any, unlocked
from custsheet.workspace.received import Opened, Received
from custsheet.workspace.tabular import below_title, match_heads, read_listing


@dataclass(frozen=True)
class Alone:
    """One copy read by its own stamp."""

    received: Received
    schema: Schema | None = None
    labels: Labels | None = None

    @property
    def edits(self) -> Sequence[Edit]:
        """What was changed in it."""
        return self.received.submission.edits if self.received.submission else ()


def read_alone(path: Path, *, today: dt.date, mends: bool = False, passwords: Sequence[str] = ()) -> Alone:
    """Read a copy by its stamp: what was changed, and what is to be said about it. The stamp is not verified.

    With `mends`, columns that were sorted apart from their rows are put back.
    """
    data = read_bytes(path)
    try:
        plain, password = unlocked(data, path.name, passwords)
        grid = read_any(plain, path.name)
        stamp = stamp_of(grid)
        if stamp is None or stamp.issue is None or stamp.schema is None:
            raise FileRefused("E_FOREIGN", detail="")
        issue, schema = stamp.issue, stamp.schema
        team = team_of(stamp)
        returned = read_copy(grid, issue, Context(schema, team, today, mends=mends, keeps=True), file=path.name)
        submission, findings = find_edits(returned, issue, schema, version=1)
        refused = next((f for f in (*returned.findings, *findings) if f.severity == "refused"), None)
        if refused is not None:
            raise FileRefused(refused.code, **{"sheet": refused.where.sheet, **dict(refused.facts)})
    except FileRefused as problem:
        refusal = FileRefused(problem.code, **{"file": path.name, **problem.facts})
        return Alone(Received(path, "refused", data, refused=refusal, verified=False))
    labels = Labels(schema, issue.base, language=issue.language, names={m.id: m.name for m in team.members})
    said = label_findings((*returned.findings, *findings), issue, schema, labels)
    received = Received(
        path,
        "new",
        data,
        round=issue.round,
        issue=issue,
        submission=submission,
        findings=said,
        verified=False,
        version=1,
        columns=columns_of(returned),
        opened=Opened(returned, stamp, stamp_cells(grid), plain, password, grid),
    )
    checked = check_all(schema, _full(issue.base, schema), [received], today=today, language=issue.language)[0]
    return Alone(checked, schema, labels)


def team_of(stamp: Stamp) -> Team:
    """The members whom a copy names, by its stamp."""
    return Team(tuple(Member(who, name, "") for who, name in stamp.names.items()))


def _full(base: Tables, schema: Schema) -> dict[str, Table]:
    """The base as rows with every field of the (projected) schema, blank where the copy shows none."""
    full = {}
    for name, table in base.items():
        fields = tuple(schema.tables[name].fields)
        rows = tuple(tuple(row[table.at[f]] if f in table.at else None for f in fields) for row in table.rows)
        full[name] = Table(name, fields, table.rids, rows)
    return full


def generate_alone(
    schema: Schema, tables: Tables, team: Team, member: str, *, round_name: str, today: dt.date
) -> bytes:
    """Make one copy without a ledger: unsigned, its rows as given."""
    labels = Labels(schema, tables, language=schema.language, names={m.id: m.name for m in team.members})
    issue = build_issue(
        schema,
        team,
        team.find(member),
        tables,
        ledger="",
        round_name=round_name,
        number=1,
        revision=0,
        today=today,
        labels=labels,
    )
    return render(schema, team, issue, ledger="", key=b"", head="", today=today).data


def tables_from(schema: Schema, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[str, Table]:
    """Make tables of plain mappings (field → canonical value); row ids are derived from content and place."""
    found = {}
    for name, definition in schema.tables.items():
        fields = tuple(definition.fields)
        given = rows.get(name, ())
        values = tuple(tuple(row.get(f) for f in fields) for row in given)
        rids = tuple(derive("row", name, str(at), repr(value)) for at, value in enumerate(values))
        found[name] = Table(name, fields, rids, values)  # type: ignore[arg-type]
    return found


def relabel(submission: Submission, labels: Labels) -> Submission:
    """Name the rows of a submission's edits."""
    edits = tuple(
        e._replace(where=e.where._replace(label=labels.label(e.table, e.rid))) if e.rid in labels.of(e.table) else e
        for e in submission.edits
    )
    return replace(submission, edits=edits)


def generate_from_files(
    schema_name: str, rows: Sequence[Path], member: str, out: Path, *, round_name: str, today: dt.date
) -> Path:
    """Make one copy from a schema and lists of rows (`TABLE=FILE`), without a ledger; return where it lies.

    A file that is there already stays: the copy then lies beside it.
    """
    known = schemas.builtin_names()
    path = schemas.builtin(schema_name) if schema_name in known else Path(schema_name)
    schema = schemas.load_schema(path)
    given: dict[str, list[dict[str, object]]] = {}
    for spec in rows:
        table, equals, file = str(spec).partition("=")
        if not equals:
            table, file = next(iter(schema.tables)), str(spec)
        if table not in schema.tables:
            raise CallError("TABLE_UNKNOWN", name=table, known=list(schema.tables))
        given[table] = _listed(schema, table, Path(file), today)
    tables = tables_from(schema, given)
    role = next(iter(schema.roles))
    named = dict.fromkeys((member, *_named(schema, tables)))
    team = Team(tuple(Member(name, name, role, language=schema.language) for name in named))
    data = generate_alone(schema, tables, team, member, round_name=round_name, today=today)
    return write_free(out, data)


def _named(schema: Schema, tables: Tables) -> Iterator[str]:
    """Yield the names in the member fields: without a member list each is somebody."""
    for name, table in tables.items():
        for f in schema.tables[name].fields.values():
            if f.spec.type in ("member", "members"):
                for value in table.column(f.name):
                    yield from value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _listed(schema: Schema, table: str, path: Path, today: dt.date) -> list[dict[str, object]]:
    """Read a list into canonical values; what cannot be read stays as typed. Owners are taken as they stand."""
    fields = schema.tables[table].fields
    names = {fold(t): f.name for f in fields.values() for t in (f.name, f.spec.title.zh, f.spec.title.en)}
    listing = below_title(read_listing(path), names)
    matched = match_heads(listing.head, names)
    found = []
    for row in listing.rows:
        cells = {name: row.cells[at] if at < len(row.cells) else None for name, at in matched.at.items()}
        values = {
            name: fields[name].parse(cell, language=schema.language, today=today).value for name, cell in cells.items()
        }
        found.append(dict[str, object](values))
    return found
