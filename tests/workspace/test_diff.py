"""`diff` of a copy from what it carries itself (U1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LAKE, PHONE = "澄湖示例科技", "电话"


def test_a_copy_tells_its_edits_without_its_workspace(team: Any, run: Any, tmp_path: Path) -> None:
    """On another PC, with no ledger at all, the same edits come out of the stamp, said to be unverified there."""
    path = team.put("王芳", {("客户", LAKE, PHONE): "13900000001", ("客户", LAKE, "下次跟进时间"): "2026-12-01"})
    here = team.json("diff", path)
    away = tmp_path / "elsewhere"
    away.mkdir()
    copy = away / "收到的.xlsx"
    copy.write_bytes(path.read_bytes())
    done = run("-C", away, "diff", copy, "--json", "--today", team.today)
    assert (done.code, here["verified"], done.json["verified"]) == (0, True, False)
    told = [[(e["field"], e["old"], e["new"], e["cell"]) for e in body["edits"]] for body in (here, done.json)]
    assert told[0] == told[1]
    assert {(field, new) for field, _, new, _ in told[0]} == {
        ("phone", "13900000001"),
        ("next_follow_up", "2026-12-01"),
    }
    said = run("-C", away, "diff", copy, "--today", team.today).out
    assert "未核对" in said
