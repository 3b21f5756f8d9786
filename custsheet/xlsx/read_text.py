"""The text of sheet XML: the dialect that patterns may read without a parser, references and escapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from xml.parsers import expat

# without \r, which expat has to turn into \n
_PLAIN = r"[^<&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
# Numbers as openpyxl 2 (&#23458; for each Chinese character), Go (&#34; &#xA;) and others write them. What XML forbids
# (controls, surrogates, U+FFFE) and "&" itself are left out: those are expat's to judge.
_NUMBER = (
    "(?:9|10|13|34|39|x9|xA|xD|[1-9][0-9]{2,3}|[1-4][0-9]{4}|5[0-4][0-9]{3}|5[89][0-9]{3}"
    "|6[0-4][0-9]{3}|65[0-4][0-9]{2}|1[0-9]{5})"
)
_REFERENCE = rf"&(?:amp|lt|gt|quot|apos|#{_NUMBER});"
TEXT = rf"({_PLAIN}(?:{_REFERENCE}{_PLAIN})*+)"
"""Text in which nothing but these references needs a parser; one group."""
SPACE = r'(?: xml:space="preserve")?+'
GAP = r"[ \t\r\n]*+"
"""What indented XML has between its tags."""

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_CHARACTER = re.compile("&#(x?[0-9A-D]+);")
_ESCAPES = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")
_SEEN_SEAM = "\ufdd0"
"""Stands between texts that are read together: XML allows it, and nobody types it."""
_SEAM = _SEEN_SEAM.encode().decode("latin-1")


def unescape(text: str) -> str:
    """Resolve the references of the dialect."""
    if "&#" in text:
        pieces = _CHARACTER.split(text)
        pieces[1::2] = map(_character, pieces[1::2])
        text = "".join(pieces)
    if "&" in text:
        for entity, character in _ENTITIES.items():  # &amp; comes last: "&amp;lt;" is "&lt;"
            text = text.replace(entity, character)
    return text


def resolve(marked: Sequence[str]) -> Sequence[str] | None:
    """Return what expat makes of texts that stand between two tags; None where it would stop at one.

    They come as bytes of UTF-8 shown as Latin-1, and none holds a "<".
    """
    pieces = _parsed(_SEAM.join(marked))
    resolved = pieces.split(_SEEN_SEAM) if pieces is not None else []
    if len(resolved) == len(marked):
        return resolved
    each = [_parsed(text) for text in marked]  # one that holds a seam of its own, or damage
    return None if None in each else each  # type: ignore[return-value]


def _parsed(marked: str) -> str | None:
    pieces: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.CharacterDataHandler = pieces.append
    try:
        parser.Parse(b"<t>" + marked.encode("latin-1") + b"</t>", True)
    except expat.ExpatError:
        return None
    return "".join(pieces)


def shown(marked: str) -> str | None:
    """Return the text of one such text in the dialect; None where only a parser can judge it."""
    if not marked.isascii():
        try:
            marked = marked.encode("latin-1").decode()
        except UnicodeDecodeError:
            return None
        if "\ufffe" in marked or "\uffff" in marked:
            return None
    return unescape(marked) if "&" in marked else marked


def decode_escapes(text: str) -> str:
    """Decode `_xHHHH_`: one UTF-16 unit each. An unpaired surrogate is no character, so its escape stays."""
    return _ESCAPES.sub(_units, text) if "_x" in text else text


@lru_cache(maxsize=8192)
def _character(number: str) -> str:
    return chr(int(number[1:], 16) if number[0] == "x" else int(number))


def _units(match: re.Match[str]) -> str:
    escapes = match[0]
    digits = "".join(escapes[start + 2 : start + 6] for start in range(0, len(escapes), 7))
    try:
        return bytes.fromhex(digits).decode("utf-16-be")
    except UnicodeDecodeError:
        return escapes
