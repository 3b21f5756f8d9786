"""Read which colour each cell style fills a cell with: plain, of the theme with its tint, or of the old fixed list."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from functools import lru_cache

from custsheet.container import Limits, Walker, walk
from custsheet.xlsx.markup import measure, whole

_FIRST_INDEXED = 8
_PALETTE = "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF800000008000000080808000800080008080C0C0C0808080"
_RGB = re.compile(r"[0-9A-Fa-f]{6}\Z")
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{at}" for at in range(1, 7)), "hlink", "folHlink")
_INDEXED = tuple(_PALETTE[at : at + 6] for at in range(0, len(_PALETTE), 6))
"""The fixed colours 8 to 23 of the format."""


@lru_cache(maxsize=64)
def cell_fills(name: str, limits: Limits, data: bytes, theme: bytes) -> tuple[str, ...]:
    """Read the styles once for all copies that hold the same."""
    walker = _FillsWalker(name, limits, _palette(limits, theme))
    walk(walker, iter((data,)))
    return walker.cell_fills


@lru_cache(maxsize=16)
def _palette(limits: Limits, theme: bytes) -> tuple[str, ...]:
    """Return the twelve colours of a theme in the order in which cells count them; none without a theme."""
    if not theme:
        return ()
    walker = _ThemeWalker("theme", limits)
    walk(walker, iter((theme,)))
    return tuple(walker.colours.get(name, "") for name in _THEME_ORDER)


class _ThemeWalker(Walker):
    """Reads the colours of a theme."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.colours: dict[str, str] = {}
        self._name = ""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a colour under the name that stands around it."""
        name = tag.rpartition("|")[2]
        if name in _THEME_ORDER:
            self._name = name
        elif name in ("srgbClr", "sysClr") and self._name:
            rgb = attributes.get("lastClr") or attributes.get("val", "")
            self.colours.setdefault(self._name, rgb.upper() if _RGB.match(rgb) else "")

    def closed(self, tag: str) -> None:
        """Step out of a name."""
        if tag.rpartition("|")[2] == self._name:
            self._name = ""


class _FillsWalker(Walker):
    """Reads which solid fill each cell style has."""

    def __init__(self, name: str, limits: Limits, palette: tuple[str, ...]) -> None:
        super().__init__(name, limits)
        self._palette = palette
        self._within = ""
        self._known: list[str] = []
        self._used: list[int] = []
        self._is_solid = False

    @property
    def cell_fills(self) -> tuple[str, ...]:
        """One per index that a cell may give; empty for none."""
        return tuple(self._known[at] if at < len(self._known) else "" for at in self._used)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note fills and cell styles."""
        name = tag.rpartition("|")[2]
        if name in ("fills", "cellXfs", "cellStyleXfs", "dxfs"):
            self._within = name
        elif self._within == "fills":
            self._fill(name, attributes)
        elif name == "xf" and self._within == "cellXfs":
            self._used.append(whole(attributes.get("fillId", "")))

    def _fill(self, name: str, attributes: dict[str, str]) -> None:
        if name == "fill":
            self._known.append("")
        elif name == "patternFill":
            self._is_solid = attributes.get("patternType") == "solid"
        elif name == "fgColor" and self._is_solid and self._known:
            self._known[-1] = _colour(attributes, self._palette)

    def closed(self, tag: str) -> None:
        """Step out of a list."""
        if tag.rpartition("|")[2] == self._within:
            self._within = ""


def _colour(attributes: Mapping[str, str], palette: tuple[str, ...]) -> str:
    rgb = attributes.get("rgb", "")
    if _RGB.match(rgb[-6:]):
        return rgb[-6:].upper()
    if "theme" in attributes:
        at = whole(attributes["theme"])
        return _tinted(palette[at], measure(attributes.get("tint", "0"))) if at < len(palette) else ""
    at = whole(attributes.get("indexed", "64")) - _FIRST_INDEXED
    return _INDEXED[at] if 0 <= at < len(_INDEXED) else ""


def _tinted(rgb: str, tint: float) -> str:
    """Return a colour lighter (tint up to 1) or darker (down to -1), as the format defines it."""
    if not rgb or not tint:
        return rgb
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light + (1 - light) * tint
    mixed = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), strength)
    return "".join(f"{round(part * 255):02X}" for part in mixed)
