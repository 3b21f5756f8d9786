"""Every workbook that a real client returned gives what the corpus' manifest says of it (R041, P01-P20)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custsheet.errors import FileRefused
from custsheet.messages import fix, say

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
LISTED = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))["files"] if CORPUS.is_dir() else []
LOCKED = [entry["file"] for entry in LISTED if "password" in entry]
FILES = [entry["file"] for entry in LISTED if "password" not in entry]
Made = Callable[[str, Any], Any]

# What the manifest leaves to whoever reads: values that a client guessed, as a person sees them in the sheet.
GUESSED: dict[str, dict[tuple[str, str], str]] = {
    "n18_lo_csv_roundtrip.xlsx": {("c-0002", "客户名称"): "明远科技(csv)"},
    "n20_oo_typed_dates.xlsx": {
        ("c-0001", "备注"): "2026.11.3",
        ("c-0002", "备注"): "11月3日",
        ("c-0003", "备注"): "2026-11-03",
        ("c-0004", "备注"): "2026-11-03",
        ("c-0005", "备注"): "123",
        ("c-0006", "备注"): "13800000000",
        ("c-0007", "备注"): "25%",
        ("c-0008", "备注"): "TRUE",
    },
}
KEPT_OUT: dict[str, dict[tuple[str, str], str]] = {
    "n01_lo_textdates.xlsx": {("c-0006", "下次跟进"): "R_VALUE"},
    "n02_lo_phone_number.xlsx": {("c-0002", "电话"): "R_DIGITS_LOST", ("c-0002", "身份证"): "R_DIGITS_LOST"},
    "n10_lo_formulas_errors.xlsx": {
        ("c-0001", "下次跟进"): "R_FORMULA",
        ("c-0001", "金额"): "R_FORMULA",
        ("c-0001", "备注"): "R_FORMULA",
        ("c-0003", "金额"): "R_FORMULA",
        ("c-0004", "金额"): "R_CELL_ERROR",
        ("c-0005", "金额"): "R_CELL_ERROR",
        ("c-0006", "金额"): "R_CELL_ERROR",
    },
    "n18_lo_csv_roundtrip.xlsx": {(f"c-{n:04}", "身份证"): "R_DIGITS_LOST" for n in range(2, 11, 2)},
    "n20_oo_typed_dates.xlsx": {("c-0009", "备注"): "R_FORMULA"},
    "o14_openpyxl_edit.xlsx": {("c-0004", "金额"): "R_FORMULA"},
}


def wanted(entry: dict[str, Any], canonical: Made, base: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """The edits that an entry tells of: its changes, and what was meant where that can be known and is new."""
    said = [(rid, title, value) for rid, cells in entry.get("changed", {}).items() for title, value in cells.items()]
    for rid, cells in entry.get("intended", {}).items():
        said += [(rid, title, text.split(" or ")[0]) for title, text in cells.items() if not text.startswith("<")]
    said += [(rid, title, text) for (rid, title), text in GUESSED.get(entry["file"], {}).items()]
    found = {(rid, title): canonical(title, value) for rid, title, value in said}
    return {(rid, t): v for (rid, t), v in found.items() if v != canonical(t, base[rid][t])}


@pytest.mark.parametrize("name", FILES or ["none"])
def test_the_edits_of_a_file_are_those_of_its_entry(name: str, manifest: Any, read: Any, canonical: Made) -> None:
    """Every change that the client's user made is found, at its row and field, and no other."""
    expected = wanted(manifest["files"][name], canonical, manifest["base_values"])
    assert read(name).taken == expected


@pytest.mark.parametrize("name", FILES or ["none"])
def test_what_cannot_be_known_is_kept_out_with_its_reason(name: str, read: Any) -> None:
    """Lost digits, errors and formulas are never taken, and nothing else is refused (P08, MERGE 39, 40, 48)."""
    assert read(name).kept_out == KEPT_OUT.get(name, {})


