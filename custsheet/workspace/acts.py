"""What was done beside a round's own merges since it opened, and what of it settles what its copies claim."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from custsheet.ledger.records import HistoryEntry, Revision
from custsheet.merging.cells import together
from custsheet.merging.logged import logged_fields
from custsheet.merging.state import Stood
from custsheet.model import Change, Tables, Value
from custsheet.schema.rights import members_in
from custsheet.workspace.folder import Folder
from custsheet.workspace.waits import UNDONE

_FEW = 200
"""Changes of a revision up to which rows are looked up one by one."""
Place = tuple[str, str, str]
"""Table, row id, field; an empty field means the row."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A cell or row that another act than the round's merges settled."""

    place: Place
    revision: Revision
    over: Literal["claims", "value", "answers"] = "claims"
    """What it settles: claims and answers before it; claims of the very value that it changed; or answers alone."""
    old: Value = None

    def over_rules(self, value: Value) -> bool:
        """Tell whether it settles a claim of this value."""
        return self.over == "claims" or value == self.old


def is_own(revision: Revision, round_name: str) -> bool:
    """Tell whether a revision is one of a round's own merges, which are worked out anew."""
    return revision.kind in ("merge", "undo") and revision.summary.get("round") == round_name


class Acts:
    """What was done since a round opened, and what of it lasts: what was undone, with its undoing, was never there.

    An undo that went back further than that, as what had stood there before is undone too, lasts with what it wrote.
    """

    def __init__(self, folder: Folder, round_name: str, start: int, end: int) -> None:
        self._folder, self._round = folder, round_name
        self.revisions = [r for r in folder.ledger.revisions() if start < r.number <= end]
        self._by_number = {r.number: r for r in self.revisions}
        self._changes: dict[int, list[Change]] = {}
        self._undone: dict[int, set[Place]] = {}
        self._rows: dict[int, Tables] = {}
        self._places: dict[int, dict[Place, Change]] = {}
        self._histories: dict[tuple[str, str], list[HistoryEntry]] = {}
        self._told: set[tuple[str, str, int]] = set()
        for undone, undoing in self._pairs():
            written = self._by_place(undone)
            turned = {p: c for p, c in self._by_place(undoing).items() if p in written}
            further = {p for p, c in turned.items() if c.kind == "cell" and c.new != written[p].old}
            places = turned.keys() | self._back_already(undone, undoing, turned.keys())
            self._undone.setdefault(undone.number, set()).update(places)
            self._undone.setdefault(undoing.number, set()).update(places - further)

    def _pairs(self) -> Iterator[tuple[Revision, Revision]]:
        """Yield what was undone with what undid it, the latest first: an undo that was undone itself undid nothing."""
        acts = {int(note.removeprefix(UNDONE)) for note in self._folder.ledger.notes(UNDONE)}
        paired: set[int] = set()
        for undoing in reversed([r for r in self.revisions if r.number in acts]):
            undone = self._numbered(str(undoing.summary.get("undoes", "")))
            if undone is None or paired & {undone.number, undoing.number}:
                continue
            if not is_own(undone, self._round) and not is_own(undoing, self._round):
                paired |= {undone.number, undoing.number}
                yield undone, undoing

    def _back_already(self, undone: Revision, undoing: Revision, told: Collection[Place]) -> set[Place]:
        """Return the cells that an undo left alone, because they were back at what had stood there before."""
        left = [c for c in self.changes(undone) if c.kind == "cell" and (c.table, c.rid, c.field) not in told]
        then = self._then(undoing.number) if left else {}
        rows = [(c, then[c.table]) for c in left if c.table in then]
        return {(c.table, c.rid, c.field) for c, t in rows if c.rid in t.by_rid and t.get(c.rid, c.field) == c.old}

    def _numbered(self, text: str) -> Revision | None:
        return self._by_number.get(int(text.removeprefix("r"))) if text else None

    def changes(self, revision: Revision) -> list[Change]:
        """Return what a revision changed."""
        if revision.number not in self._changes:
            self._changes[revision.number] = self._folder.ledger.changes(revision.number, self._folder.schema)
        return self._changes[revision.number]

    def lasting(self, revision: Revision) -> list[Change]:
        """Return what a revision changed, without what was taken back, and without what only took that back."""
        undone = self._undone.get(revision.number, set())
        return [c for c in self.changes(revision) if (c.table, c.rid, c.field) not in undone]

    def decision(self, revision: Revision, change: Change) -> Decision | None:
        """Return what a change of another act settles in this round; None where it settles nothing.

        A merge of another round settles what a person answered in it, and else the claims that it went on from; so
        does the part of an undo that merged another round again.
        """
        place = (change.table, change.rid, change.field)
        is_merged = revision.kind == "merge" or "round" in revision.summary
        if revision.kind == "undo" and not is_merged:
            undone = self._numbered(str(revision.summary.get("undoes", "")))
            before = self._by_place(undone).get(place) if undone is not None and is_own(undone, self._round) else None
            if before is None:
                return None
            return Decision(place, revision, "answers" if before.cause == "resolution" else "claims")
        if is_merged and change.cause in ("edit", "policy", "reopened", "undo"):
            table = self._folder.schema.tables[change.table]
            field = table.fields.get(change.field)
            is_asked = field is None or field.spec.merge == "ask"
            return Decision(place, revision, "value" if is_asked else "claims", change.old) if field else None
        return Decision(place, revision)

    def others(self, decision: Decision) -> Iterator[tuple[Decision, Value]]:
        """Yield the fields that merge with the one that was settled, each with what stood there then.

        Who settled one of them has seen the others: they stay, and where it was another round's edit, that settles of
        them what it has seen. A row that came with the same act has no others.
        """
        table, rid, name = decision.place
        definition, number = self._folder.schema.tables[table], decision.revision.number
        names = together(definition, name) if decision.over != "answers" and name in definition.fields else ()
        row = self._by_place(decision.revision).get((table, rid, ""))
        if len(names) < 2 or (row is not None and row.kind == "add"):
            return
        for other in names:
            if other != name:
                value = self._cell(table, rid, other, number)
                yield replace(decision, place=(table, rid, other), old=value), value

    def handed(self, decision: Decision, change: Change) -> Iterator[tuple[Decision, Value]]:
        """Yield what those had merged in a row who lost it with this change: it stays, whatever they send later."""
        definition = self._folder.schema.tables[change.table]
        if not change.field or change.field not in (definition.owner, definition.helpers):
            return
        lost = members_in(change.old) - members_in(change.new)
        last: dict[str, Change] = {}
        for revision in self.revisions:
            if is_own(revision, self._round) and revision.number < decision.revision.number:
                mine = (c for c in self.lasting(revision) if c.kind == "cell")
                last |= {c.field: c for c in mine if (c.table, c.rid) == (change.table, change.rid)}
        for name, own in last.items():
            if lost.issuperset(own.members) and own.cause == "edit" and name != change.field:
                place = (change.table, change.rid, name)
                yield replace(decision, place=place, over="value", old=own.new), own.new

    def stood(self, decision: Decision) -> Iterator[Stood]:
        """Yield what a row's logged fields held before an act that changed one of them, once for each act."""
        table, rid, name = decision.place
        names, number = logged_fields(self._folder.schema, table), decision.revision.number
        if name not in names or decision.over == "answers" or (table, rid, number) in self._told:
            return
        self._told.add((table, rid, number))
        if len(self.changes(decision.revision)) <= _FEW:
            yield Stood(table, rid, {one: self._cell(table, rid, one, number - 1) for one in names})
            return
        rows = self._then(number - 1)[table]  # one reading of all rows instead of one for each
        yield Stood(table, rid, {one: rows.get(rid, one) if rid in rows.by_rid else None for one in names})

    def _cell(self, table: str, rid: str, name: str, number: int) -> Value:
        """Return what stood in one cell after a revision: far less to read than all the rows of then."""
        if (table, rid) not in self._histories:
            self._histories[table, rid] = self._folder.ledger.history(table, rid, self._folder.schema)
        history = (entry for entry in self._histories[table, rid] if entry.field == name)
        told = [entry for entry in history if entry.revision <= number and not entry.act]
        return told[-1].new if told else None

    def row(self, revision: Revision, change: Change) -> tuple[Value, ...] | None:
        """Return a row that came back as it was then: what it held before stands in no change of this revision."""
        return self._then(revision.number)[change.table].by_rid.get(change.rid)

    def _then(self, number: int) -> Tables:
        if number not in self._rows:
            self._rows[number] = self._folder.ledger.tables(self._folder.schema, number)
        return self._rows[number]

    def _by_place(self, revision: Revision) -> Mapping[Place, Change]:
        if revision.number not in self._places:
            self._places[revision.number] = {(c.table, c.rid, c.field): c for c in self.changes(revision)}
        return self._places[revision.number]
