"""Excel Tables as parts: exactly the header's names, a filter, and no table style."""

from __future__ import annotations

from custsheet.plan import ExcelTable
from custsheet.xlsx.markup import HEAD, MAIN, attr, text


def table_xml(table: ExcelTable, key: int) -> bytes:
    """Return the part of one table; `key` is unique in the book."""
    formulas = table.calculated or (None,) * len(table.columns)
    columns = "".join(
        _column(place, title, formula)
        for place, (title, formula) in enumerate(zip(table.columns, formulas, strict=True), 1)
    )
    filtered = f'<autoFilter ref="{table.ref}"/>' if table.autofilter else ""
    return (
        f'{HEAD}<table xmlns="{MAIN}" id="{key}" name="{attr(table.name)}" displayName="{attr(table.name)}" '
        f'ref="{table.ref}" totalsRowShown="0">{filtered}'
        f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns></table>'
    ).encode()


def _column(place: int, title: str, formula: str | None) -> str:
    name = attr(title).replace("&#10;", "_x000a_")  # clients match a header's line break in this spelling only
    if not formula:
        return f'<tableColumn id="{place}" name="{name}"/>'
    calculated = f"<calculatedColumnFormula>{text(formula)}</calculatedColumnFormula>"
    return f'<tableColumn id="{place}" name="{name}">{calculated}</tableColumn>'
