"""What a person who asks for help should say: versions, encodings and places; no name and no value of any row."""

from __future__ import annotations

import locale
import platform
import sys
from importlib import metadata
from pathlib import Path

import custsheet
from custsheet.workspace.root import find_root


def about(here: Path, output: str) -> dict[str, dict[str, str]]:
    """Return what runs here, by group and name; `output` is the encoding in which is printed."""
    root = find_root(here)
    return {
        "versions": {
            "custsheet": custsheet.__version__,
            "python": f"{platform.python_version()} {platform.python_implementation()}",
        },
        "system": {"name": platform.system(), "release": platform.release(), "machine": platform.machine()},
        "encodings": {
            "output": output,
            "files": sys.getfilesystemencoding(),
            "system": locale.getpreferredencoding(do_setlocale=False),
        },
        "places": {
            "python": sys.executable,
            "custsheet": str(Path(custsheet.__file__).parent),
            "workspace": str(root or ""),
        },
        "libraries": _libraries(),
    }


def _libraries() -> dict[str, str]:
    """The libraries that custsheet asks for, with the version that is here, "" for none."""
    try:
        wanted = metadata.requires("custsheet") or []
    except metadata.PackageNotFoundError:  # run from its folder, not installed
        return {}
    names = [_name(line) for line in wanted if "extra ==" not in line]
    return {name: _version(name) for name in sorted(names, key=str.casefold)}


def _name(requirement: str) -> str:
    cut = next((at for at, sign in enumerate(requirement) if sign in " <>=!~;[("), len(requirement))
    return requirement[:cut]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
