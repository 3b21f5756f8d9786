"""The catalogue: look a code or a word up and fill in its facts; the wordings stand in one file per topic."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from custsheet.text import join

TOPICS = (
    "calls",
    "files",
    "values",
    "rows",
    "identity",
    "rounds",
    "ledger_words",
    "server_words",
    "schema_words",
    "guide_words",
    "report_words",
    "demo_words",
    "doctor_words",
)
"""Modules of this package, each with `CODES: dict[str, Wording]` and `WORDS: dict[str, tuple[str, str]]` (zh, en)."""


class Wording(NamedTuple):
    """One code's words: what is wrong (with what was typed), and how to mend it, with an example."""

    severity: str
    """refused · rejected · held · error · warning · info; `stop` for exceptions."""
    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""


@cache
def _codes() -> Mapping[str, Wording]:
    return {code: w for topic in TOPICS for code, w in _topic(topic).CODES.items()}


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    return {key: pair for topic in TOPICS for key, pair in _topic(topic).WORDS.items()}


def _topic(name: str) -> Any:
    return importlib.import_module(f"custsheet.messages.{name}")


class _Facts(dict[str, object]):
    """Facts as one language says them: of `title_zh` and `title_en` the right one is `title`, lists are joined."""

    def __init__(self, facts: Mapping[str, object], language: str) -> None:
        own = {name[:-3]: said for name, said in facts.items() if name.endswith(f"_{language}")}
        lists = {n: join(list(map(str, v)), language) for n, v in facts.items() if isinstance(v, list | tuple)}
        super().__init__({**facts, **lists, **own})

    def __getitem__(self, key: str) -> object:
        return _Said(super().__getitem__(key))

    def __missing__(self, key: str) -> str:
        return "…"


class _Said(str):
    """A fact as it is said; `{count:1 row|# rows}` says one thing of one and another of more, # is the number."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        one, _, many = form.partition("|")
        return (one if self == "1" else many.replace("#", self)) if form else str(self)


def known() -> frozenset[str]:
    """Return every code that has a wording."""
    return frozenset(_codes())


def severity(code: str) -> str:
    """Return the severity that the catalogue gives a code."""
    return _codes()[code].severity


def say(code: str, language: str, /, **facts: object) -> str:
    """Say what a code means, with its facts filled in; a fact that is missing shows as an ellipsis."""
    wording = _codes()[code]
    return (wording.zh if language == "zh" else wording.en).format_map(_Facts(facts, language))


def fix(code: str, language: str, /, **facts: object) -> str:
    """Say what to do about a code; empty where there is nothing to do."""
    wording = _codes()[code]
    return (wording.fix_zh if language == "zh" else wording.fix_en).format_map(_Facts(facts, language))


def word(key: str, language: str, /, **facts: object) -> str:
    """Return a word or sentence of the interface by its stable key."""
    pair = _words()[key]
    return pair[0 if language == "zh" else 1].format_map(_Facts(facts, language))
