"""What people did to the looks of a returned file, whatever its format, as far as it is read."""

from __future__ import annotations

from custsheet.container import sniff
from custsheet.model import Grid
from custsheet.xlsx.skin import Skin, read_skin, theirs


def skins_of(data: bytes, name: str, grid: Grid, *, unless: frozenset[str] | None = None) -> dict[str, Skin]:
    """Return the skin of each sheet by its name; of another format than xlsx the notes alone. `unless`: `read_skin`."""
    if sniff(data, name) == "xlsx":
        return read_skin(data, unless=unless)
    notes = {sheet.name: [note._replace(text=theirs(note.text)) for note in sheet.notes] for sheet in grid.sheets}
    return {name: Skin(notes=tuple(sorted(note for note in found if note.text))) for name, found in notes.items()}
