"""One member's workbook for one round: guide, a sheet per table, lists and stamp, laid out as a Plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from custsheet.books import common
from custsheet.books.beside import Aside, OwnSheet, own_sheets
from custsheet.books.columns import TableLayout, table_columns
from custsheet.books.guide import guide_sheet
from custsheet.books.lists import ListSheet, counts, dropdowns
from custsheet.books.marks import open_total, table_marks
from custsheet.books.problems import Problem, problem_sheet
from custsheet.books.proof import Proof, proof_sheet
from custsheet.books.refill import Refill
from custsheet.books.scope import LISTS, STAMP, TODAY, CopyScope, texts
from custsheet.books.table_sheet import table_sheet
from custsheet.messages import word
from custsheet.model import Value
from custsheet.plan import Book, Name, PlanCell, Sheet
from custsheet.schema.records import Issue, Schema, Team
from custsheet.summary import Receipt

__all__ = ["copy_book", "table_columns"]


def copy_book(  # noqa: PLR0913 - everything that a copy is made of, each by its name
    schema: Schema,
    issue: Issue,
    *,
    team: Team,
    names: Mapping[str, str],
    stamp_cells: Sequence[str],
    checks: Mapping[str, str],
    computed: Mapping[str, Mapping[str, tuple[Value, ...]]] | None = None,
    as_of: str,
    due: str,
    today: dt.date,
    refills: Mapping[str, Refill] | None = None,
    problems: Sequence[Problem] | None = None,
    proofs: Sequence[Proof] = (),
    own: Sequence[OwnSheet] = (),
    asides: Sequence[Aside] = (),
    receipt: Receipt | None = None,
) -> Book:
    """Lay out the copy of one member.

    `names` is member id → display name, `checks` row id → check code; `computed` gives per table and row id the values
    of the computed fields that the grant shows, in its order. Nothing is written that `issue` does not hold but
    the `receipt`, which tells what became of the member's last copy.

    A returned copy is laid out again with `refills`: `issue` then holds the rows as they came back. With `problems` a
    list of them stands in front, with `proofs` a list of what was put back; `own` are the member's sheets, `asides`
    what stood beside the tables.
    """
    bare = CopyScope(
        schema,
        issue,
        team,
        names,
        checks,
        computed or {},
        as_of,
        due,
        today,
        receipt=receipt,
        refills=refills or {},
    )
    copy = _laid_out(bare)
    lists = ListSheet()
    ranges, extra = dropdowns(copy, lists)
    actions = lists.add(word("copy.action", copy.language), [word("copy.delete", copy.language)])
    copy = replace(copy, lists=ranges, extra=extra)
    marks = {table: table_marks(copy, table) for table in copy.layouts}
    opened = {table: open_total(copy, table, marks[table]) for table in copy.layouts}
    copy = replace(copy, counts=counts(copy, lists, opened))
    sheets = [guide_sheet(copy, opened=sum(opened.values()))]
    for table in copy.layouts:
        sheets.append(table_sheet(copy, table, marks[table], actions=actions, opened=opened[table]))
    taken = [*(sheet.name for sheet in sheets), LISTS, STAMP, "History"]
    sheets += [*own_sheets(copy, own, asides, taken), lists.sheet(), stamp_sheet(stamp_cells)]
    if problems is not None:
        sheets.insert(0, problem_sheet(copy, problems))
    if proofs:
        sheets.insert(0, proof_sheet(copy, proofs))
    title = f"{schema.title[copy.language]} · {copy.member} · {issue.round}"
    return Book(tuple(sheets), title=title, names=(Name(TODAY, "TODAY()"),), created=today)


def stamp_sheet(cells: Sequence[str]) -> Sheet:
    """Return the very hidden sheet with the machine data, one text per row."""
    return Sheet(STAMP, state="veryHidden", cells=tuple(PlanCell(row, 1, text) for row, text in enumerate(cells, 1)))


def _laid_out(copy: CopyScope) -> CopyScope:
    """Give every visible table its columns and a sheet name of its own."""
    language = copy.language
    guide = word("copy.guide", language)
    layouts: dict[str, TableLayout] = {}
    sheets: dict[str, str] = {}
    for table in copy.schema.tables:
        if table not in copy.issue.grant:
            continue
        grant = copy.issue.grant[table]
        shown, refill = texts(copy, table), copy.refill(table)
        layouts[table] = table_columns(copy.schema, table, grant, language=language, texts=shown, refill=refill)
        sheets[table] = common.sheet_name(layouts[table].title, [guide, LISTS, STAMP, "History", *sheets.values()])
    return replace(copy, guide=guide, layouts=layouts, sheets=sheets)
