"""Folding of width and space, near misses, lists of names, safe file names: text as people type it, made comparable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_BLANKS = re.compile(r"[\s\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e]+")
_INVISIBLE = re.compile(r"[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_ODD = re.compile(f"{_LINE_ENDS.pattern}|{_SURROGATES.pattern}|{_NOT_IN_XML.pattern}")
_OUTER = " \t\n\r\u00a0\u1680\u200b\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_SEPARATORS = re.compile(r"[，、；｜／､,;|/\n\r]+")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_NAME_BYTES = 200
_LONGEST_FIT = 1_000
"""Characters: a pattern with several open repeats tries the cube of them, before it gives up."""


@lru_cache(maxsize=1 << 14)
def fold(s: str) -> str:
    """Fold width, blanks and case away, so that headers, options and terms match however they were typed."""
    wide = unicodedata.normalize("NFKC", _INVISIBLE.sub("", s))
    low = unicodedata.normalize("NFKC", wide.casefold())
    return _BLANKS.sub(" ", low).strip()


def clean(s: str) -> str:
    """Return the canonical text: NFC, one kind of line end, no outer blanks, nothing that a sheet cannot hold."""
    if s.isascii() and s.isprintable():
        return s.strip()
    if _ODD.search(s):
        s = _without_odd(s)
    return unicodedata.normalize("NFC", s).strip(_OUTER)


def _without_odd(s: str) -> str:
    if _SURROGATES.search(s):
        s = s.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _NOT_IN_XML.sub("", _LINE_ENDS.sub("\n", s))


def nearest(word: str, words: Iterable[str], n: int = 3) -> list[str]:
    """Return up to `n` of the words that `word` was probably meant to be, the nearest first."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only who mistypes needs it

    typed = fold(word)
    ranked = []
    for position, candidate in enumerate(dict.fromkeys(words)):
        known = fold(candidate)
        if not typed or not known or not set(typed) & set(known):
            continue
        distance = OSA.distance(typed, known)
        if distance <= _allowance(typed, known) or _contains(typed, known):
            ranked.append((distance / max(len(typed), len(known)), position, candidate))
    return [candidate for _, _, candidate in sorted(ranked)[:n]]


def _allowance(typed: str, known: str) -> int:
    shorter = min(len(typed), len(known))
    return max(1, shorter // 3) if shorter > 1 else 0


def _contains(typed: str, known: str) -> bool:
    """Two Chinese characters say as much as four letters."""
    short, long = sorted((typed, known), key=len)
    return short in long and display_width(short) >= 4


def in_other_signs(word: str, words: Iterable[str]) -> list[str]:
    """Return the words of the same length that share half of their characters in place: traditional signs, or a slip.

    Too wide a net for heads; where one has to be of a short list it tells what was meant.
    """
    typed = fold(word)
    found = []
    for candidate in dict.fromkeys(words):
        known = fold(candidate)
        alike = sum(a == b for a, b in zip(typed, known, strict=False))
        if len(typed) == len(known) >= 4 and not known.isascii() and 2 * alike >= len(known):
            found.append(candidate)
    return found


def display_width(s: str) -> int:
    """Count the units that the widest line takes: East Asian wide, full and ambiguous characters are 2."""
    if "\n" in s:
        return max(display_width(line) for line in s.split("\n"))
    if s.isascii():
        return len(s)
    return sum(_units(character) for character in s)


def _units(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def halved(damaged: str, whole: str) -> bool:
    """Tell whether a text is another of which characters were cut in two on the way: ExcelJS reads chunks of bytes."""
    if "\ufffd" not in damaged:
        return False
    left = re.sub("\ufffd+", "\ufffd", damaged)
    if len(left) != len(whole):
        return False
    return all(a == b or (a == "\ufffd" and b > "\x7f") for a, b in zip(left, whole, strict=True))


def units(s: str) -> int:
    """Return the length of a text as spreadsheets count it: in units of UTF-16, an emoji is two."""
    return len(s) if s.isascii() else len(s.encode("utf-16-le", "surrogatepass")) // 2


def cut(s: str, limit: int) -> str:
    """Return as much of a text as `limit` units hold, no character halved."""
    if len(s) <= limit // 2 or units(s) <= limit:
        return s
    return s.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def fits(pattern: str | re.Pattern[str], s: str) -> bool:
    """Tell whether a whole text fits a schema's pattern; what is longer than any code or number does not."""
    return len(s) <= _LONGEST_FIT and re.fullmatch(pattern, s) is not None


def join(names: Sequence[str], language: str) -> str:
    """Join names as a sentence of that language does."""
    if language == "zh":
        return "、".join(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def in_a_row(words: Iterable[str], language: str) -> str:
    """Put words one after another, with the comma between them that lists of that language have."""
    return ("、" if language == "zh" else ", ").join(words)


def clauses(parts: Iterable[str], language: str) -> str:
    """Put longer parts, which may hold commas, on one line."""
    return ("；" if language == "zh" else "; ").join(parts)


def named(name: str, said: str, language: str) -> str:
    """Return a name and what belongs to it: `电话：138`, `Phone: 138`."""
    return f"{name}{'：' if language == 'zh' else ': '}{said}"


def split_list(s: str) -> list[str]:
    """Split at the separators that people use between list items; items are cleaned, empty ones dropped."""
    return [item for item in map(clean, _SEPARATORS.split(s)) if item]


def safe_file_name(s: str) -> str:
    """Return a name that every file system and mail program accepts, with its extension kept."""
    name = _FORBIDDEN.sub("_", clean(s)).strip(" ").rstrip(". ")
    if name.startswith("~$"):  # Office's owner files begin so; an inbox skips them
        name = "_" + name[2:]
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 8:
        stem, dot, extension = name, "", ""
    if _RESERVED.fullmatch(stem.split(".")[0].rstrip(" ")):
        stem = f"_{stem}"
    room = _NAME_BYTES - len((dot + extension).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{stem or '_'}{dot}{extension}"
