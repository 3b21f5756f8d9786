"""The manuals and the program know each other: no command without a word, no word for a command that is not there."""

from __future__ import annotations

import re

import pytest
from ground_calls import PROJECT, call_lines, parsed, unknown, words_of

from custsheet.cli.main import COMMANDS
from custsheet.messages.catalogue import TOPICS, _topic

TEXTS = sorted([*PROJECT.glob("README*.md"), PROJECT / "CONTRIBUTING.md", *(PROJECT / "docs").glob("*.md")])
CALLS = [(path.name, call) for path in TEXTS for call in call_lines(path.read_text(encoding="utf-8"))]
_NAMED = re.compile(r"custsheet ([a-z][^；。，：;,)）`|“”\n]*)")
_PROSE = {"ledger", "mark", "workspace", "wrote"}
"""What follows the name where the name is no call: “no custsheet workspace”."""


def advice() -> dict[str, list[str]]:
    """Every call that a message tells a person to make, and the messages that do."""
    found: dict[str, list[str]] = {}
    for topic in TOPICS:
        for key, parts in {**_topic(topic).CODES, **_topic(topic).WORDS}.items():
            for call in {call.strip(" .") for part in parts for call in _NAMED.findall(part)}:
                if re.split(r"\W", call)[0] not in _PROSE:
                    found.setdefault(call, []).append(key)
    return found


@pytest.mark.parametrize("languages", [("README.md", "docs/manual.md"), ("README.zh.md", "docs/manual.zh.md")])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described(command: str, languages: tuple[str, str]) -> None:
    """Each command of `custsheet --help` is named in the README or the manual, in both languages."""
    texts = [(PROJECT / name).read_text(encoding="utf-8") for name in languages]
    called = {call.split()[0] for text in texts for call in call_lines(text)}
    assert command in called or any(f"`{command}`" in text for text in texts)


@pytest.mark.parametrize(("file", "call"), CALLS, ids=[f"{file}: {call}" for file, call in CALLS])
def test_every_call_in_the_texts_is_one(file: str, call: str) -> None:
    """Each `custsheet …` of the READMEs and manuals names a command and options that there are."""
    assert parsed(words_of(call)) == ""


@pytest.mark.parametrize("call", sorted(advice()))
def test_every_call_that_a_message_advises_is_one(call: str) -> None:
    """A person who does what a message says finds the command and its options there."""
    assert unknown(call) == [], f"said by {advice()[call]}"


def test_the_texts_are_read() -> None:
    """Both READMEs and both manuals hold calls, and a wrong call would be found out."""
    assert {file for file, _ in CALLS} >= {"README.md", "README.zh.md", "manual.md", "manual.zh.md"}
    assert "No such command 'marge'" in parsed(["marge"])
    assert "No such option" in parsed(["merge", "--dry"])
    assert "Missing argument 'LABEL'" in parsed(["show"])
    assert "No such command 'shut'" in parsed(["round", "shut"])
    assert unknown("merge --dry FILE") == ["--dry"]
    assert list(
        call_lines(
            "Run `custsheet merge` (or `custsheet resolve`):\n```\n.venv\\Scripts\\custsheet demo x   plays\n```"
        )
    ) == [
        "merge",
        "resolve",
        "demo x",
    ]
