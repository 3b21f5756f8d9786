"""Make a ledger, open one, write to it in whole transactions, read its rows now and then, check it, copy it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, func, insert, select

from custsheet import schema as schemas
from custsheet.container import atomic
from custsheet.errors import Bug, CallError, CustsheetError, LedgerError
from custsheet.fields.base import Field
from custsheet.ledger import (
    audit,
    backups,
    codec,
    dialect,
    eras,
    history,
    issues,
    layout,
    migrations,
    opening,
    recorded,
    verifying,
)
from custsheet.ledger.dialect import Database
from custsheet.ledger.records import HistoryEntry, Revision
from custsheet.ledger.shelf import Shelf
from custsheet.ledger.state import State, as_of, current, to_tables
from custsheet.ledger.transaction import Transaction
from custsheet.model import Change, Finding, Tables
from custsheet.schema.evolution import Evolution, Names
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Schema, Team

_KEPT = 4
"""How many sets of tables stay in memory: now, and the revisions from which the open round's copies were made."""


def create(where: Path | str | Database, *, ledger_id: str, key: bytes, now: str) -> Ledger:
    """Make an empty ledger and open it. Raises LedgerError `LEDGER_EXISTS` rather than overwrite anything."""
    home = _database(where)
    home.require_place()
    with home.making() as connection:
        migrations.upgrade(connection, 0)
        meta = {"id": ledger_id, "key": key.hex()}
        connection.execute(insert(layout.meta), [{"name": n, "value": v} for n, v in meta.items()])
        born = {"layout": migrations.latest()}
        audit.append(connection, key, at=now, actor="", act="create", subject=ledger_id, payload=born)
    return open_ledger(home, now=now)


def open_ledger(
    where: Path | str | Database, *, now: str | None = None, command: str = "", wait: float = dialect.WAIT
) -> Ledger:
    """Open a ledger at a file's path or a server's address.

    Raises LedgerError: missing, damaged, foreign, newer than this program, not on a local disk; DiskError: a server
    that does not answer or does not let us in. `command` is what a second run reads in `LEDGER_LOCKED`, after it has
    waited `wait` seconds for this one.
    """
    home = _database(where, wait)
    home.require_place()
    connection, version = opening.connect(home)
    try:
        meta = opening.identity(connection)
        if version < migrations.latest():
            _migrate(connection, version, now=now or "", key=bytes.fromhex(meta["key"]))
        return Ledger(home, connection, meta, command)
    except BaseException:
        connection.close()
        raise


def owner_of(path: Path) -> str:
    """Return the id of the ledger that a backup was made of; empty where it cannot be read."""
    try:
        connection, _ = opening.connect(opening.database(path), read_only=True)
        with contextlib.closing(connection):
            return opening.identity(connection)["id"]
    except CustsheetError:
        return ""


def _database(where: Path | str | Database, wait: float = dialect.WAIT) -> Database:
    return where if isinstance(where, Database) else opening.database(where, wait=wait)


def _migrate(connection: Connection, version: int, *, now: str, key: bytes) -> None:
    """Take the missing steps in one transaction, after a copy was made and checked."""
    home = dialect.of(connection)
    backups.copy(connection, home.beside.with_name(f"{home.beside.name}.layout-{version}.db"))
    with dialect.transaction(connection, writing=True):
        if home.version(connection) == version:  # else another run was faster
            migrations.upgrade(connection, version)
            steps = {"from": version, "to": migrations.latest()}
            audit.append(connection, key, at=now, actor="", act="migrate", subject="ledger", payload=steps)
    atomic.sweep_old(home.beside.parent)


