"""The package around the parts: relationships, content types, and a zip that is the same bytes for the same parts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from custsheet.xlsx.markup import HEAD, RELS, attr

_fast: Any
try:
    from isal import isal_zlib as _fast
except ImportError:  # pragma: no cover - a platform without a wheel
    _fast = zlib

_TYPES: Final = (
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    ("xl/worksheets/", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"),
    ("xl/styles.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"),
    ("xl/sharedStrings.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"),
    ("xl/theme/", "application/vnd.openxmlformats-officedocument.theme+xml"),
    ("xl/tables/", "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"),
    ("xl/comments", "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"),
    ("xl/drawings/drawing", "application/vnd.openxmlformats-officedocument.drawing+xml"),
    ("xl/charts/", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"),
    ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
    ("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass
class Relations:
    """The relationships of one part, numbered as they are added; targets are always relative."""

    _rows: list[str] = field(default_factory=list)

    def add(self, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship and return its id; a kind with `/` in it is a whole type address."""
        key = f"rId{len(self._rows) + 1}"
        address = kind if "/" in kind else f"{RELS}/{kind}"
        mode = ' TargetMode="External"' if external else ""
        self._rows.append(f'<Relationship Id="{key}" Type="{address}" Target="{attr(target)}"{mode}/>')
        return key

    def xml(self) -> str:
        """Return the part, or nothing where there is no relationship."""
        if not self._rows:
            return ""
        return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(self._rows)}</Relationships>'


def content_types(names: Mapping[str, bytes]) -> str:
    """Return `[Content_Types].xml` for these parts."""
    overrides = [
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name in names
        if not name.endswith((".rels", ".vml"))
        for prefix, kind in _TYPES
        if name.startswith(prefix)
    ]
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        f"{''.join(overrides)}</Types>"
    )


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of these parts in this order, every one dated 1980-01-01."""
    deflate, checksum = _deflater()
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, data in parts.items():
        packed, key = deflate(data), name.encode("ascii")
        sizes = struct.pack("<3I2H", checksum(data), len(packed), len(data), len(key), 0)
        common = struct.pack("<5H", 20, 0, 8, 0, 0x21) + sizes
        body += [b"PK\3\4", common, key, packed]
        directory.append(b"PK\1\2\x14\0" + common + struct.pack("<3H2I", 0, 0, 0, 0, offset) + key)
        offset += 4 + len(common) + len(key) + len(packed)
    listing = b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(parts), len(parts), len(listing), offset, 0)
    return b"".join([*body, listing, end])


def _deflater() -> tuple[Callable[[bytes], bytes], Callable[[bytes], int]]:
    def deflate(data: bytes) -> bytes:
        packer = _fast.compressobj(1, zlib.DEFLATED, -15)
        packed: bytes = packer.compress(data) + packer.flush()
        return packed

    return deflate, _fast.crc32
