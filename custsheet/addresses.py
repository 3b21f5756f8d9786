"""Columns by letters, as cell addresses name them."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=16_384)
def letters(column: int) -> str:
    """Return the letters of a 1-based column: 1 → A, 28 → AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(maxsize=16_384)
def column_number(text: str) -> int:
    """Return the 1-based column of such letters: A → 1, AB → 28."""
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number
