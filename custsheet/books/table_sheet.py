"""One table's sheet in a copy: strip, head, rows, spare rows and room, as a Plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from custsheet import look
from custsheet.addresses import letters
from custsheet.books import common
from custsheet.books.columns import SheetColumn, TableLayout
from custsheet.books.marks import TableMarks, added_counts, open_counts, open_formula
from custsheet.books.scope import FIRST_ROW, HEAD_ROW, ROW, CopyScope, RowScope
from custsheet.books.table_rules import bars, conditions, validations
from custsheet.expr import Scope, evaluator
from custsheet.expr.excel import excel
from custsheet.messages import word
from custsheet.model import Table, Value
from custsheet.plan import Block, Column, Condition, ExcelTable, Filter, Formula, Look, PlanCell, Scalar, Sheet
from custsheet.text import display_width

_CELL_LIKE = re.compile(r"(?:[A-Za-z]{1,3}[0-9]+|[RrCc][0-9]*(?:[RrCc][0-9]*)?)\Z")
_WEEK = re.compile(r"(\d{4})-W(\d\d)\Z")
_MAX_LINES = 4


def table_sheet(copy: CopyScope, table: str, marks: TableMarks, *, actions: str, opened: int) -> Sheet:
    """Return a table's sheet; `opened` is the number of open errors that its strip shows before anything calculates."""
    layout = copy.layouts[table]
    span = copy.span(table)
    last_column = len(layout.columns)
    writable = any(c.edit or c.enter for c in layout.columns)
    blocks = _blocks(copy, layout, marks)
    return Sheet(
        copy.sheets[table],
        tab=look.TAB_WRITE if writable else look.TAB_LOOK,
        columns=tuple(_columns(layout)),
        cells=(*_strip(copy, layout, opened), *_notes(copy, layout)),
        blocks=blocks,
        tables=(_excel_table(copy, layout, blocks),),
        heights=(
            (1, look.HEIGHT_STRIP),
            (HEAD_ROW, look.HEIGHT_STRIP),
            *((row, look.HEIGHT_ROW) for row in range(span.table_end + 1, span.end + 1)),
        ),
        hidden_rows=frozenset(FIRST_ROW + row for row in copy.refill(table).hidden),
        freeze=common.address(FIRST_ROW, layout.label + 1),
        validations=validations(copy, layout, actions=actions),
        conditions=(*conditions(copy, layout, marks), *_strip_colours(copy, layout)),
        bars=bars(copy, layout),
        ignore_text_numbers=common.area(FIRST_ROW, 1, span.end, last_column),
        print_area=common.area(1, 2, max(FIRST_ROW, span.first_free - 1), max(layout.shown)),
        print_title_rows=f"1:{HEAD_ROW}",
        footer=" · ".join((copy.sheets[table], copy.member, round_words(copy))),
        active_cell=common.address(FIRST_ROW, layout.label),
    )


def table_name(name: str) -> str:
    """Return the display name of a table: its name in the schema, with a prefix where Excel would refuse it."""
    legal = re.fullmatch(r"[^\W\d][\w.]*", name) is not None and not _CELL_LIKE.match(name)
    return name if legal else f"t_{name}"


def round_words(copy: CopyScope) -> str:
    """Return the round as people say it: an ISO week by its number, else its name."""
    week = _WEEK.match(copy.issue.round)
    if week is None:
        return copy.issue.round
    return word("copy.week", copy.language, year=week[1], week=int(week[2]))


# ── columns and rows ────────────────────────────────────────────────────────────────────────────────


def _columns(layout: TableLayout) -> list[Column]:
    folds = [i for i, c in enumerate(layout.columns) if c.group]
    columns = []
    for i, c in enumerate(layout.columns):
        columns.append(
            Column(
                width=c.width,
                look=None if c.hidden else c.free_look,
                hidden=c.hidden or c.group,
                outline=1 if c.group else 0,
                collapsed=bool(folds) and i == folds[0] - 1,
            )
        )
    return columns


