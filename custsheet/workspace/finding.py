"""Find a row or a field by what people call it, also one that is no more."""

from __future__ import annotations

from custsheet.errors import CallError
from custsheet.fields.base import Field
from custsheet.schema.labels import Labels
from custsheet.schema.records import TableDef
from custsheet.text import fold, nearest
from custsheet.workspace.folder import Folder


def find_row(folder: Folder, label: str) -> tuple[Labels, str, str]:
    """Return labels, table and row id of a row that people call so: of one that is there, else of one that was.

    Raises CallError `LABEL_UNKNOWN` with near labels, or `LABEL_AMBIGUOUS`.
    """
    labels = folder.labels(folder.ledger.tables(folder.schema))
    try:
        return (labels, *labels.find(label))
    except CallError as unknown:
        if unknown.code != "LABEL_UNKNOWN":
            raise
        gone = folder.labels(folder.ledger.gone(folder.schema))
        found = gone.alike(label)
        if not found:
            raise unknown from None
        last = {place: folder.ledger.history(*place, folder.schema)[-1].revision for place in found}
        return (gone, *max(found, key=last.__getitem__))  # of several of one name the one that was there last


def find_once(folder: Folder, table: str, text: str) -> str:
    """Return the name of a field that people call so; CallError `FIELD_UNKNOWN` where there never was one."""
    try:
        return find_field(folder.schema.tables[table], text).name
    except CallError:
        former = (f for (name, _), f in folder.ledger.former(folder.schema).items() if name == table)
        found = next((f.name for f in former if is_called(f, text)), None)
        if found is None:
            raise
        return found


def find_field(table: TableDef, text: str) -> Field:
    """Return a field by name, title or alias; CallError `FIELD_UNKNOWN` with the nearest."""
    for f in table.fields.values():
        if is_called(f, text):
            return f
    named = [w for f in table.fields.values() for w in (f.spec.title.en, f.spec.title.zh, f.name)]
    words = {fold(w): w for w in named}  # of a name and a title that differ in case alone, the name
    raise CallError("FIELD_UNKNOWN", name=text, table=table.name, nearest=nearest(text, words.values()))


def is_called(f: Field, text: str) -> bool:
    """Tell whether people call a field so: by its name, its title in either language, or another head of its column."""
    return fold(text) in {fold(t) for t in (f.name, f.spec.title.zh, f.spec.title.en, *f.spec.aliases)}
