"""Where the week stands: who returned, what waits, and which command comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from custsheet.errors import CallError
from custsheet.ledger.records import FileInfo, RefusedFile
from custsheet.model import NOT_THEIRS, Submission, Tables
from custsheet.workspace.answering import open_questions, question_files
from custsheet.workspace.disk import digest_where_it_lies
from custsheet.workspace.evolving import COUNTED
from custsheet.workspace.folder import Folder, week_after, week_of
from custsheet.workspace.outcomes import is_settled
from custsheet.workspace.receive import COPY, REPORTS, inbox_files, skip
from custsheet.workspace.senders import is_doubted
from custsheet.workspace.waits import UNDONE_BY, undone_by


@dataclass(frozen=True, slots=True)
class MemberStatus:
    """One member in the round."""

    member: str
    name: str
    copies: int
    returned: int
    edits: int
    is_reader: bool = False
    """Whether the copy is for reading alone: nobody waits for it."""
    instead: str = ""
    """The earlier round whose copy came back after this one was issued, where this one did not."""
    is_undone: bool = False
    """Whether a file came and counts no longer: its merge was undone."""

    @property
    def is_missing(self) -> bool:
        """Whether something is still to come."""
        return not self.returned and not self.is_reader


@dataclass(frozen=True, slots=True)
class Unaccepted:
    """Cells of a member's latest file that were not taken."""

    name: str
    to_mend: frozenset[tuple[str, str, str]]
    """Those that can be: read wrongly, or against a rule; by table, row id and field."""
    closed: int
    """Those that were not theirs to change, whatever they write there."""
    file: str
    """Where it lies in the inbox; its bare name where it lies there no more."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Files that an undo left out of the round, and the revision that did it."""

    files: tuple[str, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the workspace and of its youngest open round."""

    members: int
    rows: tuple[tuple[str, int], ...]
    round: str
    due: str
    people: tuple[MemberStatus, ...]
    waiting: tuple[str, ...]
    """Files in the inbox that were not taken in yet."""
    refused: tuple[RefusedFile, ...]
    """Files of the open rounds that were not read, with the facts for their wording."""
    unaccepted: tuple[Unaccepted, ...]
    undone: tuple[Undone, ...]
    """The latest undo first."""
    questions: int
    question_files: tuple[Path, ...]
    """Where they stand."""
    revision: int
    next: str
    """Key of the sentence that says what to do now."""
    issue: str = "custsheet generate"
    """The command that issues the next week's copies."""
    undecided: tuple[str, int] | None = None
    """The round that was closed last and how many of its questions nobody answered, where there are any."""
    older: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Earlier rounds that are open, with the names of those who returned no copy of them."""


def status(folder: Folder) -> Status:
    """Tell where the week stands."""
    ledger = folder.ledger
    master = ledger.tables(folder.schema)
    rounds = [info for info in ledger.rounds() if info.state == "open"]
    name = rounds[-1].name if rounds else ""
    taken = {info.name: ledger.submissions(info.name, states=COUNTED) for info in rounds}
    people = _people(folder, name, taken[name]) if name else []
    lying = {p: digest_where_it_lies(p) for p in inbox_files(folder) if not skip(p) and p.name not in REPORTS}
    waiting = tuple(p.name for p, sha in lying.items() if not sha or _is_new(ledger.file_seen(sha)))
    refused = _unread(folder, [info.name for info in rounds])
    questions = open_questions(folder)
    rows = tuple((table, len(t)) for table, t in master.items())
    return Status(
        members=len(folder.team.members),
        rows=rows,
        round=name,
        due=rounds[-1].due if rounds else "",
        people=tuple(people),
        waiting=waiting,
        refused=refused,
        unaccepted=_unaccepted(folder, master, taken, {sha: p for p, sha in lying.items()}),
        undone=left_out(folder),
        questions=questions,
        question_files=tuple(question_files(folder)),
        revision=ledger.revision(),
        issue=_issue(folder, name),
        older=tuple((info.name, _out(folder, info.name, taken[info.name])) for info in rounds[:-1]),
        undecided=_undecided(folder),
        next=_next(folder, rows, name, people, waiting, questions),
    )


def _undecided(folder: Folder) -> tuple[str, int] | None:
    """Return what the round that was closed last left open."""
    closed = max(
        (info for info in folder.ledger.rounds() if info.state == "closed"), key=attrgetter("closed_at"), default=None
    )
    count = int(folder.ledger.note(f"open:{closed.name}") or 0) if closed is not None else 0
    return (closed.name, count) if closed is not None and count else None


def _people(folder: Folder, name: str, submissions: Sequence[Submission]) -> list[MemberStatus]:
    """Return how each member of a round stands, from what they returned that counts."""
    issues, infos, people = folder.ledger.issues(name), folder.ledger.submission_infos(), []
    rounds = {info.copy: info.round for info in folder.ledger.issues()}
    for member in _in_order(folder, [info.member for info in issues]):
        copies = {info.copy for info in issues if info.member == member}
        returned = [s for s in submissions if s.copy in copies]
        since = min(info.revision for info in issues if info.member == member)
        counting = [i for i in infos if i.member == member and i.state in COUNTED and i.revision >= since]
        others = [i for i in counting if i.copy not in copies]
        people.append(
            MemberStatus(
                member,
                folder.names.get(member, member),
                copies=len(copies),
                returned=len(returned),
                edits=sum(len(s.edits) for s in returned),
                is_reader=member in folder.readers,
                instead=rounds[others[-1].copy] if others and not returned else "",
                is_undone=not returned and any(i.copy in copies and i.state == "revoked" for i in infos),
            )
        )
    return people


def _in_order(folder: Folder, members: Sequence[str]) -> list[str]:
    """Return each of these members once, as they stand in the list of the team."""
    listed = {member.id: at for at, member in enumerate(folder.team.members)}
    return sorted(dict.fromkeys(members), key=lambda member: listed.get(member, len(listed)))


def _out(folder: Folder, round_name: str, returned: Sequence[Submission]) -> tuple[str, ...]:
    """Return the names of those from whom no copy of a round came."""
    issued = _in_order(folder, [i.member for i in folder.ledger.issues(round_name) if i.member not in folder.readers])
    came = {submission.member for submission in returned}
    return tuple(folder.names.get(member, member) for member in issued if member not in came)


def _unread(folder: Folder, rounds: Sequence[str]) -> tuple[RefusedFile, ...]:
    """The files that were refused in some rounds, each once with its latest reason.

    Not those that could be read later, nor those whose copy came again and was taken.
    """
    latest = {(file.sha256, file.name): file for name in rounds for file in folder.ledger.refused(name)}
    taken = {info.copy: info.received for name in rounds for info in folder.ledger.submission_infos(name)}
    seen = ((file, folder.ledger.file_seen(file.sha256)) for file in latest.values())
    return tuple(
        file
        for file, info in seen
        if (info is None or info.submission is None) and taken.get(str(file.facts.get(COPY, "")), "") <= file.at
    )


def _next(
    folder: Folder,
    rows: Sequence[tuple[str, int]],
    name: str,
    people: Sequence[MemberStatus],
    waiting: Sequence[str],
    questions: int,
) -> str:
    """Return the first of these that holds: each is a step of the week."""
    steps = (
        (len(folder.team.members) < 2, "next.members"),
        (not any(count for _, count in rows), "next.import"),
        (not name, "next.generate"),
        (bool(waiting), "next.merge"),
        (bool(questions), "next.questions"),
        (any(person.is_missing for person in people), "next.wait"),
    )
    return next((key for holds, key in steps if holds), "next.report")


def _issue(folder: Folder, name: str) -> str:
    """While the round's own week lasts, the next week has to be named."""
    following = week_after(name) if name and week_of(folder.today) == name else ""
    return f"custsheet generate --round {following}" if following else "custsheet generate"


def _is_new(seen: FileInfo | None) -> bool:
    """Tell whether the next merge reads a file."""
    return seen is None or is_doubted(seen)


def _unaccepted(
    folder: Folder, master: Tables, taken: Mapping[str, Sequence[Submission]], lying: Mapping[str, Path]
) -> tuple[Unaccepted, ...]:
    """Return what the latest version of each copy holds that was not taken, and that nobody filled in since."""
    found = []
    for round_name, submissions in taken.items():
        shas = {(i.copy, i.version): i.sha256 for i in folder.ledger.submission_infos(round_name)}
        latest = {s.copy: s for s in sorted(submissions, key=lambda s: s.version)}
        for s in latest.values():
            left = [e for e in s.edits if e.code.startswith("R_") and not is_settled(e, folder.schema, master)]
            to_mend = frozenset((e.table, e.rid, e.field) for e in left if e.code not in NOT_THEIRS)
            closed = sum(edit.code in NOT_THEIRS for edit in left)
            path = lying.get(shas.get(s.key, ""))
            file = str(path.relative_to(folder.root)) if path is not None else s.file
            name = folder.names.get(s.member, s.member)
            found += [Unaccepted(name, to_mend, closed, file)] if left else []
    return tuple(found)


def left_out(folder: Folder) -> tuple[Undone, ...]:
    """Return which files of the open rounds count no longer because merges were undone; the latest undo first."""
    ledger = folder.ledger
    off = {
        (i.copy, i.version): i.file
        for each in ledger.rounds()
        if each.state == "open"
        for i in ledger.submission_infos(each.name)
        if i.state == "revoked"
    }
    undos = [r.number for r in ledger.revisions() if r.kind == "undo" and not ledger.note(f"{UNDONE_BY}{r.number}")]
    found = []
    for number in reversed(undos) if off else ():
        done = undone_by(folder, number)
        files = [off.get((copy, version)) for copy, version in done.get("moved", [])]
        if done.get("state") == "revoked" and any(files):
            found.append(Undone(tuple(file for file in files if file), number))
    return tuple(found)


def close_round(folder: Folder, name: str) -> int:
    """Close a round: copies of it that come later join the open round. Returns how many questions it still has."""
    _known(folder, name)
    waiting = int(folder.ledger.note(f"open:{name}") or 0)
    with folder.ledger.write(actor=folder.actor.id, kind="round", now=folder.now) as tx:
        tx.close_round(name)
    return waiting


def reopen_round(folder: Folder, name: str) -> None:
    """Open a closed round again."""
    _known(folder, name)
    with folder.ledger.write(actor=folder.actor.id, kind="round", now=folder.now) as tx:
        tx.reopen_round(name)


def _known(folder: Folder, name: str) -> None:
    names = [info.name for info in folder.ledger.rounds()]
    if name not in names:
        raise CallError("ROUND_UNKNOWN", round=name, known=" · ".join(names) or "—")
