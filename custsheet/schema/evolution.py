"""What becomes of fields, rows, values and returned edits when a schema takes the place of an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from custsheet.fields import make
from custsheet.fields.base import Field, Language, Text, spoken
from custsheet.fields.numerals import plain
from custsheet.messages import word
from custsheet.model import Cell, Change, Edit, Table, Tables, Unreadable, Value
from custsheet.schema.records import Grant, Schema, TableDef, TableGrant
from custsheet.text import fold

TYPE_CHANGED = "R_TYPE_CHANGED"
COLUMN_REMOVED = "R_COLUMN_REMOVED"


@dataclass(frozen=True)
class Names:
    """What ids are called, for a field that begins or ends to hold rows or members."""

    labels: Mapping[str, Mapping[str, str]]
    """Table, as it was called before → row id → label."""
    members: Mapping[str, str]
    """Member id → display name."""

    def shown(self, field: Field, value: Value) -> Value:
        """Return a value with names in place of ids."""
        if field.spec.type == "ref" and isinstance(value, str):
            return self.labels.get(field.spec.to, {}).get(value, value)
        if field.spec.type == "member" and isinstance(value, str):
            return self.members.get(value, value)
        if field.spec.type == "members" and isinstance(value, tuple):
            return tuple(self.members.get(one, one) for one in value)
        return value

    def meant(self, field: Field, value: Value, before: str) -> Value:
        """Return a value with ids in place of names; Unreadable where nothing, or more than one, is called so."""
        if field.spec.type == "ref" and isinstance(value, str):
            return _only(self.labels.get(before, {}), value)
        if field.spec.type == "member" and isinstance(value, str):
            return _only(self.members, value)
        if field.spec.type == "members" and isinstance(value, tuple):
            found = [_only(self.members, name) for name in value]
            return tuple(map(str, found)) if not any(isinstance(f, Unreadable) for f in found) else _raw(value)
        return value


NOBODY = Names({}, {})


def _only(texts: Mapping[str, str], said: str) -> Value:
    found = [key for key, text in texts.items() if fold(text) == fold(said)]
    return found[0] if len(found) == 1 else Unreadable(said, TYPE_CHANGED)


def _raw(value: Sequence[str]) -> Unreadable:
    return Unreadable("、".join(value), TYPE_CHANGED)


@dataclass(frozen=True)
class Move:
    """One field that holds values, and what it is afterwards."""

    table: str
    name: str
    old: Field
    now: str = ""
    """The table's name afterwards; empty where it is gone."""
    new: Field | None = None
    """None where the field is gone, or is worked out from now on."""
    reread: bool = False
    """Whether its values mean something else now: another type, another table, another currency."""

    @property
    def renamed(self) -> bool:
        """Whether it has another name, or its table has."""
        return self.new is not None and (self.now, self.new.name) != (self.table, self.name)


def removed_facts(table: Text, title: Text | None, value: str, *, is_column: bool) -> tuple[tuple[str, str], ...]:
    """Return what `R_COLUMN_REMOVED` names: the column, or the table where all of it is gone, and what was typed.

    `title` is None for a delete mark.
    """

    def said(lang: Language) -> dict[str, str]:
        shown = value or word("value.blank", lang)
        facts = {"table": table[lang], "title": title[lang] if title is not None else "", "value": shown}
        typed = "mark" if title is None else "in_column" if is_column else "in_table"
        gone = "column" if is_column else "table"
        return {"gone": word(f"removed.{gone}", lang, **facts), "typed": word(f"removed.{typed}", lang, **facts)}

    zh, en = said("zh"), said("en")
    return tuple(pair for name in zh for pair in spoken(name, Text(zh[name], en[name])))


