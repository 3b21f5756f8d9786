"""Cells as real clients returned them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from custsheet.model import Cell

MANIFEST = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "manifest.json"

pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="needs ../shared/corpus")


def raw_cells(file: str, column: str) -> dict[str, object]:
    files = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    entry = next(f for f in files if f["file"] == file)
    return {rid: row[column] for rid, row in entry["raw"].items() if column in row}


def test_text_dates_of_a_real_client(field, outcome) -> None:
    """Five shapes of one day are that day; 明天, which nobody can date any more, is refused (P04)."""
    found = [outcome(field("date"), str(raw)) for raw in raw_cells("n01_lo_textdates.xlsx", "下次跟进").values()]

    assert [value and value.isoformat() for value, _ in found] == ["2026-11-03"] * 5 + [None]
    assert [code for _, code in found] == [
        "F_REPAIRED",
        "F_DATE_ASSUMED",
        "F_REPAIRED",
        "",
        "F_REPAIRED",
        "R_VALUE",
    ]


def test_phones_that_a_real_client_took_for_numbers(field, outcome) -> None:
    """Whole numbers come back as phones, an area code's zero too; 1.38E+10 does not (P08, P09)."""
    raws = raw_cells("n02_lo_phone_number.xlsx", "电话").values()
    cells = [Cell("text", raw) if isinstance(raw, str) else Cell("number", str(raw)) for raw in raws]

    assert [outcome(field("phone"), cell) for cell in cells] == [
        ("13800130001", "F_PHONE_NUMBER"),
        (None, "R_DIGITS_LOST"),
        ("0755-00000003", "F_PHONE_NUMBER"),
    ]
