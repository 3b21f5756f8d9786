"""Read rows for counting: who owns each, which days, amounts and options stand in them; the unreadable counts apart."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from custsheet.fields.base import Language
from custsheet.model import Table, Tables, Unreadable, Value
from custsheet.reports.roles import Roles
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema, Team
from custsheet.summary import UNKNOWN, LeftOut


class Rows:
    """The rows of one day, read through the roles of their fields."""

    def __init__(
        self, schema: Schema, tables: Tables, roles: Roles, *, team: Team, labels: Labels, language: Language
    ) -> None:
        self.schema, self.tables, self.roles = schema, tables, roles
        self.team, self.labels, self.language = team, labels, language
        self._owners: dict[str, dict[str, str]] = {}

    def of(self, table: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
        """Yield (row id, field → value) of a table."""
        rows = self._table(table)
        for rid, row in rows.items():
            yield rid, dict(zip(rows.fields, row, strict=True))

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return len(self._table(table))

    def _table(self, name: str) -> Table:
        return self.tables.get(name) or Table(name, tuple(self.schema.tables[name].fields))

    # ── owners ──────────────────────────────────────────────────────────────────────────────────────

    def owner(self, table: str, rid: str) -> str:
        """Return the id of the member who owns a row; `UNKNOWN` where nobody does."""
        if table not in self._owners:
            self._owners[table] = {}  # a ref that leads back here sees nobody, not an endless loop
            self._owners[table] = {r: self._owner(table, row) for r, row in self.of(table)}
        return self._owners[table].get(rid, UNKNOWN)

    def _owner(self, table: str, row: Mapping[str, Value]) -> str:
        definition = self.schema.tables[table]
        if definition.owner:
            return member_of(row.get(definition.owner))
        target = row.get(definition.via) if definition.via else None
        return self.owner(definition.refs[definition.via], target) if isinstance(target, str) else UNKNOWN

    def name(self, member: str) -> str:
        """Return a member's display name; a member who is not in the team any more by id."""
        known = self.team.by_id.get(member)
        return known.name if known else member

    # ── words ───────────────────────────────────────────────────────────────────────────────────────

    def title(self, table: str, field: str = "") -> str:
        """Return the title of a table, or of a field; empty for no field name in no table."""
        definition = self.schema.tables[table]
        return (definition.fields[field].spec.title if field else definition.title)[self.language]

    def option(self, table: str, field: str, value: str) -> str:
        """Return an option in words."""
        return self.schema.tables[table].fields[field].text(value, language=self.language)

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Unreadable cells in the fields that are measured."""
        found = []
        for table, field in self._measured():
            rows = self._table(table)
            count = sum(isinstance(v, Unreadable) for v in rows.column(field)) if field in rows.at else 0
            if count:
                found.append(LeftOut(self.title(table), self.title(table, field), count))
        return tuple(found)

    def _measured(self) -> Iterator[tuple[str, str]]:
        status, stage, log = self.roles.status, self.roles.stage, self.roles.log
        places: Counter[tuple[str, str]] = Counter()
        if status:
            owner = self.schema.tables[status.table].owner
            places.update((status.table, f) for f in (status.field, owner, status.last, status.next) if f)
        if stage:
            owner = self.schema.tables[stage.table].owner
            fields = (stage.field, owner, stage.amount, stage.close, stage.product)
            places.update((stage.table, f) for f in fields if f)
        if log:
            places.update((log.table, f) for f in (log.date, log.member, log.ref) if f)
        yield from places


# ── values ──────────────────────────────────────────────────────────────────────────────────────────


def day_of(value: Value) -> dt.date | None:
    """Return the day of a date or moment; None for anything else."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def amount_of(value: Value) -> Decimal:
    """Return an amount; 0 for a blank or unreadable one."""
    return Decimal(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else Decimal(0)


def member_of(value: Value) -> str:
    """Return the member that a cell names, the first of several."""
    if isinstance(value, tuple):
        return value[0] if value else UNKNOWN
    return value if isinstance(value, str) else UNKNOWN


def key_of(value: Value) -> str:
    """Return a text, option or row id as a key for counting; `UNKNOWN` for a blank or unreadable one."""
    return value if isinstance(value, str) else UNKNOWN
