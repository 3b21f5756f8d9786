"""Take files in: find what is new, read each behind the guard, and reduce it to a submission or a refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_uppercase

from custsheet.checks import CheckRow, check
from custsheet.container import sniff
from custsheet.errors import CustsheetError, FileRefused
from custsheet.fields.base import Language
from custsheet.intake import Context, lost_stamp, read_copy, stamp_cells, stamp_of
from custsheet.ledger.records import SubmissionInfo
from custsheet.machine import collector_paused
from custsheet.merging import find_edits, reject
from custsheet.model import ABSENT, Absent, CellRef, Finding, Grid, Returned, Submission, Tables, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, Schema
from custsheet.stamp import Stamp
from custsheet.workspace.disk import digest_of, read_bytes
from custsheet.workspace.folder import Folder
from custsheet.workspace.painted import Painted, painted_in
from custsheet.workspace.reading import files_in, holds_files, is_locked, read_any, unlocked
from custsheet.workspace.relations import Relations

SKIPPED = (".tmp", ".ds_store", "thumbs.db", "desktop.ini")
REPORTS = ("questions.xlsx", "report.xlsx", "report.html")


@dataclass(frozen=True)
class Opened:
    """A returned copy as it was read, for those who lay it out again."""

    returned: Returned
    stamp: Stamp | None
    stamp_cells: Sequence[str] = ()


@dataclass(frozen=True)
class Received:
    """One file and what became of it. Exactly one of `submission` and `refused` is set, or neither (skipped, seen)."""

    path: Path
    state: str
    """`new`, `duplicate`, `late`, `refused`, `skipped`."""
    data: bytes = b""
    sha256: str = ""
    round: str = ""
    issue: Issue | None = None
    submission: Submission | None = None
    refused: CustsheetError | None = None
    note: str = ""
    findings: tuple[Finding, ...] = ()
    verified: bool = True
    version: int = 0
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(table, field) → letters of its column in this file."""
    opened: Opened | None = None
    """What was read, where it was asked to be kept."""
    painted: tuple[Painted, ...] = ()
    """What the member marked by colours and notes."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def inbox_files(folder: Folder) -> list[Path]:
    """Every file in the inboxes of the rounds, whatever its name and depth, in a stable order."""
    rounds = folder.root / "rounds"
    found = [p for p in rounds.glob("*/inbox/**/*") if p.is_file()] if rounds.is_dir() else []
    return sorted(found, key=lambda p: p.relative_to(rounds).as_posix())


def skip(path: Path) -> bool:
    """Tell whether a file is none that a member returned: owner files of Excel, leftovers of systems."""
    name = path.name.lower()
    return name.startswith(("~$", ".")) or name.endswith(SKIPPED)


class Receiver:
    """Reads returned files of one workspace against its ledger; reads only, writes nothing."""

    def __init__(self, folder: Folder, *, keeps: bool = False, mends: bool = False) -> None:
        """With `keeps`, what was read of each file stays in memory (`Received.opened`); `mends` as for `Context`."""
        self._keeps, self._mends = keeps, mends
        self._today = folder.today
        self._late: bool | None = None
        """Whether what is read counts as late; by its round's state where None."""
        self.folder = folder
        self.ledger = folder.ledger
        self.master: Tables = self.ledger.tables(folder.schema)
        self._labels: dict[int, Labels] = {}
        self._fresh: dict[str, list[Submission]] = {}
        """Submissions of this run by copy, so that two versions in one inbox follow each other."""
        self._states = {info.name: info.state for info in self.ledger.rounds()}

    def receive(self, paths: Iterable[Path], *, again: bool = False, once: bool = True) -> list[Received]:
        """Read the files in order. A file whose bytes were taken before is skipped unless named (`again`).

        With `once` (merge) the content of a version that was taken before is a duplicate; without it (validate, diff)
        the file is read like any other.
        """
        found = [item for path in paths for item in self._one(path, again=again, once=once)]
        return check_all(
            self.folder.schema, self.master, found, today=self.folder.today, language=self.folder.settings.language
        )

    def read_again(self, info: SubmissionInfo, data: bytes) -> Received:
        """Read the bytes of a submission again as on the day when it was taken in."""
        self._today, self._late = dt.datetime.fromisoformat(info.received).date(), info.late
        try:
            with collector_paused():
                read = self._bytes(Path(info.file), data, again=True, once=False)
        finally:
            self._today, self._late = self.folder.today, None
        language = self.folder.settings.language
        day = dt.datetime.fromisoformat(info.received).date()
        return check_all(self.folder.schema, self.master, [read], today=day, language=language)[0]

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
            return [Received(path, "refused", refused=problem)]
        if not holds_files(data, path.name):
            return [self._bytes(path, data, again=again, once=once)]
        sha = digest_of(data)
        if self.ledger.file_seen(sha) is not None and not again:
            return [Received(path, "skipped", data, sha, note="SKIPPED_SEEN")]
        return [Received(path, "skipped", data, sha, note="OPENED"), *self._held(path, data, again=again, once=once)]

    def _held(self, path: Path, data: bytes, *, again: bool, once: bool) -> list[Received]:
        try:
            inside = list(files_in(data, path.name))
        except FileRefused as problem:
            refused = FileRefused(problem.code, **{"file": path.name, **problem.facts})
            return [Received(path, "refused", data, digest_of(data), refused=refused)]
        found = []
        for name, body, _ in inside:
            place = path / name
            if skip(place) or holds_files(body, name):
                found.append(Received(place, "skipped", body, digest_of(body), note="OPENED"))
            else:
                found.append(self._bytes(place, body, again=again, once=once))
        return found

    def _bytes(self, path: Path, data: bytes, *, again: bool, once: bool) -> Received:
        sha = digest_of(data)
        seen = self.ledger.file_seen(sha)
        opens_now = bool(self.folder.passwords) and is_locked(data, path.name)
        if seen is not None and not again and (seen.submission is not None or not opens_now):
            return Received(path, "skipped", data, sha, note="SKIPPED_SEEN")
        if once and seen is not None and seen.submission is not None and seen.submission.state == "revoked":
            return Received(path, "skipped", data, sha, note="SKIPPED_UNDONE")
        if once and seen is not None and seen.submission is not None:
            version = seen.submission.version
            return Received(path, "duplicate", data, sha, round=seen.submission.round, version=version)
        try:
            return self._copy(path, data, sha, once=once)
        except FileRefused as problem:
            facts = {"file": path.name, **problem.facts}
            return Received(path, "refused", data, sha, refused=FileRefused(problem.code, **facts))

    def _copy(self, path: Path, data: bytes, sha: str, *, once: bool) -> Received:
        plain = unlocked(data, path.name, self.folder.passwords)
        grid = read_any(plain, path.name)
        stamp = stamp_of(grid)
        lost: tuple[Finding, ...] = ()
        if stamp is None:
            issue, lost = self._without_stamp(grid, path.name)
        elif stamp.kind != "copy" or stamp.issue is None:
            return Received(path, "skipped", data, sha, note="SKIPPED_OWN")
        else:
            issue = self._issue(stamp)
        earlier = self._earlier(issue, sha, once=once)
        returned = self._read(grid, issue, earlier, path.name)
        undone = [i.digest for i in self.ledger.submission_infos(copy=issue.copy) if i.state == "revoked"]
        if once and returned.digest in undone:
            return Received(path, "skipped", data, sha, note="SKIPPED_UNDONE")
        same = next((s for s in earlier if s.digest == returned.digest), None)
        if once and same is not None:
            return Received(path, "duplicate", data, sha, issue.round, issue, version=same.version)
        late = self._states.get(issue.round) == "closed" if self._late is None else self._late
        submission, findings = find_edits(
            returned,
            issue,
            self.folder.schema,
            version=self._next_version(issue, earlier),
            received=self.folder.now,
            earlier=earlier,
            previous=earlier[-1] if late and earlier else None,
            late=late,
        )
        refused = next((f for f in (*returned.findings, *findings) if f.severity == "refused"), None)
        if refused is not None:
            raise FileRefused(refused.code, **{"sheet": refused.where.sheet, **dict(refused.facts)})
        self._fresh.setdefault(issue.copy, []).append(submission)
        painted, marks = painted_in(plain, returned) if sniff(plain, path.name) == "xlsx" else ([], [])
        told = (*lost, *returned.findings, *findings, *marks)
        said = label_findings(told, issue, self.folder.schema, self._at(issue.revision))
        state = "late" if late else "new"
        return Received(
            path,
            state,
            data,
            sha,
            issue.round,
            issue,
            submission,
            findings=said,
            version=submission.version,
            columns=columns_of(returned),
            opened=Opened(returned, stamp, stamp_cells(grid)) if self._keeps else None,
            painted=tuple(painted),
        )

    def _issue(self, stamp: Stamp) -> Issue:
        """The ledger's word on what was issued; the stamp only says which copy it is."""
        assert stamp.issue is not None
        if stamp.ledger != self.ledger.id:
            raise FileRefused("E_FOREIGN", detail=f"（{stamp.title} {stamp.round} {stamp.member_name}）")
        issue = self.ledger.issue(stamp.issue.copy, self.folder.schema)
        if issue is None or not stamp.signed_by(self.ledger.key):
            raise FileRefused("E_FORGED")
        if issue.state == "revoked":
            raise FileRefused("E_REVOKED", member=stamp.member_name)
        return replace(issue, labels=stamp.issue.labels, language=stamp.issue.language)

    def _without_stamp(self, grid: Grid, name: str) -> tuple[Issue, tuple[Finding, ...]]:
        """Find out by its rows which copy a file without a stamp is, the youngest round's first."""
        rows = lost_stamp.machine_rows(grid)
        rounds = [info.name for info in reversed(self.ledger.rounds())]
        infos = {i.copy: i for r in rounds for i in reversed(self.ledger.issues(r)) if i.state != "revoked"}
        found = lost_stamp.find_copy(rows, infos, self._row_ids) if rows else self._by_labels(grid)
        issue = self.ledger.issue(found.copy, self.folder.schema) if found else None
        if found is None or issue is None:
            raise FileRefused("E_FOREIGN", detail="")
        who = self.folder.names.get(issue.member, issue.member)
        facts = (("member", who), ("round", issue.round), ("share", f"{found.share:.0%}"))
        team = {m.id: m for m in self.folder.team.members}
        language = (team[issue.member].language if issue.member in team else None) or self.folder.settings.language
        labels = {table: dict(self._at(issue.revision).of(table)) for table in issue.base}
        return replace(issue, language=language, labels=labels), (
            Finding("F_STAMP_LOST", "warning", CellRef(name), facts=facts, member=issue.member),
        )

    def _by_labels(self, grid: Grid) -> lost_stamp.Known | None:
        """Neither stamp nor row ids: by the names of the rows that each copy of a round was issued with."""
        for info in reversed(self.ledger.rounds()):
            copies = [i.copy for i in self.ledger.issues(info.name) if i.state == "issued"]
            known = lost_stamp.find_by_labels(grid, [pair for copy in copies for pair in self._labelled(copy)])
            if known is not None:
                return known
        return None

    def _labelled(self, copy: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the names of the rows of each table of a copy."""
        issue = self.ledger.issue(copy, self.folder.schema)
        for table, rows in issue.base.items() if issue is not None else ():
            texts = self._at(issue.revision).of(table) if issue is not None else {}
            yield copy, [texts[rid] for rid in rows.rids if rid in texts]

    def _row_ids(self, copy: str) -> set[str]:
        issue = self.ledger.issue(copy, self.folder.schema)
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

    def _next_version(self, issue: Issue, earlier: Sequence[Submission]) -> int:
        """Numbers go on after those that were taken back."""
        undone = [i.version for i in self.ledger.submission_infos(copy=issue.copy) if i.state == "revoked"]
        return max((*undone, *(s.version for s in earlier)), default=0) + 1

    def _read(self, grid: Grid, issue: Issue, earlier: Sequence[Submission], name: str) -> Returned:
        labels = self._at(issue.revision)
        seen = {table: set(rows.rids) for table, rows in issue.base.items()}

        def known(table: str) -> Mapping[str, str]:
            """What the ledger may tell this member: rows of tables that the copy does not hold are not named."""
            return {rid: text for rid, text in labels.of(table).items() if rid in seen.get(table, ())}

        day = dt.date.fromisoformat(issue.issued_on) if issue.issued_on else self.folder.today
        today = max(day, self._today)
        context = Context(self.folder.schema, self.folder.team, today, known, earlier, mends=self._mends)
        return read_copy(grid, issue, context, file=name)

    def _at(self, revision: int) -> Labels:
        if revision not in self._labels:
            tables = self.ledger.tables(self.folder.schema, revision)
            self._labels[revision] = self.folder.labels(tables)
        return self._labels[revision]


def label_findings(findings: Sequence[Finding], issue: Issue, schema: Schema, labels: Labels) -> tuple[Finding, ...]:
    """Give every finding about a row the name by which people know that row."""
    found = []
    for finding in findings:
        where = finding.where
        if where.table and where.rid and not where.label and where.rid in labels.of(where.table):
            where = replace(where, label=labels.label(where.table, where.rid))
        found.append(replace(finding, where=where, member=finding.member or issue.member))
    return tuple(found)


def check_all(
    schema: Schema, master: Tables, received: Sequence[Received], *, today: dt.date, language: Language
) -> list[Received]:
    """Check the rows that were changed, over all copies at once; what a value check refuses is marked rejected."""
    found: dict[int, list[Finding]] = {}
    codes: dict[int, dict[tuple[str, str, str], str]] = {}
    related = Relations(schema, master).of
    for table in schema.tables.values():
        index: list[int] = []
        rows: list[CheckRow] = []
        for at, item in enumerate(received):
            if item.submission is not None and item.issue is not None:
                columns = {name: letters for (of, name), letters in item.columns.items() if of == table.name}
                for row in rows_to_check(schema, master, item.submission, item.issue, table.name, columns):
                    index.append(at)
                    rows.append(row)
        if not rows:
            continue
        for position, finding in check(table, rows, today=today, related=related, language=language):
            at = index[position]
            found.setdefault(at, []).append(finding)
            if finding.severity == "rejected" and finding.origin == "edit":
                where = finding.where
                codes.setdefault(at, {})[where.table, where.rid, where.field] = finding.code
    out = []
    for at, item in enumerate(received):
        if item.submission is None or at not in found:
            out.append(item)
            continue
        submission = reject(item.submission, codes.get(at, {}))
        told = {(f.code, f.where.table, f.where.rid, f.where.field) for f in item.findings}
        fresh = [f for f in found[at] if (f.code, f.where.table, f.where.rid, f.where.field) not in told]
        out.append(replace(item, submission=submission, findings=(*item.findings, *fresh)))
    return out


def columns_of(returned: Returned) -> dict[tuple[str, str], str]:
    """Return where each field stands in a returned file."""
    return {
        (name, field): letters
        for name, table in returned.tables.items()
        for field, letters in zip(table.fields, table.columns, strict=True)
        if letters
    }


def rows_to_check(  # a copy, what it is checked against, and where its cells stand
    schema: Schema,
    master: Tables,
    submission: Submission,
    issue: Issue,
    table: str,
    columns: Mapping[str, str],
) -> list[CheckRow]:
    """Each row that this copy changed: the ledger's full row, overlaid with what was typed."""
    edits: dict[str, dict[str, tuple[Value | Absent, CellRef]]] = {}
    new: set[str] = set()
    for edit in submission.edits:
        if edit.table == table and edit.kind != "delete" and not edit.code.startswith("R_ID"):
            edits.setdefault(edit.rid, {})[edit.field] = (edit.value, edit.where)
            if edit.kind == "add":
                new.add(edit.rid)
    names = tuple(schema.tables[table].fields)
    there = master[table].by_rid if table in master else {}
    see = issue.grant[table].see if table in issue.grant else ()
    rows = []
    for rid, cells in edits.items():
        row = list(there.get(rid, (None,) * len(names)))
        for name, (value, _) in cells.items():
            if value is not ABSENT:
                row[names.index(name)] = value
        if rid in new:
            _fill_adder(schema, table, row, names, issue.member)
        refs = _refs(cells, see, columns)
        changed = frozenset(see) if rid in new else frozenset(cells)
        rows.append(CheckRow(rid=rid, row=tuple(row), changed=changed, refs=refs, member=issue.member))
    return rows


def _fill_adder(schema: Schema, table: str, row: list[Value], names: Sequence[str], member: str) -> None:
    """A new row's blank owner, and what the merge fills with the adder, are not blank for the checks."""
    definition = schema.tables[table]
    for name, f in definition.fields.items():
        at = names.index(name)
        if row[at] is None and (name == definition.owner or (f.spec.filled and f.spec.type == "member")):
            row[at] = member


def _refs(
    cells: Mapping[str, tuple[Value | Absent, CellRef]], see: Sequence[str], columns: Mapping[str, str]
) -> dict[str, CellRef]:
    """Where every field of the row stands; the fields that were not typed share the row of one that was."""
    some = next(iter(cells.values()))[1]
    row = some.cell.lstrip(ascii_uppercase)
    known = {name: where for name, (_, where) in cells.items()}
    for name in see:
        if name not in known:
            cell = f"{columns[name]}{row}" if row and name in columns else ""
            known[name] = replace(some, field=name, cell=cell)
    return known
