"""Where the built-in schemas lie: in the installed package, or beside it in the source tree."""

from __future__ import annotations

from pathlib import Path

from custsheet.errors import CallError
from custsheet.schema.source import nearest_word

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE / "_data" / "schemas", _PACKAGE.parent / "schemas")
_ORDER = ("follow-up", "simple", "pipeline")


def builtin_names() -> tuple[str, ...]:
    """Return the names of the built-in schemas, the usual one first."""
    found = {path.stem for path in _folder().glob("*.yaml")}
    return (*(name for name in _ORDER if name in found), *sorted(found - set(_ORDER)))


def builtin(name: str) -> Path:
    """Return the file of a built-in schema; CallError `SCHEMA_BUILTIN` with the nearest name otherwise."""
    known = builtin_names()
    if name not in known:
        near = nearest_word(name, known)
        raise CallError("SCHEMA_BUILTIN", word=name, nearest=near or known[0], known=", ".join(known))
    return _folder() / f"{name}.yaml"


def _folder() -> Path:
    return next((place for place in _PLACES if place.is_dir()), _PLACES[-1])
