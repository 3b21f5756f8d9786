"""Backups are kept by age, and one of them brings the ledger back (R126, P49)."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from later_bench import answer, differ

from custsheet.workspace.folder import Folder
from custsheet.workspace.keeping import Backup, backups, surplus

LAKE = "澄湖示例科技"
EAST = "东屿示例制药"
PHONE, OTHER = ("客户", LAKE, "电话"), ("客户", EAST, "电话")


def _backups(*moments: str) -> list[Backup]:
    return [Backup(Path(f"{n}.db"), n, dt.datetime.fromisoformat(moment)) for n, moment in enumerate(moments)]


def test_a_year_of_daily_backups_leaves_days_weeks_and_months() -> None:
    """Of 400 days with two backups each: both of the last day, the newest of 7 days, 4 weeks and 12 months."""
    start = dt.datetime.fromisoformat("2025-10-20T09:00:00")
    found = _backups(*((start + dt.timedelta(hours=12 * n)).isoformat() for n in range(800)))
    gone = {b.path for b in surplus(found)}
    kept = [b for b in found if b.path not in gone]
    assert kept[-2:] == found[-2:]
    kept.remove(found[-2])
    assert [b.at.date() for b in kept][-7:] == [found[-1].at.date() - dt.timedelta(days=n) for n in range(6, -1, -1)]
    assert len({(b.at.year, b.at.month) for b in kept}) == 12
    assert len(kept) <= 7 + 4 + 12
    assert all(b.at == max(o.at for o in found if o.at.date() == b.at.date()) for b in kept)


def test_few_backups_all_stay() -> None:
    """One a day for a week: nothing goes."""
    assert surplus(_backups(*(f"2026-11-{day:02}T10:00:00" for day in range(1, 8)))) == []


def _merged(team: Any, value: str, name: str, today: str) -> None:
    """王芳's copy on Monday, 李雷's on Tuesday."""
    who, place = ("王芳", PHONE) if name == "one.xlsx" else ("李雷", OTHER)
    team.put(who, {place: value}, name)
    assert team.run("merge", today=today).code == 0


def test_a_damaged_ledger_comes_back_and_the_inbox_brings_the_rest(team: Any) -> None:
    """Damage is seen, the newest whole backup takes its place, what came after it is merged again from the inbox."""
    _merged(team, "13900000001", "one.xlsx", "2026-11-16")
    _merged(team, "13900000002", "two.xlsx", "2026-11-17")
    path = team.root / "ledger.db"
    spoil(path)
    data = path.read_bytes()
    verified = team.run("verify", "--full")
    assert verified.code == 5
    assert "账本" in verified.out
    assert "Finding(" not in verified.out
    done = team.json("restore")
    assert Path(done["replaced"]).read_bytes() == data
    assert team.run("verify", "--full").code == 0
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"  # backups are made before each merge
    assert team.value(f"customers/{EAST}", "phone") == "13800000005"
    assert team.json("merge")["edits"]["applied"] == 1
    assert team.value(f"customers/{EAST}", "phone") == "13900000002"


def test_a_named_backup_goes_further_back(team: Any) -> None:
    """The revisions that are left out are counted; the ledger that was there can be put back in the same way."""
    team.run("backup", team.root / "backups" / "mine.db")
    _merged(team, "13900000001", "one.xlsx", "2026-11-16")
    done = team.json("restore", team.root / "backups" / "mine.db")
    assert (done["lost"], team.value(f"customers/{LAKE}", "phone")) == (1, "13800000001")
    assert team.run("restore", done["replaced"]).code == 0
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"


def spoil(path: Path) -> None:
    """Overwrite pages in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 9] = b"\x5a" * (4096 * 6)
    path.write_bytes(bytes(data))


