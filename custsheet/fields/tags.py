"""Tags: several words in one cell, with any of the usual separators."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal

from custsheet.fields.base import Constraint, Field, Language, Note, Parsed, Reading, Show, Spec, Text, refused, settled
from custsheet.fields.numerals import canonical, plain
from custsheet.messages import word
from custsheet.model import Cell, Value
from custsheet.text import fold, join, nearest, split_list

_AND = re.compile(r"\s+AND\s+")
_JOIN = {"zh": "、", "en": ", "}


class TagsField(Field):
    """A set of words in the order in which they were typed; free, or of the schema's options."""

    types = ("tags",)

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.terms = settled(spec.terms)
        self.known = {fold(w): o.value for o in spec.options for w in (*o.also, o.text.zh, o.text.en, o.value)}
        self.options = {option.value: option for option in spec.options}

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Split, put standard terms in, drop what stands there twice."""
        notes: list[Note] = []
        tags: dict[str, str] = {}
        for item in split_list(_AND.sub(",", text)):
            tag = self._standard(item, notes)
            if self.known and fold(tag) not in self.known:
                return self._unknown(tag, text, reading)
            tags.setdefault(fold(tag), tag)
        return Parsed(tuple(tags.values()) or None, tuple(notes))

    def _standard(self, item: str, notes: list[Note]) -> str:
        said = self.terms.get(fold(item), item)
        tag = self.known.get(fold(said), said)
        if said != item:
            notes.append(Note("F_TERM", item, said))
        return tag

    def _unknown(self, tag: str, text: str, reading: Reading) -> Parsed:
        options = Text(join(self.choices("zh"), "zh"), join(self.choices("en"), "en"))
        if near := nearest(tag, self.choices(reading.language), 1):
            return refused(text, "choice_near", nearest=near[0], options=options)
        return refused(text, "choice", options=options)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Take a number as a word (task codes, years)."""
        value = canonical(number)
        return self.wrong(cell.raw, reading) if value is None else self.read_text(plain(value), reading)

    def same(self, a: Value, b: Value) -> bool:
        """Tell whether both hold the same words, in whatever order."""
        if isinstance(a, tuple) and isinstance(b, tuple):
            return a == b or self._set(a) == self._set(b)
        return super().same(a, b)

    def _set(self, tags: tuple[str, ...]) -> frozenset[str]:
        return frozenset(fold(self.terms.get(fold(tag), tag)) for tag in tags)

    def phrase(self, value: Value, language: Language) -> str:
        """Return the words with the separator of the language."""
        if not isinstance(value, tuple):
            return str(value)
        options = self.options
        return _JOIN[language].join(options[t].text[language] if t in options else t for t in value)

    def show(self) -> Show:
        """Return text."""
        return Show("@")

    def rules(self) -> Sequence[Constraint]:
        """Return the options that each word must be, if the schema gives any."""
        return [Constraint("each_of", tuple(self.options))] if self.options else []

    def advice(self, language: Language) -> Sequence[str]:
        """Return how to separate, and the options."""
        known = [word("fill.options", language, options=join(self.choices(language), language))] if self.options else []
        return [word(f"fill.{self.spec.type}", language), *known]

    def store(self, value: Value) -> str:
        """Return a JSON list."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def restore(self, text: str) -> Value:
        """Return the tuple."""
        return tuple(json.loads(text))
