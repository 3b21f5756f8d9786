"""What waits for a person, or was answered, when rows are carried over to another schema: nobody is asked twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from custsheet.ledger.transaction import Transaction
from custsheet.merging.standing import PREFIX, as_resolution, in_force, taken_away
from custsheet.model import Outcome, Question, Resolution, Standing
from custsheet.schema.evolution import Evolution, Move
from custsheet.workspace.asides import IMPORT_NOTE, NOTE, Difference, Leftover, dump
from custsheet.workspace.evolving import submissions
from custsheet.workspace.folder import Folder
from custsheet.workspace.opening import open_at, outcome_of


class Waiting:
    """Answers, what an undo left open, and marks by colour: each under what its field and table are called now."""

    def __init__(self, folder: Folder, before: Folder, evolution: Evolution) -> None:
        """`before` is the workspace with the schema that is in force until then."""
        self._folder, self._evolution = folder, evolution
        self._before = _asked(before)

    def keep(self, tx: Transaction) -> None:
        """Write all of it again in the new schema's terms; the rows were carried over already."""
        self._keep_answers(tx, _asked(self._folder))
        self._keep_rules(tx)
        self._keep_leftovers(tx)
        self._keep_differences(tx)
        for info in self._folder.ledger.rounds():
            self._keep_marks(tx, f"painted:{info.name}")

    def _keep_answers(self, tx: Transaction, after: Mapping[str, Outcome]) -> None:
        for round_name, outcome in after.items():
            now = {(q.code, q.table, q.rid, q.field): q for q in outcome.questions}
            was = {q.id: q for q in self._before[round_name].questions}
            for answer in self._folder.ledger.resolutions(round_name):
                question = was.get(answer.question)
                same = now.get(self._called(question)) if question is not None else None
                if question is not None and same is not None and _corresponds(question, same):
                    tx.add_resolution(self._answer(answer, question, same), round_name)

    def _called(self, question: Question) -> tuple[str, str, str, str]:
        table = self._evolution.tables.get(question.table, "")
        move = self._evolution.moves.get((question.table, question.field))
        field = move.new.name if move is not None and move.new is not None else question.field
        return (question.code, table, question.rid, field)

    def _answer(self, answer: Resolution, was: Question, now: Question) -> Resolution:
        hashes = dict(zip(was.digest.split("."), now.digest.split("."), strict=False))
        digest = ".".join(hashes.get(one, one) for one in answer.digest.split("."))
        move = self._evolution.moves.get((was.table, was.field))
        value = self._evolution.value(move, answer.value) if move is not None else answer.value
        return replace(answer, question=now.id, digest=digest, value=value)

    def _keep_rules(self, tx: Transaction) -> None:
        """A rule about what is called otherwise now goes on; one about what is gone ends, and never says more."""
        folder = self._folder
        told = folder.ledger.told(PREFIX)
        for rule in in_force([resolution for _, resolution in told]):
            now = self._rule(rule)
            if now == rule:
                continue
            round_name = next(name for name, one in reversed(told) if one.question == rule.id)
            tx.add_resolution(taken_away(rule, by=folder.actor.id, at=folder.now), round_name)
            if now is not None:
                tx.add_resolution(as_resolution(now), round_name)

    def _rule(self, rule: Standing) -> Standing | None:
        if not rule.table:
            return rule
        table = self._evolution.tables.get(rule.table)
        if table is None or not rule.field:
            return replace(rule, table=table) if table is not None else None
        move = self._evolution.moves.get((rule.table, rule.field))
        return replace(rule, table=table, field=move.new.name) if move is not None and move.new is not None else None

    def _keep_differences(self, tx: Transaction) -> None:
        left = [Difference(**item) for item in json.loads(self._folder.ledger.note(IMPORT_NOTE) or "[]")]
        kept = [now for one in left if (now := self._difference(one)) is not None]
        if kept != left:
            tx.set_note(IMPORT_NOTE, dump(kept))

    def _difference(self, left: Difference) -> Difference | None:
        move = self._evolution.moves.get((left.table, left.field))
        if move is None or move.new is None:
            return None
        base, offered = (self._text(move, text) for text in (left.base, left.offered))
        return replace(left, table=move.now, field=move.new.name, base=base, offered=offered)

    def _keep_leftovers(self, tx: Transaction) -> None:
        left = [Leftover(**item) for item in json.loads(self._folder.ledger.note(NOTE) or "[]")]
        kept = [now for one in left if (now := self._leftover(one)) is not None]
        if kept != left:
            tx.set_note(NOTE, dump(kept))

    def _leftover(self, left: Leftover) -> Leftover | None:
        move = self._evolution.moves.get((left.table, left.field))
        if move is None or move.new is None:
            return None
        before, after = (self._text(move, text) for text in (left.before, left.after))
        return replace(left, table=move.now, field=move.new.name, before=before, after=after)

    def _text(self, move: Move, text: str | None) -> str | None:
        assert move.new is not None
        return move.new.dump(self._evolution.value(move, move.old.load(text)))

    def _keep_marks(self, tx: Transaction, note: str) -> None:
        found = json.loads(self._folder.ledger.note(note) or "[]")
        kept = [{**mark, "table": self._evolution.tables.get(mark["table"], mark["table"])} for mark in found]
        if kept != found:
            tx.set_note(note, json.dumps(kept, ensure_ascii=False))


def _corresponds(was: Question, now: Question) -> bool:
    """Whether a question asks the same under another name: as many candidates, in the same order of members."""
    is_other = (was.id, was.digest) != (now.id, now.digest)
    return is_other and was.digest.count(".") == now.digest.count(".")


def _asked(folder: Folder) -> dict[str, Outcome]:
    """What each round with answers comes to without them: every question that was answered is asked in it."""
    ledger = folder.ledger
    rounds = [info.name for info in ledger.rounds() if ledger.resolutions(info.name)]
    return {name: outcome_of(folder, open_at(folder, name), submissions(folder, name), ()) for name in rounds}
