"""Take a revision back: a merge by merging its round without it, anything else by what stood there before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from typing import cast

from custsheet.errors import CallError
from custsheet.ledger.codec import resolution_from_json, resolution_to_json
from custsheet.ledger.records import Revision
from custsheet.ledger.transaction import Transaction
from custsheet.merging.questions import WITHDRAWN
from custsheet.merging.standing import PREFIX
from custsheet.model import Change, Resolution
from custsheet.schema.labels import Labels
from custsheet.text import join
from custsheet.workspace.answering import lifted
from custsheet.workspace.asides import IMPORT_NOTE, NOTE, Leftover, as_item, known
from custsheet.workspace.back import Back, confirmed_since, from_what_stands, undoes
from custsheet.workspace.editing import by_key
from custsheet.workspace.evolving import COUNTED
from custsheet.workspace.evolving import submissions as counted
from custsheet.workspace.folder import Folder
from custsheet.workspace.keeping import backup_before
from custsheet.workspace.merging import ANSWERS, TOOK, Undoing, current_round, recompute, together
from custsheet.workspace.painted import PAINTED, painted_note
from custsheet.workspace.waits import UNDONE, UNDONE_BY, Item, Waits, undone_by

SHOWN = 3
"""So many cells are named."""
KINDS = frozenset({"merge", "import", "set", "undo"})


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: the revision that takes another back, and the cells that were changed since and stay."""

    of: int
    revision: int
    changes: tuple[Change, ...]
    left: tuple[Change, ...] = ()
    """Changes of the undone revision that are not taken back: what they wrote was changed since."""
    files: tuple[str, ...] = ()
    """Returned files that count no longer; with `again` those that count again."""
    again: bool = False
    asked: bool = False
    """Whether there is an open round in whose questions the rest is asked."""
    tags: tuple[int, ...] = ()
    """Later revisions that added tags by marks in this round's files: acts of their own, which stay."""
    twins: tuple[tuple[str, int], ...] = ()
    """Labels of rows that came back, or got their name back, where others are called so by now; how many are."""


def undo(folder: Folder, number: int) -> Undone:
    """Take revision `number` back; an undo of an undo does it again. CallError `NOT_UNDOABLE`, `UNDONE`.

    A change of schema is not undone: CallError `NOT_UNDOABLE_SCHEMA` says the way back; nor is what a merge wrote that
    took in nothing: `NOT_UNDOABLE_MERGE`.
    """
    revisions = {r.number: r for r in folder.ledger.revisions()}
    if number in revisions and revisions[number].kind == "migrate":
        raise CallError("NOT_UNDOABLE_SCHEMA", revision=number, backup=backup_before(folder, number))
    if number not in revisions or revisions[number].kind not in KINDS:
        raise CallError("NOT_UNDOABLE", revision=number, latest=max(revisions, default=0))
    revision = _whole(folder, revisions[number])
    round_name = str(revision.summary.get("round", ""))
    if by := folder.ledger.note(f"{UNDONE_BY}{revision.number}"):
        raise CallError("UNDONE", revision=number, by=by)
    is_open = any(info.name == round_name for info in folder.ledger.open_rounds())
    done = _merge(folder, revision, round_name) if is_open else _counter(folder, revision)
    return replace(done, twins=tuple(_twins(folder, done.changes)))


def _twins(folder: Folder, changes: Sequence[Change]) -> Iterator[tuple[str, int]]:
    """Return the rows that have their name again, where another one took it meanwhile."""
    master = folder.ledger.tables(folder.schema)
    labels = folder.labels(master)
    for name, table in folder.schema.tables.items():
        named = {c.rid for c in changes if c.table == name and (c.kind == "add" or c.field in table.key)}
        for alike in by_key(table, master[name]).values() if named else ():
            if len(alike) > 1 and not alike.isdisjoint(named):
                yield labels.label(name, min(alike & named)), len(alike)


