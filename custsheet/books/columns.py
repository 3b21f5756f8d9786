"""Which columns one table's sheet has: their order, heads, widths and looks, before any row is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

from custsheet import look
from custsheet.books import common
from custsheet.books.refill import Own, Refill
from custsheet.expr.tree import CountOf, DaysBetween, Expr, FieldRef, If, Largest, LatestOf, Plus, Today
from custsheet.fields.base import Field, Language, Option, Show
from custsheet.messages import word
from custsheet.plan import Look
from custsheet.schema.records import Schema, TableDef, TableGrant
from custsheet.text import display_width

ID: Final = "_id"
OPEN: Final = "_open"
CHECK: Final = "_check"

LEAST_WIDTH: Final = 8.0
SIGNED_DATE: Final = 13.0
NUMBER_TYPES: Final = frozenset({"number", "money", "percent", "progress", "score"})
DATE_FORMAT: Final = "yyyy-mm-dd"
DATE_TYPES: Final = frozenset({"date", "datetime"})

Task = Literal["", "next", "due", "last"]
"""What a date asks for: the next contact, a deadline, or how long ago the last contact was."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a table's sheet."""

    kind: Literal["id", "field", "own", "action", "open", "check"]
    head: str
    field: Field | None = None
    own: str = ""
    """Key of a column of the member's own, which may share its title with another."""
    edit: bool = False
    """May be changed in every row."""
    enter: bool = False
    """May be typed in an added row."""
    hidden: bool = False
    group: bool = False
    """In the outline group that is folded away."""
    width: float = LEAST_WIDTH
    task: Task = ""
    head_look: Look = look.HEAD_SYSTEM
    row_look: Look = look.ROW_READONLY
    """Rows that were issued."""
    free_look: Look = look.ROW_READONLY
    """Spare rows and the room below."""

    @property
    def shown(self) -> bool:
        """Whether it is in sight when the copy is opened."""
        return not self.hidden and not self.group


@dataclass(frozen=True)
class TableLayout:
    """The columns of one table's sheet, from A on."""

    table: str
    title: str
    columns: tuple[SheetColumn, ...]
    add: bool
    label: int
    """1-based column by which people know the row."""

    @cached_property
    def at(self) -> Mapping[str, int]:
        """1-based column of each field and of each own column, by its key."""
        named = ((c.field.name if c.field is not None else c.own, i) for i, c in enumerate(self.columns, 1))
        return {name: i for name, i in named if name}

    def place(self, kind: Literal["action", "open", "check"]) -> int:
        """Return the 1-based column of a kind that stands once; 0 where there is none."""
        return next((i for i, c in enumerate(self.columns, 1) if c.kind == kind), 0)

    @property
    def shown(self) -> tuple[int, ...]:
        """1-based columns in sight when the copy is opened."""
        return tuple(i for i, c in enumerate(self.columns, 1) if c.shown)


def table_columns(
    schema: Schema,
    table: str,
    grant: TableGrant,
    *,
    language: Language = "zh",
    texts: Mapping[str, Sequence[str]] | None = None,
    refill: Refill | None = None,
) -> TableLayout:
    """Return the columns of a table as a role sees it; `texts` are the shown values by field, for the widths.

    The own columns of a `refill` stand after the fields, and its widths win.
    """
    definition = schema.tables[table]
    first, folded = _order(definition, grant)
    fields = [*first, *folded]
    heads = _heads([definition.fields[name] for name in fields], language)
    columns = [SheetColumn("id", ID, hidden=True)]
    previous_right = False
    for name in fields:
        column = _field_column(
            definition.fields[name],
            heads[name],
            grant,
            definition.fields,
            folded=name in folded,
            indent=previous_right,
        )
        previous_right = column.row_look.align == "right"
        columns.append(column)
    own = refill.own if refill is not None else ()
    for each in own:
        taken = [c.head for c in columns]
        columns.append(_own_column(each, common.unique(each.title, taken)))
    if grant.delete:
        columns.append(_action_column(language, [*heads.values(), *(each.title for each in own)]))
    columns.append(SheetColumn("open", OPEN, hidden=True))
    columns.append(SheetColumn("check", CHECK, hidden=True))
    label = _label(definition, fields)
    columns[label - 1] = _bold(columns[label - 1])
    measured = _measured(columns, texts or {}, label, language)
    kept = refill.widths if refill is not None else {}
    measured = [replace(c, width=kept.get(c.field.name if c.field else c.own, c.width)) for c in measured]
    return TableLayout(table, definition.title[language], tuple(measured), grant.add, label)


