"""What a member may see and change: grants, owners, the rows of a copy, and the projection of rows to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from custsheet.errors import CallError
from custsheet.model import Table, Tables, Value
from custsheet.schema.records import Grant, Member, RowScope, Schema, TableGrant, Team
from custsheet.schema.source import nearest_word

NOBODY: frozenset[str] = frozenset()


def grant_of(schema: Schema, member: Member) -> Grant:
    """Return the rights of a member's role; CallError `MEMBER_ROLE` if the schema has no such role."""
    grant = schema.roles.get(member.role)
    if grant is None:
        near = nearest_word(member.role, schema.roles)
        known = ", ".join(schema.roles)
        raise CallError("MEMBER_ROLE", role=member.role, name=member.name, nearest=near, known=known)
    return grant


def may_write(grant: Grant) -> bool:
    """Tell whether somebody with these rights can change anything: else nobody waits for the copy to come back."""
    return any(right.edit or right.enter or right.add or right.delete for right in grant.values())


# ── owners ──────────────────────────────────────────────────────────────────────────────────────────


def owners_of(schema: Schema, tables: Tables, table: str, rid: str) -> frozenset[str]:
    """Return the ids of the members who own a row, by its owner field or by the row that it inherits from."""
    return _people(schema, tables, table, rid, helpers=False)


def holders_of(schema: Schema, tables: Tables, table: str, rid: str) -> frozenset[str]:
    """Return the ids of the members whose own rows include this one: owners and helpers."""
    return _people(schema, tables, table, rid, helpers=True)


def holding_rows(schema: Schema, tables: Tables, table: str, rid: str) -> Iterator[tuple[str, str]]:
    """Yield the rows that say whose a row is, as table and row id: itself, and those through which it belongs."""
    return ((name, row) for name, row, _ in _line(schema, tables, table, rid))


def _people(schema: Schema, tables: Tables, table: str, rid: str, *, helpers: bool) -> frozenset[str]:
    found: frozenset[str] = NOBODY
    for name, _, row in _line(schema, tables, table, rid):
        definition, at = schema.tables[name], tables[name].at
        names = (definition.owner, definition.helpers if helpers else "")
        found = found.union(*(members_in(row[at[name]]) for name in names if name in at))
    return found


def _line(schema: Schema, tables: Tables, table: str, rid: str) -> Iterator[tuple[str, str, tuple[Value, ...]]]:
    """Yield a row and those through which it belongs to somebody, as table, row id and values."""
    passed: set[str] = set()
    while table in tables and table not in passed and (row := tables[table].by_rid.get(rid)) is not None:
        passed.add(table)
        yield table, rid, row
        definition, at = schema.tables[table], tables[table].at
        onward = row[at[definition.via]] if definition.via in at else None
        if not isinstance(onward, str):
            break
        table, rid = definition.refs[definition.via], onward


def members_in(value: Value) -> frozenset[str]:
    """Return the ids in the value of a member field."""
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(value) if isinstance(value, tuple) else NOBODY


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


class Holdings:
    """Whose row is whose, worked out once for rows that many copies are made of."""

    def __init__(self, schema: Schema, tables: Tables) -> None:
        self._schema, self._tables = schema, tables
        self._rows: dict[tuple[str, bool], dict[str, list[str]]] = {}

    def of(self, table: str, members: Iterable[str], *, helpers: bool) -> set[str]:
        """Return the ids of the rows that any of these members owns or, with `helpers`, helps with."""
        rows = self._rows.get((table, helpers))
        if rows is None:
            rows = self._rows[table, helpers] = {}
            for rid in self._tables[table].rids:
                for who in _people(self._schema, self._tables, table, rid, helpers=helpers):
                    rows.setdefault(who, []).append(rid)
        return {rid for who in members for rid in rows.get(who, ())}


