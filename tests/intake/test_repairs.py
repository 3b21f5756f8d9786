"""Values that came back in another shape: mended where there is one reading, told with old and new, else asked for."""

from __future__ import annotations

from typing import Any

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
