"""A date and what happened, typed together beside a customer, are a contact: a row of the log (SCHEMAS, follow-up)."""

from __future__ import annotations

from typing import Any

LAKE, FAR = "澄湖示例科技", "远山示例机械"
DAY, SAID = ("客户", LAKE, "跟进时间"), ("客户", LAKE, "跟进内容")


def logged(team: Any) -> list[tuple[str, ...]]:
    """The log rows that a merge added."""
    done = team.json("merge")
    rows = [c["label"] for c in done["changes"] if c["table"] == "log" and c["kind"] == "add"]
    return [
        tuple(team.json("show", label)["values"][n] for n in ("customer", "date", "content", "channel", "member"))
        for label in rows
    ]


def test_date_and_content_typed_together_are_logged_once(team: Any) -> None:
    """One row with customer, day, content and who typed it; merging again, or a second version, adds none."""
    team.put("王芳", {DAY: "2026-11-17", SAID: "看了样机"})
    assert logged(team) == [(LAKE, "2026-11-17", "看了样机", "其他", "王芳")]
    assert logged(team) == []
    team.put("王芳", {DAY: "2026-11-17", SAID: "看了样机", ("客户", FAR, "等级"): "A"}, "again.xlsx")
    assert logged(team) == []


def test_a_date_alone_is_no_contact(team: Any) -> None:
    """Without what happened there is nothing to log."""
    team.put("王芳", {DAY: "2026-11-17"})
    assert logged(team) == []


def test_who_also_wrote_the_log_row_has_it_once(team: Any) -> None:
    """The member's own row of that day says more: it stays alone."""
    own = {("跟进记录", "+0", "客户"): LAKE, ("跟进记录", "+0", "日期"): "2026-11-17"}
    own |= {("跟进记录", "+0", "方式"): "拜访", ("跟进记录", "+0", "内容"): "看了样机，想要两台"}
    team.put("王芳", {DAY: "2026-11-17", SAID: "看了样机", **own})
    assert [row[3] for row in logged(team)] == ["拜访"]
