"""Take files in: find what is new, read each behind the guard, and reduce it to a submission or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path

from custsheet import look
from custsheet.errors import CustsheetError, FileRefused
from custsheet.intake import Context, lost_stamp, read_copy, stamp_cells, stamp_of
from custsheet.ledger.files import FileStore, digest_of_file
from custsheet.ledger.records import SubmissionInfo
from custsheet.machine import collector_paused
from custsheet.merging import find_edits, hold_late, since_issue
from custsheet.merging.versions import follows
from custsheet.model import CellRef, Finding, Grid, Outcome, Returned, Submission
from custsheet.schema.evolution import reading
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Schema
from custsheet.stamp import Stamp
from custsheet.workspace import evolving
from custsheet.workspace.anchoring import has_other_rows
from custsheet.workspace.checked import check_all, columns_of, label_findings
from custsheet.workspace.disk import digest_of, read_bytes
from custsheet.workspace.folder import Folder
from custsheet.workspace.naming import ref_labels
from custsheet.workspace.painted import painted_in
from custsheet.workspace.past import Before, brings_rows, came_to, gone_on_from
from custsheet.workspace.reading import files_in, holds_files, is_locked, read_any, unlocked
from custsheet.workspace.received import Opened, Received
from custsheet.workspace.senders import check_sender, is_doubted
from custsheet.workspace.skins import skins_of

SKIPPED = (".tmp", ".ds_store", "thumbs.db", "desktop.ini")
_AGAIN = re.compile(r"(?P<stem>.+?)[ _-]*(?:[(（](?P<number>\d{1,4})[)）]|副本|- copy)", re.IGNORECASE)
"""How programs name a file beside one of its name."""
REPORTS = ("questions.xlsx", "report.xlsx", "report.html")


def inbox_files(folder: Folder) -> list[Path]:
    """Every file in the inboxes of the rounds, whatever its name and depth, in a stable order."""
    rounds = folder.root / "rounds"
    found = [p for p in rounds.glob("*/inbox/**/*") if p.is_file()] if rounds.is_dir() else []
    return sorted(found, key=lambda p: _in_turn(p.relative_to(rounds)))


def _in_turn(path: Path) -> tuple[str, str, int, str]:
    """Order files so that one that came twice stands before its copy: 表.xlsx, 表(1).xlsx, 表(2).xlsx."""
    again = _AGAIN.fullmatch(path.stem)
    stem, number = (again["stem"], int(again["number"] or 1)) if again else (path.stem, 0)
    return path.parent.as_posix(), stem, number, path.name


def skip(path: Path) -> bool:
    """Tell whether a file is none that a member returned: owner files of Excel, leftovers of systems."""
    name = path.name.lower()
    return name.startswith(("~$", ".")) or name.endswith(SKIPPED)


MOST_KEPT = 1 << 30
"""Bytes of a file that is too big to be a workbook and is kept all the same."""


COPY = "copy"
"""Fact of a refusal: which copy a file is, where that much could be read."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was opened, up to its grid."""

    path: Path
    data: bytes
    sha: str
    plain: bytes
    """The workbook itself, where the file was locked the one inside."""
    password: str
    grid: Grid
    stamp: Stamp | None

    def opened(self, returned: Returned) -> Opened:
        """Return what whoever lays the copy out again needs."""
        return Opened(returned, self.stamp, stamp_cells(self.grid), self.plain, self.password, self.grid)


