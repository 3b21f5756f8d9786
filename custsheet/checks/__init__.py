"""pandera and the row rules over rows of canonical values: what does not hold becomes findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from custsheet.checks.rows import CheckRow, RelatedTo, check

if TYPE_CHECKING:
    import pandas as pd

    from custsheet.model import Absent, Value
    from custsheet.schema.records import Schema, TableDef

__all__ = ["CheckRow", "RelatedTo", "check", "frame", "to_pandera"]


def frame(
    table: TableDef, rows: Iterable[Sequence[Value | Absent]], *, index: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return rows as a frame of object columns in the table's order; blank, absent and unreadable cells are None."""
    from custsheet.checks import frames  # noqa: PLC0415  # pandas and pandera take a second to load

    return frames.frame(table, rows, index=index)


def to_pandera(schema: Schema, table: str, *, today: dt.date | None = None) -> Any:
    """Return a table's constraints and row rules as a `pandera.DataFrameSchema`, for frames as `frame` makes them.

    Rules about today are in it where `today` is given; rules that read other tables or all rows are not.
    """
    from custsheet.checks import frames  # noqa: PLC0415  # pandas and pandera take a second to load

    return frames.to_pandera(schema.tables[table], language=schema.language, today=today)
