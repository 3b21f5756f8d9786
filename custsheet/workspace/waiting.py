"""What waits for a person, or was answered, when rows are carried over to another schema: nobody is asked twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from custsheet.ledger.codec import resolution_from_json, resolution_to_json
from custsheet.ledger.transaction import Transaction
from custsheet.merging.questions import WITHDRAWN
from custsheet.merging.standing import PREFIX, as_resolution, in_force, taken_away
from custsheet.model import Cells, Outcome, Question, Resolution, Standing, Unreadable
from custsheet.schema.evolution import Evolution, Move
from custsheet.workspace.asides import DECIDED, IMPORT_NOTE, NOTE, Difference, Leftover, as_item
from custsheet.workspace.evolving import COUNTED, submissions
from custsheet.workspace.folder import Folder
from custsheet.workspace.opening import open_at, outcome_of
from custsheet.workspace.painted import ANSWER, PAINTED, answer_text, offer_id
from custsheet.workspace.waits import RECORD, UNDONE, Item, Waits

_Same = Mapping[str, tuple[Question, Question]]


class Waiting:
    """Answers, rules, lists of what waits, and what an undo would need: each under what its field is called now."""

    def __init__(self, folder: Folder, before: Folder, evolution: Evolution) -> None:
        """`before` is the workspace with the schema that is in force until then."""
        self._folder, self._evolution = folder, evolution
        self._before, self._before_all = _asked(before), _asked(before, everything=True)

    def keep(self, tx: Transaction) -> None:
        """Write all of it again in the new schema's terms; the rows were carried over already."""
        notes = self._folder.ledger.notes
        self._keep_answers(tx, _asked(self._folder))
        self._keep_rules(tx)
        for note, text in {**notes(NOTE), **notes(IMPORT_NOTE), **notes(DECIDED), **notes(PAINTED)}.items():
            self._put(tx, note, text, _text(self._items(note, json.loads(text or "[]"))))
        for note, text in notes(ANSWER).items():
            name, told = self._tags(note, text)
            self._put(tx, name, text if name == note else "", told)
        for note, text in notes(RECORD).items():
            self._put(tx, note, text, self._waits(Waits.loaded(text)).dumped())
        self._keep_undone(tx, notes(UNDONE))

    def _put(self, tx: Transaction, note: str, before: str, now: str) -> None:
        if now != before:
            tx.decide(note, now)

    # ── answers and rules ───────────────────────────────────────────────────────────────────────────

    def _keep_answers(self, tx: Transaction, after: Mapping[str, Outcome]) -> None:
        for round_name, outcome in after.items():
            same = self._same(self._before[round_name].questions, outcome.questions)
            for answer in self._folder.ledger.resolutions(round_name):
                carried = self._carried(answer, same)
                if _is_lost(carried):  # no word of theirs fits the column any more: they are asked again
                    tx.add_resolution(replace(carried, choice=WITHDRAWN, value=None, cells=()), round_name)
                elif carried != answer:
                    tx.add_resolution(carried, round_name)

    def _same(self, was: Iterable[Question], now: Iterable[Question]) -> _Same:
        """Return the id of each question → it, and the same question as it is asked now."""
        by_place = {(q.code, q.table, q.rid, q.field): q for q in now}
        pairs = ((q, by_place.get(self._called(q))) for q in was)
        return {q.id: (q, same) for q, same in pairs if same is not None and _corresponds(q, same)}

    def _carried(self, answer: Resolution, same: _Same) -> Resolution:
        """Return an answer as one to the same question under its new name, with its values as they are read now."""
        cells = self._cells(answer.cells)
        value = cells[0][3] if len(cells) == 1 else answer.value
        carried = replace(answer, value=value, cells=cells)
        return self._answer(carried, *same[answer.question]) if answer.question in same else carried

    def _called(self, question: Question) -> tuple[str, str, str, str]:
        table = self._evolution.tables.get(question.table, "")
        move = self._evolution.moves.get((question.table, question.field))
        field = move.new.name if move is not None and move.new is not None else question.field
        return (question.code, table, question.rid, field)

    def _answer(self, answer: Resolution, was: Question, now: Question) -> Resolution:
        hashes = dict(zip(was.digest.split("."), now.digest.split("."), strict=False))
        digest = ".".join(hashes.get(one, one) for one in answer.digest.split("."))
        move = self._evolution.moves.get((was.table, was.field))
        value = answer.value
        if not answer.cells and move is not None:  # kept by an earlier custsheet
            value = self._evolution.value(move, value)
        return replace(answer, question=now.id, digest=digest, value=value)

    def _cells(self, cells: Cells) -> Cells:
        """Return what an answer came to in the terms of the new schema; nothing where a part of it is gone."""
        moves = [(self._evolution.moves.get((table, name)), rid, value) for table, rid, name, value in cells]
        found = [
            (move.now, rid, move.new.name, self._evolution.value(move, value))
            for move, rid, value in moves
            if move is not None and move.new is not None
        ]
        return tuple(found) if len(found) == len(cells) else ()

    def _keep_rules(self, tx: Transaction) -> None:
        """A rule about what is called otherwise now goes on; one about what is gone ends, and never says more."""
        folder = self._folder
        told = folder.ledger.told(PREFIX)
        for rule in in_force([resolution for _, resolution in told]):
            now = self._rule(rule)
            if now == rule:
                continue
            round_name, was = next(one for one in reversed(told) if one[1].question == rule.id)
            tx.add_resolution(taken_away(rule, by=folder.actor.id, at=folder.now), round_name)
            if now is not None:
                tx.add_resolution(replace(as_resolution(now), number=was.number), round_name)

    def _rule(self, rule: Standing) -> Standing | None:
        if not rule.table:
            return rule
        table = self._evolution.tables.get(rule.table)
        if table is None or not rule.field:
            return replace(rule, table=table) if table is not None else None
        move = self._evolution.moves.get((rule.table, rule.field))
        return replace(rule, table=table, field=move.new.name) if move is not None and move.new is not None else None

    # ── lists of what waits ─────────────────────────────────────────────────────────────────────────

    def _items(self, note: str, items: Sequence[Item]) -> list[Item]:
        """Return the items of a note's list; what it asks about may be gone."""
        if note in (IMPORT_NOTE, DECIDED):
            differences = (self._difference(Difference(**item)) for item in items)
            return [as_item(one) for one in differences if one is not None]
        if note == NOTE:
            left = (self._leftover(Leftover(**item)) for item in items)
            return [as_item(one) for one in left if one is not None]
        if note.startswith(PAINTED):
            return [{**mark, "table": self._table(mark["table"])} for mark in items]
        return list(items)

    def _table(self, name: str) -> str:
        return self._evolution.tables.get(name, name)

    def _difference(self, left: Difference) -> Difference | None:
        move = self._evolution.moves.get((left.table, left.field))
        if move is None or move.new is None:
            return None
        base, offered = (self._text(move, text) for text in (left.base, left.offered))
        return replace(left, table=move.now, field=move.new.name, base=base, offered=offered)

    def _leftover(self, left: Leftover) -> Leftover | None:
        move = self._evolution.moves.get((left.table, left.field))
        if move is None or move.new is None:
            return None
        before, after = (self._text(move, text) for text in (left.before, left.after))
        return replace(left, table=move.now, field=move.new.name, before=before, after=after)

    def _text(self, move: Move, text: str | None) -> str | None:
        assert move.new is not None
        return move.new.dump(self._evolution.value(move, move.old.load(text)))

    def _tags(self, note: str, text: str) -> tuple[str, str]:
        """Return name and text of the note that remembers what somebody's marks mean."""
        if not text.startswith("{"):  # nothing, or an early one, which does not say of what it is
            return note, text
        answer = {**(kept := json.loads(text)), "table": self._table(kept["table"])}
        place = (answer["member"], answer["table"], answer["kind"])
        return f"{ANSWER}{offer_id(*place)}", answer_text(*place, answer["tags"])

    # ── what an undo would need ─────────────────────────────────────────────────────────────────────

    def _waits(self, waits: Waits) -> Waits:
        off, on = ({note: self._items(note, part[note]) for note in part} for part in (waits.off, waits.on))
        said = {}
        for note, (before, since) in waits.said.items():
            name, told = self._tags(note, before or since)
            said[name] = (told if before else "", told if since else "")
        return Waits(off, on, said)

    def _keep_undone(self, tx: Transaction, notes: Mapping[str, str]) -> None:
        if not notes:
            return
        after = _asked(self._folder, everything=True)
        was, now = ([q for outcome in one.values() for q in outcome.questions] for one in (self._before_all, after))
        same = self._same(was, now)
        for note, text in notes.items():
            body = json.loads(text)
            told = (list(map(resolution_from_json, body[part])) for part in ("answers", "before"))
            kept = [self._pair(answer, before, same) for answer, before in zip(*told, strict=True)]
            answers, before = ([resolution_to_json(pair[at]) for pair in kept if pair] for at in (0, 1))
            self._put(tx, note, text, json.dumps({**body, "answers": answers, "before": before}, ensure_ascii=False))

    def _pair(self, answer: Resolution, before: Resolution, same: _Same) -> tuple[Resolution, Resolution] | None:
        """Return an answer that an undo took back and what held before it; None for a rule about what is gone."""
        if not answer.question.startswith(PREFIX):
            return self._carried(answer, same), self._carried(before, same)
        rules = in_force([answer if answer.choice != WITHDRAWN else before])
        rule = self._rule(rules[0]) if rules else None
        if rule is None:
            return (answer, before) if not rules else None
        value = (rule.member, rule.table, rule.field)
        moved = [replace(r, question=rule.id, value=value if r.choice != WITHDRAWN else None) for r in (answer, before)]
        return moved[0], moved[1]


def _is_lost(answer: Resolution) -> bool:
    """Tell whether an answer came to what its column cannot hold."""
    return any(isinstance(value, Unreadable) for value in (answer.value, *(value for *_, value in answer.cells)))


def _text(items: Sequence[Item]) -> str:
    return json.dumps(items, ensure_ascii=False) if items else ""


def _corresponds(was: Question, now: Question) -> bool:
    """Whether a question asks the same under another name: as many candidates, in the same order of members."""
    is_other = (was.id, was.digest) != (now.id, now.digest)
    return is_other and was.digest.count(".") == now.digest.count(".")


def _asked(folder: Folder, *, everything: bool = False) -> dict[str, Outcome]:
    """What each round with answers comes to without them: every question that was answered is asked in it.

    With `everything` the submissions that an undo took back count as well.
    """
    ledger = folder.ledger
    rounds = [info.name for info in ledger.rounds() if ledger.resolutions(info.name)]
    states = (*COUNTED, "revoked") if everything else COUNTED
    return {
        name: outcome_of(folder, open_at(folder, name), submissions(folder, name, states=states), ()) for name in rounds
    }
