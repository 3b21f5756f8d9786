"""Render a text of `templates/`, in the installed package or beside it in the source tree."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_data" / "templates", _PACKAGE.parent / "templates")


def folder() -> Path:
    """Return the folder of the templates."""
    return next((place for place in _PLACES if place.is_dir()), _PLACES[-1])


@cache
def _environment() -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415  # only where a text is rendered
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    # what is rendered here goes into cells as text, where nothing is markup
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder()), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
    )


def lines(name: str, language: str, /, **facts: object) -> list[str]:
    """Return the filled lines of `name.<language>.txt.j2`."""
    text = _environment().get_template(f"{name}.{language}.txt.j2").render(**facts)
    return [line.strip() for line in text.splitlines() if line.strip()]
