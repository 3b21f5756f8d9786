"""Whether a copy that came in a saved mail was sent by somebody who may send it (MERGE case 47)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from custsheet.errors import CallError, FileRefused
from custsheet.foreign import fold_address
from custsheet.ledger.records import FileInfo
from custsheet.merging.questions import digest_of, question_id
from custsheet.messages import word
from custsheet.model import Change, Claim, Question, Resolution, Table, Tables
from custsheet.schema.labels import Labels
from custsheet.schema.records import Member
from custsheet.workspace.answering import AnswerFiles
from custsheet.workspace.folder import Folder
from custsheet.workspace.received import Received
from custsheet.workspace.waits import Waits

CODE = "F_SENDER"
_BETWEEN = re.compile(r"[\s;,<>；，、]+")


def check_sender(folder: Folder, member: str, senders: Sequence[str]) -> None:
    """Refuse a copy, `F_SENDER`, that came from another address than its member's.

    Whoever runs the command, manages or is reported to may forward it. A mail that does not say from whom it is,
    and a member without an address, tell nothing.
    """
    team = folder.team.by_id
    person = team.get(member)
    own = _addresses(person)
    if not own or not senders:
        return
    may = [m for m in folder.team.members if m.role == "manager" or m.id in folder.team.managers]
    known = own.union(*map(_addresses, (*may, _actor(folder))))
    if not known.issuperset(senders):
        name = person.name if person is not None else member
        raise FileRefused(CODE, id=member, member=name, sender=", ".join(senders), email=", ".join(sorted(own)))


def _actor(folder: Folder) -> Member | None:
    """Who runs the command; None where that is nobody of the team, who may still look at files."""
    try:
        return folder.actor
    except CallError:
        return None


def is_doubted(seen: FileInfo) -> bool:
    """Tell whether these bytes were left out for their sender alone: from elsewhere they are read again."""
    return seen.refused is not None and seen.refused.code == CODE


def _addresses(member: Member | None) -> frozenset[str]:
    """Return a member's addresses, folded; people write two of them into one cell."""
    written = _BETWEEN.split(member.email) if member is not None else []
    return frozenset(fold_address(part) for part in written if "@" in part)


# ── asked about ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Doubt:
    """One copy that waits for a word because of its sender."""

    sha256: str
    file: str
    member: str
    """Id of the member to whom the copy was issued."""
    sender: str
    email: str

    @property
    def id(self) -> str:
        """The id of the question about it."""
        return question_id("H_SENDER", "", self.sha256)


class Doubts:
    """The copies of a round that were left out for their sender: asked about until somebody answers."""

    def __init__(self, folder: Folder, round_name: str, received: Sequence[Received] = ()) -> None:
        self._folder, self._note = folder, f"senders:{round_name}"
        kept = [Doubt(**item) for item in json.loads(folder.ledger.note(self._note) or "[]")]
        self._taken = {item.sha256 for item in received if item.submission is not None}
        fresh = [_doubt(item) for item in received if item.refused is not None and item.refused.code == CODE]
        there = {doubt.sha256: doubt for doubt in (*kept, *fresh)}
        self.open = [doubt for sha, doubt in there.items() if not _is_submitted(folder, sha)]

    def questions(self, labels: Labels) -> tuple[Question, ...]:
        """Return one question for each copy: take it after all, or not."""
        return tuple(self._question(doubt) for doubt in self.open)

    def take(self, resolutions: Iterable[Resolution]) -> list[Resolution]:
        """Take the answers about senders; return the others. What came in its own way meanwhile is asked no more."""
        ids, answered, others = {doubt.id for doubt in self.open}, set(), []
        for resolution in resolutions:
            if resolution.question in ids:
                answered.add(resolution.question)
            else:
                others.append(resolution)
        self.open = [d for d in self.open if d.id not in answered and d.sha256 not in self._taken]
        return others

    def changes(self, master: Tables, labels: Labels) -> tuple[dict[str, Table], tuple[Change, ...]]:
        """Return nothing: what is taken after all is merged like any other copy."""
        return {}, ()

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield what is still open."""
        text = json.dumps([asdict(doubt) for doubt in self.open], ensure_ascii=False) if self.open else ""
        if text != (self._folder.ledger.note(self._note) or ""):
            yield self._note, text

    def waits(self, rules: Collection[str]) -> Waits:
        """Return nothing: no revision comes of it."""
        return Waits()

    @property
    def summary(self) -> Mapping[str, object]:
        """There is never anything to sum up."""
        return {}

    def _question(self, doubt: Doubt) -> Question:
        folder = self._folder
        member = folder.names.get(doubt.member, doubt.member)
        facts = {"file": doubt.file, "member": member, "email": doubt.email, "sender": doubt.sender}
        detail = word("question.sender", folder.settings.language, **facts)
        return Question(
            id=doubt.id,
            code="H_SENDER",
            table="",
            rid="",
            label=doubt.file,
            claims=(Claim(doubt.member, None),),
            digest=digest_of([doubt.sha256]),
            choices=("drop", "claim:0"),
            default="drop",
            facts=(*facts.items(), ("detail", detail), ("title", member)),
        )


def accepted(folder: Folder, answers: AnswerFiles, rounds: Sequence[str]) -> list[tuple[Path, str]]:
    """Return (name, SHA-256) of the copies that the answers say to take although somebody else sent them."""
    labels = folder.labels({})
    found = []
    for name in rounds:
        doubts = Doubts(folder, name)
        said = answers.read(name, doubts.questions(labels), (), ()).resolutions if doubts.open else []
        yes = {resolution.question for resolution in said if resolution.choice == "claim:0"}
        found += [(Path(doubt.file), doubt.sha256) for doubt in doubts.open if doubt.id in yes]
    return found


def _doubt(item: Received) -> Doubt:
    assert item.refused is not None
    facts = {name: str(value) for name, value in item.refused.facts.items()}
    return Doubt(item.sha256, item.name, facts["id"], facts["sender"], facts["email"])


def _is_submitted(folder: Folder, sha256: str) -> bool:
    seen = folder.ledger.file_seen(sha256)
    return seen is not None and seen.submission is not None
