"""One row's full story: what it holds, what happened to it and who decided that, and what is still asked about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from custsheet.errors import CallError
from custsheet.ledger.records import HistoryEntry
from custsheet.merging.about import questions_about
from custsheet.merging.questions import WITHDRAWN
from custsheet.merging.standing import PREFIX
from custsheet.messages import word
from custsheet.model import Question, Resolution, Value
from custsheet.schema.labels import Labels
from custsheet.text import fold
from custsheet.workspace.evolving import submissions
from custsheet.workspace.finding import find_row
from custsheet.workspace.folder import Folder
from custsheet.workspace.opening import open_at, outcome_of
from custsheet.workspace.passed import Passed, Stood, passed_over


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided something, and when; `by_rule` where a standing rule of theirs did."""

    by: str
    at: str
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer about the row; `said` is what was chosen, in words."""

    decided: Decided
    fields: tuple[str, ...]
    said: str
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Story:
    """What is told of one row besides its values and the rows that refer to it."""

    entries: tuple[HistoryEntry, ...]
    decisions: tuple[Decided | None, ...]
    """Beside each entry who decided it, where somebody did."""
    answers: tuple[Answered, ...] = ()
    questions: tuple[Question, ...] = ()
    """Those that are open."""
    handed_over: tuple[HistoryEntry, ...] = ()
    """The entries in which the row went from one owner to another."""
    deleted: HistoryEntry | None = None
    """The entry in which it was deleted, where it is no more."""
    passed: tuple[Passed, ...] = ()
    """What members typed into it, or into new rows called like it that did not come in, but for what is open."""


def story_of(folder: Folder, labels: Labels, table: str, rid: str) -> Story:
    """Tell the whole story of one row."""
    told = _Told(folder, labels, table, rid)
    entries = folder.ledger.history(table, rid, folder.schema)
    owner = folder.schema.tables[table].owner
    handed = (e for e in entries if owner and e.field == owner and e.old is not None)
    lives, open_ones = [e for e in entries if e.act], list(asked_now(folder))
    stood = Stood()
    for entry in entries:
        stood.keep((table, rid, entry.field), entry.revision, entry.new)
    passed = passed_over(folder, stood, open_ones, rid=rid)
    for twin in _twins(folder, labels.label(table, rid), table, rid):
        passed += passed_over(folder, Stood(), open_ones, rid=twin)
    deleted = lives[-1] if lives and lives[-1].act == "deleted" else None
    return Story(
        tuple(entries),
        tuple(map(told.decided, entries)),
        tuple(told.answers()),
        told.questions(open_ones),
        tuple(handed),
        deleted,
        tuple(one for one in passed if one.why != "open"),
    )


def decided_of(
    folder: Folder, labels: Labels, table: str, rid: str, entries: Sequence[HistoryEntry]
) -> list[Decided | None]:
    """Return beside each entry of a row's history who decided it, where somebody did."""
    return list(map(_Told(folder, labels, table, rid).decided, entries))


