"""Read a workbook that came back into a grid of cells: the one reader for checking and merging, guard included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Literal, TypeVar

from custsheet.container import (
    USUAL,
    FileBytes,
    Items,
    Limits,
    Package,
    Source,
    Walker,
    check_size,
    skim,
    sniff,
    walk,
)
from custsheet.errors import DiskError, FileRefused
from custsheet.machine import collector_paused
from custsheet.model import Grid, GridSheet
from custsheet.xlsx.read_cells import Cells, Meanings
from custsheet.xlsx.read_fast import RowTaker
from custsheet.xlsx.read_parts import PlainWalker, Relation, RelationsWalker, SheetEntry, TypesWalker, WorkbookWalker
from custsheet.xlsx.read_rows import Rows, Tally
from custsheet.xlsx.read_sheet import SheetWalker
from custsheet.xlsx.read_strings import StringsWalker
from custsheet.xlsx.read_styles import StyleSheet

_TYPES, _ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
_ACTIVE_FOLDERS = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")
_NEEDED = ("worksheet", "styles", "sharedStrings", "officeDocument")
_SMALL = 1 << 16
"""Parts up to this size repeat from copy to copy, to the byte; sheets below it are read before a shape is made."""

_AT_ONCE = 1 << 22
"""Bytes of a file up to which it is read as a whole."""

W = TypeVar("W", bound=Walker)


def read_grid(data: bytes | Path, *, name: str = "", limits: Limits = USUAL, exact: bool = False) -> Grid:
    """Read a whole .xlsx workbook; FileRefused says why it is not read.

    `name` helps to word a refusal. `exact` leaves everything to the parser: slower, never different.
    """
    if isinstance(data, Path):
        return _read_file(data, name or data.name, limits, exact=exact)
    return _read(data, name, limits, exact=exact)


def _read_file(path: Path, name: str, limits: Limits, *, exact: bool) -> Grid:
    """Read a file; of a big one never more at a time than is looked at."""
    try:
        size = path.stat().st_size
        check_size(size, limits)
        if size <= _AT_ONCE:
            return _read(path.read_bytes(), name, limits, exact=exact)
        with path.open("rb") as file:
            return _read(FileBytes(file, size), name, limits, exact=exact)
    except OSError as error:
        raise DiskError("FILE_UNREADABLE", file=path.name, reason=error.strerror or type(error).__name__) from error


def _read(data: Source, name: str, limits: Limits, *, exact: bool) -> Grid:
    kind = sniff(data, name)
    if kind != "xlsx":
        raise _refusal(kind, name)
    with collector_paused():
        return _Book(Package(data, limits), exact=exact).grid()


def _refusal(kind: str, name: str) -> FileRefused:
    if kind == "empty":
        return FileRefused("E_FILE_EMPTY")
    if kind == "encrypted":
        return FileRefused("E_ENCRYPTED")
    pretends = name.lower().endswith((".xlsx", ".xlsm"))
    if kind == "unknown" or (kind in ("csv", "eml") and pretends):
        return FileRefused("E_NOT_XLSX", found="" if kind == "unknown" else f" (.{kind})")
    return FileRefused("E_NOT_YET", format=kind, what=f".{kind}")


class _Book:
    """Judges every part of the package, and reads those that hold cells."""

    def __init__(self, package: Package, *, exact: bool) -> None:
        self._package, self._limits, self._exact = package, package.limits, exact
        self._parts = package.parts
        self._notes: list[tuple[str, str]] = []
        self._tally = Tally()

    def grid(self) -> Grid:
        """Return all worksheets in the workbook's order."""
        self._check_names()
        relations = self._relations()
        main = next((r.target for r in relations[_ROOT_RELATIONS].values() if r.kind == "officeDocument"), "")
        if main not in self._parts:
            raise FileRefused("E_PKG_PART_MISSING", part=main or "workbook.xml")
        folder, _, file_name = main.rpartition("/")
        own = relations.get(f"{folder}/_rels/{file_name}.rels".lstrip("/"), {})
        targets = {relation.kind: relation.target for relation in reversed(own.values())}  # the first of a kind
        styles, strings = targets.get("styles", ""), targets.get("sharedStrings", "")

        self._check_macros()
        workbook = self._read(WorkbookWalker, main)
        style_sheet = self._read(StyleSheet, styles) if styles else None
        sheets = self._worksheets(workbook.sheets, own)
        read_later = {part for _, part in sheets} | {strings}
        self._check_rest({_TYPES, main, styles, *relations, *read_later})
        if workbook.date1904:
            self._notes.append(("F_DATE1904", ""))
        meanings = Meanings(
            self._strings(strings) if strings else None, style_sheet.styles if style_sheet else (), workbook.date1904
        )
        cells = Cells(meanings)
        read = tuple(self._sheet(sheet, part, cells) for sheet, part in sheets)
        if cells.has_unknown_style:
            self._notes.append(("F_STYLE_IGNORED", ""))
        return Grid(read, tuple(dict.fromkeys(self._notes)))

    def _check_names(self) -> None:
        for needed in (_TYPES, _ROOT_RELATIONS):
            if needed not in self._parts:
                raise FileRefused("E_PKG_PART_MISSING", part=needed)
        for name in map(str.lower, self._parts):
            if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
                raise FileRefused("E_MACRO", found=name)
            if name.startswith(_ACTIVE_FOLDERS):
                raise FileRefused("E_ACTIVE_CONTENT", found=name)
        pictures = sum(name.startswith("xl/media/") for name in self._parts)
        if pictures:
            self._notes.append(("F_PICTURES", str(pictures)))

    def _relations(self) -> dict[str, dict[str, Relation]]:
        found = {}
        for name in self._parts:
            if name.endswith(".rels"):
                walker = self._read(RelationsWalker, name)
                self._notes += sorted(walker.notes)
                found[name] = walker.relations
        for relation in chain.from_iterable(relations.values() for relations in found.values()):
            if relation.kind in _NEEDED and relation.target not in self._parts:
                raise FileRefused("E_PKG_PART_MISSING", part=relation.target)
        return found

    def _check_macros(self) -> None:
        types = self._read(TypesWalker, _TYPES)
        names = [name.lower() for name in self._parts]
        # SheetJS declares the ending "bin" in every file: it counts only if there is such a part
        endings = [e for e in types.macro_endings if any(name.endswith(e) for name in names)]
        for found in (*types.macro_parts, *endings):
            raise FileRefused("E_MACRO", found=found)

    def _worksheets(self, listed: list[SheetEntry], own: dict[str, Relation]) -> list[tuple[SheetEntry, str]]:
        sheets: list[tuple[SheetEntry, str]] = []
        for sheet in listed:
            relation = own.get(sheet.relation)
            if relation is None:
                raise FileRefused("E_PKG_PART_MISSING", part=sheet.name)
            if relation.kind != "worksheet":  # a chart alone on a sheet
                continue
            if any(part == relation.target for _, part in sheets):
                raise FileRefused("E_PKG_REL", part=relation.target, target=sheet.name)
            sheets.append((sheet, relation.target))
        if not sheets:
            raise FileRefused("E_PKG_PART_MISSING", part="worksheet")
        return sheets

    def _check_rest(self, seen: set[str]) -> None:
        """Judge the parts that hold no cells, small ones first: a refusal then costs least."""
        for entry in sorted(self._parts.values(), key=lambda entry: entry.size):
            if entry.name in seen:
                continue
            if entry.name.lower().endswith((".xml", ".vml")):
                self._read(PlainWalker, entry.name)
            else:
                for _ in self._package.inflate(entry):
                    pass

    def _read(self, kind: type[W], name: str) -> W:
        entry = self._parts[name]
        chunks = self._package.inflate(entry)
        if entry.size <= _SMALL:
            make: Callable[[str, Limits], Walker] = kind
            small = _read_small(make, name, self._limits, b"".join(chunks))
            assert isinstance(small, kind)
            return small
        walker = kind(name, self._limits)
        walk(walker, chunks)
        return walker

    def _strings(self, name: str) -> list[str]:
        chunks = self._package.inflate(self._parts[name])
        first = next(chunks, b"")
        walker = StringsWalker(name, self._limits, _prefix(first, b"sst"))
        self._skim(walker, chain((first,), chunks), walker.items())
        return walker.strings

    def _sheet(self, sheet: SheetEntry, part: str, cells: Cells) -> GridSheet:
        entry = self._parts[part]
        chunks = self._package.inflate(entry)
        first = next(chunks, b"")
        prefix = _prefix(first, b"sheetData")
        rows = Rows(sheet.name, self._limits, self._tally)
        walker = SheetWalker(part, self._limits, cells, rows, prefix)
        taker = RowTaker(walker, is_big=entry.size > self._limits.chunk // 2)
        items = Items(f"<{prefix}row ".encode(), f"</{prefix}sheetData>".encode(), 2, taker.take)
        self._skim(walker, chain((first,), chunks), items)
        self._notes += rows.remarks()
        return GridSheet(sheet.name, rows.finish(), _state(sheet.state), tuple(walker.merged))

    def _skim(self, walker: Walker, chunks: Iterator[bytes], items: Items) -> None:
        if self._exact:
            walk(walker, chunks)
        else:
            skim(walker, chunks, items)


def _prefix(head: bytes, tag: bytes) -> str:
    """Return the prefix, with its colon, that the first such tag seems to bear: what it means the walker knows."""
    match = re.search(rb"<([A-Za-z_][A-Za-z0-9_.-]*:)?" + tag, head)
    return match[1].decode() if match and match[1] else ""


@lru_cache(maxsize=256)
def _read_small(kind: Callable[[str, Limits], Walker], name: str, limits: Limits, data: bytes) -> Walker:
    """Read a part once for all files that hold the same; what comes back is only looked at."""
    walker = kind(name, limits)
    walk(walker, iter((data,)))
    return walker


def _state(written: str) -> Literal["visible", "hidden", "veryHidden"]:
    if written == "hidden":
        return "hidden"
    return "veryHidden" if written == "veryHidden" else "visible"
