"""Read the shared strings: runs of plain ones are cut, rich text and the rest is expat's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from custsheet.container import Items, Limits, Walker
from custsheet.errors import FileRefused
from custsheet.xlsx.read_styles import MAIN
from custsheet.xlsx.read_text import GAP, SPACE, decode_escapes, resolve

_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_WHITE = " \t\r\n"
_TEXT_TAG = MAIN + "|t"
_CHILDREN = {1: ("sst",), 2: ("si", "extLst"), 3: ("t", "r", "rPh", "phoneticPr")}
_RUN_CHILDREN = ("rPr", "t")


class _Grammar(NamedTuple):
    """The patterns for items under one prefix."""

    item: re.Pattern[str]
    """A plain string; what stands before and behind its text, and up to the next."""
    run: re.Pattern[str]
    """As many of them as there are."""
    aid: re.Pattern[str]
    """What Chinese and Japanese Excel says about the reading of a string, with the tags around."""


class StringsWalker(Walker):
    """Collects the shared strings in `strings`, in order, escapes decoded."""

    def __init__(self, name: str, limits: Limits, prefix: str = "") -> None:
        """Items are expected to bear this prefix; if they bear another, the parser reads them all."""
        super().__init__(name, limits)
        self.strings: list[str] = []
        self._prefix, self._grammar = prefix, _grammar(re.escape(prefix))
        self._pieces: list[str] = []
        self._inside = ""

    def items(self) -> Items:
        """Return what may be taken without a parser."""
        return Items(f"<{self._prefix}si>".encode(), f"</{self._prefix}sst>".encode(), 1, self._take)

    def between(self, depth: int) -> bool:
        """Tell whether a literal string item here would mean what it says."""
        return self.namespaces.get(self._prefix[:-1]) == MAIN and super().between(depth)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Take notice of an element; text counts in `t` and `r/t`, not in `rPh`: that is a reading aid."""
        namespace, _, name = tag.rpartition("|")
        if self._inside != "extLst":
            self._check_place(namespace, name)
        if self.depth == 2:
            self._pieces, self._inside = [], name
        elif self.depth == 3 and self._inside != "extLst":
            self._inside = name
        if tag == _TEXT_TAG and (self.depth, self._inside) in ((3, "t"), (4, "r")):
            self.buffer = self._pieces

    def closed(self, tag: str) -> None:
        """Take notice of an element's end."""
        self.buffer = None
        if self.depth == 1:
            self._inside = ""
            if tag == MAIN + "|si":
                self._add([decode_escapes("".join(self._pieces))])

    def _check_place(self, namespace: str, name: str) -> None:
        allowed = _CHILDREN.get(self.depth, (name,))
        if self.depth == 4 and self._inside in ("r", "rPh"):
            allowed = _RUN_CHILDREN
        is_alien = self.depth < 3 and namespace != MAIN
        is_misplaced = name not in allowed or (name == "si" and self.depth != 2)
        if is_alien or is_misplaced or self.buffer is not None:
            raise FileRefused("E_SST_ELEMENT", element=name[:40])

    def _add(self, strings: Sequence[str]) -> None:
        self.strings += strings
        if len(self.strings) > self.limits.strings:
            raise FileRefused("E_SST_TOO_MANY", limit=self.limits.strings)

    def _take(self, whole: memoryview) -> int:
        raw = bytes(whole)
        plain = self._plain(raw)
        if plain is None:
            return self._take_runs(raw)
        self._add(plain)
        return len(raw)

    def _take_runs(self, raw: bytes) -> int:
        """Take runs of plain items, and let expat read what stands between; return how many bytes were dealt with."""
        text, at = raw.decode("latin-1"), 0
        while at < len(raw):
            stop = self._grammar.run.match(text, at).end()  # type: ignore[union-attr]  # it fits anywhere
            plain = self._plain(raw[at:stop]) if stop > at else None
            if plain is not None:
                self._add(plain)
            else:
                after = text.find(f"<{self._prefix}si>", at + 1)
                stop = max(stop, len(raw) if after < 0 else after)
                self.feed(raw[at:stop])
                if not self.between(1):
                    return stop
            at = stop
        return at

    def _plain(self, raw: bytes) -> Sequence[str] | None:
        """Return the strings of items that are nothing but plain ones; None if that is not proved."""
        has_references = b"&" in raw
        try:
            text = raw.decode("latin-1" if has_references else "utf-8")
        except UnicodeDecodeError:
            return None
        flat, aids = self._grammar.aid.subn(r"\1\2", text) if b"phoneticPr" in raw else (text, 0)
        parts = self._parts(flat, raw.count(b"<") - aids)
        if parts is None or max(map(len, parts)) > self.limits.text:
            return None
        proved = resolve(parts) if has_references else _proved(parts, text, raw)
        if proved is None or not (b"_" in raw and b"_x" in raw):
            return proved
        return [decode_escapes(part) for part in proved]

    def _parts(self, text: str, tags: int) -> Sequence[str] | None:
        """Cut plain items out of their tags, of which there are so many; None if anything else is among them."""
        preserving, t = f'<{self._prefix}t xml:space="preserve">', f"<{self._prefix}t>"
        first = self._grammar.item.match(text)
        if first and not first[1].endswith(preserving):
            text = text.replace(preserving, t)
            first = self._grammar.item.match(text)
        text = text.rstrip(_WHITE)
        if not (first and text.startswith(first[1]) and text.endswith(first[2])):
            return None
        before, after, gap = first.groups()
        parts = text[len(before) : -len(after)].split(after + gap + before)
        if tags == 4 * len(parts):  # four to a string and no other: the pieces are nothing but text
            return parts
        return self._parts(text.replace(preserving, t), tags) if before.endswith(preserving) else None


def _proved(parts: Sequence[str], text: str, raw: bytes) -> Sequence[str] | None:
    """Return texts without references if they hold nothing that XML forbids, or reads as something else."""
    has_controls = len(raw.translate(None, _CONTROLS)) < len(raw)  # six times faster than a search by pattern
    is_unclear = (b"]" in raw and b"]]>" in raw) or "\ufffe" in text or "\uffff" in text
    has_returns = b"\r" in raw and any("\r" in part for part in parts)  # which would have to become line feeds
    return None if has_controls or is_unclear or has_returns else parts


@lru_cache(maxsize=64)
def _grammar(p: str) -> _Grammar:
    said = r'(?: fontId="[0-9]{1,5}")?(?: type="[A-Za-z]{1,30}")?(?: alignment="[A-Za-z]{1,30}")? ?'
    aid = f"<{p}phoneticPr{said}/>"
    before, after = rf"<{p}si>{GAP}<{p}t{SPACE}>", rf"</{p}t>{GAP}(?:{aid}{GAP})?+</{p}si>"
    return _Grammar(
        re.compile(f"({before})[^<]*+({after})({GAP})"),
        re.compile(f"(?:{before}[^<]*+{after}{GAP})*+"),
        re.compile(rf"(</{p}t>{GAP}){aid}{GAP}(</{p}si>)"),
    )
