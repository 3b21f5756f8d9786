"""Calls that are wrong, a ledger that cannot be used, and what comes from outside while a command runs."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_bench import EAST, LAKE, SHEET
from catalogue import bad_input
from team_bench import PROJECT, TeamBench

PHONE = "13900000001"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}


def wrong(team: TeamBench, *call: object) -> str:
    """A call that is wrong: 2, words on standard error alone, and every file as before."""
    before = team.state()
    done = team.run(*call)
    assert (done.code, done.out) == (2, ""), done
    assert team.state() == before
    assert "→" in done.err
    return done.err


@bad_input(66)
@pytest.mark.parametrize(("flag", "near"), [("--dry-runn", "--dry-run"), ("--jsn", "--json"), ("--tday", "--today")])
def test_a_flag_that_was_mistyped(team: TeamBench, flag: str, near: str) -> None:
    """The flag is named, and the one that was meant."""
    said = wrong(team, "merge", flag)
    assert flag in said
    assert near in said


@bad_input(66)
@pytest.mark.parametrize("command", ["merge", "validate", "diff", "import", "resolve"])
def test_a_file_that_is_not_there(team: TeamBench, command: str) -> None:
    """A path that leads nowhere, and a pattern that the shell found nothing for: the name is said."""
    more = ("--table", "customers") if command == "import" else ()
    for name in ("没有这个.xlsx", "*.xlsx"):
        assert name in wrong(team, command, team.root / name, *more)


@bad_input(66)
def test_a_folder_where_a_file_belongs(team: TeamBench) -> None:
    """A folder is told as one."""
    assert "outbox" in wrong(team, "merge", team.folder("outbox"))


@bad_input(67)
def test_a_copy_for_a_file_that_is_there(run: Callable[..., Any], tmp_path: Path) -> None:
    """Outside a workspace -o names a file that somebody has: it stays, ours lies beside it, and that is said."""
    (tmp_path / "c.csv").write_text(
        "客户名称,电话,客户状态,负责人\n甲示例,13800000001,潜在客户,王芳\n", encoding="utf-8"
    )
    mine = tmp_path / "王芳.xlsx"
    mine.write_bytes(b"mine")
    call = ("generate", "--schema", "simple", "--rows", "customers=c.csv", "--member", "王芳", "-o", mine)
    done = run(*call, "--today", "2026-11-16", cwd=tmp_path)
    assert done.code == 0, done.err
    assert mine.read_bytes() == b"mine"
    assert str(mine) in done.out
    [made] = [p for p in tmp_path.glob("王芳*.xlsx") if p != mine]
    assert str(made) in done.out
    assert made.read_bytes().startswith(b"PK")


@bad_input(67)
def test_a_backup_into_a_file_that_is_there(team: TeamBench) -> None:
    """A workbook is not turned into a ledger because its name was given."""
    mine = team.root.parent / "报价.db"
    mine.write_bytes(b"mine")
    done = team.run("backup", mine)
    assert (done.code, mine.read_bytes()) == (0, b"mine")
    assert (team.root.parent / "报价-new.db").is_file()


@bad_input(67)
def test_copies_and_reports_that_somebody_changed(team: TeamBench) -> None:
    """What a person typed into a file of ours stays; the new one lies beside it (DESIGN 7)."""
    assert team.run("report").code == 0
    report = team.root / "rounds" / team.round / "report.xlsx"
    copy = team.copy_of("王芳")
    for path in (report, copy):
        path.write_bytes(path.read_bytes() + b"\0")
    kept = [path.read_bytes() for path in (report, copy)]
    assert team.run("report").code == 0
    assert team.run("generate", "--again").code == 0
    assert [path.read_bytes() for path in (report, copy)] == kept


@bad_input(68)
def test_a_ledger_that_another_run_writes(team: TeamBench) -> None:
    """Exit 5 with who holds it and since when; nothing is changed, and afterwards it goes on."""
    team.put("王芳", {(SHEET, LAKE, "电话"): PHONE})
    with sqlite3.connect(team.root / "ledger.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        (team.root / "lock.json").write_text('{"host": "pc7", "user": "赵敏", "pid": 77, "since": "09:00"}', "utf-8")
        done = team.run("merge")
        other.execute("ROLLBACK")
    other.close()
    assert done.code == 5
    assert all(fact in done.err for fact in ("赵敏", "pc7", "77", "09:00"))
    assert team.json("merge")["edits"]["applied"] == 1


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()


SPOILT = {
    "LEDGER_NEWER": _newer,
    "LEDGER_DAMAGED": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "LEDGER_MISSING": Path.unlink,
    "LEDGER_FOREIGN": lambda path: (path.unlink(), sqlite3.connect(path).execute("CREATE TABLE x (y)")),
}


@bad_input(69)
@pytest.mark.parametrize("code", SPOILT)
def test_a_ledger_that_cannot_be_used(team: TeamBench, code: str) -> None:
    """Newer, damaged, gone or another program's: exit 5, what to do, and not a byte of anything is changed."""
    team.put("王芳", {(SHEET, LAKE, "电话"): PHONE})
    SPOILT[code](team.root / "ledger.db")
    before = team.state()
    for command in ("merge", "generate", "status", "report"):
        done = team.run(command)
        assert done.code == 5, (command, done)
        assert code in done.err
        assert "→" in done.err
    assert team.state() == before


