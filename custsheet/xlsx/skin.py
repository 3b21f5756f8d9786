"""Read what people did to a sheet's looks: widths, filters, colours, notes; none of it is data, all of it is theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from custsheet.container import USUAL, Limits, Package, Walker, walk
from custsheet.model import CellNote
from custsheet.plan import Filter
from custsheet.xlsx.fills import cell_fills
from custsheet.xlsx.markup import bounds, measure, whole
from custsheet.xlsx.read_parts import Relation, RelationsWalker, WorkbookWalker
from custsheet.xlsx.read_styles import MAIN

_AUTHOR_OF_OURS = "custsheet"
_OURS = re.compile(r"(?:\A|\n+)[！□▲※] .*?\n\([EFHR]_[A-Z0-9_]+\)(?=\n|\Z)", re.DOTALL)
"""One of our remarks in a note, from its sign to its code: programs leave the author out, people write below it."""
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")


@dataclass(frozen=True, slots=True)
class Skin:
    """How a person left one sheet. Rows and columns are 1-based."""

    widths: Mapping[int, float] = field(default_factory=dict)
    """Column → width in units of the default font, where it is stated."""
    filters: tuple[tuple[int, Filter], ...] = ()
    """(column, what it shows)."""
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → solid fill as RRGGBB."""
    notes: tuple[CellNote, ...] = ()
    """Not those that we wrote; of one in which somebody wrote on, what they wrote."""


def read_skin(data: bytes, limits: Limits = USUAL, *, unless: frozenset[str] | None = None) -> dict[str, Skin]:
    """Return the skin of each worksheet by its name; FileRefused where the reader of cells refuses too.

    With `unless`, only notes and fills are read, and not those fills: cheap where nobody painted anything.
    """
    return _Skins(Package(data, limits), unless).all()


class _Skins:
    def __init__(self, package: Package, unless: frozenset[str] | None) -> None:
        self._package, self._limits, self._unless = package, package.limits, unless
        root = self._relations("")
        main = next((r.target for r in root.values() if r.kind == "officeDocument"), "")
        self._main = main
        self._fills: tuple[str, ...] = ()

    def all(self) -> dict[str, Skin]:
        own = self._relations(self._main)
        workbook = WorkbookWalker(self._main, self._limits)
        self._walk(workbook)
        styles = next((r.target for r in own.values() if r.kind == "styles"), "")
        if styles in self._package.parts:
            theme = next((r.target for r in own.values() if r.kind == "theme"), "")
            palette = self._bytes(theme) if theme in self._package.parts else b""
            fills = cell_fills(styles, self._limits, self._bytes(styles), palette)
            self._fills = tuple("" if fill in (self._unless or ()) else fill for fill in fills)
        found = {}
        for entry in workbook.sheets:
            relation = own.get(entry.relation)
            if relation is not None and relation.kind == "worksheet" and relation.target in self._package.parts:
                found[entry.name] = self._sheet(relation.target)
        return found

    def _sheet(self, part: str) -> Skin:
        walker = _SheetWalker(part, self._limits, self._fills)
        if self._unless is None or any(self._fills):
            self._walk(walker)
        filters, notes, threads = list(walker.filters), list[CellNote](), list[CellNote]()
        for relation in self._relations(part).values():
            if relation.target not in self._package.parts:
                continue
            if relation.kind == "table" and self._unless is None:
                table = _FilterWalker(relation.target, self._limits)
                self._walk(table)
                filters += table.filters
            elif relation.kind == "comments":
                legacy = _NotesWalker(relation.target, self._limits)
                self._walk(legacy)
                notes += legacy.notes
            elif relation.kind == "threadedComment":
                thread = _ThreadWalker(relation.target, self._limits)
                self._walk(thread)
                threads += thread.notes
        spoken = {(note.row, note.column) for note in threads}
        notes = [note for note in notes if (note.row, note.column) not in spoken]  # what old programs show of a thread
        return Skin(walker.widths, tuple(filters), walker.fills, tuple(sorted(threads + notes)))

    def _relations(self, part: str) -> dict[str, Relation]:
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels".lstrip("/")
        if path not in self._package.parts:
            return {}
        walker = RelationsWalker(path, self._limits)
        self._walk(walker)
        return walker.relations

    def _walk(self, walker: Walker) -> None:
        walk(walker, self._package.inflate(self._package.parts[walker.name]))

    def _bytes(self, part: str) -> bytes:
        return b"".join(self._package.inflate(self._package.parts[part]))


