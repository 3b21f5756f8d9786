"""A call that is wrong: exit 2, a plain sentence on standard error, and nothing touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from ground_calls import commands

Run = Callable[..., Any]
ALL = [words for words, _ in commands()]
NEEDY = [w for w, c in commands() if any(p.required for p in c.params if isinstance(p, click.Argument | click.Option))]


def plain(done: Any) -> bool:
    """Tell whether a command ended as a wrong call does: 2, words on stderr alone, and no inside of ours."""
    inner = ("Traceback", ".py", "Error(", "Exception", "<class", "None")
    return (done.code, done.out) == (2, "") and bool(done.err.strip()) and not any(word in done.err for word in inner)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_an_unknown_option_is_said(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """An option that no command has is named, and the way to the help."""
    done = run(*words, "--gibtsnicht", cwd=tmp_path)
    assert plain(done), done
    assert "--gibtsnicht" in done.err
    assert f"{' '.join(['custsheet', *words])} --help" in done.err


@pytest.mark.parametrize("words", NEEDY, ids=" ".join)
def test_a_missing_argument_is_said(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A command that needs something names what is missing, and makes nothing meanwhile."""
    done = run(*words, cwd=tmp_path)
    assert plain(done), done
    assert "is missing" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["gibtsnicht", "members gibtsnicht", "schema gibtsnicht", "round gibtsnicht"])
def test_an_unknown_command_is_said(run: Run, tmp_path: Path, words: str) -> None:
    """A command that is not there is named."""
    done = run(*words.split(), cwd=tmp_path)
    assert plain(done), done
    assert "gibtsnicht" in done.err


@pytest.mark.parametrize(("typed", "meant"), [("mrege", "merge"), ("genrate", "generate"), ("reprot", "report")])
def test_a_near_miss_is_suggested(run: Run, typed: str, meant: str) -> None:
    """A slip of the finger is answered with the command that was meant."""
    done = run(typed)
    assert plain(done), done
    assert f"“{meant}”" in done.err


@pytest.mark.parametrize(
    "call",
    [
        "status --today 2026-13-01",
        "status --today tomorrow",
        "new X --schema follow-up --lang fr",
        "new X --schema followup",
        "log -n many",
        "status extra",
        "generate --schema simple",
        "show customers",
        "import no.csv --table customers",
        "validate no.xlsx",
        "diff no.xlsx",
        "merge no.xlsx",
        "schema check no.yaml",
        "-C nowhere status",
        "status -C nowhere",
        "",
    ],
)
def test_a_wrong_value_is_said(run: Run, tmp_path: Path, call: str) -> None:
    """A value, a file or a folder that cannot be is told in a sentence; no file appears."""
    done = run(*call.split(), cwd=tmp_path)
    assert plain(done), done
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "call", ["merge no.xlsx", "show customers/nobody", "set customers/nobody status x", "round close 2020-W01"]
)
def test_a_wrong_call_in_a_workspace_changes_nothing(team: Any, call: str) -> None:
    """In a workspace too: 2, a sentence, and every file as it was."""
    before = team.state()
    done = team.run(*call.split())
    assert plain(done), done
    assert team.state() == before


def test_a_file_that_is_not_there_is_a_document_too(team: Any) -> None:
    """With `--json` what stopped the command is a document with the code and what to do."""
    done = team.run("diff", "no.xlsx", "--json")
    found = json.loads(done.out)
    assert (done.code, found["custsheet"], found["code"]) == (2, "error@1", "FILE_MISSING")
    assert found["message"]


def test_no_colour_of_a_traceback_from_a_process(apart: Run, tmp_path: Path) -> None:
    """The program itself, not only its function: 2 and a sentence."""
    for words in (["mrege"], ["merge", "--x"], ["show"]):
        assert plain(apart(*words, cwd=tmp_path))


def test_a_wrong_call_is_said_in_the_users_language_and_as_json(apart: Run, tmp_path: Path) -> None:
    """Where the system speaks Chinese, a slip is explained in Chinese; with `--json` there is one document."""
    done = apart("merge", "--json", "--gibtsnicht", cwd=tmp_path, env={"LC_ALL": "zh_CN.UTF-8"})
    assert done.code == 2
    assert done.json["custsheet"] == "error@1"
    assert "没有 --gibtsnicht 这个选项" in done.json["message"]
    assert "custsheet merge --help" in done.json["fix"]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["undo", "rX"], "「rX」不是版本号，要写成 r12 这样", "“rX” is not a revision; write it like r12"),
        (["status", "--today", "20261340"], "「20261340」不是日期", "“20261340” is not a date"),
        (["merge", "--late"], "--late 后面要写收下哪几份文件", "--late wants the FILES to take"),
        (["resolve", "--label", "x"], "--label 和 --with 要一起写", "--label and --with go together"),
        (["doctor", "x.xlsx"], "doctor 只有加了 --client-test 才收文件", "doctor takes files with --client-test only"),
    ],
)
def test_a_wrong_value_is_said_in_one_language(apart: Run, tmp_path: Path, words: list[str], zh: str, en: str) -> None:
    """No half sentence of the other language stands in it, and it says how to write it."""
    for language, said in (("zh_CN.UTF-8", zh), ("en_US.UTF-8", en)):
        done = apart(*words, cwd=tmp_path, env={"LC_ALL": language})
        first, then = done.err.splitlines()
        assert (done.code, said in first, "--help" in then) == (2, True, True), done.err


def test_a_list_that_cannot_be_read_is_named(team: Any) -> None:
    """Which file, what it is not, what to do; exit 2, and nothing is changed."""
    file = team.root / "坏.xlsx"
    file.write_bytes(b"PK\x03\x04 not a zip")
    done = team.run("import", file, "--table", "customers")
    assert (done.code, done.err.splitlines()[0]) == (2, "× 坏.xlsx")
