"""Check the shape of a file against its model, collecting every problem and reading on without the broken parts."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from custsheet.schema.source import Problem, Source, Way, nearest_word

M = TypeVar("M", bound=BaseModel)

Settings = Callable[[Way], Sequence[str]]
"""Which settings are known at a place."""

_KINDS = {
    "string_too_short": "FILLED",
    "string_pattern_mismatch": "FORM",
    "string_type": "TEXT",
    "bool_type": "BOOL",
    "int_type": "WHOLE",
    "list_type": "LIST",
    "dict_type": "MAP",
    "model_type": "MAP",
    "too_short": "COUNT",
    "too_long": "COUNT",
    "greater_than_equal": "RANGE",
    "less_than_equal": "RANGE",
}
_BOUNDS = ("min_length", "max_length", "ge", "le")

_GONE = object()
_TONGUES = ("zh", "en")
"""A text with a language that we do not know is not told that it lacks ours as well."""


class Shape(Generic[M]):
    """A file read as a model: the problems of its shape, and what could be read in spite of them."""

    def __init__(self, source: Source, model: type[M], *, settings: Settings) -> None:
        self.source = source
        self.data = copy.deepcopy(source.data)
        self.problems: list[Problem] = []
        self.body: M | None = None
        self._settings = settings
        self._removed: dict[Way, list[int]] = {}
        self._broken: set[Way] = set()
        reading_on = True
        while reading_on and self.body is None:
            try:
                self.body = model.model_validate(self.data)
            except ValidationError as failure:
                reading_on = self._take_out(failure)

    def original(self, way: Way) -> Way:
        """Return where a place of the data stood before broken items were taken out of lists."""
        found: Way = ()
        for step in way:
            if isinstance(step, int):
                for gone in self._removed.get(found, ()):
                    step += gone <= step  # noqa: PLW2901
            found = (*found, step)
        return found

    def broken(self, way: Way) -> bool:
        """Tell whether something was taken out at a place or under it, so that what lacks there was said already."""
        here = self.original(way)
        return any(gone[: len(here)] == here for gone in self._broken)

    def _take_out(self, failure: ValidationError) -> bool:
        """Note the problems and take their places out; False where that leaves nothing to read on with."""
        errors: list[dict[str, Any]] = [dict(error) for error in failure.errors(include_url=False)]
        found = [(error, way, self._problem(error, way)) for error in errors for way in [self._way(error)]]
        meant = {(*way[:-1], word) for error, way, p in found if _is_extra(error) for word in (p.nearest, *_TONGUES)}
        for error, way, problem in found:
            place = (*way, error["loc"][-1]) if error["type"] == "missing" else way
            if _is_extra(error) or not (place in meant or self.broken(place)):  # misspelt is not missing too
                self.problems.append(problem)
        self._broken.update(self.original(way) for _, way, _ in found)
        for _, way, _ in found:
            self._prune(way)
        self._sweep(self.data, ())
        return all(way for _, way, _ in found)

    def _problem(self, error: Mapping[str, Any], way: Way) -> Problem:
        return _problem(self.source, error, self.original(way), self._settings)

    def _way(self, error: Mapping[str, Any]) -> Way:
        """Return the part of an error's place that stands in the data; of a missing setting, what lacks it."""
        way: Way = ()
        data = self.data
        for step in error["loc"]:
            if not _has(data, step):
                break
            way, data = (*way, step), data[step]
        return way

    def _prune(self, way: Way) -> None:
        data = self.data
        for step in way[:-1]:
            if not _has(data, step):
                return  # an earlier problem took it along
            data = data[step]
        if way and _has(data, way[-1]):
            data[way[-1]] = _GONE

    def _sweep(self, data: Any, way: Way) -> None:
        """Drop what was taken out, and keep count of it in lists."""
        if isinstance(data, dict):
            for key in [key for key, value in data.items() if value is _GONE]:
                del data[key]
        elif isinstance(data, list):
            gone = [at for at, item in enumerate(data) if item is _GONE]
            if gone:
                here = self.original(way)
                indexes = [int(self.original((*way, at))[-1]) for at in gone]
                data[:] = [item for item in data if item is not _GONE]
                self._removed[here] = sorted([*self._removed.get(here, ()), *indexes])
        items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        for key, value in items:
            self._sweep(value, (*way, key))


def _is_extra(error: Mapping[str, Any]) -> bool:
    return bool(error["type"] == "extra_forbidden")


def _has(data: Any, step: str | int) -> bool:
    return (isinstance(data, dict) and step in data) or (
        isinstance(data, list) and isinstance(step, int) and step < len(data)
    )


def _problem(source: Source, error: Mapping[str, Any], way: Way, settings: Settings) -> Problem:
    kind: str = error["type"]
    word = str(way[-1]) if way else ""
    given = error.get("input")
    if _is_extra(error):
        known = settings(way[:-1])
        near = nearest_word(word, known)
        return source.problem("SCHEMA_SETTING", way, nearest=near, at_key=True, word=word, known=", ".join(known))
    if kind == "missing":
        return source.problem("SCHEMA_MISSING", way, at_key=True, word=str(error["loc"][-1]))
    if kind == "literal_error":
        known = tuple(w.strip("' ") for w in str(error["ctx"]["expected"]).replace(" or ", ", ").split(","))
        near = nearest_word(given, known)
        return source.problem(
            "SCHEMA_CHOICE", way, nearest=near, word=_shown(given), field=word, known=", ".join(known)
        )
    if kind.startswith("SCHEMA_"):
        at_key = error["loc"][-1] == "[key]"
        return source.problem(kind, way, at_key=at_key, field=_setting(way), **error.get("ctx", {}))
    bound = next((error["ctx"][b] for b in _BOUNDS if b in error.get("ctx", {})), "")
    if kind == "too_short" and bound == 1:
        kind = "string_too_short"
    code = f"SCHEMA_KIND_{_KINDS.get(kind, 'OTHER')}"
    return source.problem(code, way, field=_setting(way), word=_shown(given), number=bound)


def _setting(way: Way) -> str:
    """Return the setting that a place belongs to: of a list's item, the list's."""
    return next((step for step in reversed(way) if isinstance(step, str)), "YAML")


def _shown(given: object) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if given is None or given == "":
        return "∅"
    return str(given) if isinstance(given, str | int | float) else "{…}" if isinstance(given, dict) else "[…]"
