"""Every entry of the catalogue of bad inputs has a test, or a reason why it cannot have one yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from catalogue import ALL, WAITS, numbers_in

from custsheet.messages import fix, known, say, severity

HERE = Path(__file__).resolve().parent


def test_every_number_is_tested_or_waits() -> None:
    """The 72 numbers are those of the tests beside this one and of what is not built, and no number is both."""
    found = set(numbers_in(HERE))
    assert sorted(ALL - found - WAITS.keys()) == []
    assert sorted(found & WAITS.keys()) == []


def test_what_waits_says_for_what() -> None:
    """No number waits without a reason."""
    assert [number for number, reason in WAITS.items() if len(reason) < 10] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_says_what_is_wrong_and_what_to_do(language: str) -> None:
    """P35: each code of the catalogue that asks for something has both sentences, in both languages."""
    asking = [code for code in known() - {"SCHEMA_NEAREST"} if severity(code) != "info"]
    assert len(asking) > 100
    assert sorted(code for code in asking if not say(code, language) or not fix(code, language)) == []