def _blocks(copy: CopyScope, layout: TableLayout, marks: TableMarks) -> tuple[Block, ...]:
    span = copy.span(layout.table)
    rows = copy.issue.base.get(layout.table)
    computed = _formulas(copy, layout)
    first_column = 1
    blocks = []
    if rows is not None and len(rows):
        values = _issued_rows(copy, layout, marks, rows)
        formulas = (*computed, *_machine(layout, marks, added=False))
        looks = tuple(c.row_look for c in layout.columns)
        heights = _heights(layout, values)
        odd = _exceptions(copy, layout, marks, looks, 0, len(values))
        blocks.append(
            Block(FIRST_ROW, first_column, looks, values, formulas, look.HEIGHT_ROW, heights=heights, exceptions=odd)
        )
    free = copy.issue.spare.get(layout.table, ())
    if free or not blocks:
        spare = _free_rows(copy, layout, marks, free) or [(None,) * len(layout.columns)]
        formulas = (*computed, *_machine(layout, marks, added=True)) if free else ()
        looks = tuple(c.free_look for c in layout.columns)
        odd = _exceptions(copy, layout, marks, looks, span.issued, len(spare))
        blocks.append(Block(span.first_free, first_column, looks, spare, formulas, look.HEIGHT_ROW, exceptions=odd))
    return tuple(blocks)


def _exceptions(
    copy: CopyScope, layout: TableLayout, marks: TableMarks, looks: Sequence[Look], first: int, count: int
) -> tuple[tuple[int, int, Look], ...]:
    """Return the looks of single cells: marked as wrong where no rule of the sheet can find them so, or coloured."""
    refill, sign = copy.refill(layout.table), look.SIGNS["wrong"]
    edges = dict.fromkeys(("top", "bottom", "left", "right"), sign.box)
    found: dict[tuple[int, int], Look] = {}
    for mark in refill.marks:
        at = layout.at.get(mark.field, 0)
        if mark.wrong and at and not {at} & (marks.wrong.keys() | marks.missing):
            found[mark.row, at] = looks[at - 1].with_(fill=sign.fill, ink=sign.ink, **edges)
    for (row, name), fill in refill.fills.items():
        if at := layout.at.get(name, 0):
            found[row, at] = found.get((row, at), looks[at - 1]).with_(fill=fill)
    return tuple((row - first, at - 1, style) for (row, at), style in found.items() if first <= row < first + count)


def _notes(copy: CopyScope, layout: TableLayout) -> list[PlanCell]:
    """Return the notes of a returned copy: ours, several of one cell joined, and below them what the member noted."""
    refill = copy.refill(layout.table)
    said: dict[tuple[int, str], list[str]] = {}
    for mark in refill.marks:
        said.setdefault((mark.row, mark.field), []).append(mark.note)
    authors = {place: note.author for place, note in refill.notes.items() if place not in said}
    for place, note in refill.notes.items():
        said.setdefault(place, []).append(note.text)
    return [
        PlanCell(
            FIRST_ROW + row,
            layout.at.get(name, layout.label),
            note="\n\n".join(notes),
            note_author=authors.get((row, name), ""),
        )
        for (row, name), notes in said.items()
    ]


def _formulas(copy: CopyScope, layout: TableLayout) -> list[str | None]:
    """Return a formula per column up to the machine columns, for computed fields that this copy can say."""
    scope = RowScope(copy, layout.table)
    found: list[str | None] = []
    for column in layout.columns[:-2]:
        compute = column.field.spec.compute if column.field is not None else None
        speaks = compute is not None and copy.speaks(layout.table, compute)
        found.append(excel(compute, scope) if compute is not None and speaks else None)
    return found


def _machine(layout: TableLayout, marks: TableMarks, *, added: bool) -> tuple[str | None, None]:
    return (open_formula(layout, marks, added=added) or None, None)


def _issued_rows(copy: CopyScope, layout: TableLayout, marks: TableMarks, rows: Table) -> list[tuple[Scalar, ...]]:
    """Return the cells of all issued rows, worked out column by column."""
    computed = _computed_rows(copy, layout.table)
    count = range(len(rows))
    columns: list[Sequence[Scalar]] = [rows.rids]
    for column in layout.columns[1:-2]:
        field = column.field
        if field is None:
            columns.append([_beside(copy, layout, column, row) for row in count])
        elif field.name in rows.at and field.spec.compute is None:
            columns.append(copy.shown_all(field, rows.column(field.name)))
        else:
            columns.append(copy.shown_all(field, [computed.get(rid, {}).get(field.name) for rid in rows.rids]))
    columns.append(open_counts(copy, layout.table, marks))
    columns.append([copy.checks.get(rid) for rid in rows.rids])
    return list(zip(*columns, strict=True))