def coloured(field: Field) -> tuple[tuple[Option, look.Hue, str], ...]:
    """Return the options of a choice with their hue and sign, the next free pair where an option names none.

    Empty for a choice none of whose options has a colour: colour stays with what it means something for.
    """
    options = field.spec.options
    if field.spec.type != "choice" or not any(o.colour for o in options):
        return ()
    named = {o.colour for o in options}
    signs = {o.icon for o in options}
    hues = iter([h for h in look.HUES if h not in named] + list(look.HUES) * len(options))
    icons = iter([i for i in look.ICONS if i not in signs] + list(look.ICONS) * len(options))
    return tuple((o, look.HUES[o.colour or next(hues)], look.ICONS[o.icon or next(icons)]) for o in options)


def task_of(field: Field) -> Task:
    """Tell what a date field asks for, by its name."""
    if field.spec.type not in DATE_TYPES:
        return ""
    if field.name.startswith("next_"):
        return "next"
    if field.name in ("due", "deadline", "expected_close"):
        return "due"
    return "last" if field.name.startswith("last_") else ""


def _order(table: TableDef, grant: TableGrant) -> tuple[list[str], list[str]]:
    """Split the fields into those in sight, important ones first, and those folded away."""
    slots = look.VISIBLE_COLUMNS - (1 if grant.delete else 0)
    lead = [n for n in grant.see if table.fields[n].spec.important or n in table.key]
    rest = [n for n in grant.see if n not in lead]
    if len(lead) + len(rest) <= slots:
        return lead + rest, []
    chosen = [n for n in rest if table.fields[n].spec.visible] or rest
    hints = [n for n in chosen if table.fields[n].spec.compute is not None]  # what to do stands beside whom
    shown = (lead + hints + [n for n in chosen if n not in hints])[:slots]
    if grant.rows != "own" and table.owner in rest and table.owner not in shown:
        shown[_owner_seat(table, shown)] = table.owner
    return shown, [n for n in lead + rest if n not in shown]


def _owner_seat(table: TableDef, shown: Sequence[str]) -> int:
    """Whose place the owner takes where rows of several owners are in sight: the grade's, else the last."""
    for at, name in enumerate(shown):
        spec = table.fields[name].spec
        if spec.type == "choice" and not spec.required and not spec.important:
            return at
    return len(shown) - 1


def _heads(fields: Sequence[Field], language: Language) -> dict[str, str]:
    heads: dict[str, str] = {}
    for f in fields:
        heads[f.name] = common.unique(f.spec.title[language], [*heads.values(), ID, OPEN, CHECK])
    return heads


def _field_column(
    field: Field, head: str, grant: TableGrant, fields: Mapping[str, Field], *, folded: bool, indent: bool
) -> SheetColumn:
    edit, enter = field.name in grant.edit, grant.add and field.name in (grant.enter | grant.edit)
    base = _cell_look(field.show(), indent=indent)
    if field.spec.compute is not None and base.number_format == "General":
        base = base.with_(number_format=_worked_format(field.spec.compute, fields))
    white, grey = base.with_(unlocked=True), _grey(base)
    return SheetColumn(
        "field",
        head,
        field,
        edit=edit,
        enter=enter,
        group=folded,
        task=task_of(field),
        head_look=_head_look(field, edit or enter, base),
        row_look=white if edit else grey,
        free_look=white if enter else grey if grant.add else base,
    )


