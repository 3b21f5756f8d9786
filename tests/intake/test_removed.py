"""A field or table of the schema that was taken out after the copies were issued (MERGE case 31)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from damage import LAKE, changes, codes, typing


def rewritten(team: Any, old: str, new: str) -> Any:
    """The team after somebody wrote another name into its schema, and took the loss."""
    path = team.root / "schema.yaml"
    path.write_text(re.sub(rf"\b{old}\b", new, path.read_text(encoding="utf-8")), encoding="utf-8")
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    return team


@pytest.fixture
def renamed(team: Any) -> Any:
    """The team after `next_plan` went and a new `next_step` came."""
    return rewritten(team, "next_plan", "next_step")


def test_an_old_copy_is_still_taken(renamed: Any) -> None:
    """Nothing typed under the field that is gone: the other edits arrive, and nothing is said about its column."""
    with typing(renamed) as page:
        page[LAKE, "电话"] = "13900000009"
    done = renamed.json("merge")
    assert changes(done) == [(LAKE, "phone", "13900000009")]
    assert not {"F_HEADER", "F_COLUMN_MISSING", "F_COLUMN_UNKNOWN"} & set(codes(done))


def test_what_was_typed_under_a_field_that_is_gone_is_listed(renamed: Any) -> None:
    """Said with its cell, its title as the member knows it and its value; the rest of the row is taken."""
    with typing(renamed) as page:
        page[LAKE, "电话"], page[LAKE, "下次跟进内容"] = "13900000009", "带合同"
        row = page.row(LAKE)
    done = renamed.json("merge")
    (finding,) = [f for f in done["findings"] if f["code"] == "R_COLUMN_REMOVED"]
    assert finding["cell"].endswith(str(row))
    assert "「下次跟进内容」" in finding["message"]
    assert "「带合同」" in finding["message"]
    assert changes(done) == [(LAKE, "phone", "13900000009")]


def test_a_table_that_is_gone_keeps_its_edits_out_and_lists_them(team: Any) -> None:
    """A table renamed without saying so: what was typed in its rows is listed, the other tables are taken."""
    rewritten(team, "opportunities", "deals")
    with typing(team, sheet="商机") as page:
        page.sheet.cell(3, page.heads["产品"]).value = "甲产品"
    done = team.json("merge")
    assert [(f["code"], f["value"]) for f in done["findings"] if f["severity"] == "rejected"] == [
        ("R_COLUMN_REMOVED", "甲产品")
    ]
    assert (done["edits"]["total"], done["edits"]["rejected"]) == (1, 1)
