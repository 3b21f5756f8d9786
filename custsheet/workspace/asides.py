"""Questions that stand beside a round's merge: what an undo could not take back, and where an imported list differs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from custsheet.fields.base import Field
from custsheet.ids import short_hash
from custsheet.ledger.codec import value_to_text
from custsheet.merging.questions import digest_of, question_id
from custsheet.merging.values import same
from custsheet.model import CellRef, Change, Claim, Question, Resolution, Table, Tables, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema
from custsheet.workspace.folder import Folder
from custsheet.workspace.waits import Waits


class Aside(Protocol):
    """What asks beside the merge: it takes the answers to its own questions, and says what they change."""

    def questions(self, labels: Labels) -> tuple[Question, ...]:
        """Return what is open."""

    def take(self, resolutions: Iterable[Resolution]) -> list[Resolution]:
        """Take the answers to one's own questions; return the others."""

    def changes(self, master: Tables, labels: Labels) -> tuple[dict[str, Table], tuple[Change, ...]]:
        """Return the tables that the answers change, and each cell that they change in them."""

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield what has to be remembered: (name, value)."""

    def waits(self, rules: Collection[str]) -> Waits:
        """Return what the answers moved, but for those that these standing rules gave: they would give them again."""

    @property
    def summary(self) -> Mapping[str, object]:
        """What the revision of these changes is called."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """One cell that an undo left alone, because it was changed since."""

    revision: int
    table: str
    rid: str
    field: str
    before: str | None
    """What stood there before the revision that was undone, as canonical text."""
    after: str | None
    """What that revision wrote."""
    actor: str

    @property
    def id(self) -> str:
        """The id of the question about it."""
        return question_id("H_UNDO", self.table, self.rid, f"{self.revision}/{self.field}")

    @property
    def offered(self) -> str | None:
        """What may be written instead of what is there."""
        return self.before

    @property
    def base(self) -> str | None:
        """What the offer was made against."""
        return self.after

    @property
    def source(self) -> tuple[str, str]:
        """The file that it comes from, and when it came: none."""
        return "", ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell in which an imported list differs from the row that is there."""

    table: str
    rid: str
    field: str
    base: str | None
    """What stood there when the list came, as canonical text."""
    offered: str | None
    """What the list says."""
    actor: str
    file: str
    at: str

    @property
    def id(self) -> str:
        """The id of the question about it."""
        return question_id("H_IMPORT", self.table, self.rid, self.field)

    @property
    def source(self) -> tuple[str, str]:
        """The list, and when it came."""
        return self.file, self.at


NOTE = "undo:left"
IMPORT_NOTE = "import:left"
DECIDED = "import:decided"
"""Names the note that lists the differences in which somebody kept what is there, or wrote something else."""
Offer = Leftover | Difference


