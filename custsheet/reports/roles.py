"""Which fields of a schema play which part in a report, found by type, settings and name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from custsheet.fields.base import Field, Option
from custsheet.schema.records import Schema, TableDef
from custsheet.text import fold

_WON = frozenset(map(fold, ("成交客户", "已成交", "成交", "赢单", "签约客户", "won", "closed won")))
_LOST = frozenset(map(fold, ("丢失客户", "已流失", "丢失", "输单", "流失客户", "lost", "closed lost")))
_DATES = frozenset({"date", "datetime"})


@dataclass(frozen=True, slots=True)
class StatusRoles:
    """The table that the report is about: who owns its rows, where each stands, what happens next."""

    table: str
    field: str
    won: frozenset[str]
    lost: frozenset[str]
    next: str = ""
    last: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class StageRoles:
    """The table of opportunities: stage, amount, month, product."""

    table: str
    field: str
    won: frozenset[str]
    lost: frozenset[str]
    amount: str = ""
    close: str = ""
    product: str = ""
    ref: str = ""
    """The ref field that leads to the status table."""


@dataclass(frozen=True, slots=True)
class LogRoles:
    """The table of contacts: when, with whom, by whom."""

    table: str
    date: str
    member: str = ""
    ref: str = ""
    """The ref field that leads to the status table."""


@dataclass(frozen=True, slots=True)
class Roles:
    """All parts; None where a schema has nothing for one."""

    status: StatusRoles | None = None
    stage: StageRoles | None = None
    log: LogRoles | None = None


def roles_of(schema: Schema) -> Roles:
    """Find the parts of a report in a schema."""
    status = _status(schema)
    main = status.table if status else ""
    return Roles(status, _stage(schema, main), _log(schema, main))


def _status(schema: Schema) -> StatusRoles | None:
    """The first coloured choice of the first table that has a key and an owner; a plain choice where none is."""
    owned = [t for t in schema.tables.values() if t.key and (t.owner or t.via) and not t.append_only]
    for coloured in (True, False):
        for table in owned:
            for f in _of_type(table, "choice"):
                if not coloured or any(o.colour for o in f.spec.options):
                    return _status_of(table, f)
    return None


def _status_of(table: TableDef, status: Field) -> StatusRoles:
    dates = [f.name for f in _of_type(table, *_DATES)]
    texts = [f.name for f in _of_type(table, "text")]
    return StatusRoles(
        table.name,
        status.name,
        *_ends(status),
        next=_first(n for n in dates if n.startswith("next")),
        last=_first(n for n in dates if n.startswith("last")),
        plan=_first(n for n in texts if n.startswith("next")),
    )


def _stage(schema: Schema, main: str) -> StageRoles | None:
    """The first choice whose options have chances; else the first that is called a stage."""
    found = [(t, f) for t in schema.tables.values() for f in _of_type(t, "choice")]
    chances = [(t, f) for t, f in found if any(o.probability is not None for o in f.spec.options)]
    named = [(t, f) for t, f in found if f.name == "stage" or f.name.endswith("_stage")]
    for table, stage in (*chances, *named):
        dates = [f.name for f in _of_type(table, *_DATES)]
        return StageRoles(
            table.name,
            stage.name,
            *_ends(stage),
            amount=_first(f.name for f in _of_type(table, "money")),
            close=_first([n for n in dates if "close" in n] or dates),
            product=_first(n for n in table.fields if n == "product"),
            ref=_leads_to(table, main),
        )
    return None


def _log(schema: Schema, main: str) -> LogRoles | None:
    """The first append-only table with a date."""
    for table in schema.tables.values():
        dates = [f.name for f in _of_type(table, *_DATES)]
        if not table.append_only or not dates:
            continue
        members = _of_type(table, "member")
        filled = [f.name for f in members if f.spec.filled]
        return LogRoles(table.name, dates[0], _first(filled or (f.name for f in members)), _leads_to(table, main))
    return None


def _ends(choice: Field) -> tuple[frozenset[str], frozenset[str]]:
    """The options that end in a yes and in a no: by their chance where they have one, else by their name."""
    options = choice.spec.options
    won = frozenset(o.value for o in options if _is_end(o, _WON, 1))
    return won, frozenset(o.value for o in options if _is_end(o, _LOST, 0))


def _is_end(option: Option, names: frozenset[str], chance: int) -> bool:
    if option.probability is not None:
        return option.probability == chance
    return any(fold(text) in names for text in (option.value, option.text.zh, option.text.en))


def _leads_to(table: TableDef, main: str) -> str:
    return _first(name for name, target in table.refs.items() if target == main and table.name != main)


def _of_type(table: TableDef, *types: str) -> list[Field]:
    return [f for f in table.fields.values() if f.spec.type in types]


def _first(names: Iterable[str]) -> str:
    return next(iter(names), "")
