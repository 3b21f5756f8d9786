"""Write a round's report: read rows and history, have them counted and laid out, put the workbook into the round."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from custsheet.books.report import report_book
from custsheet.errors import CallError
from custsheet.ledger.records import Revision, RoundInfo
from custsheet.messages import say, word
from custsheet.model import Change, Outcome, Resolution, Submission
from custsheet.reports import measures, summary
from custsheet.schema.labels import Labels
from custsheet.stamp import Stamp, encode
from custsheet.summary import Applied, Fate, Period, RoundFacts, Summary
from custsheet.workspace.beside import write_beside
from custsheet.workspace.evolving import submissions as counted
from custsheet.workspace.folder import Folder, week_of
from custsheet.workspace.opening import open_at, outcome_of
from custsheet.xlsx.write import write_book

REPORT = "report.xlsx"
WEEK = dt.timedelta(days=7)
_ISO_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True)
class Report:
    """One written report."""

    round: str
    path: Path
    summary: Summary
    revision: int
    """The revision whose rows it shows."""

    @property
    def beside(self) -> bool:
        """Whether `report.xlsx` was changed by somebody, so that this one lies beside it."""
        return self.path.name != REPORT

    @property
    def measures(self) -> dict[str, object]:
        """Every number, as JSON data."""
        return {"revision": self.revision, **measures(self.summary)}

    @property
    def sentences(self) -> list[str]:
        """The sentences of the first page."""
        return [sentence.text for sentence in self.summary.sentences]


@dataclass(frozen=True)
class _View:
    """Which state is looked at, and on which day."""

    revision: int
    today: dt.date
    moment: str = ""
    """When that revision was written, where one was asked for; else all of the day counts."""

    def had(self, moment: str, after: int | None = None) -> bool:
        """Tell whether something had happened by then: of what came after a revision, a second says too little."""
        if self.moment and after is not None:
            return after < self.revision
        return not moment or (moment <= self.moment if self.moment else _day(moment) <= self.today)


def _day(moment: str) -> dt.date:
    return dt.datetime.fromisoformat(moment).date()


def report(folder: Folder, *, round_name: str = "", as_of: str = "") -> Report:
    """Write the report of a round (default: the youngest), on the rows now or as of a revision or day.

    Raises CallError `ROUND_UNKNOWN`, `REVISION_UNKNOWN`, `AS_OF_UNREADABLE`.
    """
    view = _view(folder, as_of)
    info = _round(folder, round_name, view.today)
    name = info.name if info else week_of(view.today)
    found = _summary(folder, view, info, name)
    path = write_beside(folder, folder.round_folder(name) / REPORT, f"report:{name}", _bytes(folder, found, name, view))
    return Report(name, path, found, view.revision)


def _view(folder: Folder, as_of: str) -> _View:
    """Read `as_of`: nothing, a revision's number, or a day, whose last revision counts."""
    last, revisions = folder.ledger.revision(), folder.ledger.revisions()
    if not as_of:
        return _View(last, folder.today)
    digits = as_of.lower().removeprefix("r")  # as `log` names a revision
    if digits.isascii() and digits.isdigit() and len(digits) < 8:
        number = int(digits)
        at = {r.number: r.at for r in revisions}.get(number)
        if at is None:
            raise CallError("REVISION_UNKNOWN", revision=number, last=last)
        return _View(number, _day(at), at if number < last else "")
    try:
        day = dt.date.fromisoformat(as_of)
    except ValueError as problem:
        raise CallError("AS_OF_UNREADABLE", value=as_of, last=last) from problem
    return _View(_revision_on(revisions, day), day)


def _revision_on(revisions: Sequence[Revision], day: dt.date) -> int:
    """Return the last revision on or before a day; 0 where there is none."""
    return max((r.number for r in revisions if dt.datetime.fromisoformat(r.at).date() <= day), default=0)


def _round(folder: Folder, name: str, today: dt.date) -> RoundInfo | None:
    """Return the named round, or the youngest that was open by that day."""
    if name:
        return folder.ledger.round(name)
    known = [r for r in folder.ledger.rounds() if dt.datetime.fromisoformat(r.opened_at).date() <= today]
    return known[-1] if known else None


def period_of(name: str, today: dt.date) -> Period:
    """Return the days of a round: its ISO week, or the seven days up to today where its name is none."""
    week = _ISO_WEEK.fullmatch(name)
    try:
        first = dt.date.fromisocalendar(int(week[1]), int(week[2]), 1) if week else today - WEEK + dt.timedelta(days=1)
    except ValueError:  # 2026-W60 is a name like any other
        first = today - WEEK + dt.timedelta(days=1)
    return Period(today, first, first + WEEK - dt.timedelta(days=1))


# ── what is counted ─────────────────────────────────────────────────────────────────────────────────