class Evolution:
    """The way from one schema to the next. A name that both have is the same field; else `was` says which it was."""

    def __init__(self, old: Schema, new: Schema, *, today: dt.date, names: Names = NOBODY) -> None:
        self.old, self.new = old, new
        self._today, self._names = today, names

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """Table before → table now; only those that are still there."""
        return {before: now for now, t in self.new.tables.items() if (before := _before(now, t.was, self.old.tables))}

    @cached_property
    def moves(self) -> Mapping[tuple[str, str], Move]:
        """(table, field) before → what it is now, of every field that holds values."""
        return {(t.name, f.name): self._move(t, f) for t in self.old.tables.values() for f in _kept(t)}

    def _move(self, table: TableDef, field: Field) -> Move:
        now = self.tables.get(table.name, "")
        fields = self.new.tables[now].fields if now else {}
        found = (f for name, f in fields.items() if _before(name, f.spec.was, table.fields) == field.name)
        new = next(found, None)
        if new is None or new.spec.compute is not None:
            return Move(table.name, field.name, field, now)
        return Move(table.name, field.name, field, now, new, self._kind(field) != _kind(new))

    def _kind(self, field: Field) -> tuple[str, str, str]:
        kind, to, currency = _kind(field)
        return kind, self.tables.get(to, ""), currency

    @cached_property
    def crossed(self) -> list[tuple[str, str]]:
        """Former names that `was` gives to what was there already itself: (former name, name), tables and fields."""
        was, now = ({n: t.was for n, t in schema.tables.items()} for schema in (self.old, self.new))
        found = [*_crossed(was, now)]
        for before, name in self.tables.items():
            tables = (self.old.tables[before], self.new.tables[name])
            was, now = ({f.name: f.spec.was for f in table.fields.values()} for table in tables)
            found += _crossed(was, now)
        return found

    @property
    def added(self) -> list[tuple[str, Field]]:
        """Fields that are new, by the table's name now."""
        known = {(m.now, m.new.name) for m in self.moves.values() if m.new is not None}
        return [(t.name, f) for t in self.new.tables.values() for f in _kept(t) if (t.name, f.name) not in known]

    # ── values ──────────────────────────────────────────────────────────────────────────────────────

    def value(self, move: Move, value: Value) -> Value:
        """Return a value as the field reads it now; what it cannot read is `Unreadable`, as it was typed or shown."""
        if value is None or move.new is None:
            return value
        if not move.reread:
            return self._option(move.new, value)
        raw = value if isinstance(value, Unreadable) else self._names.shown(move.old, value)
        cell = _cell(move.old, raw, self.old.language)
        read = move.new.parse(cell, language=self.old.language, today=self._today).value
        target = next((before for before, now in self.tables.items() if now == move.new.spec.to), "")
        meant = self._names.meant(move.new, read, target)
        return Unreadable(cell.raw, TYPE_CHANGED) if isinstance(meant, Unreadable) else meant

    def _option(self, field: Field, value: Value) -> Value:
        """An option that is another one's former word becomes that one; one that is nowhere stays as it is."""
        known = {option.value for option in field.spec.options}
        if not known or isinstance(value, Unreadable):
            return value
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(str(self._option(field, one)) for one in value))
        if not isinstance(value, str) or value in known:
            return value
        read = field.parse(Cell("text", value), language=self.new.language, today=self._today).value
        found = read[0] if isinstance(read, tuple) and len(read) == 1 else read
        return found if isinstance(found, str) else value

    def fits(self, move: Move, value: Value) -> bool:
        """Tell whether a value from before has a place now that says the same."""
        if value is None:
            return True
        if move.new is None:
            return False
        now = self.value(move, value)
        if isinstance(now, Unreadable):
            return isinstance(value, Unreadable) and not move.reread
        return not (_strays(move.new, now) - _strays(move.old, value))

    # ── rows, changes, edits, rights ────────────────────────────────────────────────────────────────

    def carry(self, tables: Tables) -> dict[str, Table]:
        """Return rows with all fields of the new schema; rows of a table that is gone are left out."""
        found = {name: Table(name, tuple(t.fields)) for name, t in self.new.tables.items()}
        for name, table in tables.items():
            if name in self.tables:
                found[self.tables[name]] = self._carry(table, self.new.tables[self.tables[name]])
        return found

    def _carry(self, table: Table, now: TableDef) -> Table:
        moves = {m.new.name: m for m in self._of(table.name) if m.new is not None}
        columns = []
        for name in now.fields:
            move = moves.get(name)
            given = table.column(move.name) if move is not None and move.name in table.at else [None] * len(table)
            columns.append([self.value(move, v) for v in given] if move is not None else given)
        return Table(now.name, tuple(now.fields), table.rids, tuple(zip(*columns, strict=True)) if columns else ())

    def _of(self, table: str) -> Iterator[Move]:
        return (move for (name, _), move in self.moves.items() if name == table)

    def change(self, change: Change) -> Change | None:
        """Return a change in the new schema's terms; None where its field or table is gone."""
        if change.kind != "cell":
            now = self.tables.get(change.table)
            return change._replace(table=now) if now else None
        move = self.moves.get((change.table, change.field))
        if move is None or move.new is None:
            return None
        old, new = self.value(move, change.old), self.value(move, change.new)
        return change._replace(table=move.now, field=move.new.name, old=old, new=new)

    def edit(self, edit: Edit) -> Edit:
        """Return an edit in the new schema's terms: rejected, its value kept, where there is no place for it."""
        move = self.moves.get((edit.table, edit.field)) if edit.field else None
        if (move is not None and move.new is None) or edit.table not in self.tables:
            return edit._replace(code=edit.code or COLUMN_REMOVED)
        row = tuple(pair for name, value in edit.row for pair in self._pair(edit.table, name, value))
        if move is None or move.new is None:  # a whole row, or a cell that is worked out
            table = self.tables[edit.table]
            return edit._replace(table=table, where=edit.where._replace(table=table), row=row)
        value, base = self.value(move, edit.value), self.value(move, edit.base)
        code = "" if isinstance(edit.value, Unreadable) and edit.code == edit.value.code else edit.code
        if isinstance(value, Unreadable):
            code = code or value.code
        if not move.new.editable:
            code = code or "R_READ_ONLY"
        where = edit.where._replace(table=move.now, field=move.new.name)
        named = {"table": move.now, "field": move.new.name, "where": where}
        return edit._replace(**named, base=base, value=value, row=row, code=code)  # type: ignore[arg-type]

    def _pair(self, table: str, name: str, value: Value) -> Iterator[tuple[str, Value]]:
        move = self.moves.get((table, name))
        if move is not None and move.new is not None:
            yield move.new.name, self.value(move, value)

    def grant(self, grant: Grant) -> Grant:
        """Return rights as they were given, in the new schema's terms."""
        return {self.tables[name]: self._granted(name, right) for name, right in grant.items() if name in self.tables}

    def _granted(self, table: str, right: TableGrant) -> TableGrant:
        now = {m.name: m.new.name for m in self._of(table) if m.new is not None}
        see = tuple(now[name] for name in right.see if name in now)
        edit, enter = (frozenset(now[name] for name in names if name in now) for names in (right.edit, right.enter))
        return replace(right, see=see, edit=edit, enter=enter)


