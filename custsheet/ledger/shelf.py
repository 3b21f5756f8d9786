"""Read what was filed: schemas, members, rounds, copies, submissions, received files, answers."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, func, select

from custsheet.errors import CallError, LedgerError
from custsheet.ledger import codec, layout
from custsheet.ledger.dialect import Database
from custsheet.ledger.records import FileInfo, IssueInfo, RefusedFile, RoundInfo, SubmissionInfo
from custsheet.model import Resolution, Submission
from custsheet.schema.records import Team

T = TypeVar("T")


class Shelf(ABC):
    """The reading half of a ledger that needs no rows."""

    database: Database

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """Hold one view of the ledger for all that a read asks."""

    def _all(self, statement: Any) -> list[Any]:
        with self.reading() as connection:
            return list(connection.execute(statement).all())

    # ── schema and team ─────────────────────────────────────────────────────────────────────────────

    def latest_schema(self) -> str | None:
        """Return the digest of the schema in force."""
        return self._meta("schema")

    def schema_body(self, digest: str) -> dict[str, Any]:
        """Return the body of a stored schema: `schema.from_body` gives the schema again."""
        found = self._all(select(layout.schema_version.c.body).where(layout.schema_version.c.digest == digest))
        if not found:
            raise LedgerError("LEDGER_DAMAGED", path=self.database.shown, detail=f"schema {digest[:12]}")
        body: dict[str, Any] = json.loads(found[0].body)
        return body

    def schemas(self) -> set[str]:
        """Return the digests of the stored schemas."""
        return {str(one.digest) for one in self._all(select(layout.schema_version.c.digest))}

    def has_schema(self, digest: str) -> bool:
        """Tell whether a schema is stored."""
        return bool(self._all(select(layout.schema_version.c.at).where(layout.schema_version.c.digest == digest)))

    def team(self) -> Team | None:
        """Return the members as they were stored last."""
        found = self._all(select(layout.team.c.body).where(layout.team.c.digest == self._meta("team")))
        return codec.team_from_json(json.loads(found[0].body)) if found else None

    def _meta(self, name: str) -> str | None:
        found = self._all(select(layout.meta.c.value).where(layout.meta.c.name == name))
        return str(found[0].value) if found else None

    def note(self, name: str) -> str:
        """Return what was remembered by `Transaction.set_note`; empty if nothing was."""
        return self._meta(f"note:{name}") or ""

    def notes(self, about: str) -> dict[str, str]:
        """Return what was remembered under names that begin so, by the whole name."""
        name = layout.meta.c.name
        which = select(layout.meta).where(name.startswith(f"note:{about}", autoescape=True)).order_by(name)
        return {one.name.removeprefix("note:"): one.value for one in self._all(which)}

    # ── rounds and copies ───────────────────────────────────────────────────────────────────────────

    def rounds(self) -> list[RoundInfo]:
        """Return every round in the order of opening."""
        order = (layout.round_.c.opened_at, layout.round_.c.name)
        return [_record(RoundInfo, one) for one in self._all(select(layout.round_).order_by(*order))]

    def open_rounds(self) -> list[RoundInfo]:
        """Return the rounds that are open, in the order of opening."""
        return [one for one in self.rounds() if one.state == "open"]

    def round(self, name: str) -> RoundInfo:
        """Return one round. Raises CallError `ROUND_UNKNOWN` with the names that there are."""
        rounds = {one.name: one for one in self.rounds()}
        if name not in rounds:
            raise CallError("ROUND_UNKNOWN", round=name, known=" · ".join(sorted(rounds)) or "—")
        return rounds[name]

    def issues(self, round: str | None = None, member: str | None = None) -> list[IssueInfo]:  # noqa: A002
        """Return the issued copies, of one round or member where they are given, in the order of issue."""
        which = select(layout.issue).order_by(layout.issue.c.at, layout.issue.c.round, layout.issue.c.copy)
        for column, value in ((layout.issue.c.round, round), (layout.issue.c.member, member)):
            which = which if value is None else which.where(column == value)
        return [_record(IssueInfo, one, name=codec.plain_text(one.name)) for one in self._all(which)]

    # ── what came back ──────────────────────────────────────────────────────────────────────────────

    def submissions(self, round: str, *, states: Sequence[str] = (), about: str = "") -> list[Submission]:  # noqa: A002
        """Return the submissions that count in a round, in the order of intake; only those in `states` if given.

        With `about`, a row id, only those of copies in any version of which it occurs.
        """
        which = select(layout.submission.c.body).where(layout.submission.c.round == round)
        which = which.where(layout.submission.c.state.in_(states)) if states else which
        if about:
            about_it = layout.submission.c.body.contains(about, autoescape=True)
            which = which.where(layout.submission.c.copy.in_(select(layout.submission.c.copy).where(about_it)))
        return [_submission(one) for one in self._all(which.order_by(layout.submission.c.id))]

    def submission_infos(self, round: str | None = None, *, copy: str | None = None) -> list[SubmissionInfo]:  # noqa: A002
        """Return where submissions stand, in the order of intake."""
        which = select(layout.submission).order_by(layout.submission.c.id)
        for column, value in ((layout.submission.c.round, round), (layout.submission.c.copy, copy)):
            which = which if value is None else which.where(column == value)
        return [_submission_info(one) for one in self._all(which)]

    def submission_by(self, copy: str, digest: str) -> Submission | None:
        """Return the submission of a copy with this content, if it came before."""
        table = layout.submission.c
        found = self._all(select(table.body).where(table.copy == copy, table.digest == digest))
        return _submission(found[0]) if found else None

    def file_seen(self, sha256: str) -> FileInfo | None:
        """Return what became of a file with these bytes, if it came before."""
        with self.reading():
            found = self._all(select(layout.file).where(layout.file.c.sha256 == sha256))
            by_file = layout.submission.c.sha256 == sha256
            taken = self._all(select(layout.submission).where(by_file).order_by(layout.submission.c.id))
            refused = self._refused(layout.refused.c.sha256 == sha256)
        if not found and not taken and not refused:
            return None
        one = found[0] if found else None
        name = codec.plain_text(one.name) if one else (refused[-1].name if refused else taken[0].file)
        submission = _submission_info(taken[0]) if taken else None
        last = refused[-1] if refused and not taken else None
        return FileInfo(sha256, name, one.size if one else 0, one.at if one else "", submission, last)

    def refused(self, round: str | None = None) -> list[RefusedFile]:  # noqa: A002
        """Return the files that were not read, of one round where it is given, in order."""
        return self._refused(*([] if round is None else [layout.refused.c.round == round]))

    def _refused(self, *which: ColumnElement[bool]) -> list[RefusedFile]:
        found = self._all(select(layout.refused).where(*which).order_by(layout.refused.c.id))
        return [
            _record(RefusedFile, one, name=codec.plain_text(one.name), facts=json.loads(one.facts)) for one in found
        ]

    def resolutions(self, round: str) -> list[Resolution]:  # noqa: A002
        """Return the answers given in a round: the last one to each question with the same candidates."""
        which = select(layout.resolution).where(layout.resolution.c.round == round)
        found = self._all(which.order_by(layout.resolution.c.id))
        last = {(one.question, one.digest): one.body for one in found}
        return [codec.resolution_from_json(json.loads(body)) for body in last.values()]

    def answers(self) -> int:
        """Return how many answers were ever taken in."""
        return int(self._all(select(func.max(layout.resolution.c.id).label("last")))[0].last or 0)

    def told(self, about: str = "") -> list[tuple[str, Resolution]]:
        """Return everything that was ever answered, with the round in which it was, in order.

        `about` is what the ids of the questions begin with.
        """
        which = select(layout.resolution).where(layout.resolution.c.question.startswith(about, autoescape=True))
        found = self._all(which.order_by(layout.resolution.c.id))
        return [(one.round, codec.resolution_from_json(json.loads(one.body))) for one in found]


def _record(kind: type[T], found: Any, **instead: object) -> T:
    values = {f.name: getattr(found, f.name) for f in fields(cast("Any", kind)) if f.name not in instead}
    return kind(**values, **instead)


def _submission(found: Any) -> Submission:
    return codec.submission_from_json(json.loads(found.body))


def _submission_info(found: Any) -> SubmissionInfo:
    return _record(SubmissionInfo, found, file=codec.plain_text(found.file), late=bool(found.late))
