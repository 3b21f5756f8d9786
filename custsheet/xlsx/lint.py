"""What a spreadsheet program would repair or refuse in a package, beyond what schema validators see."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree

from custsheet.xlsx.lint_sheet import Facts, Relation, is_name, lint_sheet, sheets_named
from custsheet.xlsx.markup import MAIN, RELS

_LONGEST_SHEET_NAME: Final = 31
_LONGEST_NAME: Final = 255
_WORKBOOK: Final = "xl/workbook.xml"
_NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]|^'|'$|^$|(?i:^history$)")
_CHART_REF: Final = re.compile(rb"<c:f>([^<]*)</c:f>")


def lint(data: bytes) -> list[str]:
    """Return what a client would repair or refuse in this package; empty where nothing was found."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            twice = [name for name, n in Counter(archive.namelist()).items() if n > 1]
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
        return [f"zip: {problem}"]
    return [f"zip: {name} is there twice" for name in twice] + lint_parts(parts)


def lint_parts(parts: Mapping[str, bytes], *, quick: bool = False) -> list[str]:
    """Return what is wrong with these parts; `quick` reads only the outer rows of a long sheet."""
    try:
        return list(_Package(parts, quick=quick).findings())
    except ElementTree.ParseError as problem:
        return [f"not well-formed: {problem}"]
    except (KeyError, ValueError, IndexError, AttributeError) as problem:
        return [f"not to be understood: {type(problem).__name__} {problem}"]


class _Package:
    def __init__(self, parts: Mapping[str, bytes], *, quick: bool) -> None:
        self._parts = parts
        self._quick = quick
        self._workbook = self._tree(_WORKBOOK)
        self._relations = self._relations_of(_WORKBOOK)
        sheets = self._workbook.findall(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")
        self._sheets = [(sheet.get("name", ""), sheet) for sheet in sheets]
        self._names = list(self._workbook.iter(f"{{{MAIN}}}definedName"))

    def findings(self) -> Iterator[str]:
        yield from self._package()
        yield from self._sheet_list()
        yield from self._defined_names()
        yield from self._charts()
        facts = self._facts()
        for name, sheet in self._sheets:
            part = self._relations[sheet.get(f"{{{RELS}}}id", "")].target
            tables = {
                key: self._tree(relation.target)
                for key, relation in self._relations_of(part).items()
                if relation.kind == "table" and relation.target in self._parts
            }
            yield from lint_sheet(name, self._parts[part], self._relations_of(part), tables, facts)

    # ── the package ─────────────────────────────────────────────────────────────────────────────────

    def _package(self) -> Iterator[str]:
        for name, n in Counter(map(str.lower, self._parts)).items():
            if n > 1:
                yield f"part name twice: {name}"
        types = self._tree("[Content_Types].xml")
        known = {element.get("PartName", "").lstrip("/") for element in types} - {""}
        endings = {element.get("Extension") for element in types} - {"xml", None}
        for name in self._parts:
            ending = name.rpartition(".")[2]
            if name != "[Content_Types].xml" and name not in known and ending not in endings:
                yield f"{name}: no content type"
        yield from (f"{name}: content type without a part" for name in sorted(known - self._parts.keys()))
        for name in self._parts:
            if name.endswith(".rels"):
                yield from self._targets(name)

    def _targets(self, rels: str) -> Iterator[str]:
        owner = posixpath.join(posixpath.dirname(posixpath.dirname(rels)), posixpath.basename(rels)[:-5])
        if owner not in self._parts and owner != "":
            yield f"{rels}: belongs to no part"
        for relation in self._relations_of(owner).values():
            if relation.external:
                continue
            if relation.written.startswith("/"):
                yield f"{rels}: absolute target {relation.written}"
            if relation.target not in self._parts:
                yield f"{rels}: no such part {relation.written}"

    def _relations_of(self, part: str) -> dict[str, Relation]:
        folder, file = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels not in self._parts:
            return {}
        out = {}
        for element in self._tree(rels):
            written = element.get("Target", "")
            target = posixpath.normpath(posixpath.join("/", folder, written)).lstrip("/")
            external = element.get("TargetMode") == "External"
            kind = element.get("Type", "").rpartition("/")[2]
            out[element.get("Id", "")] = Relation(kind, written, target, external)
        return out

    def _tree(self, part: str) -> ElementTree.Element:
        return ElementTree.fromstring(self._parts[part])  # noqa: S314 - our own output, never a returned file

    # ── the workbook ────────────────────────────────────────────────────────────────────────────────

    def _sheet_list(self) -> Iterator[str]:
        for name, n in Counter(name.lower() for name, _ in self._sheets).items():
            if n > 1:
                yield f"sheet name twice: {name}"
        for name, _ in self._sheets:
            if len(name) > _LONGEST_SHEET_NAME or _NO_SHEET_NAME.search(name):
                yield f"sheet name not possible: {name}"
        visible = [element.get("state", "visible") == "visible" for _, element in self._sheets]
        view = self._workbook.find(f"{{{MAIN}}}bookViews/{{{MAIN}}}workbookView")
        active = int(view.get("activeTab", "0")) if view is not None else 0
        if not any(visible):
            yield "no visible sheet"
        elif active >= len(visible) or not visible[active]:
            yield f"the book opens on sheet {active}, which is hidden or not there"

    def _defined_names(self) -> Iterator[str]:
        seen = Counter((e.get("name", "").lower(), e.get("localSheetId")) for e in self._names)
        yield from (f"defined name twice: {name}" for (name, _), n in seen.items() if n > 1)
        sheets = {name for name, _ in self._sheets}
        for element in self._names:
            name, refers = element.get("name", ""), element.text or ""
            if not name.startswith("_xlnm.") and not (is_name(name) and len(name) <= _LONGEST_NAME):
                yield f"defined name not possible: {name}"
            if not refers or refers.startswith("="):
                yield f"defined name {name}: refers to {refers!r}"
            yield from (f"defined name {name}: no sheet {s!r}" for s in sheets_named(refers) - sheets)
            if int(element.get("localSheetId", "0")) >= len(self._sheets):
                yield f"defined name {name}: of no sheet"

    def _charts(self) -> Iterator[str]:
        sheets = {name for name, _ in self._sheets}
        for part, data in self._parts.items():
            if part.startswith("xl/charts/"):
                self._tree(part)
                for ref in _CHART_REF.findall(data):
                    yield from (f"{part}: no sheet {s!r}" for s in sheets_named(ref.decode()) - sheets)

    def _facts(self) -> Facts:
        styles = self._tree("xl/styles.xml")
        strings = self._parts.get("xl/sharedStrings.xml", b"")
        return Facts(
            cell_styles=len(styles.findall(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")),
            rule_styles=len(styles.findall(f"{{{MAIN}}}dxfs/{{{MAIN}}}dxf")),
            strings=strings.split(b"</si>")[:-1],
            sheets=frozenset(name for name, _ in self._sheets),
            names={element.get("name", "").lower() for element in self._names},
            quick=self._quick,
        )
