"""A schema, its tables and roles, members and grants: frozen records without I/O."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from custsheet.errors import CallError
from custsheet.expr.tree import Expr
from custsheet.fields.base import Field, Language, Text
from custsheet.model import Severity, Tables, Value

RowScope = Literal["own", "linked", "team", "all", "none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row rule (or, for `unique`, a table rule): `holds` is TRUE when the row is in order."""

    name: str
    holds: Expr
    fields: tuple[str, ...]
    """Fields that the rule is about; a finding names those that the member sees."""
    severity: Severity = "error"
    unique: bool = False
    at: str = ""
    """The field whose cell carries the finding: the one a person would fill in."""
    origin: Mapping[str, object] = field(default_factory=dict)
    """The rule as the schema file gives it, for the stamp."""


@dataclass(frozen=True, slots=True)
class Logged:
    """Which fields of a table, typed together, become a row of another at merge."""

    into: str
    fields: tuple[tuple[str, str], ...]
    """(field there, field here)."""
    values: tuple[tuple[str, str], ...] = ()
    """(field there, what stands in it)."""


@dataclass(frozen=True)
class TableDef:
    """One table of the schema."""

    name: str
    title: Text
    fields: Mapping[str, Field]
    was: tuple[str, ...] = ()
    """Names that the table had before."""
    key: tuple[str, ...] = ()
    owner: str = ""
    """A member or members field; empty where `via` says where the owner is inherited from."""
    helpers: str = ""
    """A members field whose members have the row in their copies too."""
    via: str = ""
    """The ref field whose target row's owner owns this row."""
    missing_rows: Literal["ask", "delete", "ignore"] = "ask"
    spare: int = 30
    groups: tuple[tuple[str, ...], ...] = ()
    strict: Literal["cell", "row"] = "cell"
    append_only: bool = False
    show_days: int | None = None
    show_by: str = ""
    """The date field by which `show: 90d` limits the rows of a copy."""
    rules: tuple[Rule, ...] = ()
    logged: Logged | None = None

    @cached_property
    def refs(self) -> Mapping[str, str]:
        """Ref field → target table."""
        return {name: f.spec.to for name, f in self.fields.items() if f.spec.type == "ref"}


@dataclass(frozen=True, slots=True)
class TableGrant:
    """What a role may do in one table.

    `see` is in the table's order; `edit` never holds the owner field unless `reassign`, nor computed fields nor those
    filled at merge.
    """

    rows: RowScope
    see: tuple[str, ...]
    edit: frozenset[str] = frozenset()
    add: bool = False
    delete: bool = False
    reassign: bool = False
    enter: frozenset[str] = frozenset()
    """Fields that may be typed in an *added* row: `edit`, and the key and required fields that `see` names."""


Grant = Mapping[str, TableGrant]
"""Table name → rights; a table that is not here is not in the copy."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team."""

    id: str
    name: str
    role: str
    manager: str = ""
    """Id of the manager."""
    email: str = ""
    language: Language | None = None
    active: bool = True
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Team:
    """The members, by id, with unique display names."""

    members: tuple[Member, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Member]:
        """Members by id."""
        return {m.id: m for m in self.members}

    @cached_property
    def by_name(self) -> Mapping[str, Member]:
        """Members by display name."""
        return {m.name: m for m in self.members}

    def find(self, who: str) -> Member:
        """Return the member with this id or display name; CallError `MEMBER_UNKNOWN` with near names otherwise."""
        found = self.by_id.get(who) or self.by_name.get(who)
        if found is None:
            raise CallError("MEMBER_UNKNOWN", name=who, known=sorted(self.by_name))
        return found

    @cached_property
    def managers(self) -> frozenset[str]:
        """The ids of the members to whom others report."""
        return frozenset(m.manager for m in self.members if m.manager)

    def under(self, manager: str) -> frozenset[str]:
        """Return the ids of those whose manager this is, and the manager's own."""
        return frozenset({manager} | {m.id for m in self.members if m.manager == manager})


@dataclass(frozen=True)
class Schema:
    """A whole schema."""

    name: str
    version: str
    title: Text
    language: Language
    tables: Mapping[str, TableDef]
    roles: Mapping[str, Grant]
    purpose: Text = field(default_factory=lambda: Text("", ""))
    terms: Mapping[str, str] = field(default_factory=dict)
    member_fields: Mapping[str, Text] = field(default_factory=dict)
    """Extra columns of members.yaml."""
    member_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Setting or extra column of a member → other headers under which a member file may hold it."""
    body: Mapping[str, object] = field(default_factory=dict)
    """The checked file as plain JSON data: `schema.from_body(body)` gives the same schema again."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over `body` as sorted JSON."""
        text = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Issue:
    """One copy issued to one member: what it showed, and what may be changed in it."""

    copy: str
    """Copy id, derived from ledger id, round, member and issue number."""
    member: str
    round: str
    number: int
    """1 for the first copy of a member in a round, 2 for the next."""
    revision: int
    """Ledger revision from which it was made."""
    grant: Grant
    base: Tables
    """The rows as issued: visible fields only, in the order of `TableGrant.see`."""
    spare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Table → ids of the blank rows that wait at its end."""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Table → row id → the text under which refs show the row in this copy (targets of refs only)."""
    language: Language = "zh"
    schema_digest: str = ""
    issued_on: str = ""
    """ISO date: the copy's `today`."""
    due: str = ""
    state: Literal["issued", "superseded", "revoked"] = "issued"

    def rows(self, table: str) -> Mapping[str, tuple[Value, ...]]:
        """Return a table's rows as issued, by id; none where the copy does not show it."""
        return self.base[table].by_rid if table in self.base else {}