class Receiver:
    """Reads returned files of one workspace against its ledger; reads only, writes nothing."""

    def __init__(
        self, folder: Folder, *, keeps: bool = False, mends: bool = False, then: tuple[int | None, Schema] | None = None
    ) -> None:
        """With `keeps`, what was read of each file stays in memory (`Received.opened`); `mends` as for `Context`.

        With `then` files are read by a schema that was in force, as of a revision; None: as of the last one.
        """
        self._keeps, self._mends = keeps, mends
        self._today = folder.today
        self._late: bool | None = None
        """Whether what is read counts as late; by its round's state where None."""
        self._asks = folder.settings.late == "ask"
        self.folder = folder
        self.ledger = folder.ledger
        self._until = then[0] if then else None
        self.schema = then[1] if then else folder.schema
        until = self.ledger.revision() if self._until is None else self._until
        self.master = self.ledger.rows_then(self.schema, until) if then else self.ledger.tables(self.schema)
        self._labels: dict[tuple[str, int], Labels] = {}
        self._fresh: dict[str, list[Submission]] = {}
        """Submissions of this run by copy, so that two versions in one inbox follow each other."""
        self._came_to: dict[tuple[str, int], Outcome] = {}
        self._states = {info.name: info.state for info in self.ledger.rounds()}
        self._joins = self._youngest = next(
            (name for name in reversed(self._states) if self._states[name] == "open"), ""
        )
        """The round that a late copy joins."""

    def receive(
        self, paths: Iterable[Path], *, again: bool = False, once: bool = True, kept: Iterable[tuple[Path, str]] = ()
    ) -> list[Received]:
        """Read the files in order. A file whose bytes were taken before is skipped unless named (`again`).

        With `once` (merge) the content of a version that was taken before is a duplicate; without it (validate, diff)
        the file is read like any other. `kept` are (name, SHA-256) of files that were left out before and count now.
        """
        found = [item for path in paths for item in self._one(path, again=again, once=once)]
        store = FileStore(self.folder.files)
        found += [self._bytes(path, store.get(sha), again=True, once=once) for path, sha in kept]
        return check_all(
            self.schema, self.master, found, today=self.folder.today, language=self.folder.settings.language
        )

    def read_again(self, info: SubmissionInfo, data: bytes) -> Received:
        """Read the bytes of a submission again as on the day when it was taken in."""
        stored = self.ledger.submission_by(info.copy, info.digest)
        self._today, self._late = dt.datetime.fromisoformat(info.received).date(), info.late
        self._joins = info.round
        self._asks = stored is not None and any(edit.code == "H_LATE" for edit in stored.edits)
        try:
            with collector_paused():
                read = self._bytes(Path(info.file), data, again=True, once=False)
        finally:
            self._today, self._late, self._asks = self.folder.today, None, self.folder.settings.late == "ask"
            self._joins = self._youngest
        language = self.folder.settings.language
        day = dt.datetime.fromisoformat(info.received).date()
        return check_all(self.schema, self.master, [read], today=day, language=language)[0]

    def copies_of(self, received: Iterable[Received]) -> frozenset[str]:
        """Return the copies that these files are, those that came before among them."""
        found = set()
        for item in received:
            seen = self.ledger.file_seen(item.sha256) if item.state == "duplicate" else None
            found |= {item.issue.copy} if item.issue is not None else set()
            found |= {seen.submission.copy} if seen is not None and seen.submission is not None else set()
        return frozenset(found)

    def _one(self, path: Path, *, again: bool, once: bool) -> list[Received]:
        """Read one file; a zip or a mail gives one record for itself and one for each file in it."""
        with collector_paused():
            return self._files(path, again=again, once=once)

    def _files(self, path: Path, *, again: bool, once: bool) -> list[Received]:
        if skip(path):
            return [Received(path, "skipped", note="SKIPPED_SYSTEM")]
        try:
            data = read_bytes(path)
        except CustsheetError as problem:
            if problem.exit_code == 2:
                raise
            return [self._unread(path, problem, again=again)]
        if not holds_files(data, path.name):
            return [self._bytes(path, data, again=again, once=once)]
        sha = digest_of(data)
        if self.ledger.file_seen(sha) is not None and not again:
            return [Received(path, "skipped", data, sha, note="SKIPPED_SEEN")]
        return [Received(path, "skipped", data, sha, note="OPENED"), *self._held(path, data, again=again, once=once)]

    def _unread(self, path: Path, problem: CustsheetError, *, again: bool) -> Received:
        """A file that was not read; one that is only too big is kept like any other that was refused.

        A film stays where it lies, and is refused by every run.
        """
        if problem.code != "E_FILE_TOO_BIG" or path.stat().st_size > MOST_KEPT:
            return Received(path, "refused", refused=problem)
        sha = digest_of_file(path)
        if self.ledger.file_seen(sha) is not None and not again:
            return Received(path, "skipped", sha256=sha, note="SKIPPED_SEEN")
        return Received(path, "refused", sha256=sha, refused=problem)

    def _held(self, path: Path, data: bytes, *, again: bool, once: bool) -> list[Received]:
        try:
            inside = list(files_in(data, path.name))
            if not inside:
                raise FileRefused("E_NOTHING_INSIDE")
        except FileRefused as problem:
            refused = FileRefused(problem.code, **{"file": path.name, **problem.facts})
            return [Received(path, "refused", data, digest_of(data), refused=refused)]
        found = []
        for name, body, senders in inside:
            place = path / name
            if skip(place) or holds_files(body, name):
                found.append(Received(place, "skipped", body, digest_of(body), note="OPENED"))
            else:
                found.append(self._bytes(place, body, senders, again=again, once=once))
        return found

    def _bytes(self, path: Path, data: bytes, senders: tuple[str, ...] = (), *, again: bool, once: bool) -> Received:
        sha = digest_of(data)
        seen = self.ledger.file_seen(sha)
        opens_now = bool(self.folder.passwords) and is_locked(data, path.name)
        if seen is not None and not again and not (opens_now and seen.submission is None) and not is_doubted(seen):
            return Received(path, "skipped", data, sha, note="SKIPPED_SEEN")
        if once and seen is not None and seen.submission is not None and seen.submission.state == "revoked":
            return Received(path, "skipped", data, sha, note="SKIPPED_UNDONE")
        if once and seen is not None and seen.submission is not None:
            version = seen.submission.version
            return Received(path, "duplicate", data, sha, round=seen.submission.round, version=version)
        try:
            return self._copy(path, data, sha, senders, once=once)
        except FileRefused as problem:
            facts = {"file": path.name, **problem.facts}
            return Received(path, "refused", data, sha, refused=FileRefused(problem.code, **facts))

    def _copy(self, path: Path, data: bytes, sha: str, senders: tuple[str, ...], *, once: bool) -> Received:
        plain, password = unlocked(data, path.name, self.folder.passwords)
        grid = read_any(plain, path.name)
        stamp, damage = _stamp(grid)
        lost: tuple[Finding, ...] = ()
        if stamp is None:
            issue, lost = self._without_stamp(grid, path, damage)
        elif stamp.kind != "copy" or stamp.issue is None:
            return Received(path, "skipped", data, sha, note="SKIPPED_OWN")
        else:
            issue = self._issue(stamp)
        read = _Read(path, data, sha, plain, password, grid, stamp)
        try:
            check_sender(self.folder, issue.member, senders)
            return self._of_issue(issue, read, lost, once=once)
        except FileRefused as problem:
            raise FileRefused(problem.code, **{COPY: issue.copy, **problem.facts}) from None

    def _of_issue(self, issue: Issue, read: _Read, lost: tuple[Finding, ...], *, once: bool) -> Received:
        """What a file brings that is this copy."""
        path, data, sha = read.path, read.data, read.sha
        own = self.ledger.schema_of(issue, self.schema)
        road = self.ledger.road_from(issue.schema_digest, issue.revision, self.schema, self._until)
        read_by = reading(own, road) if road else self.schema
        earlier = self._earlier(issue, sha, once=once)
        returned = self._read(read.grid, issue, read_by, earlier, path.name)
        undone = [i.digest for i in self.ledger.submission_infos(copy=issue.copy) if i.state == "revoked"]
        if once and returned.digest in undone:
            return Received(path, "skipped", data, sha, note="SKIPPED_UNDONE")
        same = next((s for s in earlier if s.digest == returned.digest), None)
        painted, marks = painted_in(skins_of(read.plain, path.name, read.grid, unless=look.FILLS), returned)
        if once and same is not None:  # its cells were taken; what was coloured and noted since was not
            told = label_findings(marks, issue, read_by, self._at(issue))
            marked = tuple(painted) if not road else ()
            facts = {"version": same.version, "findings": told, "painted": marked}
            return Received(path, "duplicate", data, sha, issue.round, issue, **facts)  # type: ignore[arg-type]
        late = self._states.get(issue.round) == "closed" if self._late is None else self._late
        version = self._version(issue, sha, earlier, once=once)
        submission, findings = self._compared(returned, issue, read_by, earlier, version=version, late=late)
        refused = next((f for f in (*returned.findings, *findings) if f.severity == "refused"), None)
        if refused is not None:
            raise FileRefused(refused.code, **{"sheet": refused.where.sheet, **dict(refused.facts)})
        self._fresh.setdefault(issue.copy, []).append(submission)
        told = label_findings((*lost, *returned.findings, *findings, *marks), issue, read_by, self._at(issue))
        received = Received(
            path,
            "late" if late else "new",
            data,
            sha,
            issue.round,
            issue,
            submission,
            findings=told,
            version=submission.version,
            columns=columns_of(returned),
            opened=read.opened(returned) if self._keeps else None,
            painted=tuple(painted),
        )
        return evolving.moved(received, own, road, self._at(issue)) if road else received

    def _compared(
        self,
        returned: Returned,
        issue: Issue,
        schema: Schema,
        earlier: Sequence[Submission],
        *,
        version: int,
        late: bool,
    ) -> tuple[Submission, tuple[Finding, ...]]:
        """The edits of a copy; all of a late one wait where the team asks for that."""
        compare = partial(
            find_edits,
            returned,
            issue,
            schema,
            version=version,
            received=self.folder.now,
            earlier=earlier,
            late=late,
        )
        before = self._before(issue, earlier) if late else None
        submission, findings = compare()
        if before is not None and follows(submission, before.submission):  # else it knows nothing of what came before
            submission, findings = compare(previous=before.submission)
            submission = before.heard(submission, schema)
        if late and self._asks:
            return hold_late(submission, findings, self.folder.names.get(issue.member, issue.member))
        return submission, findings

    def _before(self, issue: Issue, earlier: Sequence[Submission]) -> Before | None:
        """What a late copy goes on from: what it had brought into each round before the one that it joins."""
        infos = self.ledger.submission_infos(copy=issue.copy)
        rounds = {(i.copy, i.version): i.round for i in infos}
        until = min((i.revision for i in infos if i.round == self._joins), default=self.ledger.revision())
        own = {rounds[s.key]: s for s in earlier if s.key in rounds}
        last = sorted((s.version, name) for name, s in own.items() if name != self._joins)
        parts = [self._brought(name, own[name], until) for _, name in last]
        if not parts:
            return None
        aliases = {row: rid for part in parts for row, rid in part.aliases.items()}
        return Before(reduce(since_issue, [part.submission for part in parts]), aliases)

    def _brought(self, name: str, last: Submission, until: int) -> Before:
        """What a copy had brought into a round when its first late version of another round came."""
        if not brings_rows(last):
            return Before(last)
        if (name, until) not in self._came_to:
            self._came_to[name, until] = came_to(self.folder, name, until)
        return gone_on_from(last, self._came_to[name, until])

    def _issue(self, stamp: Stamp) -> Issue:
        """The ledger's word on what was issued; the stamp only says which copy it is."""
        assert stamp.issue is not None
        if stamp.ledger != self.ledger.id:
            said = f"{stamp.title} {stamp.round} {stamp.member_name}"
            raise FileRefused("E_FOREIGN", detail_zh=f"（{said}）", detail_en=f" ({said})")
        issue = self.ledger.issue(stamp.issue.copy, self.schema)
        if not stamp.signed_by(self.ledger.key):
            raise FileRefused("E_FORGED")
        if issue is None:  # it is ours, and issued after the backup that was restored
            raise FileRefused("E_ISSUE_LOST", member=stamp.member_name, round=stamp.round)
        if issue.state == "revoked":
            raise FileRefused("E_REVOKED", member=stamp.member_name)
        if self._issued_otherwise(stamp, issue):
            raise FileRefused("E_ISSUE_LOST", member=stamp.member_name, round=stamp.round)
        return replace(issue, labels=stamp.issue.labels, language=stamp.issue.language)

    def _issued_otherwise(self, stamp: Stamp, issue: Issue) -> bool:
        """Whether a copy of the same name was issued with other rows: the ledger was restored in between."""
        if stamp.mac in {i.mac for i in self.ledger.issues(issue.round)} or stamp.issue is None:
            return False
        return has_other_rows(stamp.issue, issue)

    def _without_stamp(self, grid: Grid, path: Path, damage: FileRefused | None) -> tuple[Issue, tuple[Finding, ...]]:
        """Find out by its rows which copy a file without a stamp is, the youngest round's first.

        So with a stamp that is damaged: base and rights come from the ledger either way.
        """
        rows = lost_stamp.machine_rows(grid)
        rounds = [info.name for info in reversed(self.ledger.rounds())]
        infos = {i.copy: i for r in rounds for i in reversed(self.ledger.issues(r)) if i.state != "revoked"}
        found = lost_stamp.find_copy(rows, infos, self._row_ids) if rows else self._by_labels(grid, path)
        issue = self.ledger.issue(found.copy, self.schema) if found else None
        if found is None or issue is None:
            raise damage or FileRefused("E_FOREIGN", detail="")
        who = self.folder.names.get(issue.member, issue.member)
        facts = (("member", who), ("round", issue.round), ("share", f"{found.share:.0%}"))
        team = {m.id: m for m in self.folder.team.members}
        language = (team[issue.member].language if issue.member in team else None) or self.folder.settings.language
        schema = self.ledger.schema_of(issue, self.schema)
        labels = ref_labels(schema, issue.grant, issue.base, self._at(issue), None)
        return replace(issue, language=language, labels=labels), (
            Finding(
                "F_STAMP_DAMAGED" if damage else "F_STAMP_LOST",
                "warning",
                CellRef(path.name),
                facts=facts,
                member=issue.member,
            ),
        )

    def _by_labels(self, grid: Grid, path: Path) -> lost_stamp.Known | None:
        """Neither stamp nor row ids: by the names of the rows that each copy was issued with.

        Copies of two rounds show much the same: the round whose inbox the file lies in decides, or nothing does.
        """
        found = {}
        for info in self.ledger.rounds():
            copies = [i.copy for i in self.ledger.issues(info.name) if i.state == "issued"]
            known = lost_stamp.find_by_labels(grid, [pair for copy in copies for pair in self._labelled(copy)])
            if known is not None:
                found[info.name] = known
        here = next((name for name in found if name in path.parts), None)  # the inbox that it lies in
        if here is not None:
            return found[here]
        return next(iter(found.values())) if len(found) == 1 else None

    def _labelled(self, copy: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the names of the rows of each table of a copy."""
        issue = self.ledger.issue(copy, self.schema)
        for table, rows in issue.base.items() if issue is not None else ():
            texts = self._at(issue).of(table) if issue is not None else {}
            yield copy, [texts[rid] for rid in rows.rids if rid in texts]

    def _row_ids(self, copy: str) -> set[str]:
        issue = self.ledger.issue(copy, self.schema)
        if issue is None:
            return set()
        return {rid for t in issue.base.values() for rid in t.rids} | {r for ids in issue.spare.values() for r in ids}

    def _earlier(self, issue: Issue, sha: str, *, once: bool) -> list[Submission]:
        """Versions that came before; a file that is only looked at is not compared with itself or what followed."""
        infos = self.ledger.submission_infos(copy=issue.copy)
        own = [info.version for info in infos if info.sha256 == sha and not once]
        rounds = dict.fromkeys(info.round for info in infos)
        kept = [s for name in rounds for s in self.ledger.submissions(name, states=("merged",)) if s.copy == issue.copy]
        kept = [s for s in kept if not own or s.version < own[0]]
        return [*sorted(kept, key=lambda s: s.version), *self._fresh.get(issue.copy, [])]

    def _version(self, issue: Issue, sha: str, earlier: Sequence[Submission], *, once: bool) -> int:
        """The version that a file is, or will be: numbers go on after those that were taken back."""
        infos = self.ledger.submission_infos(copy=issue.copy)
        own = [info.version for info in infos if info.sha256 == sha and not once]
        undone = [info.version for info in infos if info.state == "revoked"]
        return own[0] if own else max((*undone, *(s.version for s in earlier)), default=0) + 1

    def _read(self, grid: Grid, issue: Issue, schema: Schema, earlier: Sequence[Submission], name: str) -> Returned:
        labels = self._at(issue)
        seen = {table: set(rows.rids) for table, rows in issue.base.items()}

        def known(table: str) -> Mapping[str, str]:
            """What the ledger may tell this member: rows of tables that the copy does not hold are not named."""
            return {rid: text for rid, text in labels.of(table).items() if rid in seen.get(table, ())}

        day = dt.date.fromisoformat(issue.issued_on) if issue.issued_on else self.folder.today
        due = dt.date.fromisoformat(issue.due) if issue.due else self._today
        today = max(day, min(self._today, due))  # 下周三 was typed in the copy's own week, whenever it is read
        context = Context(schema, self.folder.team, today, known, earlier, mends=self._mends, keeps=self._keeps)
        return read_copy(grid, issue, context, file=name)

    def _at(self, issue: Issue) -> Labels:
        """What rows were called when a copy was issued, by its own schema."""
        key = (issue.schema_digest, issue.revision)
        if key not in self._labels:
            schema = self.ledger.schema_of(issue, self.schema)
            tables = self.ledger.rows_then(schema, issue.revision)
            self._labels[key] = Labels(schema, tables, language=self.folder.settings.language, names=self.folder.names)
        return self._labels[key]


def _stamp(grid: Grid) -> tuple[Stamp | None, FileRefused | None]:
    """Return the stamp that holds, or none and what is wrong with it."""
    try:
        return stamp_of(grid), None
    except FileRefused as problem:
        if problem.code != "E_STAMP_DAMAGED":
            raise
        return None, problem