class CellOffers:
    """Cells for which another value is on offer: asked about until somebody answers."""

    def __init__(self, folder: Folder, note: str, code: str, left: Sequence[Offer]) -> None:
        self._folder, self._note, self._code = folder, note, code
        self._left = left
        self._answers: dict[str, Resolution] = {}
        self._decided: list[Offer] = []

    def questions(self, labels: Labels) -> tuple[Question, ...]:
        """Return one question for each cell: keep what is there, or take what is offered."""
        if not self._left:
            return ()
        tables = self._folder.ledger.tables(self._folder.schema)
        asked = (self._question(left, tables, labels) for left in self._left if left.id not in self._answers)
        return tuple(question for question in asked if question is not None)

    def take(self, resolutions: Iterable[Resolution]) -> list[Resolution]:
        """Take the answers about these cells."""
        ids, others = {left.id for left in self._left}, []
        for resolution in resolutions:
            if resolution.question in ids:
                self._answers[resolution.question] = resolution
            else:
                others.append(resolution)
        return others

    def changes(self, master: Tables, labels: Labels) -> tuple[dict[str, Table], tuple[Change, ...]]:
        """Return the cells for which somebody chose another value."""
        found: list[Change] = []
        self._decided = []
        for left in self._left:
            answer = self._answers.get(left.id)
            table = master.get(left.table)
            if answer is None or table is None or left.rid not in table.by_rid:
                continue
            old = table.get(left.rid, left.field)
            means = {"master": old, "value": answer.value}
            new = means[answer.choice] if answer.choice in means else self._value(left, left.offered)
            if isinstance(left, Difference) and answer.choice in means:
                self._decided.append(replace(left, base=value_to_text(self._field(left), new)))
            if new != old:
                label = labels.label(left.table, left.rid)
                found.append(
                    Change(left.table, left.rid, left.field, old, new, (self._folder.actor.id,), label, "resolution")
                )
        return with_changes(master, found), tuple(found)

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield the cells that are still open."""
        if self._answers:
            yield self._note, dump([left for left in self._left if left.id not in self._answers])
        if self._decided:
            new = {(one.id, one.offered) for one in self._decided}
            others = [one for one in decided_differences(self._folder) if (one.id, one.offered) not in new]
            yield DECIDED, dump([*others, *self._decided])

    def waits(self, rules: Collection[str]) -> Waits:
        """Return the cells that are decided."""
        given = {name for name, answer in self._answers.items() if answer.reason not in rules}
        decided = [one for one in self._decided if one.id in given]
        return Waits(
            off={self._note: [as_item(left) for left in self._left if left.id in given]},
            on={DECIDED: list(map(as_item, decided))},
        )

    @property
    def summary(self) -> Mapping[str, object]:
        """Answers about an undo or an import."""
        return {"undo" if self._code == "H_UNDO" else "import": "answers"}

    def _question(self, left: Offer, tables: Tables, labels: Labels) -> Question | None:
        table = tables.get(left.table)
        field = self._field(left)
        if table is None or left.rid not in table.by_rid or field is None:
            return None
        offered, now = self._value(left, left.offered), table.get(left.rid, left.field)
        if isinstance(left, Difference) and (same(field, offered, now) or self._was_taken(left, field, offered, now)):
            return None
        file, at = left.source
        return Question(
            id=left.id,
            code=self._code,
            table=left.table,
            rid=left.rid,
            field=left.field,
            label=labels.label(left.table, left.rid),
            base=self._value(left, left.base),
            master=now,
            claims=(Claim(left.actor, offered, CellRef(file), at),),
            digest=digest_of([short_hash(left.offered or "")]),
            choices=("master", "claim:0", "value"),
            default="master",
        )

    def _was_taken(self, left: Difference, field: Field, offered: Value, now: Value) -> bool:
        """Tell whether what the list says has stood there since, before somebody went on from it."""
        if same(field, self._value(left, left.base), now):
            return False
        entries = self._folder.ledger.history(left.table, left.rid, self._folder.schema)
        since = (entry for entry in entries if entry.field == left.field and entry.at >= left.at)
        return any(same(field, offered, entry.new) for entry in since)

    def _field(self, left: Offer) -> Any:
        table = self._folder.schema.tables.get(left.table)
        return table.fields.get(left.field) if table is not None else None

    def _value(self, left: Offer, text: str | None) -> Value:
        value: Value = self._field(left).load(text)
        return value


def leftovers(folder: Folder) -> CellOffers:
    """Return the cells that undone revisions left alone."""
    left = [Leftover(**item) for item in json.loads(folder.ledger.note(NOTE) or "[]")]
    return CellOffers(folder, NOTE, "H_UNDO", left)


def differences(folder: Folder) -> CellOffers:
    """Return the cells in which imported lists differ."""
    return CellOffers(folder, IMPORT_NOTE, "H_IMPORT", known_differences(folder))


def known_differences(folder: Folder) -> list[Difference]:
    """Return the differences that nobody has decided."""
    return [Difference(**item) for item in json.loads(folder.ledger.note(IMPORT_NOTE) or "[]")]


def decided_differences(folder: Folder) -> list[Difference]:
    """Return the differences that were decided, each with what stands there since as its `base`."""
    return [Difference(**item) for item in json.loads(folder.ledger.note(DECIDED) or "[]")]


def dump(left: Sequence[Offer]) -> str:
    """Return offers as the text of a note; empty for none."""
    return json.dumps([as_item(one) for one in left], ensure_ascii=False) if left else ""


def as_item(left: Offer) -> dict[str, Any]:
    """Return an offer as an item of a note's list."""
    return {field.name: getattr(left, field.name) for field in fields(left)}


def with_changes(master: Tables, changes: Iterable[Change]) -> dict[str, Table]:
    """Return the tables in which cells change, as they are then."""
    by_table: dict[str, dict[str, dict[str, Value]]] = {}
    for change in changes:
        by_table.setdefault(change.table, {}).setdefault(change.rid, {})[change.field] = change.new
    return {name: _with(master[name], cells) for name, cells in by_table.items()}


def _with(table: Table, cells: Mapping[str, Mapping[str, Value]]) -> Table:
    rows = []
    for rid, row in table.items():
        new = dict(zip(table.fields, row, strict=True)) | dict(cells.get(rid, {}))
        rows.append(tuple(new[name] for name in table.fields) if rid in cells else row)
    return Table(table.name, table.fields, table.rids, tuple(rows))


def known(schema: Schema, change: Change) -> bool:
    """Tell whether the schema still has the cell or row of a change."""
    table = schema.tables.get(change.table)
    return table is not None and (change.kind != "cell" or change.field in table.fields)