def visible_rows(  # who sees which rows of what, on which day
    schema: Schema,
    team: Team,
    member: Member,
    tables: Tables,
    *,
    today: dt.date,
    holdings: Holdings | None = None,
) -> dict[str, list[str]]:
    """Return, for each granted table, the ids of the rows that a member sees, in the table's order.

    Whoever asks for many members gives the `Holdings` of schema and tables.
    """
    grant = grant_of(schema, member)
    under = team.under(member.id)
    holdings = holdings or Holdings(schema, tables)
    chosen: dict[str, set[str]] = {}
    for name, right in grant.items():
        rows = tables.get(name)
        mine = _in_scope(holdings, tables[name], right.rows, me=member.id, under=under) if rows else ()
        chosen[name] = {rid for rid in mine if _recent(schema, tables, name, rid, today)}
    _add_linked(schema, grant, tables, chosen, today=today)
    return {
        name: [rid for rid in tables[name].rids if rid in ids] if name in tables else [] for name, ids in chosen.items()
    }


def _in_scope(holdings: Holdings, table: Table, scope: RowScope, *, me: str, under: frozenset[str]) -> Iterable[str]:
    if scope == "all":
        return table.rids
    if scope not in ("own", "team"):
        return ()
    mine = holdings.of(table.name, (me,), helpers=True)
    return mine | holdings.of(table.name, under, helpers=False) if scope == "team" else mine


def _recent(schema: Schema, tables: Tables, name: str, rid: str, today: dt.date) -> bool:
    """Tell whether `show: 90d` lets a row into a copy; a row without a date stays."""
    definition = schema.tables[name]
    if definition.show_days is None or definition.show_by not in tables[name].at:
        return True
    day = tables[name].get(rid, definition.show_by)
    if isinstance(day, dt.datetime):
        day = day.date()
    return not isinstance(day, dt.date) or (today - day).days <= definition.show_days


def _add_linked(schema: Schema, grant: Grant, tables: Tables, chosen: dict[str, set[str]], *, today: dt.date) -> None:
    """Add the rows that a seen row refers to, through refs that the member sees; such rows may refer on."""
    fresh = {name: set(ids) for name, ids in chosen.items()}
    while any(fresh.values()):
        found: dict[str, set[str]] = {name: set() for name in chosen}
        for name, ids in fresh.items():
            for ref, target in schema.tables[name].refs.items():
                linked = target in grant and grant[target].rows == "linked" and target in tables
                if linked and ref in grant[name].see and name in tables and ref in tables[name].at:
                    found[target].update(_referred(tables, name, ref, ids).intersection(tables[target].by_rid))
        fresh = {
            name: {rid for rid in ids - chosen[name] if _recent(schema, tables, name, rid, today)}
            for name, ids in found.items()
        }
        for name, ids in fresh.items():
            chosen[name] |= ids


def _referred(tables: Tables, name: str, ref: str, rids: Iterable[str]) -> set[str]:
    at, rows = tables[name].at[ref], tables[name].by_rid
    return {value for rid in rids if isinstance(value := rows[rid][at], str)}


def project(grant: Grant, rows: Mapping[str, Sequence[str]], tables: Tables) -> dict[str, Table]:
    """Return only these rows of the granted tables, with only the fields that the grant sees, in its order."""
    return {name: _cut(tables[name], right.see, rows.get(name, ())) for name, right in grant.items() if name in tables}


def _cut(table: Table, see: Sequence[str], rids: Sequence[str]) -> Table:
    fields = tuple(name for name in see if name in table.at)
    positions = [table.at[name] for name in fields]
    picked = [table.by_rid[rid] for rid in rids]
    return Table(table.name, fields, tuple(rids), tuple(tuple(row[at] for at in positions) for row in picked))


# ── as JSON ─────────────────────────────────────────────────────────────────────────────────────────


def grant_to_json(grant: Grant) -> dict[str, dict[str, object]]:
    """Return a grant as plain data, its names in a fixed order."""
    return {
        name: {
            "rows": right.rows,
            "see": list(right.see),
            "edit": [field for field in right.see if field in right.edit],
            "enter": [field for field in right.see if field in right.enter],
            "add": right.add,
            "delete": right.delete,
            "reassign": right.reassign,
        }
        for name, right in grant.items()
    }


def grant_from_json(data: Mapping[str, Mapping[str, Any]]) -> Grant:
    """Invert `grant_to_json`."""
    return {
        name: TableGrant(
            rows=cast(RowScope, right["rows"]),
            see=tuple(right["see"]),
            edit=frozenset(right["edit"]),
            enter=frozenset(right["enter"]),
            add=bool(right["add"]),
            delete=bool(right["delete"]),
            reassign=bool(right["reassign"]),
        )
        for name, right in data.items()
    }
