"""A copy laid out again from what came back: added rows, marks on cells, the member's own columns and widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from custsheet.model import Value
from custsheet.plan import Filter, Scalar


@dataclass(frozen=True, slots=True)
class Own:
    """A column that the member added: one value per row, first the issued rows, then the added ones."""

    key: str
    title: str
    values: Sequence[Scalar]
    number_format: str = "General"
    width: float = 0
    """Units of the default font; 0 = by its head."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A note on a cell. `row` is counted from 0 over the issued rows and then the added ones."""

    row: int
    field: str
    """Empty for a remark about the row."""
    note: str
    wrong: bool = False
    """Whether something has to be done about it."""


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note that the member wrote."""

    text: str
    author: str


@dataclass(frozen=True, slots=True)
class Refill:
    """What one table's sheet shows beside its issue."""

    added: Sequence[Sequence[Value]] = ()
    """Rows typed into the first spare places, in the order of `TableGrant.see`."""
    actions: Sequence[str] = ()
    """What stands in the action column of each row."""
    own: Sequence[Own] = ()
    marks: Sequence[Mark] = ()
    widths: Mapping[str, float] = field(default_factory=dict)
    """Field or key of an own column → width that the member gave it."""
    filters: Sequence[tuple[str, Filter]] = ()
    """Field or key of an own column → what is shown."""
    hidden: frozenset[int] = frozenset()
    """Rows that a filter hides, counted as in `Mark`."""
    fills: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """(row as in `Mark`, field or key of an own column) → the colour that the member gave the cell, as RRGGBB."""
    notes: Mapping[tuple[int, str], OwnNote] = field(default_factory=dict)
    """The same for what the member noted; the field is empty for a note elsewhere in the row."""

    def action(self, row: int) -> str | None:
        """Return what stands in the action column of a row."""
        return (self.actions[row] or None) if row < len(self.actions) else None

    def own_value(self, key: str, row: int) -> Scalar:
        """Return what stands in an own column of a row."""
        values = next((own.values for own in self.own if own.key == key), ())
        return values[row] if row < len(values) else None
