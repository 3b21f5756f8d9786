"""What a spreadsheet program would repair or refuse in a package, beyond what schema validators see."""

from __future__ import annotations

from collections.abc import Mapping


def lint_parts(parts: Mapping[str, bytes], *, quick: bool = False) -> list[str]:
    """Return what is wrong with these parts."""
    return []
