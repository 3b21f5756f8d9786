"""`--help` in the language of the user: commands and options say it in English, a catalogue has the Chinese."""

from __future__ import annotations

import contextlib
import copy
import inspect
import re
from pathlib import Path

import click

from custsheet.cli import output
from custsheet.workspace.root import FILE, find_root

HELP_OPTIONS = ["-h", "--help"]
_LANGUAGE = re.compile(r"^language:\s*[\"']?(zh|en)", re.MULTILINE)


class Formatter(click.HelpFormatter):
    """Click's own page with its words in the user's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        super().write_usage(prog, args, prefix or f"{said('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        """Write the name of a section."""
        super().write_heading(said(heading))


class Page(click.Context):
    """A context whose pages are written by `Formatter`."""

    formatter_class = Formatter


def said(english: str) -> str:
    """Return a text of a help page in the user's language; English where the catalogue does not have it."""
    if output.language() == "en":
        return english
    from custsheet.messages.help_words import HELP  # noqa: PLC0415  # only for a page in Chinese

    return HELP.get(english, english)


def translated(command: click.Command) -> click.Command:
    """Return a command with all that it holds in the user's language; the one that is given stays as it is."""
    command.context_class = Page
    return command if output.language() == "en" else _translate(copy.deepcopy(command))


def _translate(command: click.Command) -> click.Command:
    command.context_class = Page
    told = [said(paragraph) for paragraph in paragraphs(command)]
    command.help = "\n\n".join(f"\b\n{text}" for text in told)
    command.short_help = told[0].replace("\n", "")
    helping = command.get_help_option(Page(command, help_option_names=HELP_OPTIONS))
    for option in (*command.params, helping):
        if isinstance(option, click.Option) and option.help:
            option.help = said(option.help)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _translate(each)
    return command


def paragraphs(command: click.Command) -> list[str]:
    """Return what a command says of itself, each paragraph as one line."""
    return [" ".join(text.split()) for text in inspect.cleandoc(command.help or "").split("\n\n")]


def find_language() -> None:
    """Speak the language of the workspace in which this runs; its settings are not worth loading YAML for a page."""
    root = find_root(Path.cwd())
    if root is not None:
        with contextlib.suppress(OSError, ValueError):
            found = _LANGUAGE.search((root / FILE).read_text(encoding="utf-8-sig"))
            if found:
                output.speak(found[1])
