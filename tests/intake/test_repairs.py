"""Values that came back in another shape: mended where there is one reading, told with old and new, else asked for."""

from __future__ import annotations

from typing import Any

import pytest
from damage import HILL, LAKE, RICE, codes

DATE = "下次跟进时间"


def _dated(team: Any, *typed: str) -> dict[str, Any]:
    rows = dict(zip((LAKE, HILL, RICE), typed, strict=False))
    team.put("王芳", {("客户", key, DATE): text for key, text in rows.items()})
    merged: dict[str, Any] = team.json("merge")
    return merged


def test_dates_are_read_as_their_column_is_written(team: Any) -> None:
    """Two dates with the day first tell how to read the third; the finding says so with old and new (P04, P20)."""
    done = _dated(team, "25/11/2026", "13/12/2026", "3/4/2027")
    assert sorted(c["new"] for c in done["changes"]) == ["2026-11-25", "2026-12-13", "2027-04-03"]
    [said] = [f for f in done["findings"] if f["code"] == "F_DATE_BY_COLUMN"]
    assert (said["cell"][1:], said["value"], "2027-04-03" in said["message"]) == ("5", "3/4/2027", True)


def test_a_column_that_does_not_tell_is_not_guessed(team: Any) -> None:
    """One date with the day first, or none: the doubtful one is refused at its cell, the others are taken."""
    done = _dated(team, "25/11/2026", "2026-12-13", "3/4/2027")
    assert sorted(c["new"] for c in done["changes"]) == ["2026-11-25", "2026-12-13"]
    assert codes(done) == ["F_REPAIRED", "R_DATE_AMBIGUOUS"]


@pytest.mark.parametrize("typed", ["李 雷", "@李雷", "＠李　雷"])
def test_a_name_with_blanks_or_an_at_sign_is_that_name(team: Any, typed: str) -> None:
    """Two characters drawn apart to align with three, a name as it stands in a chat: read, and said as a repair."""
    path = team.root.parent / "网站导出.csv"
    path.write_text(f"客户名称,客户状态,负责人\n新来示例,丢失客户,{typed}\n", encoding="utf-8")
    done = team.json("import", path, "--table", "customers")
    [said] = [f for f in done["findings"] if f["code"] == "F_TERM"]
    assert (said["cell"], said["severity"], "→ 李雷" in said["message"]) == ("C2", "info", True)
    assert team.value("customers/新来示例", "owner") == "李雷"


def test_a_customer_with_a_blank_within_its_name_is_found(team: Any) -> None:
    """In a log row: `澄湖 示例科技` is the customer, with the reading told; a name that is nobody's stays refused."""
    new = {("跟进记录", "+0", "客户"): "澄湖 示例科技", ("跟进记录", "+0", "日期"): "2026-11-16",
           ("跟进记录", "+0", "内容"): "打了电话"}  # fmt: skip
    team.put("王芳", new)
    done = team.json("merge")
    assert ("F_TERM", "澄湖 示例科技") in {(f["code"], f["value"]) for f in done["findings"]}
    assert done["edits"]["rejected"] == 0