def reading(own: Schema, road: Sequence[Evolution]) -> Schema:
    """Return a copy's own schema with the way to read of the road's end for fields that mean the same in both.

    By the own schema a copy is laid out and told to be untouched; what was typed since is read by today's options,
    terms and limits.
    """
    if not road:
        return own
    tables = {t.name: replace(t, fields={f.name: _reading(t.name, f, road) for f in t.fields.values()})
              for t in own.tables.values()}  # fmt: skip
    return replace(own, tables=tables)


def _reading(table: str, field: Field, road: Sequence[Evolution]) -> Field:
    now = field
    for evolution in road:
        move = evolution.moves.get((table, now.name))
        if move is None or move.new is None or move.reread or move.new.editable != field.editable:
            return field
        table, now = move.now, move.new
    was = field.spec
    own = {"name": was.name, "title": was.title, "aliases": was.aliases, "to": was.to, "table": was.table}
    return make(replace(now.spec, **own, key=was.key))  # type: ignore[arg-type]


def _before(name: str, was: Sequence[str], known: Mapping[str, object]) -> str:
    """Return what was called so before: the same name, else the first of its former names that there was."""
    return next((word for word in (name, *was) if word in known), "")


def _crossed(before: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield (former name, name) of a renaming to a name that something else has given up in the same step."""
    for name, words in now.items():
        for former in words if name in before else ():
            if former in before and former not in now:
                yield former, name


def _kept(table: TableDef) -> Iterator[Field]:
    return (field for field in table.fields.values() if field.spec.compute is None)


def _kind(field: Field) -> tuple[str, str, str]:
    return field.spec.type, field.spec.to, field.spec.currency


def _strays(field: Field, value: Value) -> set[str]:
    """What of a value is none of the field's options."""
    known = {option.value for option in field.spec.options}
    words = value if isinstance(value, tuple) else (value,)
    return {word for word in words if isinstance(word, str) and word not in known} if known else set()


def _cell(field: Field, value: Value, language: Language) -> Cell:
    """A value as the cell in which it would come back."""
    if isinstance(value, Unreadable):
        return Cell("text", value.raw)
    if isinstance(value, bool):
        return Cell("text", field.text(value, language=language))
    if isinstance(value, int | Decimal):
        return Cell("number", plain(Decimal(value)))
    if isinstance(value, dt.date):
        return Cell("text", value.isoformat().replace("T", " "))
    return Cell("text", field.text(value, language=language) if field.spec.type != "ref" else str(value))