def test_a_broken_backup_is_passed_over_and_not_used(team: Any) -> None:
    """Changed behind the chain's back: named it is refused, nothing moves, the one before is offered, and then used."""
    _merged(team, "13900000001", "one.xlsx", "2026-11-16")
    _merged(team, "13900000002", "two.xlsx", "2026-11-17")
    newest = sorted((team.root / "backups").glob("ledger-r*.db"))[-1]
    with sqlite3.connect(newest) as connection:
        connection.execute("UPDATE cell SET value = '13700000000' WHERE value = '13900000001'")
    before = (team.root / "ledger.db").read_bytes()
    bad = team.run("restore", newest)
    assert (bad.code, (team.root / "ledger.db").read_bytes() == before) == (5, True)
    older = sorted((team.root / "backups").glob("ledger-r*.db"))[-2]
    assert f"custsheet restore {older}" in bad.err
    spoil(team.root / "ledger.db")
    assert Path(team.json("restore")["backup"]) == older
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"


def test_another_teams_backup_is_refused(team: Any, team_of_others: Any, tmp_path: Path) -> None:
    """Exit 5; the ledger stays."""
    team_of_others.run("backup", tmp_path / "theirs.db")
    done = team.run("restore", tmp_path / "theirs.db")
    assert (done.code, "theirs.db" in done.err) == (5, True)
    assert team.run("verify").code == 0


@pytest.mark.parametrize("name", [(), ("none.db",)])
def test_without_a_backup_there_is_nothing_to_restore(bare: Any, name: tuple[str, ...]) -> None:
    """Exit 2, 5 or 6 with what is missing; the ledger stays."""
    done = bare.run("restore", *name)
    assert done.code in (2, 5, 6)
    assert bare.run("verify").code == 0


def test_a_whole_ledger_is_not_replaced_unasked(team: Any) -> None:
    """Without a name nothing moves while the ledger is whole: exit 2, and the backups are named to choose from."""
    _merged(team, "13900000001", "one.xlsx", "2026-11-16")
    before = team.state()
    done = team.run("restore")
    (backup,) = (team.root / "backups").glob("ledger-r*.db")
    assert (done.code, backup.name in done.err, team.state() == before) == (2, True, True)


@pytest.mark.parametrize("end", [Path.unlink, spoil, lambda path: path.write_bytes(b"")])
def test_a_lost_or_spoilt_ledger_names_the_way_back(team: Any, end: Any) -> None:
    """Gone, spoilt or empty: every command ends with 5 and names `custsheet restore`, which is all that it takes."""
    _merged(team, "13900000001", "one.xlsx", "2026-11-16")
    end(team.root / "ledger.db")
    stopped = team.run("merge")
    assert (stopped.code, "custsheet restore" in stopped.err) == (5, True)
    assert team.run("restore").code == 0
    assert (team.run("verify", "--full").code, team.json("merge")["edits"]["applied"]) == (0, 1)


def test_backups_of_one_second_are_all_known(team: Any) -> None:
    """A second backup in the same second gets another name, and counts like the first when age thins them."""
    for _ in range(3):
        assert team.run("backup").code == 0
    names = [p.name for p in (team.root / "backups").glob("*.db")]
    folder = Folder(team.root, now=dt.datetime.fromisoformat("2026-11-16T10:00:00"))
    assert len(names) >= 1
    assert sorted(b.path.name for b in backups(folder)) == sorted(names)


def test_questions_stay_one_workbook_through_a_restore(team: Any) -> None:
    """What was answered since the backup is asked again, in the workbook that managers know; ours is not theirs."""
    differ(team)
    answer(team, "claim:0")
    first = sorted((team.root / "backups").glob("ledger-r*.db"))[-1]
    done = team.run("restore", first)
    assert (done.code, "答过的问题会再问" in done.out) == (0, True)
    asked = team.json("merge")
    assert [q["kind"] for q in asked["questions"]] == ["H_CELL"]
    assert [p.name for p in team.questions().parent.glob("questions*.xlsx")] == ["questions.xlsx"]
    answer(team, "claim:1")
    assert (team.json("merge")["questions"], team.run("verify", "--full").code) == ([], 0)