class _Told:
    """What was asked and answered about one row."""

    def __init__(self, folder: Folder, labels: Labels, table: str, rid: str) -> None:
        self._folder, self._labels, self._table, self._rid = folder, labels, table, rid
        self._definition = folder.schema.tables[table]
        rows = folder.ledger.tables(folder.schema)[table]
        row = dict(zip(rows.fields, rows.by_rid[rid], strict=True)) if rid in rows.by_rid else {}
        self._about = questions_about(self._definition, rid, row)
        history = folder.ledger.history(table, rid, folder.schema)
        self._came = history[0].revision if history else 0
        self._given = [r for _, r in folder.ledger.told() if r.question in self._about and self._is_of_this_row(r)]

    def _is_of_this_row(self, answer: Resolution) -> bool:
        """Tell whether an answer is not about letting in another row of the same key, which came after this one."""
        return answer.choice != "add" or answer.revision is None or answer.revision <= self._came

    def decided(self, entry: HistoryEntry) -> Decided | None:
        """Who decided what an entry tells; the one who acted where the answer was given beside the merge."""
        if entry.cause != "resolution":
            return None
        mine = [r for r in self._given if r.at <= entry.at and r.choice != WITHDRAWN and self._touches(r, entry.field)]
        return _decided(mine[-1]) if mine else Decided(entry.actor, entry.at)

    def _touches(self, answer: Resolution, field: str) -> bool:
        fields = self._about[answer.question]
        return field in fields if field else not fields

    def answers(self) -> list[Answered]:
        """Return every answer in order."""
        return [
            Answered(_decided(r), self._about[r.question], self._said(r), r.choice == WITHDRAWN) for r in self._given
        ]

    def _said(self, answer: Resolution) -> str:
        language, fields = self._folder.settings.language, self._about[answer.question]
        if answer.choice == WITHDRAWN:
            return word("show.withdrawn", language)
        lead = "claim" if answer.choice.startswith("claim:") else answer.choice
        text = word(f"show.choice.{lead}", language)
        value = self._value(fields, answer.value) if len(fields) == 1 and lead not in ("keep", "delete") else ""
        return word("question.choice.with", language, lead=text, value=value) if value else text

    def _value(self, fields: tuple[str, ...], value: Value) -> str:
        if value is None:
            return word("question.blank", self._folder.settings.language)
        return self._labels.told(self._table, fields[0], value)

    def questions(self, asked: Iterable[Question]) -> tuple[Question, ...]:
        """Return those of the open questions that are about the row."""
        mine = (q for q in asked if (q.table, q.rid) == (self._table, self._rid))
        return tuple(replace(q, label=self._labels.label(self._table, self._rid)) for q in mine)


def asked_now(folder: Folder) -> Iterator[Question]:
    """Yield what the open rounds ask about rows and cells."""
    for info in folder.ledger.open_rounds():
        given = folder.ledger.resolutions(info.name)
        yield from outcome_of(folder, open_at(folder, info.name), submissions(folder, info.name), given).questions


def find_in_history(folder: Folder, label: str) -> tuple[Labels, str, str]:
    """Return labels, table and row id of a row that is there, or was.

    Raises CallError `LABEL_UNKNOWN`, `LABEL_AMBIGUOUS`, or `LABEL_NOT_TAKEN` for a new row that never came in.
    """
    try:
        return find_row(folder, label)
    except CallError as unknown:
        typed = _typed_as(folder, label) if unknown.code == "LABEL_UNKNOWN" else None
        if typed is None:
            raise
        who, why = folder.names.get(typed.member, typed.member), word(f"passed.{typed.why}", folder.settings.language)
        facts = {"label": typed.edit.where.label, "who": who, "file": typed.file, "why": why}
        raise CallError("LABEL_NOT_TAKEN", **facts) from None


def _typed_as(folder: Folder, label: str) -> Passed | None:
    """Return what somebody typed last into a new row that is called so."""
    called = [rid for _, rid in _called(folder, label)]
    typed = passed_over(folder, Stood(), list(asked_now(folder)), rid=called[-1]) if called else []
    return typed[-1] if typed else None


def _twins(folder: Folder, label: str, table: str, rid: str) -> list[str]:
    """Return the ids of new rows that were typed under the name of this one and are not there, nor ever were."""
    known = (folder.ledger.tables(folder.schema)[table].by_rid, folder.ledger.gone(folder.schema)[table].by_rid)
    called = dict.fromkeys(other for of, other in _called(folder, label) if of == table and other != rid)
    return [other for other in called if not any(other in rows for rows in known)]


def _called(folder: Folder, label: str) -> list[tuple[str, str]]:
    """Return (table, row id) of new rows that were typed under a name, in the order of their files."""
    wanted = fold(label)
    stored = (s for i in folder.ledger.rounds() for s in folder.ledger.submissions(i.name, states=()))
    edits = (edit for submission in stored for edit in submission.edits if edit.kind == "add")
    labels = ((e, (e.where.label, e.where.label.partition("/")[2])) for e in edits)
    return [(e.table, e.rid) for e, names in labels if wanted in map(fold, names)]


def _decided(answer: Resolution) -> Decided:
    return Decided(answer.by, answer.at, answer.reason.startswith(PREFIX))
