"""Excel Tables as parts: exactly the header's names, a filter, and no table style."""

from __future__ import annotations

from custsheet.plan import ExcelTable, Filter
from custsheet.xlsx.markup import HEAD, MAIN, attr, text

_NO_STYLE = '<tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>'
"""What Excel writes for none; without it ExcelJS cannot save the workbook."""


def table_xml(table: ExcelTable, key: int) -> bytes:
    """Return the part of one table; `key` is unique in the book."""
    formulas = table.calculated or (None,) * len(table.columns)
    columns = "".join(
        _column(place, title, formula)
        for place, (title, formula) in enumerate(zip(table.columns, formulas, strict=True), 1)
    )
    filtered = _filtered(table) if table.autofilter else ""
    return (
        f'{HEAD}<table xmlns="{MAIN}" id="{key}" name="{attr(table.name)}" displayName="{attr(table.name)}" '
        f'ref="{table.ref}" totalsRowShown="0">{filtered}'
        f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns>{_NO_STYLE}</table>'
    ).encode()


def _filtered(table: ExcelTable) -> str:
    columns = "".join(f'<filterColumn colId="{at}">{_shown(shown)}</filterColumn>' for at, shown in table.filters)
    return f'<autoFilter ref="{table.ref}">{columns}</autoFilter>' if columns else f'<autoFilter ref="{table.ref}"/>'


def _shown(shown: Filter) -> str:
    if shown.comparisons:
        tests = "".join(f'<customFilter operator="{attr(o)}" val="{attr(v)}"/>' for o, v in shown.comparisons)
        both = ' and="1"' if shown.both else ""
        return f"<customFilters{both}>{tests}</customFilters>"
    values = "".join(f'<filter val="{attr(value)}"/>' for value in shown.values)
    blank = ' blank="1"' if shown.blank else ""
    return f"<filters{blank}>{values}</filters>"


def _column(place: int, title: str, formula: str | None) -> str:
    name = attr(title).replace("&#10;", "_x000a_")  # clients match a header's line break in this spelling only
    if not formula:
        return f'<tableColumn id="{place}" name="{name}"/>'
    calculated = f"<calculatedColumnFormula>{text(formula)}</calculatedColumnFormula>"
    return f'<tableColumn id="{place}" name="{name}">{calculated}</tableColumn>'