class _FilterWalker(Walker):
    """Reads the filters of a sheet or a table."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.filters: list[tuple[int, Filter]] = []
        self._left = self._column = 0
        self._values: list[str] = []
        self._tests: list[tuple[str, str]] = []
        self._blank = self._both = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note what a filter shows."""
        name = tag.rpartition("|")[2]
        if name == "autoFilter":
            self._left = _left(attributes.get("ref", ""))
        elif name == "filterColumn":
            self._column = self._left + whole(attributes.get("colId", ""))
            self._values, self._tests, self._blank, self._both = [], [], False, False
        elif name == "filters":
            self._blank = attributes.get("blank") in ("1", "true")
        elif name == "filter":
            self._values.append(attributes.get("val", ""))
        elif name == "customFilters":
            self._both = attributes.get("and") in ("1", "true")
        elif name == "customFilter":
            self._tests.append((attributes.get("operator", "equal"), attributes.get("val", "")))

    def closed(self, tag: str) -> None:
        """Keep a filter that says something."""
        if tag.endswith("|filterColumn") and self._left and (self._values or self._tests or self._blank):
            shown = Filter(tuple(self._values), self._blank, tuple(self._tests), self._both)
            self.filters.append((self._column, shown))


class _SheetWalker(_FilterWalker):
    """Reads widths, filters and fills of a sheet."""

    def __init__(self, name: str, limits: Limits, fills: tuple[str, ...]) -> None:
        super().__init__(name, limits)
        self.widths: dict[int, float] = {}
        self.fills: dict[tuple[int, int], str] = {}
        self._known = fills

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note columns and coloured cells."""
        if tag == MAIN + "|c":
            self._cell(attributes)
        elif tag == MAIN + "|col":
            self._widths(attributes)
        else:
            super().opened(tag, attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        style = whole(attributes.get("s", ""))
        fill = self._known[style] if style < len(self._known) else ""
        place = _place(attributes.get("r", "")) if fill else None
        if place:
            self.fills[place] = fill

    def _widths(self, attributes: dict[str, str]) -> None:
        first, last = whole(attributes.get("min", "")), whole(attributes.get("max", ""))
        width = measure(attributes.get("width", ""))
        if width and attributes.get("hidden") not in ("1", "true"):
            self.widths.update(dict.fromkeys(range(first, min(last, first + 255) + 1), width))


class _NotesWalker(Walker):
    """Reads notes, which Excel called comments."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.notes: list[CellNote] = []
        self._authors: list[str] = []
        self._at: tuple[int, int] | None = None
        self._author = ""
        self._texts: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Collect authors and texts."""
        name = tag.rpartition("|")[2]
        if name == "comment":
            self._at, self._texts = _place(attributes.get("ref", "")), []
            index = whole(attributes.get("authorId", ""))
            self._author = self._authors[index] if index < len(self._authors) else ""
        elif name in ("author", "t"):
            self.buffer = []

    def closed(self, tag: str) -> None:
        """Keep a note that is not ours."""
        name = tag.rpartition("|")[2]
        if name in ("author", "t"):
            text = "".join(self.buffer or ())
            (self._authors if name == "author" else self._texts).append(text)
            self.buffer = None
        elif name == "comment" and self._at:
            is_ours = self._author == _AUTHOR_OF_OURS
            text = theirs("".join(self._texts), whole=not is_ours)
            if text:
                self.notes.append(CellNote(*self._at, "" if is_ours else self._author, text))


class _ThreadWalker(Walker):
    """Reads threaded comments: each cell's replies in order."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self._said: dict[tuple[int, int], list[str]] = {}
        self._at: tuple[int, int] | None = None

    @property
    def notes(self) -> list[CellNote]:
        """One per cell; who said it stands in another part and is not asked for."""
        return [CellNote(*at, "", "\n".join(texts)) for at, texts in self._said.items()]

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Collect texts."""
        if tag == _THREADS + "|threadedComment":
            self._at = _place(attributes.get("ref", ""))
        elif tag == _THREADS + "|text":
            self.buffer = []

    def closed(self, tag: str) -> None:
        """Keep a text."""
        if tag == _THREADS + "|text":
            text = theirs("".join(self.buffer or ()))
            self.buffer = None
            if text and self._at:
                self._said.setdefault(self._at, []).append(text)


def theirs(text: str, *, whole: bool = True) -> str:
    """Return what people wrote in a note: all of it but our remarks. Not `whole`: nothing, if none of them is in it."""
    text = text.replace("\r\n", "\n").strip()
    left = _OURS.sub("", text).strip()
    return left if whole or left != text else ""


def _place(address: str) -> tuple[int, int] | None:
    if not _ADDRESS.match(address):
        return None
    row, column, *_ = bounds(address.replace("$", ""))
    return row, column


def _left(ref: str) -> int:
    place = _place(ref.partition(":")[0])
    return place[1] if place else 0
