"""Output on pipes of any encoding: it never raises, whatever stands in the cells."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ground_calls import PROJECT
from team_bench import TeamBench

from custsheet.cli.main import main

ODD = "𠮷野家😀é"
NARROW = ["cp936", "cp1252", "ascii"]
LAKE, FAR = "澄湖示例科技", "远山示例机械"
MONDAY = "2026-11-16"


def printed(encoding: str, *args: object) -> tuple[object, str]:
    """Run a command with strict streams of an encoding; return the exit code and all that was printed."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", write_through=True)
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main([str(arg) for arg in args])
        except SystemExit as left:
            code = left.code
    raw = out.buffer
    assert isinstance(raw, io.BytesIO)
    return code, raw.getvalue().decode(encoding, "replace")


@pytest.fixture(scope="module")
def odd(issued_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team that got back a status that is none and a plan in letters that few consoles hold."""
    root = tmp_path_factory.mktemp("odd") / "team"
    shutil.copytree(issued_root, root)
    typed = {("客户", LAKE, "客户状态"): ODD, ("客户", FAR, "下次跟进内容"): f"见{ODD}"}
    TeamBench(root).put("王芳", typed, f"王芳{ODD}.xlsx")
    return root


@pytest.fixture(scope="module")
def merged(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same team after the merge: the odd plan stands in the ledger."""
    root = tmp_path_factory.mktemp("merged") / "team"
    shutil.copytree(odd, root)
    assert TeamBench(root).run("merge").code == 3
    return root


@pytest.mark.parametrize("encoding", ["cp936", "cp1252"])
def test_no_value_stops_the_output(odd: Path, apart: Callable[..., Any], encoding: str) -> None:
    """A finding with 𠮷, an emoji and é is printed on every pipe; a character that the pipe lacks is replaced."""
    done = apart("-C", odd, "validate", "--today", MONDAY, encoding=encoding)
    assert (done.code, done.err) == (3, "")
    assert "[R_VALUE]" in done.out
    assert "?" in done.out


def test_a_chinese_console_reads_the_sentence(odd: Path) -> None:
    """On cp936 only the characters that it lacks are replaced; the sentence around them stays."""
    call = ("-C", odd, "validate", "--today", MONDAY)
    assert printed("cp936", *call)[1] == printed("utf-8", *call)[1].encode("cp936", "replace").decode("cp936")


@pytest.mark.parametrize("encoding", NARROW)
@pytest.mark.parametrize(
    "call",
    [
        "status",
        "log",
        "members list",
        "schema show",
        "report",
        f"show customers/{FAR}",
        f"blame customers/{FAR}",
        "verify",
    ],
)
def test_no_command_stops_for_its_output(merged: Path, encoding: str, call: str) -> None:
    """Every result can be written on every pipe: no command ends as a bug of ours."""
    code, text = printed(encoding, "-C", merged, *call.split(), "--today", MONDAY)
    assert code in (0, 3), text
    assert text


@pytest.mark.parametrize("encoding", NARROW)
def test_a_merge_is_told_on_every_pipe(odd: Path, encoding: str) -> None:
    """The merge names the changes and findings of the odd values as it does all others."""
    code, text = printed(encoding, "-C", odd, "merge", "--dry-run", "--today", MONDAY)
    assert code == 3, text
    assert "[R_VALUE]" in text


@pytest.mark.parametrize("encoding", NARROW)
def test_json_is_the_same_on_every_pipe(odd: Path, encoding: str) -> None:
    """`--json` is ASCII with escapes: the document is whole where the console is not."""
    _, text = printed(encoding, "-C", odd, "validate", "--json", "--today", MONDAY)
    assert text.isascii()
    assert ODD in [finding["value"] for finding in json.loads(text)["findings"]]


@pytest.mark.parametrize("encoding", NARROW)
def test_what_stops_a_command_can_be_said(tmp_path: Path, apart: Callable[..., Any], encoding: str) -> None:
    """A path that the console lacks does not hide the sentence that names it: exit 2 and its code."""
    done = apart("-C", tmp_path / ODD, "status", encoding=encoding, env={"LANG": "zh_CN.UTF-8", "LC_ALL": ""})
    assert (done.code, done.out) == (2, "")
    assert "[FOLDER_MISSING]" in done.err


def test_a_reader_who_leaves_early_is_no_fault(merged: Path) -> None:
    """`custsheet log --json | head -1`: the pipe closes, nothing is said, the exit code is one of the contract."""
    call = [sys.executable, "-m", "custsheet", "-C", str(merged), "log", "--json"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(call, cwd=PROJECT, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr.decode()) == (0, "")