@pytest.mark.parametrize("name", FILES or ["none"])
def test_new_and_missing_rows_are_those_of_the_entry(name: str, manifest: Any, read: Any, canonical: Made) -> None:
    """Rows that were inserted or appended are new ones, rows that were deleted are missing (MERGE 8, 10)."""
    entry, found = manifest["files"][name], read(name)
    new = [{title: canonical(title, value) for title, value in row.items()} for row in entry.get("new", [])]
    assert found.added() == new
    assert [rid for _, rid in found.submission.missing] == entry.get("deleted", [])
    assert bool(found.said("F_ROW_MISSING")) == ("deleted" in entry)


@pytest.mark.parametrize("name", FILES or ["none"])
def test_what_is_odd_about_a_file_is_said(name: str, manifest: Any, read: Any) -> None:
    """Columns of one's own, renamed heads and copied rows are told, and of no other file (MERGE 14, 15, 35, 36)."""
    entry, found = manifest["files"][name], read(name)
    extra = entry.get("extra_columns", ["A"] if name == "n26_pandas_rewrite.xlsx" else [])
    assert [f.value for f in found.said("F_COLUMN_UNKNOWN")] == extra
    assert [f.value for f in found.said("F_HEADER")] == [h for h in entry.get("headers", []) if "\n" in h]
    doubled = {f.value for code in ("H_DUP_ID_SPLIT", "F_DUP_ID_SAME") for f in found.said(code)}
    assert sorted(doubled) == entry.get("duplicate_ids", [])
    assert found.said("F_COLUMN_MISSING") == found.said("F_SHEET_MISSING") == []


def test_a_copied_row_that_was_edited_waits_and_its_twin_does_not(manifest: Any, read: Any) -> None:
    """n07: the copy of c-0002 has a name of its own and is proposed as a new row; that of c-0003 is the same row."""
    found = read("n07_lo_duplicated_ids.xlsx")
    [row] = found.added("H_DUP_ID_SPLIT")
    assert row["客户名称"] != manifest["base_values"]["c-0002"]["客户名称"]
    assert found.submission.missing == ()


@pytest.mark.parametrize("name", ["base.xlsx", "base_protected.xlsx"])
def test_the_sheet_as_it_was_given_out_has_no_edit(name: str, manifest: Any, read: Any) -> None:
    """L1: what nobody edited brings no edit and no row, protected or not."""
    found = read(name)
    assert (found.taken, found.kept_out, found.added(), found.submission.missing) == ({}, {}, [], ())


def test_no_file_of_the_corpus_is_left_out(manifest: Any) -> None:
    """Each workbook that lies in the folder has an entry, and each entry is one of those that the tests go through."""
    there = {path.name for path in CORPUS.iterdir()} - {
        "README.md",
        "manifest.json",
        "base.xlsx",
        "base_protected.xlsx",
    }
    assert there == set(manifest["files"]) == {*FILES, *LOCKED}


@pytest.mark.parametrize("name", LOCKED or ["none"])
def test_a_file_with_a_password_is_refused_and_says_so(name: str, manifest: Any, read: Any) -> None:
    """P31: without its password the file is not read; the words say that there is one, and what to do."""
    with pytest.raises(FileRefused) as stopped:
        read(name)
    assert stopped.value.code == "E_ENCRYPTED"
    assert "密码" in say("E_ENCRYPTED", "zh") + fix("E_ENCRYPTED", "zh")
    assert "password" in say("E_ENCRYPTED", "en").lower()


@pytest.mark.parametrize("name", LOCKED or ["none"])
def test_a_file_with_a_password_is_read_with_it(name: str, manifest: Any, read: Any, canonical: Made) -> None:
    """P31: with its password it is a file like any other, and its edits are those that its entry shows."""
    entry = manifest["files"][name]
    seen = entry["seen"]["changed_raw"]
    expected = {(rid, title): canonical(title, v) for rid, cells in seen.items() for title, v in cells.items()}
    found = read(name, entry["password"])
    assert (found.taken, found.kept_out, found.submission.missing) == (expected, {}, ())
