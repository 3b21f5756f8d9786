"""The numbers of the catalogue of bad inputs: which test stands for which, and which wait for something to be built."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., Any])

ALL = frozenset(range(1, 73))
WAITS: dict[int, str] = {
    43: "purging persons",
    72: "sending mail",
}
"""Number → what has to be there first."""


def bad_input(*numbers: int) -> Callable[[Test], Test]:
    """Say for which entries of the catalogue a test stands."""
    assert ALL.issuperset(numbers)
    return lambda test: test


def numbers_in(folder: Path) -> Iterator[int]:
    """Yield the numbers of the tests of a folder."""
    for path in sorted(folder.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield from _numbers(node)


def _numbers(test: ast.FunctionDef) -> Iterator[int]:
    for call in test.decorator_list:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "bad_input":
            yield from (argument.value for argument in call.args)  # type: ignore[attr-defined]  # numbers, all of them
