"""What people did to the looks of a returned file, whatever its format, as far as it is read."""

from __future__ import annotations

from custsheet.container import sniff
from custsheet.model import Grid, GridSheet
from custsheet.xlsx.skin import Skin, read_skin, theirs


def skins_of(data: bytes, name: str, grid: Grid, *, unless: frozenset[str] | None = None) -> dict[str, Skin]:
    """Return the skin of each sheet by its name; of another format than xlsx notes and fills. `unless`: `read_skin`."""
    if sniff(data, name) == "xlsx":
        return read_skin(data, unless=unless)
    return {sheet.name: _skin(sheet, unless or frozenset()) for sheet in grid.sheets}


def _skin(sheet: GridSheet, unless: frozenset[str]) -> Skin:
    notes = (note._replace(text=theirs(note.text)) for note in sheet.notes)
    fills = {(row, column): fill for row, column, fill in sheet.fills if fill not in unless}
    return Skin(fills=fills, notes=tuple(sorted(note for note in notes if note.text)))