def _summary(folder: Folder, view: _View, info: RoundInfo | None, name: str) -> Summary:
    ledger, schema = folder.ledger, folder.schema
    period = period_of(name, view.today)
    tables = ledger.tables(schema, view.revision)
    labels = folder.labels(tables)
    week_ago = _revision_on(ledger.revisions(), period.before().today)
    return summary(
        schema,
        tables,
        team=folder.team,
        labels=labels,
        language=folder.settings.language,
        period=period,
        facts=_facts(folder, info, view, labels) if info else RoundFacts(),
        earlier=ledger.tables(schema, week_ago) if week_ago else None,
    )


def _facts(folder: Folder, info: RoundInfo, view: _View, labels: Labels) -> RoundFacts:
    """Tell what happened in a round. Every edit's fate is worked out again as the merge does, not remembered."""
    ledger, language = folder.ledger, folder.settings.language
    after = {(i.copy, i.version): i.revision for i in ledger.submission_infos(info.name)}
    submissions = [s for s in counted(folder, info.name) if view.had(s.received, after.get(s.key))]
    outcome = _outcome(folder, info.name, submissions, view)
    copies = {issue.copy for issue in ledger.issues(info.name)}
    refused = [r for r in ledger.refused(info.name) if view.had(r.at)]
    return RoundFacts(
        applied=tuple(_applied(folder, info, view, labels)),
        fates=tuple(_fates(submissions, outcome)),
        issued=tuple(
            dict.fromkeys(
                i.member for i in ledger.issues(info.name) if view.had(i.at) and i.member not in folder.readers
            )
        ),
        returned=tuple(dict.fromkeys(s.member for s in submissions if s.copy in copies)),
        refused=tuple((r.name, say(r.code, language, **{"file": r.name, **r.facts})) for r in refused),
        questions=len(outcome.questions),
    )


def _outcome(folder: Folder, name: str, submissions: Sequence[Submission], view: _View) -> Outcome:
    resolutions = [r for r in _told(folder, name) if view.had(r.at, r.revision)]
    opening = open_at(folder, name, until=view.revision)
    return outcome_of(folder, opening, submissions, resolutions, today=view.today)


def _told(folder: Folder, name: str) -> list[Resolution]:
    """All that was answered in a round, in order: an answer that was taken back later stood until then."""
    return [r for told_in, r in folder.ledger.told() if told_in == name]


def _fates(submissions: Sequence[Submission], outcome: Outcome) -> list[Fate]:
    """Every edit once: what a later version of the same copy says again is counted there, with what became of it."""
    found: list[Fate] = []
    said: set[tuple[str, str, str, str, object]] = set()
    for s in sorted(submissions, key=lambda s: -s.version):
        mine = list(zip(s.edits, outcome.buckets[s.key], strict=True))
        found += [
            Fate(s.member, bucket, edit.table, edit.field, edit.code)
            for edit, bucket in mine
            if (s.copy, edit.table, edit.rid, edit.field, edit.value) not in said
        ]
        said.update((s.copy, edit.table, edit.rid, edit.field, edit.value) for edit, _ in mine)
    return found


def _applied(folder: Folder, info: RoundInfo, view: _View, labels: Labels) -> list[Applied]:
    """Collect what the round's merges changed, and what was changed by hand before the next round opened."""
    ledger, schema = folder.ledger, folder.schema
    gone = folder.labels(ledger.gone(schema))
    later = [r.opening_revision for r in ledger.rounds() if r.opened_at > info.opened_at]
    end = min((*later, view.revision))
    found = []
    for revision in ledger.revisions():
        if revision.number <= view.revision and _belongs(revision, info, end):
            changes = ledger.changes(revision.number, schema)
            found += [Applied(_labelled(change, labels, gone), revision.at) for change in changes]
    return found


def _belongs(revision: Revision, info: RoundInfo, end: int) -> bool:
    named = revision.summary.get("round", revision.summary.get("format"))
    if revision.kind == "merge" or named is not None:
        return named == info.name
    return revision.kind != "import" and info.opening_revision < revision.number <= end


def _labelled(change: Change, labels: Labels, gone: Labels) -> Change:
    known = labels if labels.text(change.table, change.rid) else gone
    return change._replace(label=known.label(change.table, change.rid))


# ── the file ────────────────────────────────────────────────────────────────────────────────────────


def _bytes(folder: Folder, found: Summary, name: str, view: _View) -> bytes:
    language = folder.settings.language
    title = word("report.title", language, schema=folder.schema.title[language], round=name)
    stamp = Stamp("report", folder.ledger.id, name, title=folder.schema.title[language])
    book = report_book(
        found,
        title=title,
        language=language,
        round=name,
        today=view.today,
        stamp_cells=encode(stamp, folder.ledger.key),
    )
    return write_book(book)