class Ledger(Shelf):
    """An open ledger; close it, or use it in a `with`."""

    def __init__(self, home: Database, connection: Connection, meta: Mapping[str, str], command: str) -> None:
        self.database, self.command = home, command
        self.id, self.key = meta["id"], bytes.fromhex(meta["key"])
        self._connection = connection
        self._writing = False
        self._schemas: dict[str, Schema] = {}
        self._readable: dict[str, str] = {}
        """Schema in force → another that may read its rows as they stand."""
        self._roads = eras.Roads(self.schema_by, self._names_of)
        self._state: State | None = None
        self._tables: list[tuple[int, bool, Schema, Tables]] = []

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def path(self) -> Path | str:
        """The file, or the server's address: what `open_ledger` takes. `database.shown` is for people to read."""
        return self.database.where

    def close(self) -> None:
        """Let go of the file or the server."""
        self._connection.close()
        self._connection.engine.dispose()

    # ── writing ─────────────────────────────────────────────────────────────────────────────────────

    @contextlib.contextmanager
    def write(self, *, actor: str, kind: str, now: str) -> Iterator[Transaction]:
        """Hold one write transaction: all of it at the end, nothing of it if anything is raised."""
        if self._writing:
            raise Bug("LEDGER_NESTED", kind=kind)
        try:
            with dialect.transaction(self._connection, writing=True):
                self._writing = True
                with self.database.holding(self._connection, since=now, command=self.command):
                    tx = Transaction(self, self._connection, actor=actor, kind=kind, now=now)
                    yield tx
                    tx.seal()
        except BaseException:
            self._forget()
            raise
        finally:
            self._writing = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the ledger for all that a read asks; inside a write, that transaction's own."""
        if self._connection.in_transaction():
            yield self._connection
        else:
            with dialect.transaction(self._connection, writing=False):
                yield self._connection

    def _forget(self) -> None:
        self._state, self._tables = None, []

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def head(self) -> str:
        """The audit chain's head: it travels in every copy."""
        with self.reading() as connection:
            return audit.head(connection)

    def has_head(self, head: str) -> bool:
        """Tell whether this was the head once: a copy's head that is not here means that the past was rewritten."""
        return bool(self._all(select(layout.audit.c.seq).where(layout.audit.c.hash == head)))

    def revision(self) -> int:
        """Return the number of the last revision; 0 before the first."""
        with self.reading() as connection:
            return self._last(connection)

    def _last(self, connection: Connection) -> int:
        return int(connection.execute(select(func.max(layout.revision.c.number))).scalar() or 0)

    def latest(self) -> str:
        """Return the latest time (ISO) of any revision, by its own clock; empty before the first."""
        with self.reading() as connection:
            return str(connection.execute(select(func.max(layout.revision.c.at))).scalar() or "")

    def revisions(self) -> list[Revision]:
        """Return every revision in order."""
        found = self._all(select(layout.revision).order_by(layout.revision.c.number))
        return [Revision(r.number, r.at, r.actor, r.kind, r.state_digest, json.loads(r.summary)) for r in found]

    def tables(self, schema: Schema, revision: int | None = None) -> Tables:
        """Return the live rows, now or as of a revision, with all fields of the schema, in order of appearance.

        What an earlier schema wrote is read by that one and carried over. CallError `SCHEMA_MOVED` where the rows were
        not carried over to this schema yet.
        """
        return self._carried(schema, revision, live=True)

    def gone(self, schema: Schema, revision: int | None = None) -> Tables:
        """Return the rows that are deleted now, or were after a revision, with what they held last; as `tables`."""
        return self._carried(schema, revision, live=False)

    def rows_then(self, schema: Schema, revision: int, *, live: bool = True) -> Tables:
        """Return the rows as of a revision in the terms of `schema`, which was in force then."""
        return self._rows(schema, revision, live=live)

    def state(self) -> State:
        """Return the rows now as canonical text; what is in memory holds until the next revision."""
        with self.reading() as connection:
            number = self._last(connection)
            if self._state is None or self._state.revision != number:
                self._state = current(connection, number)
            return self._state

    def _carried(self, schema: Schema, revision: int | None, *, live: bool) -> Tables:
        with self.reading():
            road = self._road(schema, revision)
            if not road:
                return self._rows(schema, revision, live=live)
            return eras.carried(self._rows(road[0].old, revision, live=live), road)

    # ── schemas through time ────────────────────────────────────────────────────────────────────────

    def steps(self) -> list[eras.Step]:
        """Return every change of schema that rows were carried over, in order."""
        with self.reading() as connection:
            return eras.steps(connection)

    def schema_at(self, schema: Schema, revision: int) -> Schema:
        """Return the schema that reads what was written up to a revision: the one at hand, or an earlier one."""
        later = [step for step in self.steps() if step.number > revision]
        return self.schema_by(later[0].old) if later else schema

    def schema_of(self, issue: Issue, schema: Schema) -> Schema:
        """Return the schema with which a copy was issued."""
        return self._schema_of(issue.schema_digest, schema)

    def road_from(self, digest: str, revision: int, schema: Schema, until: int | None = None) -> list[Evolution]:
        """Return the way from the schema with which a copy was made of a revision's rows to `schema`.

        Where `schema` is an earlier one itself, the way ends there; with `until` it ends with that revision.
        """
        steps = self.steps()
        end = next((s.number for s in steps if s.old == schema.digest and s.number > revision), None)
        end = end if until is None else until + 1
        over = [s for s in steps if s.number > revision and (end is None or s.number < end)]
        return self._roads.road(self._schema_of(digest, schema), over, schema)

    def _road(self, schema: Schema, revision: int | None, steps: Sequence[eras.Step] | None = None) -> list[Evolution]:
        """Return the way from the schema of a revision to the one at hand; none where nothing was carried over."""
        self._require_readable(schema)
        if revision is None:
            return []
        later = [step for step in (self.steps() if steps is None else steps) if step.number > revision]
        return self._roads.road(self.schema_by(later[0].old), later, schema) if later else []

    def reads(self, schema: Schema) -> bool:
        """Tell whether the rows may be read under a schema as they stand."""
        try:
            with self.reading():
                self._require_readable(schema)
        except CallError:
            return False
        return True

    def _require_readable(self, schema: Schema) -> None:
        latest = self.latest_schema()
        if latest is None or schema.digest in (latest, self._readable.get(latest)):
            return
        evolution = Evolution(self.schema_by(latest), schema, today=dt.date.min)
        with self.reading() as connection:
            eras.require_readable(evolution, self.state(), connection)
        self._readable[latest] = schema.digest

    def schema_by(self, digest: str) -> Schema:
        """Return a schema that was in force once, by its digest."""
        if digest not in self._schemas:
            self._schemas[digest] = schemas.from_body(self.schema_body(digest))
        return self._schemas[digest]

    def stored(self, schema: str, team: str) -> tuple[Schema, Team] | None:
        """Return a schema and a team that were in force once, by their digests; None where one was not stored."""
        known = self._team(team)
        return (self.schema_by(schema), known) if known is not None and self.has_schema(schema) else None

    def _team(self, digest: str) -> Team | None:
        body = self._all(select(layout.team.c.body).where(layout.team.c.digest == digest))
        return codec.team_from_json(json.loads(body[0].body)) if body else None

    def _names_of(self, step: eras.Step) -> Names:
        """Return what rows and members were called when the rows were carried over."""
        return self.names_at(self.schema_by(step.old), step.number - 1, step.team)

    def names_at(self, schema: Schema, revision: int, team: str) -> Names:
        """Return what rows are called as of a revision, by its own schema, and the members of a stored team."""
        known = self._team(team)
        names = {member.id: member.name for member in (known.members if known is not None else ())}
        labels = Labels(schema, self._rows(schema, revision, live=True), language=schema.language, names=names)
        return Names({table: labels.of(table) for table in schema.tables}, names)

    def _rows(self, schema: Schema, revision: int | None, *, live: bool) -> Tables:
        with self.reading() as connection:
            last = self._last(connection)
            number = last if revision is None else revision
            for at, kept_live, kept_schema, tables in self._tables:
                if (at, kept_live) == (number, live) and kept_schema is schema:
                    return tables
            if not 0 <= number <= last:
                raise CallError("REVISION_UNKNOWN", revision=number, last=last)
            state = self.state() if number == last else as_of(connection, number)
        tables = to_tables(state, schema, live=live)
        self._tables = [*self._tables[1 - _KEPT :], (number, live, schema, tables)]
        return tables

    def history(self, table: str, rid: str, schema: Schema, field: str | None = None) -> list[HistoryEntry]:
        """Return what happened to a row, or to one field of it, in order."""
        with self.reading() as connection:
            self._require_readable(schema)
            spans = self._spans(schema)
            if len(spans) == 1:
                return history.of_row(connection, schema.tables[table], rid, field)
            told = eras.story(connection, spans, table, rid)
        return [entry for entry in told if field in (None, entry.field)]

    def _spans(self, schema: Schema) -> list[eras.Span]:
        steps, found, after = self.steps(), [], 0
        came = None
        for at, step in enumerate(steps):
            old = self.schema_by(step.old)
            found.append(eras.Span(after, step.number - 1, old, self._roads.road(old, steps[at:], schema), came))
            after, came = step.number - 1, self._roads.step(step)
        return [*found, eras.Span(after, self.revision(), schema, [], came)]

    def changes(self, revision: int, schema: Schema) -> list[Change]:
        """Return what one revision changed; a row that came or went is one change and its cells follow."""
        with self.reading() as connection:
            steps = self.steps()
            road = self._road(schema, revision, steps)
            if any(step.number == revision for step in steps):
                return []  # rows were carried over: in the terms of the schema at hand nothing changed
            found = history.of_revision(connection, road[0].old if road else schema, revision)
        return eras.changes(found, road)

    def removed(self, revision: int, schema: Schema) -> tuple[Schema, list[Change]]:
        """Return what one revision changed where `schema` has no field or table any more, with the schema of then."""
        with self.reading() as connection:
            steps = self.steps()
            at = next((step for step in steps if step.number == revision), None)
            road = self._road(schema, revision, steps)
            if at is not None:  # it took out what had no place
                road = [self._roads.step(at), *road]
            if not road:
                return schema, []
            return road[0].old, eras.without_place(history.of_revision(connection, road[0].old, revision), road)

    def former(self, schema: Schema) -> dict[tuple[str, str], Field]:
        """Return the fields that there were once and are no more: (table as it is called now, last name) → field."""
        return eras.former(self._spans(schema)) if self.steps() else {}

    def files_of(self, revision: int) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """Return the files that each change of a revision came in by: (table, row id, field) → names."""
        with self.reading() as connection:
            return history.files_of_revision(connection, revision)

    def issue(self, copy: str, schema: Schema) -> Issue | None:
        """Return a copy with its base, derived from the rows at its revision; None if it was never issued here.

        Where the copy was made with an earlier schema, that one reads the rows, so a field that is gone since is in
        the base. LedgerError `LEDGER_DAMAGED` where the base is not as issued.
        """
        with self.reading():
            found = self._all(select(layout.issue).where(layout.issue.c.copy == copy))
            if not found:
                return None
            one = found[0]
            names = ("copy", "member", "round", "number", "revision", "schema_digest", "state")
            columns = {name: getattr(one, name) for name in names} | {"issued_on": one.today}
            rows = self._rows(self._schema_of(one.schema_digest, schema), one.revision, live=True)
            issue = issues.issue_from(codec.unpack(one.body), columns, rows)
        if issue is None:
            raise LedgerError("LEDGER_DAMAGED", path=self.database.shown, detail=f"base {copy}")
        return issue

    def _schema_of(self, digest: str, schema: Schema) -> Schema:
        """Return the stored schema with this digest, or the one at hand if it is that one or none was stored."""
        if digest == schema.digest or not self.has_schema(digest):
            return schema
        return self.schema_by(digest)

    # ── safety ──────────────────────────────────────────────────────────────────────────────────────

    def verify(self, *, full: bool = False, files_dir: Path | None = None) -> list[Finding]:
        """Check the ledger against itself and return what does not agree; `full` replays every revision.

        With `files_dir` every received file is hashed again.
        """
        with self.reading() as connection:
            problems = verifying.structure(connection, full=full)
            if any(problem.code == "F_LEDGER_STRUCTURE" for problem in problems):
                return problems
            checks = [verifying.chain, verifying.last_state]
            checks += [verifying.rows, verifying.every_state, recorded.records] if full else []
            for check in checks:
                problems += verifying.told(check, connection)
            if files_dir is not None:
                problems += verifying.files(connection, files_dir)
        return problems

    def backup(self, target: Path) -> Path:
        """Copy the ledger to the file `target`, open the copy, check it, and only then let it stand there."""
        if self._connection.in_transaction():
            raise Bug("LEDGER_NESTED", kind="backup")
        return backups.copy(self._connection, target)
