"""Turn the texts under which copies show rows and members back into ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from custsheet.fields.base import Field, Note, Text, expected, spoken
from custsheet.model import Unreadable, Value
from custsheet.schema.labels import FIRST, by_name
from custsheet.schema.records import Issue, Schema, Team
from custsheet.text import fold, in_a_row, nearest

Known = Callable[[str], Mapping[str, str]]
"""Target table → row id → label, as far as the member may see (the ledger's side of a look-up)."""


class Resolved(NamedTuple):
    """What a name stands for: `Unreadable` where it is nobody's, with facts for the wording; and what was read over."""

    value: Value
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


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

    def resolve(self, field: Field, value: Value) -> Resolved:
        """Return the canonical value of a ref or member field; other fields keep what they have."""
        kind = field.spec.type
        if kind == "ref" and isinstance(value, str):
            return self._row(field, value)
        if kind == "member" and isinstance(value, str):
            return self._member(value)
        if kind == "members" and isinstance(value, tuple):
            found = [self._member(name) for name in value]
            bad = next((one for one in found if isinstance(one.value, Unreadable)), None)
            if bad:
                return Resolved(Unreadable("、".join(value)), bad.facts)
            notes = tuple(note for one in found for note in one.notes)
            return Resolved(tuple(dict.fromkeys(str(one.value) for one in found)), notes=notes)
        return Resolved(value)

    def _member(self, name: str) -> Resolved:
        found = self._members.get(fold(name))
        if found is not None:
            return Resolved(found)
        alike = [id_ for known, id_ in self._members.items() if _bare(known) == _bare(name)]
        if len(alike) == 1:
            return Resolved(alike[0], notes=(Note("F_TERM", name, self.names[alike[0]]),))
        return Resolved(Unreadable(name), _near(name, self._names))

    def _row(self, field: Field, text: str) -> Resolved:
        rows = self._at(field.spec.to)
        found = rows.get(fold(text), set())
        notes: tuple[Note, ...] = ()
        if not found:
            alike = [known for known in rows if _bare(known) == _bare(text)]
            found = set().union(*(rows[known] for known in alike))
            notes = tuple(Note("F_TERM", text, self._shown(field.spec.to, rid)) for rid in found)
        if len(found) == 1:
            return Resolved(next(iter(found)), notes=notes)
        if found:
            shown = [self._shown(field.spec.to, rid) for rid in found]
            named = sorted({name + (FIRST if fold(name) == fold(text) else "") for name in shown})
            return Resolved(
                Unreadable(text),
                (
                    ("reason", "ambiguous"),
                    *expected("ref_several", several=Text(in_a_row(named, "zh"), in_a_row(named, "en"))),
                ),
            )
        words = [shown for _, shown in self._current.get(field.spec.to, [])]
        words += list(self._issue.labels.get(field.spec.to, {}).values())
        return Resolved(Unreadable(text), _near(text, words))

    def _shown(self, table: str, rid: str) -> str:
        """The name of a row as people see it."""
        known = self._known(table) if self._known is not None else {}
        return {**known, **dict(self._current.get(table, [])), **self._issue.labels.get(table, {})}.get(rid, rid)

    def _at(self, table: str) -> Mapping[str, set[str]]:
        """Folded text → row ids. What was issued wins; then this copy's present rows; then the ledger."""
        if table not in self._index:
            index = by_name(self._known(table)) if self._known is not None else {}
            issued: dict[str, set[str]] = {}
            for rid, text in self._issue.labels.get(table, {}).items():
                issued.setdefault(fold(text), set()).add(rid)
            current: dict[str, set[str]] = {}
            for rid, text in self._current.get(table, []):
                current.setdefault(fold(text), set()).add(rid)
            self._index[table] = index | current | issued
        return self._index[table]


def _near(name: str, words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    near = nearest(name, words)
    return spoken("nearest", Text(in_a_row(near, "zh"), in_a_row(near, "en")))


def _bare(name: str) -> str:
    """A name without what people put in or around it: blanks that align two characters with three, the @ of a chat."""
    return fold(name).replace(" ", "").removeprefix("@")
