"""Notes: long text in sections, to which several people append, with standard terms inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from custsheet.fields.base import LONGEST, Language, Note, Parsed, Reading, Show, Spec, refused
from custsheet.fields.words import WordField
from custsheet.messages import word
from custsheet.text import join, units

_OPEN, _SHUT = "【", "】"


class NoteField(WordField):
    """A long text whose section heads and standard terms are kept uniform."""

    types = ("note",)

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self._heads = _heads(spec.sections)
        self._words = _words(self.terms)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Take the text, its section heads written one way, its standard terms put in."""
        if units(text) > LONGEST:
            return refused(text, "max_length", high=str(LONGEST))
        headed = (
            self._heads.sub(lambda m: f"{_OPEN}{self._section(m['name'] or m['bare'])}{_SHUT}", text)
            if self._heads
            else text
        )
        notes = [Note("F_REPAIRED", text, headed)] if headed != text else []
        terms: list[Note] = []
        said = self._put_terms(headed, terms)
        return Parsed(said, (*notes, *terms))

    def _section(self, typed: str) -> str:
        return next(s for s in self.spec.sections if s.casefold() == typed.casefold())

    def _put_terms(self, text: str, notes: list[Note]) -> str:
        if self._words is None:
            return text

        def put(match: re.Match[str]) -> str:
            typed = match[0]
            canonical = self.terms[" ".join(typed.casefold().split())]
            if typed == canonical or _stands_there(text, match, canonical):
                return typed
            notes.append(Note("F_TERM", typed, canonical))
            return canonical

        return self._words.sub(put, text)

    def standard(self, text: str) -> str:
        """Return the text with standard terms put in."""
        return self._put_terms(text, [])

    def show(self) -> Show:
        """Return wrapped text."""
        return Show("@", wrap=True, cap=40)

    def advice(self, language: Language) -> Sequence[str]:
        """Return how to write the sections, and that adding is better than changing."""
        if not self.spec.sections:
            return [word("fill.note", language)]
        names = join(self.spec.sections, language)
        first = f"{_OPEN}{self.spec.sections[0]}{_SHUT}"
        return [word("fill.sections", language, sections=names, first=first), word("fill.note", language)]


def _heads(sections: Sequence[str]) -> re.Pattern[str] | None:
    """Find a section's name at the start of a line, in any brackets or before a colon."""
    if not sections:
        return None
    names = "|".join(re.escape(s) for s in sorted(sections, key=len, reverse=True))
    bracketed = rf"[\[［【〖<《(（][ \t]*(?P<name>{names})[ \t]*[\]］】〗>》)）][ \t]*[:：]*"
    return re.compile(rf"^[ \t]*(?:{bracketed}|(?P<bare>{names})[ \t]*[:：]+)[ \t]*", re.MULTILINE | re.IGNORECASE)


def _words(terms: dict[str, str]) -> re.Pattern[str] | None:
    """Find every term that people write, as a whole word where it is Latin."""
    if not terms:
        return None
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile("|".join(_whole(term) for term in longest_first), re.IGNORECASE)


def _whole(term: str) -> str:
    body = r"\s+".join(re.escape(part) for part in term.split())
    before = r"(?<![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", term) else ""
    after = r"(?![A-Za-z0-9_])" if re.search(r"[A-Za-z0-9_]$", term) else ""
    return f"{before}{body}{after}"


def _stands_there(text: str, match: re.Match[str], canonical: str) -> bool:
    """Tell whether the match is a part of the standard term that already stands there (意向 in 意向客户)."""
    low, typed = canonical.casefold(), match[0].casefold()
    at = low.find(typed)
    while at >= 0:
        start = match.start() - at
        if start >= 0 and text[start : start + len(canonical)].casefold() == low:
            return True
        at = low.find(typed, at + 1)
    return False
