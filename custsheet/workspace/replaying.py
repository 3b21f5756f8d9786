"""Read every received file again and merge each round anew: the ledger has to come out as it is (U14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from custsheet.errors import CustsheetError, LedgerError
from custsheet.fields.base import Language, Text, listed, spoken
from custsheet.ledger.files import FileStore
from custsheet.ledger.records import RoundInfo, SubmissionInfo
from custsheet.messages import say, word
from custsheet.model import Edit, Finding, Submission, Tables
from custsheet.workspace.evolving import Roads, carried
from custsheet.workspace.folder import Folder
from custsheet.workspace.opening import JUDGED
from custsheet.workspace.past import counting, last_merged, outcome_then
from custsheet.workspace.receive import Receiver

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Replayed:
    """What replaying one round came to."""

    round: str
    files: int
    edits: int
    findings: tuple[Finding, ...]
    """`F_REPLAY_FILE` for a file that reads otherwise now, `F_REPLAY_LEDGER` for one that cannot be read because the
    ledger is damaged, `F_REPLAY_STATE` where the rows come out otherwise."""


def replay(folder: Folder, round_name: str = "") -> list[Replayed]:
    """Replay one round, or all in the order of their opening. CallError `ROUND_UNKNOWN`."""
    rounds = [folder.ledger.round(round_name)] if round_name else folder.ledger.rounds()
    return [_round(folder, info) for info in rounds]


def _round(folder: Folder, info: RoundInfo) -> Replayed:
    ledger, schema = folder.ledger, folder.schema
    keys = counting(folder, info.name)
    counted = [i for i in ledger.submission_infos(info.name) if (i.copy, i.version) in keys]
    stored = {s.key: s for s in ledger.submissions(info.name, states=[*{i.state for i in counted}])}
    roads = Roads(ledger, schema)
    again: list[Submission] = []
    findings: list[Finding] = []
    readers, files = _Readers(folder), FileStore(folder.files)
    for one in counted:
        read, why = _again(readers.of(one), files, one)
        key = (one.copy, one.version)
        if read is None or read.key != key or _said(read) != _said(stored[key]):
            code = "F_REPLAY_LEDGER" if isinstance(why, LedgerError) else "F_REPLAY_FILE"
            reason = spoken("reason", Text(_reason(why, "zh"), _reason(why, "en")))
            findings.append(Finding(code, "error", facts=(("file", one.file), *reason), member=one.member))
        again.append(read if read is not None and read.key == key else stored[key])
    again = [carried(submission, roads.of(submission.copy)) for submission in again]
    places = list(differing(folder, info.name, again))
    if places:
        named = listed("places", ["/".join(place) for place in places], _MOST_NAMED)
        told = (("round", info.name), ("count", str(len(places))), *named)
        findings.append(Finding("F_REPLAY_STATE", "error", facts=told))
    return Replayed(info.name, len(counted), sum(len(s.edits) for s in again), tuple(findings))


def differing(folder: Folder, name: str, submissions: Sequence[Submission]) -> Iterator[tuple[str, ...]]:
    """Yield the rows and cells in which a round, merged anew from these submissions, comes out otherwise."""
    outcome = outcome_then(folder, name, submissions)
    yield from _differences(folder.ledger.tables(folder.schema, last_merged(folder, name)), outcome.master)


class _Readers:
    """Reads a file by the schema that was in force when it came in."""

    def __init__(self, folder: Folder) -> None:
        self._folder, self._judged = folder, folder.ledger.notes(JUDGED)
        self._steps = [step.number for step in folder.ledger.steps()]
        self._known: dict[tuple[int | None, str], Receiver] = {}

    def of(self, info: SubmissionInfo) -> Receiver:
        """Return the reader for one submission."""
        ledger, here = self._folder.ledger, self._folder.schema
        until = next((number - 1 for number in self._steps if number > info.revision), None)
        told = self._judged.get(f"{JUDGED}{info.copy}:{info.version}", "").partition(" ")[0]
        then = here if until is None else ledger.schema_at(here, until)
        schema = ledger.schema_by(told) if ledger.has_schema(told) else then
        key = (until, schema.digest)
        if key not in self._known:
            self._known[key] = Receiver(self._folder, then=(until, schema))
        return self._known[key]


def _again(
    receiver: Receiver, files: FileStore, info: SubmissionInfo
) -> tuple[Submission | None, CustsheetError | None]:
    """The submission as its bytes read now, or why they cannot be read."""
    try:
        read = receiver.read_again(info, files.get(info.sha256))
    except CustsheetError as problem:
        return None, problem
    if read.submission is None:
        return None, read.refused
    return replace(read.kept, received=info.received), None  # when it came is the one thing that its bytes do not say


def _reason(why: CustsheetError | None, language: Language) -> str:
    """Say why bytes cannot be read, without the full stop; that they say something else, where they can."""
    if why is None:
        return word("replay.edits", language)
    return say(why.code, language, **why.facts).rstrip("。.")


def _said(submission: Submission) -> set[tuple[object, ...]]:
    """What a submission says, places and file names left out."""
    return {_edit(edit) for edit in submission.edits} | {("missing", *row) for row in submission.missing}


def _edit(e: Edit) -> tuple[object, ...]:
    return (e.kind, e.table, e.rid, e.field, repr(e.base), repr(e.value), e.code)


def _differences(now: Tables, then: Tables) -> Iterator[tuple[str, ...]]:
    """Yield the rows and cells in which two states differ."""
    for name, table in now.items():
        other = then[name].by_rid if name in then else {}
        for rid, row in table.items():
            if rid not in other:
                yield (name, rid)
            elif row != other[rid]:
                yield from ((name, rid, f) for f, a, b in zip(table.fields, row, other[rid], strict=True) if a != b)
        yield from ((name, rid) for rid in other if rid not in table.by_rid)
