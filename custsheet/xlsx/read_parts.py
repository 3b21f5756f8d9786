"""Read the small parts of a workbook: content types, relationships, the list of sheets."""

from __future__ import annotations

import re
from typing import NamedTuple

from custsheet.container import Limits, Walker
from custsheet.errors import FileRefused
from custsheet.xlsx.read_styles import MAIN

_RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships|id"
_MACRO_KINDS = frozenset(("vbaProject", "xlMacrosheet", "xlIntlMacrosheet"))
_ACTIVE_KINDS = frozenset(("oleObject", "activeXControl", "control", "package", "attachedToolbars"))
_ELSEWHERE = frozenset(
    ("externalLinkPath", "externalLinkLongPath", "xlPathMissing", "xlStartup", "xlAlternateStartup", "xlLibrary")
) | {"image", "hyperlink"}
"""What clients leave outside of a package. Nothing of it is ever opened here."""
_COMMON_LINK = re.compile(r"(?:https?|mailto|tel):|#|[^:]*$", re.IGNORECASE)
_MACRO_TYPE = re.compile("macroEnabled|vbaProject|macrosheet", re.IGNORECASE)


class Relation(NamedTuple):
    """A relationship to another part of the package."""

    kind: str
    """The last word of its type: `worksheet`, `styles`."""
    target: str
    """Name of the part."""


class PlainWalker(Walker):
    """Reads a part that holds nothing for the grid, to see that it is harmless."""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Refuse links that run programs."""
        if tag.endswith(("|ddeLink", "|oleLink")):
            raise FileRefused("E_ACTIVE_CONTENT", found=tag.rpartition("|")[2])


class RelationsWalker(Walker):
    """Reads the relationships of one part."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.relations: dict[str, Relation] = {}
        self.notes: set[tuple[str, str]] = set()
        self._base = [step for step in name.rpartition("_rels/")[0].split("/") if step]

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a relationship."""
        if not tag.endswith("|Relationship"):
            return
        kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
        if kind in _MACRO_KINDS:
            raise FileRefused("E_MACRO", found=kind)
        if kind in _ACTIVE_KINDS:
            raise FileRefused("E_ACTIVE_CONTENT", found=kind)
        if attributes.get("TargetMode") == "External":
            self._outside(kind, target)
        elif attributes.get("Id", "") in self.relations:  # programs take the first or the last
            raise FileRefused("E_PKG_REL", part=self.name, target=target[:60])
        else:
            self.relations[attributes.get("Id", "")] = Relation(kind, self._resolved(target))

    def _outside(self, kind: str, target: str) -> None:
        if kind not in _ELSEWHERE:
            raise FileRefused("E_PKG_REL", part=self.name, target=kind)
        if kind != "hyperlink":
            self.notes.add(("F_EXTERNAL_LINK", target[:120]))
        elif not _COMMON_LINK.match(target):
            self.notes.add(("F_HYPERLINK", target[:120]))

    def _resolved(self, target: str) -> str:
        path = [] if target.startswith("/") else list(self._base)
        for step in target.split("/"):
            if step == ".." and not path:
                raise FileRefused("E_PKG_REL", part=self.name, target=target[:60])
            if step == "..":
                path.pop()
            elif step not in ("", "."):
                path.append(step)
        return "/".join(path)


class TypesWalker(Walker):
    """Reads the content types: which parts, or endings, are declared as macros."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.macro_parts: list[str] = []
        self.macro_endings: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a type."""
        if _MACRO_TYPE.search(attributes.get("ContentType", "")):
            if "PartName" in attributes:
                self.macro_parts.append(attributes["PartName"])
            else:
                self.macro_endings.append("." + attributes.get("Extension", "").lower())


class SheetEntry(NamedTuple):
    """One sheet as the workbook lists it."""

    name: str
    state: str
    relation: str


class WorkbookWalker(Walker):
    """Reads the list of sheets and the date system."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.sheets: list[SheetEntry] = []
        self.date1904 = False
        self._names = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note sheets, defined names and the date system."""
        if tag == MAIN + "|sheet":
            self._add_sheet(attributes)
        elif tag == MAIN + "|definedName":
            self._names += 1
            if self._names > self.limits.names:
                raise FileRefused("E_TOO_MANY_NAMES", limit=self.limits.names)
        elif tag == MAIN + "|workbookPr":
            self.date1904 = attributes.get("date1904") in ("1", "true")

    def _add_sheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if len(self.sheets) >= self.limits.sheets:
            raise FileRefused("E_TOO_MANY_SHEETS", limit=self.limits.sheets)
        if any(name.casefold() == sheet.name.casefold() for sheet in self.sheets):
            raise FileRefused("E_SHEET_NAME", sheet=name[:60])
        state = attributes.get("state", "visible")
        self.sheets.append(SheetEntry(name, state, attributes.get(_RELATION_ID, "")))
