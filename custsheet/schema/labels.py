"""What people call a row: the text of its key, made unique by a suffix, and the way back from text to row id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from custsheet.errors import CallError
from custsheet.fields.base import Field, Language
from custsheet.model import Table, Tables, Unreadable, Value
from custsheet.schema.records import Grant, Schema, TableDef
from custsheet.text import fold, in_a_row, nearest

JOINER = " · "
FIRST = " (1)"
"""What may be put behind a name that several rows bear, for the one that is not numbered."""
_NUMBERED = re.compile(r" \(([0-9]{1,9})\)\Z")
_MOST_NAMED, _MOST_DETAILS = 5, 3


class Labels:
    """The labels of every row in some tables, worked out when first asked for."""

    def __init__(
        self,
        schema: Schema,
        tables: Tables,
        *,
        language: Language = "zh",
        names: Mapping[str, str] | None = None,
        former: Mapping[tuple[str, str], Field] | None = None,
        elsewhere: Callable[[str, str], str] | None = None,
    ) -> None:
        """`former` are fields of earlier schemas that this one has no more: (table, name) → field.

        `elsewhere` tells what a row is or was called that is not in these tables; empty where nobody knows.
        """
        self._schema = schema
        self._tables = tables
        self._language = language
        self._names = names or {}
        self._texts: dict[str, dict[str, str]] = {}
        self._names_of: dict[str, dict[str, str]] = {}
        self._former = former or {}
        self._elsewhere = elsewhere or (lambda table, rid: "")
        self._within: dict[frozenset[tuple[str, tuple[str, ...]]], Labels] = {}

    def within(self, grant: Grant) -> Labels:
        """Return the labels for somebody who may see this: rows are known by what of their key is seen (L17).

        A table that is not granted is only named, by its key.
        """
        seen = frozenset((name, granted.see) for name, granted in grant.items() if name in self._tables)
        if all(set(self._schema.tables[name].key) <= set(see) for name, see in seen):
            return self
        if seen not in self._within:
            shown = {name: _columns(self._tables[name], see) for name, see in seen}
            made = Labels(self._schema, {**self._tables, **shown}, language=self._language, names=self._names)
            made._former = self._former
            self._within[seen] = made
        return self._within[seen]

    def field(self, table: str, name: str) -> Field | None:
        """Return a field, or the one that was called so under an earlier schema."""
        known = self._schema.tables[table].fields.get(name) if table in self._schema.tables else None
        return known if known is not None else self._former.get((table, name))

    def of(self, table: str) -> Mapping[str, str]:
        """Return row id → label text of one table; empty for a table that is not here."""
        if table not in self._texts:
            self._texts[table] = {}  # a ref that leads back here sees blanks, not an endless loop
            if table in self._tables:
                self._names_of[table] = self._told(self._schema.tables[table], self._tables[table])
                self._texts[table] = _unique(self._names_of[table])
        return self._texts[table]

    def name(self, table: str, rid: str) -> str:
        """Return what a row is called, which other rows may be called as well; empty if it is unknown."""
        self.of(table)
        return self._names_of.get(table, {}).get(rid, "")

    def text(self, table: str, rid: str) -> str:
        """Return the text under which refs show a row; empty if it is unknown."""
        return self.of(table).get(rid, "")

    def label(self, table: str, rid: str) -> str:
        """Return `table/key` as people and `--json` name a row."""
        return f"{table}/{self._called(table, rid)}"

    def _called(self, table: str, rid: str) -> str:
        """Return the text of a row that is here, else what it is called elsewhere, else its id."""
        return self.text(table, rid) or self._elsewhere(table, rid) or rid

    def value(self, table: str, field: str, value: Value) -> str:
        """Say a canonical value as a person would: refs by label, members by name."""
        known = self.field(table, field)
        if known is None:
            return "" if value is None else value.raw if isinstance(value, Unreadable) else str(value)
        spec = known.spec
        if isinstance(value, str) and spec.type == "ref":
            return self._called(spec.to, value)
        if isinstance(value, str) and spec.type == "member":
            return self._names.get(value, value)
        if isinstance(value, tuple) and spec.type == "members":
            return in_a_row((self._names.get(v, v) for v in value), self._language)
        return known.text(value, language=self._language)

    def told(self, table: str, field: str, value: Value) -> str:
        """Say a value of any time: one from when the field was of another kind as it is written."""
        try:
            return self.value(table, field, value)
        except (TypeError, AttributeError, ValueError):
            return str(value)

    def title(self, table: str, field: str) -> str:
        """Return a field's title, as it was last where the schema has it no more; else its name."""
        known = self.field(table, field)
        return known.spec.title[self._language] if known is not None else field

    def definition(self, table: str) -> TableDef:
        """Return the table's definition."""
        return self._schema.tables[table]

    def find(self, label: str) -> tuple[str, str]:
        """Return (table, row id) of a label; the table may be left out where the key is clear.

        Raises CallError `LABEL_UNKNOWN` with near labels, or `LABEL_AMBIGUOUS`.
        """
        tables, text = self._split(label)
        alike = self.alike(label)
        found = [place for place in alike if self._is_called(place, text)]
        if not alike and text.endswith(FIRST):
            found = [p for p in self.alike(label.removesuffix(FIRST)) if self._is_called(p, text.removesuffix(FIRST))]
        is_id = len(found) == 1 and found[0][1] == text
        if len(found) == 1 and (is_id or not self._is_first(found[0], alike)):
            return found[0]
        if alike:
            raise CallError("LABEL_AMBIGUOUS", label=label, found=self._told_apart(alike[:_MOST_NAMED]))
        near = nearest(text, [shown for t in tables for shown in self.of(t).values()])
        raise CallError("LABEL_UNKNOWN", label=label, nearest=near)

    def _is_first(self, place: tuple[str, str], alike: Sequence[tuple[str, str]]) -> bool:
        """Tell whether other rows of the same table bear this one's name and a number."""
        table, name = place[0], self.text(*place)
        shared = [rid for t, rid in alike if t == table and fold(self.name(t, rid)) == fold(name)]
        return len(shared) > 1

    def _told_apart(self, places: Sequence[tuple[str, str]]) -> list[str]:
        """Return for each row a label that is its own, with what it has in the first fields in which they differ."""
        told = []
        for table, rid in places:
            rows, rids = self._tables[table], [other for t, other in places if t == table]
            differing = [f for f in rows.fields if len({str(rows.get(other, f)) for other in rids}) > 1]
            said = [self.value(table, f, rows.get(rid, f)) for f in differing[:_MOST_DETAILS]]
            form = "（{}）" if self._language == "zh" else " ({})"
            detail = form.format(JOINER.join(filter(None, said))) if any(said) else ""
            told.append(self.label(table, rid) + (FIRST if self._is_first((table, rid), places) else "") + detail)
        return told

    def alike(self, label: str) -> list[tuple[str, str]]:
        """Return (table, row id) of all rows of this name, also of those that are numbered to be told apart."""
        tables, text = self._split(label)
        wanted = fold(text)
        return [
            (t, rid)
            for t in tables
            for rid, shown in self.of(t).items()
            if rid == text or wanted in (fold(shown), fold(self.name(t, rid)))
        ]

    def _is_called(self, place: tuple[str, str], text: str) -> bool:
        return place[1] == text or fold(self.text(*place)) == fold(text)

    def _split(self, label: str) -> tuple[tuple[str, ...], str]:
        """The tables that a label may be of, and the name itself."""
        table, slash, text = label.partition("/")
        called = next((t.name for t in self._schema.tables.values() if fold(table) in map(fold, _called(t))), "")
        return ((called,), text) if slash and called else (tuple(self._schema.tables), label)

    def _told(self, table: TableDef, rows: Table) -> dict[str, str]:
        columns = [[self.value(table.name, f, v) for v in rows.column(f)] for f in self._naming(table, rows)]
        return {
            rid: JOINER.join(column[position] for column in columns if column[position]) or rid
            for position, rid in enumerate(rows.rids)
        }

    def _naming(self, table: TableDef, rows: Table) -> list[str]:
        """The key; without one the refs and the first date, as people say "the visit to 华兴 on the 3rd"."""
        if table.key:
            return [name for name in table.key if name in rows.at] or list(rows.fields[:1])
        refs = [name for name in table.refs if name in rows.at]
        dates = [name for name, f in table.fields.items() if f.spec.type == "date" and name in rows.at][:1]
        return refs + dates or list(rows.fields[:1])