def _whole(folder: Folder, revision: Revision) -> Revision:
    """Return the revision that stands for an act: an undo writes one for each open week in which something changes."""
    if revision.kind != "undo" or undone_by(folder, revision.number):
        return revision
    what = revision.summary.get("undoes")  # between two undoes of the same there is one that did it again
    runs = groupby(folder.ledger.revisions(), key=lambda r: r.summary.get("undoes") == what)
    mine = next(run for run in map(list, (run for _, run in runs)) if revision in run)
    return next((r for r in mine if undone_by(folder, r.number)), revision)


# ── a merge of an open round: its submissions and answers count no longer ───────────────────────────


def _merge(folder: Folder, revision: Revision, round_name: str) -> Undone:
    if revision.kind == "merge":
        _require_cause(folder, revision, round_name)
    plan = _again(folder, revision) if revision.kind == "undo" else _aside(folder, revision, round_name)
    infos = folder.ledger.submission_infos(round_name)
    files = tuple(info.file for info in infos if (info.copy, info.version) in plan.moved)
    numbers: list[int] = []

    def before(tx: Transaction) -> None:
        for copy, version in plan.moved:
            tx.set_submission_state(copy, version, plan.state)
        plan.waits.move(folder, tx)
        plan.answer(folder, tx, round_name)

    def after(tx: Transaction, number: int) -> None:
        numbers.append(number)
        plan.keep(folder, tx, number)
        _mark(folder, tx, revision, number)

    merged = recompute(folder, round_name, Undoing({"undoes": f"r{revision.number}"}, before, after))
    again = plan.state == "merged"
    tags = () if again else tuple(_tagged(folder, revision, round_name))
    left = () if again else tuple(_rows_left(folder, revision, round_name))
    return Undone(revision.number, numbers[0], merged.changes, left, files=files, again=again, asked=True, tags=tags)


def _require_cause(folder: Folder, revision: Revision, round_name: str) -> None:
    """Raise CallError `NOT_UNDOABLE_MERGE` for a merge that took in no file and no answer.

    Nothing is there to take back. What it wrote came of another schema, other members or another week, and would come
    again.
    """
    took_nothing = revision.summary.get(TOOK) == []  # an earlier custsheet did not say
    if not took_nothing or any(_answers(folder, revision, round_name)) or Waits.of(folder, revision.number) != Waits():
        return
    schema, labels = folder.schema, folder.labels(folder.ledger.tables(folder.schema))
    cells = [c for c in folder.ledger.changes(revision.number, schema) if c.kind == "cell"]
    named = [f"{labels.label(c.table, c.rid)} {labels.title(c.table, c.field)}" for c in cells[:SHOWN]]
    said = join(named, folder.settings.language) + ("…" if len(cells) > SHOWN else "")
    raise CallError("NOT_UNDOABLE_MERGE", revision=revision.number, cells=said, round=round_name)


def _rows_left(folder: Folder, revision: Revision, round_name: str) -> Iterator[Change]:
    """The rows that a merge brought, that no copy brings any more, and that stay: the manager edited them since."""
    master = folder.ledger.tables(folder.schema)
    labels = folder.labels(master)
    brought = {(e.table, e.rid) for s in counted(folder, round_name) for e in s.edits if e.kind == "add"}
    for change in folder.ledger.changes(revision.number, folder.schema):
        is_there = change.kind == "add" and change.rid in master[change.table].by_rid
        if is_there and (change.table, change.rid) not in brought and not _came_back(folder, revision, change):
            yield change._replace(label=labels.label(change.table, change.rid))


def _came_back(folder: Folder, revision: Revision, change: Change) -> bool:
    """Tell whether a row that came had been there before, and was deleted: its return is no new row."""
    return change.rid in folder.ledger.gone(folder.schema, revision.number - 1)[change.table].by_rid


