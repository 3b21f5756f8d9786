"""One write transaction: every call appends to the audit chain, and all of it becomes true at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from custsheet.errors import Bug, CallError, LedgerError
from custsheet.ledger import audit, codec, dialect, issues, layout, moving, revise
from custsheet.ledger.records import IssueState, RoundState
from custsheet.ledger.revise import Causes, Steps
from custsheet.ledger.state import State
from custsheet.model import Change, Resolution, Submission, Tables
from custsheet.schema.evolution import Evolution
from custsheet.schema.records import Issue, Schema, Team

if TYPE_CHECKING:
    from custsheet.ledger.store import Ledger


class Transaction:
    """What may be written. `Ledger.write` gives one; reads on the ledger see what it has written so far."""

    def __init__(self, ledger: Ledger, connection: Connection, *, actor: str, kind: str, now: str) -> None:
        self._ledger, self._connection = ledger, connection
        self.actor, self.kind, self.now = actor, kind, now
        self._decided: dict[str, str] = {}
        """Note → digest of its text, until `seal`."""

    # ── schema and team ─────────────────────────────────────────────────────────────────────────────

    def store_schema(self, schema: Schema) -> None:
        """Keep the schema and make it the one in force."""
        self._keep(layout.schema_version, "schema", schema.digest, codec.schema_text(schema))

    def store_team(self, team: Team) -> None:
        """Keep the members as they are now and make them the ones in force."""
        body = codec.team_text(team)
        self._keep(layout.team, "team", codec.text_digest(body), body)

    def _keep(self, table: Any, name: str, digest: str, body: str) -> None:
        if self._meta(name) == digest:
            return
        if not self._exists(table, digest=digest):
            self._insert(table, digest=digest, body=body, at=self.now)
        self._connection.execute(
            dialect.of(self._connection).put(layout.meta, "name"), [{"name": name, "value": digest}]
        )
        self.audit(name, digest, {"kind": self.kind})

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────

    def revise(
        self,
        target: Tables,
        changes: Sequence[Change],
        schema: Schema,
        *,
        summary: Mapping[str, object] | None = None,
        files: Mapping[revise.Place, Sequence[str]] | None = None,
        based_on: int | None = None,
    ) -> int:
        """Make `target` the rows, as one revision, and return its number.

        A table that `target` lacks stays as it is; a row that its table lacks is deleted, softly. `changes` give the
        cause and members of each step, `files` the files that it came in by; `based_on` is the revision that the
        caller computed from: LedgerError `LEDGER_MOVED` if there has been another since.
        """
        state = self._ledger.state()
        if based_on is not None and based_on != state.revision:
            raise LedgerError("LEDGER_MOVED", based_on=based_on, revision=state.revision)
        if not set(target) <= set(schema.tables):
            raise Bug("LEDGER_FIELD", table=min(set(target) - set(schema.tables)), field="")
        causes = revise.causes_for(self._connection, self.kind, changes, files or {})
        before, steps = self._ledger.tables(schema), revise.Steps(state.revision + 1)
        self.store_schema(schema)
        for name, table in target.items():
            revise.plan(state, before[name], table, schema.tables[name], causes, steps)
        return self._written(state, steps, causes, summary or {})

    def migrate(self, evolution: Evolution, *, summary: Mapping[str, object]) -> int:
        """Carry every row, deleted ones too, over to a new schema as one revision, and return its number.

        Cells of fields that are gone are blanked and rows of tables that are gone are deleted: history keeps both.
        """
        state, old = self._ledger.state(), evolution.old
        causes, steps = revise.causes_for(self._connection, self.kind, (), {}), revise.Steps(state.revision + 1)
        both = [self._ledger.rows_then(old, state.revision, live=live) for live in (True, False)]
        moving.plan(state, evolution, [evolution.carry(tables) for tables in both], causes, steps)
        facts = {"_from": old.digest, "_to": evolution.new.digest, "_team": self._meta("team")}
        number = self._written(state, steps, causes, {**summary, **facts})
        self.store_schema(evolution.new)
        return number

    def _written(self, state: State, steps: Steps, causes: Causes, summary: Mapping[str, object]) -> int:
        """Write the steps that brought the state here as the next revision."""
        act = revise.Act(state.revision + 1, self.now, self.actor, self.kind, summary)
        state.revision = act.number
        state_digest = state.digest()
        revise.store(self._connection, act, state_digest, steps, causes)
        counts = {"cells": len(steps.cells), "rows": len(steps.lives), "state": state_digest}
        done = {"kind": self.kind, "steps": revise.digest_of(steps, causes), "summary": codec.digest(summary)}
        self.audit("revision", str(act.number), {**done, **counts})
        return act.number

    # ── rounds ──────────────────────────────────────────────────────────────────────────────────────

    def open_round(self, name: str, revision: int, due: str = "") -> None:
        """Open a new round whose merge starts from `revision`."""
        if self._exists(layout.round_, name=name):
            raise CallError("ROUND_EXISTS", round=name)
        record = {"name": name, "state": "open", "opening_revision": revision, "due": due}
        self._insert(layout.round_, **record, opened_at=self.now, closed_at="")
        self.audit("open_round", name, record)

    def close_round(self, name: str) -> None:
        """Close a round; closing a closed one says nothing."""
        self._round_state(name, "closed", self.now)

    def reopen_round(self, name: str) -> None:
        """Open a closed round again, with the opening that it had."""
        self._round_state(name, "open", "")

    def _round_state(self, name: str, state: RoundState, closed_at: str) -> None:
        found = self._connection.execute(select(layout.round_.c.state).where(layout.round_.c.name == name)).scalar()
        if found is None:
            raise CallError("ROUND_UNKNOWN", round=name, known=" · ".join(self._names()) or "—")
        if found != state:
            change = update(layout.round_).where(layout.round_.c.name == name)
            self._connection.execute(change.values(state=state, closed_at=closed_at))
            self.audit("close_round" if state == "closed" else "reopen_round", name, {"kind": self.kind})

    # ── copies ──────────────────────────────────────────────────────────────────────────────────────

    def add_issue(
        self,
        issue: Issue,
        schema: Schema,
        *,
        base_digest: str = "",
        mac: str = "",
        file_sha256: str = "",
        name: str = "",
    ) -> None:
        """Keep an issued copy; its base is kept as row ids, to be derived again from the rows at its revision."""
        columns = {
            "copy": issue.copy,
            "round": issue.round,
            "member": issue.member,
            "number": issue.number,
            "revision": issue.revision,
            "schema_digest": issue.schema_digest,
            "base_digest": base_digest,
            "mac": mac,
            "file_sha256": file_sha256,
            "name": codec.safe_text(name),
            "today": issue.issued_on,
            "at": self.now,
            "head": audit.head(self._connection),
        }
        body = codec.pack(issues.body_of(issue, self._ledger.tables(schema, issue.revision)))
        self._insert(layout.issue, **columns, state=issue.state, body=body)
        self.audit("issue", issue.copy, {"member": issue.member, "record": codec.record_digest(columns, body)})

    def supersede_issue(self, copy: str) -> None:
        """Mark a copy as followed by another; both stay acceptable."""
        self._issue_state(copy, "superseded")

    def revoke_issue(self, copy: str) -> None:
        """Mark a copy as one that is not accepted any more."""
        self._issue_state(copy, "revoked")

    def _issue_state(self, copy: str, state: IssueState) -> None:
        done = self._connection.execute(update(layout.issue).where(layout.issue.c.copy == copy).values(state=state))
        if not done.rowcount:
            raise Bug("LEDGER_COPY", copy=copy)
        self.audit(state, copy, {"kind": self.kind})

    # ── what came back ──────────────────────────────────────────────────────────────────────────────

    def add_file(self, sha256: str, name: str, size: int) -> None:
        """Note that a file was received; its first name stays."""
        if not self._exists(layout.file, sha256=sha256):
            self._insert(layout.file, sha256=sha256, name=codec.safe_text(name), size=size, at=self.now)
            self.audit("file", sha256, {"name": name, "size": size})

    def add_submission(self, submission: Submission, round_name: str, *, sha256: str, state: str = "merged") -> None:
        """Keep a submission under the round in which it counts."""
        columns = {
            "copy": submission.copy,
            "version": submission.version,
            "digest": submission.digest,
            "member": submission.member,
            "round": round_name,
            "sha256": sha256,
            "file": codec.safe_text(submission.file),
            "received": submission.received,
            "late": int(submission.late),
            "revision": self._ledger.revision(),
        }
        body = codec.to_json(codec.submission_to_json(submission))
        self._append(layout.submission, **columns, state=state, body=body)
        subject = f"{submission.copy} {submission.version}"
        facts = {"state": state, "edits": len(submission.edits), "record": codec.record_digest(columns, body.encode())}
        self.audit("submission", subject, facts)

    def set_submission_state(self, copy: str, version: int, state: str) -> None:
        """Change where a submission stands: a held one that is accepted, one that is taken back."""
        table = layout.submission.c
        which = update(layout.submission).where(table.copy == copy, table.version == version)
        if not self._connection.execute(which.values(state=state)).rowcount:
            raise Bug("LEDGER_COPY", copy=f"{copy} {version}")
        self.audit("submission_state", f"{copy} {version}", {"state": state})

    def add_refused(
        self, *, sha256: str, name: str, code: str, facts: Mapping[str, object], round_name: str = ""
    ) -> None:
        """Note that a file was not read, as a whole; the same refusal again says nothing."""
        kept = {"sha256": sha256, "name": codec.safe_text(name), "code": code, "round": round_name}
        if self._exists(layout.refused, **kept):
            return
        plain = {fact: value if isinstance(value, int | list) else str(value) for fact, value in facts.items()}
        columns = {**kept, "facts": codec.to_json(plain), "at": self.now}
        self._append(layout.refused, **columns)
        self.audit("refused", sha256, {"code": code, "name": name, "record": codec.record_digest(columns, b"")})

    def add_resolution(self, resolution: Resolution, round_name: str) -> None:
        """Keep an answer; the last one to the same question and candidates holds.

        One that has a number is the answer of that number in other words, as a change of schema makes them.
        """
        number = resolution.number or self._ledger.answers() + 1
        revision = resolution.revision if resolution.number else self._ledger.revision()
        given = replace(resolution, number=number, revision=revision)
        body = codec.to_json(codec.resolution_to_json(given))
        columns = {"round": round_name, "question": resolution.question, "digest": resolution.digest}
        self._append(layout.resolution, **columns, body=body)
        facts = {"choice": resolution.choice, "by": resolution.by}
        self.audit("resolution", resolution.question, facts | {"record": codec.record_digest(columns, body.encode())})

    def set_note(self, name: str, value: str) -> None:
        """Remember a small thing about the workspace: the digest of a file that we wrote, how many questions wait."""
        self._connection.execute(
            dialect.of(self._connection).put(layout.meta, "name"), [{"name": f"note:{name}", "value": value}]
        )

    def decide(self, name: str, value: str) -> None:
        """Remember something by which merges are judged, or can be undone: a note that the audit chain covers."""
        if self._ledger.note(name) != value:
            self.set_note(name, value)
            self._decided[name] = codec.text_digest(value)

    def seal(self) -> None:
        """Cover what was decided with one entry of the audit chain: the last step of the transaction."""
        if self._decided:
            self.audit("notes", self.kind, self._decided)
            self._decided = {}

    # ── audit and small things ──────────────────────────────────────────────────────────────────────

    def audit(self, act: str, subject: str, payload: object) -> str:
        """Append one entry to the audit chain and return the new head."""
        return audit.append(
            self._connection, self._ledger.key, at=self.now, actor=self.actor, act=act, subject=subject, payload=payload
        )

    def _insert(self, table: Any, **values: Any) -> None:
        self._connection.execute(insert(table), [values])

    def _append(self, table: Any, **values: Any) -> None:
        last = self._connection.execute(select(func.max(table.c.id))).scalar() or 0
        self._insert(table, id=last + 1, **values)

    def _exists(self, table: Any, **values: Any) -> bool:
        which = [table.c[name] == value for name, value in values.items()]
        return bool(self._connection.execute(select(func.count()).select_from(table).where(*which)).scalar())

    def _meta(self, name: str) -> str:
        return str(self._connection.execute(select(layout.meta.c.value).where(layout.meta.c.name == name)).scalar())

    def _names(self) -> list[str]:
        return sorted(self._connection.execute(select(layout.round_.c.name)).scalars())
