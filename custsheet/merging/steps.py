"""What has to be written so that the rows as they are become what a merge comes to, and who is behind each step."""

from __future__ import annotations

from typing import Literal

from custsheet.merging.rows import RowKey
from custsheet.model import Change, Outcome, Tables, Value

ChangeKind = Literal["cell", "add", "delete"]


def difference(current: Tables, target: Tables, outcome: Outcome) -> tuple[Change, ...]:
    """Return what has to be written so that the current rows become the target.

    A difference that the outcome does not explain is a cell or row that goes back to the opening: `reopened`.
    """
    why = _Causes(outcome)
    found: list[Change] = []
    for name in sorted(set(current) | set(target)):
        old, new = current.get(name), target.get(name)
        old_rows = old.by_rid if old is not None else {}
        new_rows = new.by_rid if new is not None else {}
        for rid in sorted(set(old_rows) | set(new_rows)):
            if rid not in new_rows:
                found.append(why.gone(name, rid))
            elif rid not in old_rows:
                found += why.came(name, rid)
            elif old is not None and new is not None and old_rows[rid] != new_rows[rid]:
                before = dict(zip(old.fields, old_rows[rid], strict=True))
                cells = zip(new.fields, new_rows[rid], strict=True)
                found += [why.cell((name, rid, f), before.get(f), v) for f, v in cells if v != before.get(f)]
    return tuple(found)


class _Causes:
    """Who is behind a difference: as the outcome says, by an answer that keeps a row, or who typed something back."""

    def __init__(self, outcome: Outcome) -> None:
        self._kept = outcome.kept
        self._why = {(c.table, c.rid, c.field): c for c in outcome.changes}
        self._cells: dict[RowKey, list[Change]] = {}
        for change in outcome.changes:
            if change.kind == "cell":
                self._cells.setdefault((change.table, change.rid), []).append(change)
        typed_back = [f for f in outcome.findings if f.code == "F_SUPERSEDED"]
        self._back = {(f.where.table, f.where.rid, f.where.field): f.member for f in typed_back}
        waiting = {claim.where.rid for question in outcome.questions for claim in question.claims}
        self._left = {(f.where.table, f.where.rid): f.member for f in typed_back if f.where.rid not in waiting}
        self._labels = {(c.table, c.rid): c.label for c in outcome.changes}
        self._labels |= {(q.table, q.rid): q.label for q in outcome.questions}

    def gone(self, table: str, rid: str) -> Change:
        """Return the change by which a row goes."""
        known = self._row(table, rid, "delete")
        return known or self._reopened((table, rid, ""), "delete", by=self._left.get((table, rid)))

    def came(self, table: str, rid: str) -> list[Change]:
        """Return the change by which a row comes or comes back, and what else is changed in it: others may have."""
        row = self._row(table, rid, "add") or self._reopened((table, rid, ""), "add")
        if row.cause == "reopened" and (by := self._kept.get((table, rid))) is not None:
            row = row._replace(members=(by,) if by else (), cause="resolution")
        return [row, *self._cells.get((table, rid), ())]

    def cell(self, place: tuple[str, str, str], was: Value, value: Value) -> Change:
        """Return the change of a cell; one that a new row brought later is its member's."""
        known, added = self._why.get(place), self._row(*place[:2], "add")
        if known is not None:
            return known._replace(old=was, new=value)
        change = self._reopened(place, "cell", by=self._back.get(place))._replace(old=was, new=value)
        return change._replace(members=added.members, cause=added.cause) if added and not change.members else change

    def _row(self, table: str, rid: str, kind: ChangeKind) -> Change | None:
        known = self._why.get((table, rid, ""))
        return known if known is not None and known.kind == kind else None

    def _reopened(self, place: tuple[str, str, str], kind: ChangeKind, by: str | None = None) -> Change:
        """What nobody changed in this round is named by who knows all rows."""
        label, members = self._labels.get(place[:2], ""), (by,) if by else ()
        return Change(*place, None, None, members, label, "edit" if by else "reopened", kind)
