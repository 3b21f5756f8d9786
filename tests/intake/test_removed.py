"""A field of the schema that was renamed or taken out after the copies were issued (MERGE case 31)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from damage import LAKE, changes, codes, refusal, typing


@pytest.fixture
def renamed(team: Any) -> Any:
    """The team after somebody renamed `next_plan` in its schema."""
    path = team.root / "schema.yaml"
    path.write_text(re.sub(r"\bnext_plan\b", "next_step", path.read_text(encoding="utf-8")), encoding="utf-8")
    return team


def test_an_old_copy_is_still_taken(renamed: Any) -> None:
    """Nothing typed under the field that is gone: the other edits arrive, and nothing is said about its column."""
    with typing(renamed) as page:
        page[LAKE, "电话"] = "13900000009"
    done = renamed.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert not {"F_HEADER", "F_COLUMN_MISSING", "F_COLUMN_UNKNOWN"} & set(codes(done))


def test_what_was_typed_under_a_field_that_is_gone_refuses_the_file(renamed: Any) -> None:
    """Not built, so held back whole: which row and field is said, and the file stays in the inbox."""
    with typing(renamed) as page:
        page[LAKE, "电话"], page[LAKE, "下次跟进内容"] = "13900000009", "带合同"
        row = page.row(LAKE)
    code, message = refusal(renamed.json("merge"))
    assert code == "E_NOT_YET"
    assert "next_plan" in message
    assert f"第 {row} 行" in message
    assert (renamed.folder("inbox") / "王芳.xlsx").exists()


def test_a_table_that_is_gone_refuses_the_file(renamed: Any) -> None:
    """A table renamed after issue: the copy is refused with a sentence, not with a crash."""
    path = renamed.root / "schema.yaml"
    path.write_text(re.sub(r"\bfeedback\b", "ideas", path.read_text(encoding="utf-8")), encoding="utf-8")
    with typing(renamed) as page:
        page[LAKE, "电话"] = "13900000009"
    code, message = refusal(renamed.json("merge"))
    assert code == "E_NOT_YET"
    assert "feedback" in message