def _beside(copy: CopyScope, layout: TableLayout, column: SheetColumn, row: int) -> Scalar:
    """Return what stands in a column that is no field's: the delete mark, or a column of the member's own."""
    refill = copy.refill(layout.table)
    return refill.own_value(column.own, row) if column.kind == "own" else refill.action(row)


def _free_rows(
    copy: CopyScope, layout: TableLayout, marks: TableMarks, free: Sequence[str]
) -> list[tuple[Scalar, ...]]:
    """Return the spare rows: those that were typed in, then the blank ones with their defaults."""
    see, added = copy.issue.grant[layout.table].see, copy.refill(layout.table).added
    opened = added_counts(copy, layout.table, marks)
    first = copy.span(layout.table).issued
    rows = []
    for at, rid in enumerate(free):
        typed = dict(zip(see, added[at], strict=True)) if at < len(added) else None
        cells: list[Scalar] = [rid or None]
        for column in layout.columns[1:-2]:
            if column.field is None:
                cells.append(_beside(copy, layout, column, first + at))
            else:
                default = column.field.spec.default if column.enter else None
                value = typed.get(column.field.name) if typed is not None else default
                cells.append(copy.shown(column.field, value))
        rows.append((*cells, opened[at] if at < len(opened) else 0, copy.checks.get(rid)))
    return rows


def _computed_rows(copy: CopyScope, table: str) -> Mapping[str, Mapping[str, Value]]:
    """Return the computed values of each row: as given, else worked out where this copy holds what they are made of."""
    fields = copy.table(table).fields
    names = [n for n in copy.issue.grant[table].see if fields[n].spec.compute is not None]
    rows = copy.issue.base.get(table)
    if rows is None or not names:
        return {}
    given = copy.computed.get(table, {})
    said = {n: c for n in names if (c := fields[n].spec.compute) is not None and copy.speaks(table, c)}
    worked = {name: evaluator(compute) for name, compute in said.items()}
    values: dict[str, Mapping[str, Value]] = {}
    for rid, row in rows.items():
        if rid in given:
            values[rid] = dict(zip(names, given[rid], strict=True))
        elif worked:
            here = dict(zip(rows.fields, row, strict=True))
            scope = Scope(here, copy.today, copy.related_to(rid), copy.language)
            values[rid] = {name: work(scope) for name, work in worked.items()}
    return values


def _heights(layout: TableLayout, rows: Sequence[Sequence[Scalar]]) -> Sequence[float]:
    wrapped = [(i, c.width) for i, c in enumerate(layout.columns) if c.shown and c.row_look.wrap]
    if not wrapped:
        return ()
    heights = []
    for row in rows:
        lines = max(common.lines_needed(str(row[i] or ""), width) for i, width in wrapped)
        heights.append(look.HEIGHT_ROW + 13 * (min(lines, _MAX_LINES) - 1))
    return heights


def _excel_table(copy: CopyScope, layout: TableLayout, blocks: Sequence[Block]) -> ExcelTable:
    formulas = blocks[-1].formulas
    return ExcelTable(
        table_name(layout.table),
        common.area(HEAD_ROW, 1, copy.span(layout.table).table_end, len(layout.columns)),
        tuple(c.head for c in layout.columns),
        tuple(c.head_look for c in layout.columns),
        calculated=tuple(f.replace(ROW, str(FIRST_ROW)) if f else None for f in formulas),
        filters=tuple(_filters(copy, layout)),
    )


def _filters(copy: CopyScope, layout: TableLayout) -> Iterator[tuple[int, Filter]]:
    places = {c.field.name if c.field else c.own: at for at, c in enumerate(layout.columns)}
    found = {places[name]: shown for name, shown in copy.refill(layout.table).filters if name in places}
    yield from sorted(found.items())


# ── the strip ───────────────────────────────────────────────────────────────────────────────────────


def _strip(copy: CopyScope, layout: TableLayout, opened: int) -> list[PlanCell]:
    """Row 1: title · member · round · as-of · open errors · the first of them · free row · guide."""
    quiet = Look(ink=look.SOFT)
    cells = {c: PlanCell(1, c, None, quiet) for c in range(1, len(layout.columns) + 1)}
    about = " · ".join((copy.member, round_words(copy), word("copy.as_of", copy.language, as_of=copy.as_of)))
    pieces: list[tuple[str, PlanCell]] = [
        (layout.title * 2, PlanCell(1, 0, layout.title, look.SHEET_TITLE)),
        (about, PlanCell(1, 0, about, quiet)),
    ]
    pieces += _errors(copy, layout, opened)
    pieces += _links(copy, layout)
    for column, piece in zip(_seats(layout, [text for text, _ in pieces]), pieces, strict=True):
        cell = piece[1]
        cells[column] = PlanCell(1, column, cell.value, cell.look, link=cell.link)
    return list(cells.values())


