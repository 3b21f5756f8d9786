"""What the ground is asked about: every command that there is, and every command line that a text names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from custsheet.cli.main import cli

PROJECT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "openpyxl", "pandas", "pandera", "sqlalchemy")
"""What nobody waits for who only asks for help."""

_CALL = re.compile(r"(?:^|[\s`(，：；、。])(?:\.venv[\\/](?:Scripts|bin)[\\/])?custsheet +(\S.*)")
_TICKED = re.compile(r"`([^`\n]+)`")


def commands(
    group: click.Command = cli, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command, those of inner groups too, with the words by which it is called."""
    yield before, group
    if isinstance(group, click.Group):
        ctx = click.Context(group)
        for name in group.list_commands(ctx):
            found = group.get_command(ctx, name)
            assert found is not None, f"{name} is listed and cannot be loaded"
            yield from commands(found, (*before, name))


def parsed(words: list[str]) -> str:
    """Read a command line as click would, without running it; return what is wrong with it, or nothing."""
    command: click.Command = cli
    ctx: click.Context | None = None
    rest, name = list(words), "custsheet"
    try:
        while True:
            ctx = command.make_context(name, rest, parent=ctx)
            if not isinstance(command, click.Group):
                return ""
            # what a group left over: its own command and that command's words
            rest = [*ctx._protected_args, *ctx.args]
            if not rest:
                return ""
            found, inner, rest = command.resolve_command(ctx, rest)
            assert found is not None
            assert inner is not None
            command, name = inner, found
    except click.exceptions.Exit:
        return ""
    except click.ClickException as problem:
        return problem.format_message()


def unknown(call: str) -> list[str]:
    """Return the command or the options that a sentence names and that are not there; its other words may be prose."""
    words, known = call.split(), dict(commands())
    path: tuple[str, ...] = ()
    while words and isinstance(known[path], click.Group):
        path = (*path, words.pop(0))
        if path not in known:
            return [" ".join(path)]
    options = {name for param in known[path].params for name in param.opts}
    return [word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word) and word not in options]


def call_lines(text: str) -> Iterator[str]:
    """Yield the command lines of a Markdown text: lines of a fenced block, and what stands in ticks."""
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        for piece in [line] if fenced else _TICKED.findall(line):
            found = _CALL.match(piece.strip())
            if found:
                # in a block, a remark stands two blanks behind the call
                yield re.split(r"\s{2,}", found[1])[0]


def words_of(call: str) -> list[str]:
    """Split a command line into words; what goes to a file behind `>` is not the command's."""
    words = shlex.split(call.replace("\\", "/"))
    return words[: words.index(">")] if ">" in words else words
