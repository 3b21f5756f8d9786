"""`--help` in Chinese: every text of it, within the width of a console."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from ground_calls import commands

from custsheet.cli import output
from custsheet.cli.helping import paragraphs
from custsheet.cli.main import COMMANDS
from custsheet.messages.help_words import HELP
from custsheet.text import display_width

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")


def page(words: tuple[str, ...], cwd: Path, **environment: str) -> str:
    """What a process of its own prints for `--help`."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    command = [sys.executable, "-m", "custsheet", *words, "--help"]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=True).stdout.decode("utf-8")


def test_every_text_has_its_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sentence beside a command or option is in the catalogue, and the catalogue has no other."""
    monkeypatch.setitem(output._state, "language", "en")  # whatever an earlier command in this process spoke
    parts = {"Usage", "Options", "Commands", "Show this message and exit."}
    texts = parts | {line for _, line in COMMANDS.values()}
    for _, command in commands():
        texts.update(paragraphs(command))
        texts.update(o.help for o in command.params if isinstance(o, click.Option) and o.help)
    assert sorted(texts - HELP.keys()) == []
    assert sorted(HELP.keys() - texts) == []


@pytest.mark.parametrize("words", [(), ("import",), ("undo",), ("members",), ("validate",), ("resolve",)], ids=" ".join)
def test_a_chinese_page_is_chinese_and_fits(words: tuple[str, ...], tmp_path: Path) -> None:
    """On a Chinese system no English sentence is left, and no line is wider than 80 cells."""
    text = page(words, tmp_path, LC_ALL="zh_CN.UTF-8")
    assert text.startswith("用法: custsheet")
    assert ENGLISH.findall(text) == []
    assert [line for line in text.splitlines() if display_width(line) > 80] == []


def test_the_workspace_decides_before_the_system(tmp_path: Path) -> None:
    """In a Chinese team's folder, however deep, help is Chinese on an English system, and the other way round."""
    (tmp_path / "custsheet.yaml").write_text("language: zh\nledger: ledger.db\n", encoding="utf-8")
    inner = tmp_path / "rounds" / "2026-W47"
    inner.mkdir(parents=True)
    assert page(("merge",), inner, LC_ALL="en_US.UTF-8").startswith("用法")
    (tmp_path / "custsheet.yaml").write_text("language: en\n", encoding="utf-8")
    assert page(("merge",), inner, LC_ALL="zh_CN.UTF-8").startswith("Usage")