def _seats(layout: TableLayout, texts: Sequence[str]) -> list[int]:
    """Give each text a column, as far right as the text before it needs; beyond the table where it is narrow."""
    last = len(layout.columns)
    shown = [i for i in layout.shown if i >= layout.label]
    order = [*shown, *range(last + 1, last + 12)]
    seats: list[int] = []
    at = 0
    for text in texts:
        seats.append(order[at])
        room, need = 0.0, display_width(text) + 1
        while room < need and at < len(order) - 1:
            column = order[at]
            room += layout.columns[column - 1].width if column <= last else 9
            at += 1
    return seats


def _errors(copy: CopyScope, layout: TableLayout, opened: int) -> list[tuple[str, PlanCell]]:
    count = copy.counts.get(layout.table, "")
    if not count or not any(c.edit or c.enter for c in layout.columns):
        return []
    lead, tail, good = (word(f"copy.open.{part}", copy.language) for part in ("lead", "tail", "none"))
    said = f"{lead}{opened}{tail}" if opened else good
    formula = f"IF({count}>0,{common.quoted(lead)}&{count}&{common.quoted(tail)},{common.quoted(good)})"
    span = copy.span(layout.table)
    at = common.column_range(layout.place("open"), FIRST_ROW, span.end)
    name = copy.sheets[layout.table]
    target = common.quoted(f"#{common.on_sheet(name, letters(layout.label))}")
    row = f"MATCH(1,INDEX(({at}>0)*1,0),0)+{FIRST_ROW - 1}"
    text = word("copy.first", copy.language)
    link = f'IF({count}>0,IFERROR(HYPERLINK({target}&({row}),{common.quoted(text)}),""),"")'
    return [
        (f"{lead}00{tail}", PlanCell(1, 0, Formula(formula, said), Look(bold=True, size=11, ink=look.SIGNS["ok"].ink))),
        (text, PlanCell(1, 0, Formula(link, text if opened else ""), look.A_LINK)),
    ]


def _strip_colours(copy: CopyScope, layout: TableLayout) -> list[Condition]:
    """Show the count of open errors in red while there are any."""
    cell = next(
        (c for c in _strip(copy, layout, 0) if isinstance(c.value, Formula) and c.look.bold and c.look.size == 11), None
    )
    if cell is None:
        return []
    red = cell.look.with_(ink=look.SIGNS["wrong"].ink)
    return [Condition(common.address(1, cell.column), f"{copy.counts[layout.table]}>0", red)]


def _links(copy: CopyScope, layout: TableLayout) -> list[tuple[str, PlanCell]]:
    found: list[tuple[str, PlanCell]] = []
    if layout.add:
        text = word("copy.free_row", copy.language)
        found.append((text, _free_row_link(copy, layout.table, text)))
    for other in copy.layouts:
        definition = copy.table(other)
        if definition.append_only and layout.table in definition.refs.values() and copy.layouts[other].add:
            text = word("copy.to_log", copy.language, title=copy.sheets[other])
            found.append((text, _free_row_link(copy, other, text)))
    back = word("copy.to_guide", copy.language)
    found.append((back, PlanCell(1, 0, back, look.A_LINK, link=common.jump(copy.guide))))
    return found


def _free_row_link(copy: CopyScope, table: str, text: str) -> PlanCell:
    """Return a link to the first row whose label is blank."""
    layout, span = copy.layouts[table], copy.span(table)
    labels = common.on_sheet(copy.sheets[table], common.column_range(layout.label, FIRST_ROW, span.end))
    target = common.quoted(f"#{common.on_sheet(copy.sheets[table], letters(layout.label))}")
    row = f'IFERROR(MATCH(1,INDEX(({labels}="")*1,0),0)+{FIRST_ROW - 1},{span.end})'
    return PlanCell(1, 0, Formula(f"HYPERLINK({target}&{row},{common.quoted(text)})", text), look.A_LINK)
