"""A zip of returned files, as mail programs and chat groups make them: each file with its name."""

from __future__ import annotations

from pathlib import PurePosixPath

from custsheet.container import USUAL, Limits, Package
from custsheet.errors import FileRefused

MOST_FILES = 500


def open_archive(data: bytes, limits: Limits = USUAL) -> list[tuple[str, bytes]]:
    """Return (name, bytes) of the files in a zip, folders and the leftovers of systems left out.

    Names that are not UTF-8 are read as GB 18030: Windows writes those of a Chinese system so.
    """
    package = Package(data, limits, strict=False)
    if len(package.parts) > MOST_FILES:  # all or none: nothing in it is passed over in silence
        raise FileRefused("E_ZIP_TOO_MANY", count=len(package.parts), limit=MOST_FILES)
    found = []
    for entry in package.parts.values():
        path = PurePosixPath(entry.name)
        if entry.name.endswith("/") or "__MACOSX" in path.parts or path.name.startswith("."):
            continue
        found.append((entry.name, b"".join(package.inflate(entry))))
    return found