def _columns(table: Table, names: Sequence[str]) -> Table:
    """Return a table with these columns alone."""
    kept = tuple(name for name in names if name in table.at)
    columns = [table.column(name) for name in kept]
    rows = tuple(zip(*columns, strict=True)) if columns else ((),) * len(table.rids)
    return Table(table.name, kept, table.rids, rows)


def by_name(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Return folded text → row ids of labels, row id → text; a name that some bear with a number leads to them all."""
    found: dict[str, set[str]] = {}
    for rid, text in texts.items():
        found.setdefault(fold(text), set()).add(rid)
    numbered: dict[str, dict[int, str]] = {}
    for rid, text in texts.items():
        match = _NUMBERED.search(text)
        if match and fold(text[: match.start()]) in found:
            numbered.setdefault(fold(text[: match.start()]), {})[int(match[1])] = rid
    for bare, rids in numbered.items():
        if sorted(rids) == list(range(2, len(rids) + 2)):  # as we number; "X (2024)" is a name of its own
            found.setdefault(bare + FIRST, set(found[bare]))
            found[bare] |= set(rids.values())
    return found


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Number names that come again: row id → name."""
    seen: dict[str, int] = {}
    texts: dict[str, str] = {}
    for rid, text in names.items():
        folded = fold(text)
        seen[folded] = seen.get(folded, 0) + 1
        texts[rid] = text if seen[folded] == 1 else f"{text} ({seen[folded]})"
    return texts


def _called(table: TableDef) -> tuple[str, ...]:
    return (table.name, table.title.zh, table.title.en)
