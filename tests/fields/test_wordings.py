"""The wordings of values, in both languages."""

from __future__ import annotations

import re

import pytest

from custsheet.messages.values import CODES, WORDS

UNKIND = re.compile(r"错误|非法|请注意|您|\berror\b|\binvalid\b|!|！", re.IGNORECASE)
FACT = re.compile(r"{(\w+)}")
TEXTS = {code: ((w.zh, w.en), (w.fix_zh, w.fix_en)) for code, w in CODES.items()} | {k: (p,) for k, p in WORDS.items()}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same_facts_kindly(key: str) -> None:
    """Chinese and English fill in the same facts; no blame, no exclamation (LOOK 10)."""
    for zh, en in TEXTS[key]:
        assert zh
        assert en
        assert not UNKIND.search(zh + en)
        assert set(FACT.findall(zh)) == set(FACT.findall(en))


@pytest.mark.parametrize("code", [code for code in CODES if code.startswith("R_") and code != "R_REQUIRED"])
def test_a_rejection_shows_what_was_typed(code: str) -> None:
    """What was typed stands in the sentence, how to mend it in the fix (P35)."""
    assert "{value}" in CODES[code].zh
    assert CODES[code].fix_zh
