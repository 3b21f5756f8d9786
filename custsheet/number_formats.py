"""What a number format says about the values that it shows, whatever program wrote it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Style = Literal["general", "text", "date", "time", "duration", "percent", "number"]

# formats without a code of their own; some say dates only to Chinese, Japanese and Korean programs
_DATES = (14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58)
_TIMES = (18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56)
_NUMBERS = (*range(1, 9), 11, 12, 13, *range(37, 45), 48, *range(59, 63), *range(67, 71))
_BUILT_IN: dict[int, Style] = {
    **dict.fromkeys(_DATES, "date"),
    **dict.fromkeys(_TIMES, "time"),
    **dict.fromkeys(_NUMBERS, "number"),
    **dict.fromkeys((9, 10), "percent"),
    46: "duration",
    49: "text",
}

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')  # and padding and fill characters
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")  # colours, conditions, locales
_DIGITS = re.compile(r"e[+-]|[0#?]")
_DAY = re.compile(r"[ydeg]|aaa|b[12]")
_CLOCK = re.compile(r"[hs]|am/pm|a/p")


@lru_cache(maxsize=4096)
def style_of(number: int, code: str | None) -> Style:
    """Return what the first section of a number format shows; a date with a clock is a date."""
    if code is None:
        return _BUILT_IN.get(number, "general")
    code = _QUOTED.sub("", code)
    if _ELAPSED.search(code):
        return "duration"
    section = _BRACKETS.sub("", code).split(";")[0].strip().lower()
    if "general" in section or not section:
        return "general"
    return _style_of_section(section)


def _style_of_section(section: str) -> Style:
    if _DIGITS.search(re.sub(r"s\.0+", "s", section)):
        return "percent" if "%" in section else "number"
    if "@" in section:
        return "text"
    if _CLOCK.search(section) and not _DAY.search(section):
        return "time"
    return "date" if _DAY.search(section) or "m" in section else "general"
