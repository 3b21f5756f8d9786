"""Copies are issued once, followed by newer ones, never over somebody's work, under names that any disk takes."""

from __future__ import annotations

from typing import Any

import pytest

LAKE = "澄湖示例科技"
EDIT = {("客户", LAKE, "电话"): "13900000001"}


def test_generating_twice_supersedes_the_copy_of_who_returned_nothing(team: Any) -> None:
    """DESIGN 10: the second copy is named `-2`; both stay acceptable."""
    document = team.json("generate")
    assert [c["state"] for c in document["copies"]] == ["issued"] * 3
    assert team.copy_of("王芳", number=2).is_file()
    old = team.put("王芳", EDIT, "old.xlsx")
    new = team.put("李雷", {}, "new.xlsx", source=team.copy_of("李雷", number=2))
    assert [f["state"] for f in team.json("merge", old, new)["files"]] == ["merged", "merged"]


def test_who_returned_a_copy_gets_no_other_unless_asked_for(team: Any) -> None:
    """DESIGN 10: with a return it needs `--again`, and that is said."""
    team.put("王芳", EDIT)
    team.run("merge")
    done = team.run("generate")
    assert "王芳" in done.out
    assert "--again" in done.out
    assert not team.copy_of("王芳", number=2).exists()
    again = team.json("generate", "--again", "--member", "王芳")
    assert [c["member"] for c in again["copies"]] == ["王芳"]
    assert team.copy_of("王芳", number=2).is_file()


def test_a_copy_in_the_outbox_that_somebody_changed_is_left_alone(team: Any) -> None:
    """DESIGN 7: a file that we wrote and somebody changed is never overwritten; we write beside it and say so."""
    theirs = b"typed over by somebody"
    second = team.copy_of("王芳", number=2)
    second.write_bytes(theirs)
    done = team.run("generate", "--member", "王芳")
    assert second.read_bytes() == theirs
    [beside] = [p for p in second.parent.iterdir() if p.stem.startswith(second.stem) and p != second]
    assert beside.name in done.out


def test_the_same_day_and_ledger_give_the_same_bytes(bare: Any) -> None:
    """DESIGN 8: nothing of chance or of the clock is in a copy."""
    bare.run("generate")
    first = {p.name: p.read_bytes() for p in bare.folder("outbox").iterdir()}
    import shutil  # noqa: PLC0415

    other = bare.root.with_name("other")
    shutil.copytree(bare.root, other)
    assert {p.name: p.read_bytes() for p in (other / "rounds" / bare.round / "outbox").iterdir()} == first


def test_generating_before_last_week_is_merged_warns_and_names_who(team: Any) -> None:
    """A warning names the members who did not return and the files that lie unread; the copies are written."""
    team.put("王芳", EDIT, "王芳 回.xlsx")
    done = team.run("generate", "--json", today="2026-11-23")
    said = {f["code"]: f["message"] for f in done.json["findings"]}
    assert done.code == 0
    assert "李雷" in said["F_ROUND_OPEN"]
    assert "王芳 回.xlsx" in said["F_INBOX_WAITING"]
    assert team.copy_of("王芳", "2026-W48").is_file()


def test_a_dry_run_of_generate_writes_nothing(team: Any) -> None:
    """`generate --dry-run` tells what would be issued and leaves every byte."""
    before = team.state()
    assert len(team.json("generate", "--dry-run")["copies"]) == 3
    assert team.state() == before


@pytest.mark.parametrize("name", ["CON", "nul", "王:芳", 'a/b\\c*?"<>|', "LPT1.x", "name. ", "=cmd"])
def test_a_name_that_windows_reserves_gives_a_safe_file_name(bare: Any, name: str) -> None:
    """A member may be called anything; the copy's file name is one that Windows takes."""
    assert bare.run("members", "add", name, "--id", "odd", "--role", "sales").code == 0
    done = bare.run("generate", "--member", name)
    assert done.code == 0, done.err
    [path] = bare.folder("outbox").iterdir()
    stem = path.name.split(".")[0].upper()
    assert not set('<>:"/\\|?*') & set(path.name)
    assert stem not in {"CON", "NUL", "LPT1"}
    assert path.stem == path.stem.rstrip(". ")


def test_a_member_who_is_not_there_is_named_with_the_nearest(bare: Any) -> None:
    """A wrong member leaves 2 and nothing is written."""
    before = bare.state()
    done = bare.run("generate", "--member", "王方")
    assert (done.code, bare.state()) == (2, before)
    assert "王方" in done.err


def test_generating_into_a_closed_round_names_both_ways_out(team: Any) -> None:
    """A closed round is reopened by its command, never by the way."""
    team.run("round", "close", team.round)
    done = team.run("generate", "--round", team.round)
    assert done.code == 2
    assert f"custsheet round reopen {team.round}" in done.err


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("W49", "2026-W49"),
        ("2026w49", "2026-W49"),
        ("2026-W60", "2026-W47"),
        ("..", "_"),
        ("a/b", "a_b"),
        ("CON", "_CON"),
    ],
)
def test_a_name_that_no_round_may_have_is_refused_with_the_nearest(bare: Any, name: str, nearest: str) -> None:
    """A mistyped week would be a round of its own, and `..` no folder of a round: exit 2, nothing is written."""
    before = bare.state()
    done = bare.run("generate", "--round", name)
    assert (done.code, bare.state()) == (2, before)
    assert f"custsheet generate --round {nearest}" in done.err


@pytest.mark.parametrize("name", ["2026-W49-2", "二季度", "2026-12"])
def test_a_round_may_be_called_otherwise(bare: Any, name: str) -> None:
    """A second round of a week, a quarter, a month."""
    assert bare.run("generate", "--round", name, "--member", "王芳").code == 0
    assert [path.name for path in (bare.root / "rounds" / name / "outbox").glob("*.xlsx")]


def test_a_team_without_members_is_told_how_to_add_them(run: Any, tmp_path: Any) -> None:
    """`generate` in an empty workspace: exit 2 and the next command."""
    run("new", tmp_path / "t", "--schema", "simple")
    done = run("generate", "-C", tmp_path / "t")
    assert done.code == 2
    assert "custsheet members import" in done.err
