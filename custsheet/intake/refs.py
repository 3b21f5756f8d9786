"""Turn the texts under which copies show rows and members back into ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from custsheet.fields.base import Field
from custsheet.model import Unreadable, Value
from custsheet.schema.records import Issue, Schema, Team
from custsheet.text import fold, nearest

Known = Callable[[str], Mapping[str, str]]
"""Target table → row id → label, as far as the member may see (the ledger's side of a look-up)."""


class Resolver:
    """Looks names up in this order: labels as issued, rows of this copy as they are now, then the ledger."""

    def __init__(self, schema: Schema, issue: Issue, team: Team, known: Known | None = None) -> None:
        self._schema = schema
        self._issue = issue
        self.names = {m.id: m.name for m in team.members}
        self._members = {fold(m.name): m.id for m in team.members}
        self._names = [m.name for m in team.members]
        self._known = known
        self._current: dict[str, list[tuple[str, str]]] = {}
        self._index: dict[str, dict[str, set[str]]] = {}

    def add_rows(self, table: str, shown: list[tuple[str, str]]) -> None:
        """Tell what rows this copy holds now: (row id, key text), typed ones included."""
        self._current[table] = shown
        self._index.pop(table, None)

    def resolve(self, field: Field, value: Value) -> tuple[Value, tuple[tuple[str, str], ...]]:
        """Return the canonical value of a ref or member field, and facts for the wording where there is none."""
        kind = field.spec.type
        if value is None or isinstance(value, Unreadable):
            return value, ()
        if kind == "ref" and isinstance(value, str):
            return self._row(field, value)
        if kind == "member" and isinstance(value, str):
            return self._member(value)
        if kind == "members" and isinstance(value, tuple):
            found = [self._member(name) for name in value]
            bad = next((pair for pair in found if isinstance(pair[0], Unreadable)), None)
            if bad:
                return Unreadable("、".join(value)), bad[1]
            return tuple(dict.fromkeys(str(v) for v, _ in found)), ()
        return value, ()

    def _member(self, name: str) -> tuple[Value, tuple[tuple[str, str], ...]]:
        found = self._members.get(fold(name))
        if found is not None:
            return found, ()
        return Unreadable(name), (("nearest", "、".join(nearest(name, self._names))),)

    def _row(self, field: Field, text: str) -> tuple[Value, tuple[tuple[str, str], ...]]:
        wanted = fold(text)
        found = self._at(field.spec.to).get(wanted, set())
        if len(found) == 1:
            return next(iter(found)), ()
        if len(found) > 1:
            return Unreadable(text), (("reason", "ambiguous"), ("nearest", text))
        words = [shown for _, shown in self._current.get(field.spec.to, [])]
        words += list(self._issue.labels.get(field.spec.to, {}).values())
        return Unreadable(text), (("nearest", "、".join(nearest(text, words))),)

    def _at(self, table: str) -> Mapping[str, set[str]]:
        """Folded text → row ids. What was issued wins; then this copy's present rows; then the ledger."""
        if table not in self._index:
            index: dict[str, set[str]] = {}
            issued: dict[str, set[str]] = {}
            for rid, text in self._issue.labels.get(table, {}).items():
                issued.setdefault(fold(text), set()).add(rid)
            current: dict[str, set[str]] = {}
            for rid, text in self._current.get(table, []):
                current.setdefault(fold(text), set()).add(rid)
            if self._known is not None:
                for rid, text in self._known(table).items():
                    index.setdefault(fold(text), set()).add(rid)
            self._index[table] = index | current | issued
        return self._index[table]
