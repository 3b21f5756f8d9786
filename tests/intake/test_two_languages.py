"""A member who works in English in a team whose manager reads Chinese: each is told in their own language (R089)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from damage import HILL, LAKE, NORTH

CHINESE = re.compile(r"[一-鿿]")
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
DATA = re.compile(r"「[^」]*」|“[^”]*”|(?<=You typed: ).*")
DIRTY = {
    ("Phone", LAKE): "1.38E+10",
    ("Status", HILL): "Wone",
    ("Grade", NORTH): "first",
    ("Next follow-up", LAKE): "soon",
}


@pytest.fixture
def returned(team: Any) -> Path:
    """王芳 works in English; her copy of next week came back with four cells that cannot be read."""
    members = team.root / "members.yaml"
    text = members.read_text(encoding="utf-8")
    members.write_text(re.sub(r"(name: 王芳\b.*\n)", r"\1    language: en\n", text), encoding="utf-8")
    assert team.run("generate", "--again", "--member", "王芳").code == 0
    path = max((team.root / "rounds" / team.round / "outbox").glob("*王芳*"), key=lambda p: p.stat().st_mtime_ns)
    book = openpyxl.load_workbook(path)
    page = book["Customers"]
    heads = {cell.value: cell.column for cell in page[2] if cell.value}
    for (head, key), value in DIRTY.items():
        row = next(r for r in range(3, page.max_row + 1) if page.cell(r, heads["Customer"]).value == key)
        page.cell(row, heads[head]).value = value
    target: Path = team.folder("inbox") / "wang.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def test_the_member_is_told_in_english_and_the_manager_in_chinese(team: Any, returned: Path, tmp_path: Path) -> None:
    """No Chinese in the words and advice of the member's notes, no English sentence on the manager's screen."""
    done = team.json("validate", returned, "--annotate", tmp_path)
    page = openpyxl.load_workbook(done["files"][0]["annotated"])["Customers"]
    notes = [cell.comment.text for row in page.iter_rows() for cell in row if cell.comment is not None]
    assert len(notes) == len(DIRTY)
    assert [note for note in notes if CHINESE.search(DATA.sub("", note))] == []
    assert len(done["findings"]) >= len(DIRTY)
    told = [(f["message"], f["fix"]) for f in done["findings"]]
    assert [said for pair in told for said in pair if ENGLISH.search(said)] == []
    assert all(CHINESE.search(message) for message, _ in told)
