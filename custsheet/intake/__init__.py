"""From a grid of cells to a returned copy: its stamp, its tables and heads, parsed cells, and which row is which."""

from __future__ import annotations

from custsheet.intake.copy import Context, read_copy, stamp_cells, stamp_of

__all__ = ["Context", "read_copy", "stamp_cells", "stamp_of"]
