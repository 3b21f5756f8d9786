"""The text of sheet XML: the dialect that patterns may read without a parser, references and escapes."""

from __future__ import annotations

import re
from functools import lru_cache

# without \r, which expat has to turn into \n
_PLAIN = r"[^<&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
# Numbers as openpyxl 2 (&#23458; for each Chinese character), Go (&#34; &#xA;) and others write them. What XML forbids
# (controls, surrogates, U+FFFE) and "&" itself are left out: those are expat's to judge.
_NUMBER = (
    "(?:9|10|13|34|39|x9|xA|xD|[1-9][0-9]{2,3}|[1-4][0-9]{4}|5[0-4][0-9]{3}|5[89][0-9]{3}"
    "|6[0-4][0-9]{3}|65[0-4][0-9]{2}|1[0-9]{5})"
)
REFERENCE = rf"&(?:amp|lt|gt|quot|apos|#{_NUMBER});"
TEXT = rf"({_PLAIN}(?:{REFERENCE}{_PLAIN})*+)"
"""Text in which nothing but these references needs a parser; one group."""
SPACE = r'(?: xml:space="preserve")?+'

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_CHARACTER = re.compile("&#(x?[0-9A-D]+);")
_ESCAPES = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")


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
