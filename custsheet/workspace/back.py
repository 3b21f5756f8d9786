"""What of a revision can be taken back by a counter-revision, and what stands there then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from custsheet.ledger.records import Revision
from custsheet.merging.questions import WITHDRAWN
from custsheet.model import Change, Table, Tables, Value
from custsheet.text import fold
from custsheet.workspace.asides import with_changes
from custsheet.workspace.folder import Folder
from custsheet.workspace.waits import UNDONE_BY


def from_what_stands(folder: Folder, revision: Revision, changes: Sequence[Change]) -> Sequence[Change]:
    """Return a revision's changes as if nothing that was undone since had been there before it."""
    undone = _undone_before(folder, revision)
    places = {(c.table, c.rid, c.field) for n in undone for c in folder.ledger.changes(n, folder.schema)}
    if not places:
        return changes
    return [
        c._replace(old=_stood(folder, revision, c, undone)) if (c.table, c.rid, c.field) in places else c
        for c in changes
    ]


def confirmed_since(folder: Folder, revision: Revision) -> frozenset[tuple[str, str, str, Value]]:
    """Return the cells, table, row id, field and value, that later answers came to and still hold."""
    last = {(a.question, a.digest): a for _, a in folder.ledger.told()}
    later = (a for a in last.values() if a.choice != WITHDRAWN)
    return frozenset(c for a in later if a.revision is not None and a.revision >= revision.number for c in a.cells)


def _undone_before(folder: Folder, revision: Revision) -> Collection[int]:
    """Return the revisions before this one that are undone, and stay so when this one is taken back."""
    revisions = {f"r{r.number}": r for r in folder.ledger.revisions()}
    undone = {int(name.removeprefix(UNDONE_BY)) for name, by in folder.ledger.notes(UNDONE_BY).items() if by}
    for about in undoes(revision, revisions):
        undone.discard(about.number)
    return {number for number in undone if number < revision.number}


def undoes(revision: Revision, revisions: Mapping[str, Revision]) -> Iterator[Revision]:
    """Yield what an undo undid, what that had undone, and so on."""
    at = revisions.get(str(revision.summary.get("undoes", "")))
    while at is not None:
        yield at
        at = revisions.get(str(at.summary.get("undoes", "")))


def _stood(folder: Folder, revision: Revision, change: Change, undone: Collection[int]) -> Value:
    """Return what stood in a cell before a revision, but for what was undone since."""
    value = change.old
    for entry in reversed(folder.ledger.history(change.table, change.rid, folder.schema, change.field)):
        if entry.revision >= revision.number:
            continue
        if entry.revision not in undone or entry.act or entry.new != value:
            break
        value = entry.old
    return value


class Back:
    """Works out what of a revision can be taken back."""

    def __init__(  # rows now and gone, what was done, and how rows were then
        self,
        master: Tables,
        gone: Tables,
        done: Sequence[Change],
        then: Tables,
        buried: Tables,
        confirmed: Collection[tuple[str, str, str, Value]] = (),
    ) -> None:
        """`then` are the rows as the revision left them, `buried` those that were deleted before it.

        `confirmed` are cells, with their values, of which a later answer said that they stay so.
        """
        self._confirmed = confirmed
        self._master, self._gone, self._then, self._buried = master, gone, then, buried
        self.changes: list[Change] = []
        self.left: list[Change] = []
        self._rows: dict[str, dict[str, tuple[Value, ...]]] = {n: dict(t.items()) for n, t in master.items()}
        added = {(c.table, c.rid): c for c in done if c.kind == "add"}
        for change in done:
            if change.kind == "delete":
                self._restore(change)
            elif change.kind == "cell" and (change.table, change.rid) not in added:
                self._cell(change)
        waiting = list(added.values())
        while waiting:  # a row that another new row refers to can go after that one
            still = [c for c in waiting if not self._drop(c)]
            if len(still) == len(waiting):
                self.left += still
                break
            waiting = still
        while strays := self._strays():  # what refers to them goes after them
            for change in strays:
                del self._rows[change.table][change.rid]
            self.changes = [c for c in self.changes if c not in strays]
            self.left += [c._replace(kind="delete") for c in strays]

    def target(self) -> dict[str, Table]:
        """The tables as they are afterwards."""
        cells = [c for c in self.changes if c.kind == "cell"]
        rows = {name: Table(name, t.fields, tuple(self._rows[name]), tuple(self._rows[name].values()))
                for name, t in self._master.items()}  # fmt: skip
        return {**rows, **with_changes(rows, cells)}

    def _cell(self, change: Change) -> None:
        table = self._master[change.table]
        is_confirmed = (change.table, change.rid, change.field, change.new) in self._confirmed
        if change.rid in table.by_rid and table.get(change.rid, change.field) == change.new and not is_confirmed:
            if change.old != change.new:
                self.changes.append(_turned(change))
        elif change.rid in table.by_rid:
            self.left.append(change)

    def _drop(self, change: Change) -> bool:
        """Let a row that came go, unless it was edited since or a row that stays refers to it.

        A row that had come back from a deletion goes again with the references that it had then.
        """
        rows, then = self._rows[change.table], self._then[change.table].by_rid
        if change.rid not in rows:
            return True
        came_back = change.rid in self._buried[change.table].by_rid
        users = self._users(change.rid, self._rows) - (self._users(change.rid, self._then_rows) if came_back else set())
        if rows[change.rid] != then.get(change.rid) or users:
            return False
        del rows[change.rid]
        self.changes.append(change._replace(kind="delete", cause="undo"))
        return True

    def _strays(self) -> list[Change]:
        """Return the rows that came back and refer to a row that was deleted and is not there."""
        there = {rid for rows in self._rows.values() for rid in rows}
        deleted = {rid for table in self._gone.values() for rid in table.by_rid} - there
        back = [change for change in self.changes if change.kind == "add"]
        return [c for c in back if not deleted.isdisjoint(v for v in self._rows[c.table][c.rid] if isinstance(v, str))]

    @cached_property
    def _then_rows(self) -> dict[str, dict[str, tuple[Value, ...]]]:
        return {name: dict(table.items()) for name, table in self._then.items()}

    def _users(self, rid: str, tables: Mapping[str, Mapping[str, tuple[Value, ...]]]) -> set[tuple[str, str]]:
        """Return the rows that refer to a row."""
        return {(name, other) for name, rows in tables.items() for other, row in rows.items() if rid in row}

    def _restore(self, change: Change) -> None:
        """A row that was deleted comes back as it was, unless its whole text stands there again under another id."""
        gone = self._gone.get(change.table)
        rows = self._rows[change.table]
        if change.rid in rows or gone is None or change.rid not in gone.by_rid:
            return
        row = gone.by_rid[change.rid]
        same = [fold(str(v)) for v in row]
        if any([fold(str(v)) for v in other] == same for other in rows.values()):
            self.left.append(change)
            return
        rows[change.rid] = row
        self.changes.append(change._replace(kind="add", cause="undo"))


def _turned(change: Change) -> Change:
    return change._replace(old=change.new, new=change.old, cause="undo", members=())