def _tagged(folder: Folder, revision: Revision, round_name: str) -> Iterator[int]:
    """The later revisions in which marks of this round became tags, and that still count."""
    for later in folder.ledger.revisions():
        is_later = later.number > revision.number and later.summary.get("format") == round_name
        if is_later and not folder.ledger.note(f"{UNDONE_BY}{later.number}"):
            yield later.number


def _mark(folder: Folder, tx: Transaction, revision: Revision, number: int) -> None:
    """Note what is undone now: this revision, not what it had undone, again what that had undone, and so on.

    What else had done again what this revision did is undone with it.
    """
    revisions = {f"r{r.number}": r for r in folder.ledger.revisions() if r.number != number}
    line, marked = [revision, *undoes(revision, revisions)], folder.ledger.notes(UNDONE_BY)
    for at, one in enumerate(line):
        tx.decide(f"{UNDONE_BY}{one.number}", "" if at % 2 else f"r{number}")
    for other in (r for r in revisions.values() if r.kind == "undo" and r not in line):
        whole = [other, *undoes(other, revisions)]
        is_same = whole[-1].number == line[-1].number and len(whole) % 2 == len(line) % 2
        if is_same and not marked.get(f"{UNDONE_BY}{other.number}"):
            tx.decide(f"{UNDONE_BY}{other.number}", f"r{number}")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which submissions change their state, and to which; which answers are taken back or given again; what waits."""

    state: str
    moved: tuple[tuple[str, int], ...] = ()
    answers: tuple[Resolution, ...] = ()
    """What was answered, standing rules among it."""
    before: tuple[Resolution, ...] = ()
    """What held before of the same questions and rules."""
    waits: Waits = field(default_factory=Waits)
    since: int = 0
    """Number of the last answer that it knows of: what was answered later stands, whatever is taken back."""

    def asking(self, left: Sequence[Leftover]) -> _Plan:
        """Return the plan by which these cells are asked about as well."""
        if not left:
            return self
        on = {**self.waits.on, NOTE: [*self.waits.on.get(NOTE, ()), *map(as_item, left)]}
        return replace(self, waits=replace(self.waits, on=on))

    def answer(self, folder: Folder, tx: Transaction, round_name: str) -> None:
        """Give the answers again, or what held before them."""
        for answer in self.answers if self.state == "merged" else self.before:
            tx.add_resolution(replace(answer, at=folder.now, number=0), round_name)

    def heeding(self, folder: Folder) -> _Plan:
        """Return the plan without the answers of which there is a later word."""
        later = {(a.question, a.digest) for _, a in folder.ledger.told() if a.number > self.since}
        pairs = zip(self.answers, self.before, strict=True)
        kept = [(answer, before) for answer, before in pairs if (answer.question, answer.digest) not in later]
        return replace(self, answers=tuple(a for a, _ in kept), before=tuple(b for _, b in kept))

    def keep(self, folder: Folder, tx: Transaction, number: int) -> None:
        """Remember what the undo that is revision `number` did, so that it can be undone itself."""
        answers, before = ([resolution_to_json(a) for a in told] for told in (self.answers, self.before))
        since = folder.ledger.answers()
        body = {"state": self.state, "moved": self.moved, "answers": answers, "before": before, "since": since}
        tx.decide(f"{UNDONE}{number}", json.dumps(body, ensure_ascii=False))
        self.waits.keep(tx, number)


def _aside(folder: Folder, revision: Revision, round_name: str) -> _Plan:
    """What a merge took in counts no longer."""
    infos = folder.ledger.submission_infos(round_name)
    took = cast("list[list[object]]", revision.summary.get(TOOK, []))
    taken = tuple((i.copy, i.version) for i in infos if [i.copy, i.version] in took and i.state in COUNTED)
    others = {i.member for i in infos if i.state in COUNTED and (i.copy, i.version) not in taken}
    leaving = {i.member for i in infos if (i.copy, i.version) in taken} - others
    note = painted_note(round_name)
    marks = [mark for mark in json.loads(folder.ledger.note(note) or "[]") if mark["member"] in leaving]
    waits = Waits(off={note: marks}, said=lifted(folder, *_range(folder, revision))).also(_back(folder, revision))
    plan = _Plan("revoked", taken, *_answers(folder, revision, round_name), waits, _range(folder, revision)[1])
    return plan.heeding(folder)


def _range(folder: Folder, revision: Revision) -> tuple[int, int]:
    """The numbers of the last answer before the run of a revision, and of the last one when it was written."""
    now = folder.ledger.answers()
    first, last = cast("list[int]", revision.summary.get(ANSWERS, [now, now]))
    return first, last


def _back(folder: Folder, revision: Revision) -> Waits:
    """The way back of what a revision moved, but for what came in by a list or a file that counts no longer itself."""
    back = Waits.of(folder, revision.number).back
    undone = {(str(r.summary.get("file", "")), r.at) for r in folder.ledger.revisions() if _is_undone(folder, r)}
    counting = {(i.round, i.member) for i in folder.ledger.submission_infos() if i.state in COUNTED}

    def counts(note: str, item: Item) -> bool:
        if note == IMPORT_NOTE:
            return (item["file"], item["at"]) not in undone
        return not note.startswith(PAINTED) or (note.removeprefix(PAINTED), item["member"]) in counting

    return replace(back, on={note: [i for i in items if counts(note, i)] for note, items in back.on.items()})


def _is_undone(folder: Folder, revision: Revision) -> bool:
    return revision.kind == "import" and bool(folder.ledger.note(f"{UNDONE_BY}{revision.number}"))


def _answers(
    folder: Folder, revision: Revision, round_name: str = ""
) -> tuple[tuple[Resolution, ...], tuple[Resolution, ...]]:
    """The answers of a round, and the standing rules, that came with a revision; and what held before of the same."""
    first, last = _range(folder, revision)
    given: dict[tuple[str, str], Resolution] = {}
    before: dict[tuple[str, str], Resolution] = {}
    for name, answer in folder.ledger.told():
        is_rule, place = answer.question.startswith(PREFIX), (answer.question, answer.digest)
        if not is_rule and name != round_name:
            continue
        if first < answer.number <= last:
            given[place] = answer
        elif place not in given:
            before[place] = answer
    nothing = {place: replace(answer, choice=WITHDRAWN, value=None, reason="") for place, answer in given.items()}
    return tuple(given.values()), tuple((nothing | before)[place] for place in given)


def _again(folder: Folder, revision: Revision) -> _Plan:
    """What an undo put aside counts again, and the other way round."""
    done = undone_by(folder, revision.number)
    state = "merged" if done.get("state") == "revoked" else "revoked"
    answers = tuple(resolution_from_json(answer) for answer in done.get("answers", []))
    before = tuple(resolution_from_json(answer) for answer in done.get("before", []))
    moved = tuple((copy, version) for copy, version in done.get("moved", []))
    since = int(done.get("since", folder.ledger.answers()))
    return _Plan(state, moved, answers, before, Waits.of(folder, revision.number).back, since).heeding(folder)


# ── anything else: a counter-revision for what still stands as it was written ───────────────────────


def _counter(folder: Folder, revision: Revision) -> Undone:
    if not folder.ledger.open_rounds():
        with folder.ledger.write(actor=folder.actor.id, kind="undo", now=folder.now) as tx:
            return _turn_back(folder, revision, tx)
    turned: list[Undone] = []
    undoing = Undoing({"undoes": f"r{revision.number}"}, lambda tx: turned.append(_turn_back(folder, revision, tx)))
    merged = recompute(folder, current_round(folder), undoing)  # members may have waited for just that
    return replace(turned[-1], changes=together([*turned[-1].changes, *merged.changes]), asked=True)


def _turn_back(folder: Folder, revision: Revision, tx: Transaction) -> Undone:
    ledger, schema = folder.ledger, folder.schema
    master = ledger.tables(schema)
    labels = folder.labels(master)
    last, done = _since(folder, revision)
    then, before = ledger.tables(schema, last), ledger.gone(schema, revision.number - 1)
    done = list(from_what_stands(folder, revision, done))
    back = Back(master, ledger.gone(schema), done, then, before, confirmed_since(folder, revision))
    changes, left = _named(back.changes, labels), _named(back.left, labels)
    plan, rounds = _beside(folder, revision), ledger.rounds()
    asked = bool(ledger.open_rounds())
    plan = plan.asking(_leftovers(folder, revision, left)) if asked else plan
    summary = {"undoes": f"r{revision.number}"}
    number = tx.revise(back.target(), changes, schema, summary=summary)  # an act of its own, whatever it changed
    for copy, version in plan.moved:  # an undo from when its round was open
        tx.set_submission_state(copy, version, plan.state)
    plan.waits.move(folder, tx)
    if rounds:
        plan.answer(folder, tx, str(revision.summary.get("round", rounds[-1].name)))
    plan.keep(folder, tx, number)
    _mark(folder, tx, revision, number)
    there = folder.labels(ledger.tables(schema))
    told = [c if c.label else c._replace(label=there.label(c.table, c.rid)) for c in changes]  # those that came back
    again = len([*undoes(revision, {f"r{r.number}": r for r in ledger.revisions()})]) % 2 == 1
    return Undone(revision.number, number, tuple(told), tuple(left), again=again)


def _since(folder: Folder, revision: Revision) -> tuple[int, list[Change]]:
    """Return a revision's changes, with what the open rounds that were merged again with it made of the same cells.

    The first of both is the number of the last revision that was written with it.
    """
    schema = folder.schema
    done = [c for c in folder.ledger.changes(revision.number, schema) if known(schema, c)]
    last = revision.number
    if revision.kind != "undo":
        return last, done
    later_ones = [r for r in folder.ledger.revisions() if r.number > revision.number]
    for later in takewhile(lambda r: _is_of_one_act(revision, r), later_ones):
        last = later.number
        new = {(c.table, c.rid, c.field): c.new for c in folder.ledger.changes(last, schema) if c.kind == "cell"}
        done = [c._replace(new=new.get((c.table, c.rid, c.field), c.new)) for c in done]
    return last, done


def _is_of_one_act(revision: Revision, other: Revision) -> bool:
    return other.summary.get("undoes") == revision.summary.get("undoes")


def _beside(folder: Folder, revision: Revision) -> _Plan:
    """What else a revision did than to change rows: rules that came with it, what waits since and what no longer."""
    if revision.kind == "undo":
        return _again(folder, revision)
    answers = _answers(folder, revision) if revision.kind == "merge" else ((), ())
    waits = Waits(said=lifted(folder, *_range(folder, revision)) if any(answers) else {}).also(_back(folder, revision))
    return _Plan("revoked", (), *answers, waits, _range(folder, revision)[1]).heeding(folder)


def _named(changes: Iterable[Change], labels: Labels) -> list[Change]:
    """Name the rows that are still there as people know them."""
    return [c._replace(label=labels.label(c.table, c.rid) if c.rid in labels.of(c.table) else c.label) for c in changes]


def _leftovers(folder: Folder, revision: Revision, left: Iterable[Change]) -> list[Leftover]:
    fields = {(t.name, f.name): f for t in folder.schema.tables.values() for f in t.fields.values()}
    return [
        Leftover(
            revision.number,
            c.table,
            c.rid,
            c.field,
            fields[c.table, c.field].dump(c.old),
            fields[c.table, c.field].dump(c.new),
            folder.actor.id,
        )
        for c in left
        if c.kind == "cell"
    ]