def _busy(team: TeamBench) -> subprocess.Popen[bytes]:
    """A merge of two copies that has taken the ledger."""
    team.put("王芳", {(SHEET, LAKE, "电话"): PHONE})
    team.put("李雷", {(SHEET, EAST, "电话"): PHONE})
    call = [sys.executable, "-m", "custsheet", "-C", str(team.root), "merge", "--today", team.today]
    process = subprocess.Popen(call, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while process.poll() is None and not (team.root / "lock.json").exists():
        time.sleep(0.001)
    return process


@bad_input(70)
@pytest.mark.parametrize("name", [n for n in ("SIGINT", "SIGTERM", "SIGKILL") if hasattr(signal, n)])
def test_a_command_that_is_ended_from_outside(team: TeamBench, name: str) -> None:
    """Ctrl-C, a stop of the system, a kill: before or after, never half; the next run ends it."""
    before = team.json("status")["revision"]
    with _busy(team) as process:
        process.send_signal(getattr(signal, name))
        _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    assert name != "SIGINT" or process.returncode in (130, 0)
    assert team.run("verify", "--full").code == 0
    assert team.json("status")["revision"] in (before, before + 1)
    team.run("merge")
    assert [team.value(f"customers/{key}", "phone") for key in (LAKE, EAST)] == [PHONE, PHONE]


@bad_input(70)
@pytest.mark.parametrize("command", ["log", "merge"])
@pytest.mark.skipif(shutil.which("sh") is None, reason="needs sh, to close the output")
def test_an_output_that_nobody_reads(team: TeamBench, command: str) -> None:
    """A pipe that was closed and an output that never was open: no traceback, and the work is done all the same."""
    team.put("王芳", {(SHEET, LAKE, "电话"): PHONE})
    program = f"'{sys.executable}' -m custsheet -C '{team.root}' {command} --today {team.today}"
    for shell in (f"{program} | true", f"{program} >&-", f"{program} 2>&- | head -c 1"):
        done = subprocess.run(["sh", "-c", shell], env=ENVIRONMENT, capture_output=True, check=False, timeout=60)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert done.returncode in (0, 3), (shell, done.returncode, done.stderr.decode())
    if command == "merge":
        assert team.value(f"customers/{LAKE}", "phone") == PHONE


@bad_input(71)
def test_a_clock_that_went_back(team: TeamBench, run: Callable[..., Any]) -> None:
    """It is said with both times; the order is that of the revisions, and the later edit is the one that holds."""
    label = f"customers/{LAKE}"
    assert team.run("set", label, "phone", "13900000007", today="2099-01-01").code == 0
    done = run("-C", team.root, "set", label, "phone", PHONE)
    assert done.code == 0
    assert "2099-01-01" in done.err
    assert team.value(label, "phone") == PHONE
    numbers = [entry["revision"] for entry in team.json("log")["revisions"]]
    assert numbers == sorted(numbers, reverse=True)
    assert team.run("verify", "--full").code == 0
    assert "2099-01-01" not in team.run("status").err
