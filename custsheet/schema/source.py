"""A YAML file as plain data, with the line and column of every key and value in it."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from custsheet.errors import CallError
from custsheet.messages.catalogue import fix, say
from custsheet.text import nearest

Way = tuple[str | int, ...]
"""The keys and positions that lead to a place in the data: `("tables", "customers", "fields", "name")`."""

MOST_NODES = 200_000
"""Roof for a file whose aliases unfold; the largest built-in schema has about 2,000."""

_SECRET = re.compile(r"(://[^:/@\s]*:).*@")
"""The password in an address: a line that is shown never shows it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file that a person wrote: where, what, and the word that was perhaps meant."""

    code: str
    line: int = 0
    """1-based; 0 where the data did not come from a file."""
    column: int = 0
    text: str = ""
    """The line itself."""
    nearest: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def message(self, language: str) -> str:
        """Say what is wrong."""
        return say(self.code, language, **self.facts)

    def fix(self, language: str) -> str:
        """Say how to mend it; the nearest word first where there is one."""
        near = fix("SCHEMA_NEAREST", language, nearest=self.nearest) if self.nearest else ""
        return near or fix(self.code, language, **self.facts)


@dataclass(frozen=True)
class Source:
    """A file's data and where each part of it stands."""

    file: str
    lines: tuple[str, ...] = ()
    data: Any = None
    keys: Mapping[Way, tuple[int, int]] = field(default_factory=dict)
    values: Mapping[Way, tuple[int, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """Doubled keys and the like: the data can be read on all the same."""

    @cached_property
    def _both(self) -> Mapping[Way, tuple[int, int]]:
        return {**self.values, **self.keys}

    def problem(self, code: str, way: Way, *, nearest: str = "", at_key: bool = False, **facts: Any) -> Problem:
        """Return a problem at the place that `way` leads to, or at the nearest place above it."""
        places = self._both if at_key else self.values
        while way and way not in places:
            way, places = way[:-1], self._both
        line, column = places.get(way, (1, 1) if self.lines else (0, 0))
        return self.at(code, line, column, nearest=nearest, **facts)

    def at(self, code: str, line: int, column: int, *, nearest: str = "", **facts: Any) -> Problem:
        """Return a problem at a line and column."""
        text = _SECRET.sub(r"\1***@", self.lines[line - 1]) if 0 < line <= len(self.lines) else ""
        return Problem(code, line, column, text, nearest, facts)


def stop(code: str, file: str, problems: Iterable[Problem]) -> CallError:
    """Return the exception that carries all problems of a file, in the file's order, each once."""
    found: list[Problem] = []
    for problem in sorted(problems, key=lambda p: (p.line, p.column)):
        if problem not in found:
            found.append(problem)
    first = found[0]
    return CallError(
        code,
        file=file,
        problems=tuple(found),
        count=len(found),
        line=first.line,
        column=first.column,
        text=first.text.strip(),
        nearest=first.nearest,
    )


def nearest_word(word: object, known: Iterable[str]) -> str:
    """Return the known word that was perhaps meant; empty if none is near."""
    words = list(known)
    near = nearest(str(word), words, 1) or difflib.get_close_matches(str(word), words, n=1, cutoff=0.65)
    return near[0] if near else ""


def read_source(path: Path | str, *, code: str) -> Source:
    """Read a YAML 1.2 file; CallError `code` with the place where it cannot be read."""
    file = str(path)
    try:
        raw = Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as problem:
        raise CallError("SCHEMA_NOT_FOUND", file=file) from problem
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise stop(code, file, [Problem("SCHEMA_ENCODING", line, 1)]) from problem
    return parse_source(text, file, code=code)


def parse_source(text: str, file: str, *, code: str) -> Source:
    """Read YAML 1.2 text; CallError `code` with the place where it cannot be read."""
    from ruamel.yaml import YAML  # noqa: PLC0415  # heavy, and only needed where a file is read
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    source = Source(file, tuple(text.splitlines()))
    try:
        root = _composed(text)
    except MarkedYAMLError as problem:
        raise stop(code, file, [_syntax(source, problem)]) from problem
    except (YAMLError, RecursionError) as problem:
        raise stop(code, file, [source.at("SCHEMA_YAML", 1, 1, detail=str(problem).splitlines()[0])]) from problem
    if root is None:
        raise stop(code, file, [source.at("SCHEMA_EMPTY", 1, 1)])
    walker = _Walker(source, YAML(typ="safe", pure=True).constructor)
    data = walker.plain(root, ())
    if walker.broken:
        raise stop(code, file, walker.problems)
    return Source(file, source.lines, data, walker.keys, walker.values, tuple(walker.problems))


@lru_cache(maxsize=16)
def _composed(text: str) -> Any:
    """Return a text's tree of nodes, which nobody changes: the same files are read again and again."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    return YAML(typ="safe", pure=True).compose(text)


class _Walker:
    """Turns YAML nodes into plain JSON data and notes where each one stood."""

    def __init__(self, source: Source, constructor: Any) -> None:
        self._source = source
        self._constructor = constructor
        self._open: set[int] = set()
        self._count = 0
        self.keys: dict[Way, tuple[int, int]] = {}
        self.values: dict[Way, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self.broken = False

    def plain(self, node: Any, way: Way) -> Any:
        self.values[way] = _place(node)
        self._count += 1
        if id(node) in self._open or self._count > MOST_NODES:
            self._complain("SCHEMA_LOOP", node)
            self.broken = True
            return None
        self._open.add(id(node))
        try:
            if node.id == "mapping":
                return self._mapping(node, way)
            if node.id == "sequence":
                return [self.plain(item, (*way, at)) for at, item in enumerate(node.value)]
            return self._scalar(node)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: Any, way: Way) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._complain("SCHEMA_YAML", key_node, detail="{ }")
                continue
            key = str(key_node.value)
            if key in found:
                first = self.keys[(*way, key)][0]
                self._complain("SCHEMA_TWICE", key_node, word=key, first=first)
                continue
            self.keys[(*way, key)] = _place(key_node)
            found[key] = self.plain(value_node, (*way, key))
        return found

    def _scalar(self, node: Any) -> Any:
        if node.tag.endswith(":timestamp"):
            return str(node.value)
        try:
            value = self._constructor.construct_object(node)
        except Exception:  # whatever a tag of a stranger does, it is a tag that we do not know
            self._complain("SCHEMA_TAG", node, word=node.tag)
            return None
        if isinstance(value, float) and not math.isfinite(value):
            return str(node.value)
        return value if value is None or isinstance(value, str | bool | int | float) else str(node.value)

    def _complain(self, code: str, node: Any, **facts: Any) -> None:
        line, column = _place(node)
        self.problems.append(self._source.at(code, line, column, **facts))


def _place(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


_SYNTAX = (
    (r"'\t'", "SCHEMA_TAB"),
    ("mapping values are not allowed", "SCHEMA_COLON"),
    ("could not find expected ':'", "SCHEMA_COLON"),
    ("expected <block end>", "SCHEMA_INDENT"),
    ("expected ',' or", "SCHEMA_BRACKET"),
    ("end of stream", "SCHEMA_QUOTE"),
    ("chomping", "SCHEMA_SIGN"),
    ("cannot start any token", "SCHEMA_SIGN"),
    ("undefined alias", "SCHEMA_SIGN"),
)


def _syntax(source: Source, problem: Any) -> Problem:
    """Say a parser's complaint in plain words; a full-width colon above it is the likeliest cause."""
    mark = problem.problem_mark or problem.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    words = str(problem.problem or "")
    code = next((code for part, code in _SYNTAX if part in words), "SCHEMA_YAML")
    if code == "SCHEMA_QUOTE" and problem.context_mark:
        line, column = problem.context_mark.line + 1, problem.context_mark.column + 1
    for near in (line, line - 1):
        at = source.lines[near - 1].find("：") if 0 < near <= len(source.lines) else -1
        if code in {"SCHEMA_COLON", "SCHEMA_INDENT"} and at >= 0:
            return source.at("SCHEMA_WIDE_COLON", near, at + 1)
    return source.at(code, line, column, detail=words)
