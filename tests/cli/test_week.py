"""A week on the command line: what a merge counts, what it says, and where it goes."""

from __future__ import annotations

from typing import Any

PHONE = ("客户", "澄湖示例科技", "电话")


def test_an_edit_of_one_member_is_applied(team: Any) -> None:
    """MERGE 2: one side edits, the ledger holds the value, and the edits are a partition."""
    team.put("王芳", {PHONE: "13900000001"})
    done = team.run("merge", "--json")
    assert (done.code, {k: v for k, v in done.json["edits"].items() if v}) == (0, {"total": 1, "applied": 1})
    assert team.value("customers/澄湖示例科技", "phone") == "13900000001"
