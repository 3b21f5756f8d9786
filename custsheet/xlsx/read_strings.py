"""Read the shared strings: runs of plain ones are cut, rich text and the rest is expat's."""

from __future__ import annotations

import re

from custsheet.container import Items, Limits, Walker
from custsheet.errors import FileRefused
from custsheet.xlsx.read_styles import MAIN
from custsheet.xlsx.read_text import REFERENCE, SPACE, TEXT, decode_escapes, unescape

_STRING = re.compile(rf"<si><t{SPACE}>{TEXT}</t></si>")
_BEFORE, _BETWEEN, _AFTER = "<si><t>", "</t></si><si><t>", "</t></si>"
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10))
_REFERENCE = re.compile(REFERENCE)
_TEXT_TAG = MAIN + "|t"
_CHILDREN = {1: ("sst",), 2: ("si", "extLst"), 3: ("t", "r", "rPh", "phoneticPr")}
_RUN_CHILDREN = ("rPr", "t")


class StringsWalker(Walker):
    """Collects the shared strings in `strings`, in order, escapes decoded."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._inside = ""

    def items(self) -> Items:
        """Return what may be taken without a parser."""
        return Items(b"<si>", b"</sst>", 1, self._take)

    def between(self, depth: int) -> bool:
        """Tell whether a literal string item here would mean what it says."""
        return self.default_namespace == MAIN and super().between(depth)

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

    def _add(self, strings: list[str]) -> None:
        self.strings += strings
        if len(self.strings) > self.limits.strings:
            raise FileRefused("E_SST_TOO_MANY", limit=self.limits.strings)

    def _take(self, text: str, raw: bytes) -> int:
        plain = self._plain(text, raw)
        if plain is not None:
            self._add(plain)
            return len(text)
        at, end = 0, len(text)
        while at < end:
            match = None if "]]>" in text else _STRING.match(text, at)
            if match and match.end() - at < self.limits.text:
                self._add([decode_escapes(unescape(match[1]))])
                at = match.end()
                continue
            after = text.find("<si>", at + 1)
            after = end if after < 0 else after
            self.feed(text[at:after].encode())
            at = after
            if not self.between(1):
                break
        return at

    def _plain(self, text: str, raw: bytes) -> list[str] | None:
        """Return the strings of a text that is nothing but plain ones; None if that is not proved."""
        flat = text.replace('<t xml:space="preserve">', "<t>")
        if not (flat.startswith(_BEFORE) and flat.endswith(_AFTER)):
            return None
        parts = flat[len(_BEFORE) : -len(_AFTER)].split(_BETWEEN)
        if not self._is_proved(text, raw, parts):
            return None
        if "&" in text:
            parts = [unescape(part) if "&" in part else part for part in parts]
        return [decode_escapes(part) for part in parts] if b"_" in raw and b"_x" in raw else parts

    def _is_proved(self, text: str, raw: bytes, parts: list[str]) -> bool:
        return (
            raw.count(b"<") == 4 * len(parts)  # four tags to a string and no other: the pieces are nothing but text
            and len(raw.translate(None, _CONTROLS)) == len(raw)  # six times faster than a search by pattern
            and not (b"]" in raw and b"]]>" in raw)
            and not ("\ufffe" in text or "\uffff" in text)
            and (len(text) < self.limits.text or max(map(len, parts)) < self.limits.text)
            and (b"&" not in raw or len(_REFERENCE.findall(text)) == raw.count(b"&"))
        )
