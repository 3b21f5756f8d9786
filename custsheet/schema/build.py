"""Build the frozen records of a schema from a file that was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from custsheet.expr.tree import Expr
from custsheet.fields import make
from custsheet.fields.base import Field, Language, Option, Spec, Text
from custsheet.model import Value
from custsheet.schema.computes import probability
from custsheet.schema.constants import constant
from custsheet.schema.lint import show_by
from custsheet.schema.models import (
    DAYS,
    VIA,
    FieldBody,
    GrantBody,
    LoggedBody,
    OptionBody,
    SchemaBody,
    TableBody,
    TextBody,
)
from custsheet.schema.records import Grant, Logged, Rule, Schema, TableDef, TableGrant
from custsheet.text import fold

FIRST_COLUMNS = 12
"""How many columns of a copy stand outside the outline group."""

Rules = Mapping[str, Sequence[Rule]]
Computes = Mapping[tuple[str, str], Expr]


def build(body: SchemaBody, data: Mapping[str, Any], *, rules: Rules, computes: Computes, language: Language) -> Schema:
    """Return the schema; `data` is the file as plain JSON data."""
    terms = {fold(said): meant for said, meant in body.terms.items()}
    tables = {
        name: _table(name, table, _fields(name, table, terms, computes), rules[name])
        for name, table in body.tables.items()
    }
    return Schema(
        name=body.schema_name,
        version=body.version,
        title=_text(body.title),
        language=language,
        tables=tables,
        roles={role: _grant(tables, grants) for role, grants in body.roles.items()},
        purpose=_text(body.purpose) if body.purpose else Text("", ""),
        terms=terms,
        member_fields={name: _text(title) for name, title in body.member_fields.items()},
        member_aliases={name: tuple(words) for name, words in body.member_aliases.items()},
        body=data,
    )


def _text(body: TextBody) -> Text:
    return Text(body.zh, body.en)


# ── tables and fields ───────────────────────────────────────────────────────────────────────────────


def _table(name: str, body: TableBody, fields: Mapping[str, Field], rules: Sequence[Rule]) -> TableDef:
    via = VIA.fullmatch(body.owner)
    days = DAYS.fullmatch(body.show) if body.show else None
    return TableDef(
        name=name,
        title=_text(body.title),
        fields=fields,
        was=tuple(body.was),
        key=tuple(body.key),
        owner="" if via else body.owner,
        helpers=body.helpers,
        via=via[1] if via else "",
        missing_rows=body.missing_rows,
        spare=body.spare,
        groups=tuple(tuple(group) for group in body.groups),
        strict=body.strict,
        append_only=body.append_only,
        show_days=int(days[1]) if days else None,
        show_by=show_by(body) if days else "",
        rules=tuple(rules),
        logged=_logged(body.logged) if body.logged else None,
    )


def _logged(body: LoggedBody) -> Logged:
    return Logged(body.into, tuple(body.fields.items()), tuple(body.values.items()))


def _fields(table: str, body: TableBody, terms: Mapping[str, str], computes: Computes) -> dict[str, Field]:
    chosen = [name for name, field in body.fields.items() if field.visible] or list(body.fields)[:FIRST_COLUMNS]
    return {
        name: make(
            _spec(
                name,
                field,
                table=table,
                key=name in body.key,
                visible=name in chosen,
                terms={**terms, **{fold(said): meant for said, meant in field.terms.items()}},
                compute=computes.get((table, name)),
            )
        )
        for name, field in body.fields.items()
    }


def _spec(name: str, body: FieldBody, **found: Any) -> Spec:
    return Spec(
        name=name,
        type=body.type,
        title=_text(body.title),
        required=body.required,
        important=body.important,
        aliases=tuple(body.aliases),
        was=tuple(body.was),
        help=_text(body.help) if body.help else None,
        options=tuple(_option(option) for option in body.options),
        region=body.region,
        currency=body.currency,
        decimals=body.decimals,
        min=constant(body.type, body.min),
        max=constant(body.type, body.max),
        pattern=body.pattern,
        max_length=body.max_length,
        long=body.long,
        sections=tuple(body.sections),
        to=body.to,
        default=_default(body),
        merge="max" if body.merge == "latest" else body.merge or "ask",
        data_class=body.data_class or "",
        filled=body.filled or "",
        **found,
    )


def _default(body: FieldBody) -> Value:
    value = constant(body.type, body.default)
    several = body.type in {"tags", "members"} and isinstance(value, str)
    return (value,) if several else value  # type: ignore[return-value]  # mypy does not see that it is a str


def _option(body: OptionBody) -> Option:
    return Option(
        value=body.value,
        text=Text(body.zh or body.value, body.en or body.value),
        colour=body.colour or "",
        icon=body.icon or "",
        also=tuple(body.also),
        probability=probability(body),
        cadence=body.cadence,
    )


# ── rights ──────────────────────────────────────────────────────────────────────────────────────────


def _grant(tables: Mapping[str, TableDef], grants: Mapping[str, GrantBody]) -> Grant:
    named = {name: grants.get(name) or grants.get("*") for name in tables}
    return {name: _table_grant(tables[name], grant) for name, grant in named.items() if grant}


def _table_grant(table: TableDef, body: GrantBody) -> TableGrant:
    see = tuple(name for name in table.fields if body.see == "*" or name in body.see)
    typed = frozenset(name for name in see if table.fields[name].editable)
    mine_to_give = typed if body.reassign else typed - {table.owner}
    wanted = mine_to_give if body.edit == "*" else mine_to_give & frozenset(body.edit or ())
    stands = table.append_only or body.rows == "linked"  # rows that are there are read-only; new ones may be typed
    new = mine_to_give if stands and body.edit is None else wanted
    must = frozenset(n for n in typed if n in table.key or table.fields[n].spec.required)
    return TableGrant(
        rows=body.rows,
        see=see,
        edit=frozenset() if stands else wanted,
        add=body.add,
        delete=body.delete and not stands,
        reassign=body.reassign,
        enter=new | must if body.add else frozenset(),
    )