def _worked_format(expr: Expr, fields: Mapping[str, Field]) -> str:
    """Return the number format of what an expression comes to: programs guess wrongly where dates are in it."""
    if isinstance(expr, DaysBetween | CountOf):
        return "0"
    if isinstance(expr, LatestOf | Today):
        return DATE_FORMAT
    if isinstance(expr, FieldRef):
        return DATE_FORMAT if expr.name in fields and fields[expr.name].spec.type in DATE_TYPES else "General"
    parts = expr.items if isinstance(expr, Largest) else (expr.left,) if isinstance(expr, Plus) else ()
    parts = (expr.then,) if isinstance(expr, If) else parts
    return _worked_format(parts[0], fields) if parts else "General"


def _cell_look(show: Show, *, indent: bool) -> Look:
    left = show.align in ("", "left")
    return look.ROW.with_(
        number_format=show.number_format,
        align=show.align or "left",
        wrap=show.wrap,
        indent=1 if indent and left else 0,
        valign="center",
    )


def _grey(base: Look) -> Look:
    return base.with_(fill=look.ROW_READONLY.fill, ink=look.ROW_READONLY.ink)


def _head_look(field: Field, typed: bool, base: Look) -> Look:
    rank = look.HEAD_MAY
    if not typed:
        rank = look.HEAD_SYSTEM
    elif field.spec.required or field.spec.important:
        rank = look.HEAD_MUST
    return rank.with_(align=base.align, wrap=True, indent=base.indent)


def _own_column(own: Own, head: str) -> SheetColumn:
    style = look.ROW.with_(number_format=own.number_format, align="left", unlocked=True)
    return SheetColumn(
        "own",
        head,
        own=own.key,
        width=own.width or max(LEAST_WIDTH, display_width(own.title) + 4),
        head_look=look.HEAD_SYSTEM.with_(align="left", wrap=True),
        row_look=style,
        free_look=style,
    )


def _action_column(language: Language, heads: Iterable[str]) -> SheetColumn:
    style = look.ROW.with_(number_format="@", align="left", unlocked=True)
    head = common.unique(word("copy.action", language), heads)
    return SheetColumn(
        "action",
        head,
        edit=True,
        width=max(LEAST_WIDTH, display_width(head) + 4),
        head_look=look.HEAD_MAY.with_(align="left", wrap=True),
        row_look=style,
        free_look=style,
    )


def _label(table: TableDef, fields: Sequence[str]) -> int:
    """Return the first key field's column, else the first after `_id`."""
    return next((at for at, name in enumerate(fields, 2) if name in table.key), 2)


def _bold(column: SheetColumn) -> SheetColumn:
    return replace(column, row_look=column.row_look.with_(bold=True), free_look=column.free_look.with_(bold=True))


def _measured(
    columns: Sequence[SheetColumn], texts: Mapping[str, Sequence[str]], label: int, language: Language
) -> list[SheetColumn]:
    sized = [replace(c, width=_width(c, c.field, texts, language)) if c.field else c for c in columns]
    shown = [i for i, c in enumerate(sized) if c.shown]
    widths = common.within_budget(
        [sized[i].width for i in shown],
        [i != label - 1 and _stretches(sized[i]) for i in shown],
        budget=look.WIDTH_BUDGET_PX,
        least=LEAST_WIDTH,
    )
    for i, width in zip(shown, widths, strict=True):
        sized[i] = replace(sized[i], width=width)
    return sized


def _stretches(column: SheetColumn) -> bool:
    return column.field is not None and column.field.show().width == 0


def _width(column: SheetColumn, field: Field, texts: Mapping[str, Sequence[str]], language: Language) -> float:
    show = field.show()
    if show.width:
        head = min(display_width(column.head), SIGNED_DATE) + 1.5
        return max(show.width, head, SIGNED_DATE if column.task else 0)
    options = [o.text[language] for o in field.spec.options]
    values = [*texts.get(field.name, ()), *options]
    width = common.fit_width(column.head, values, cap=show.cap, sign=bool(coloured(field)))
    unknown = 0.0 if values else min(show.cap, 22.0 if field.spec.long else 14.0)
    return max(LEAST_WIDTH, width, unknown)
