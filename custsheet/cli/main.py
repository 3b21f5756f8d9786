"""The group of commands, loaded one by one, and the one place where exceptions become words and exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from custsheet import __version__
from custsheet.cli import helping, output
from custsheet.errors import CustsheetError

COMMANDS = {
    "new": ("create", "Make a new workspace for a team."),
    "demo": ("demo", "Play a sample team's week, from the first copy to the report."),
    "members": ("members", "List, add or import the team's members."),
    "schema": ("schema", "Check or show the schema, or carry the rows over to a changed one."),
    "import": ("importing", "Import a csv or xlsx into a table of the ledger."),
    "set": ("editing", "Change one cell of the ledger yourself."),
    "generate": ("generate", "Issue one copy per member."),
    "round": ("rounds", "List, close or reopen rounds."),
    "status": ("status", "Show who returned, what waits, and what to do next."),
    "validate": ("validate", "Check returned copies without merging them."),
    "heal": ("heal", "Give a copy a fresh skin; undo partial sorts."),
    "diff": ("diff", "Show what was changed in a copy."),
    "merge": ("merge", "Merge what came back, and the answers in questions.xlsx."),
    "resolve": ("merge", "Take up the answers in questions.xlsx alone."),
    "report": ("report", "Write report.xlsx."),
    "undo": ("undo", "Take a revision back; what was changed since is asked about."),
    "log": ("history", "List what was done to the ledger, latest first."),
    "show": ("history", "Show one row and its story."),
    "blame": ("history", "Show who set each value of a row, and when."),
    "verify": ("upkeep", "Check that the ledger is whole."),
    "replay": ("upkeep", "Merge every received file anew and compare."),
    "restore": ("upkeep", "Put a backup in the ledger's place."),
    "backup": ("upkeep", "Write a verified backup of the ledger."),
    "doctor": ("doctor", "Say what is installed, or test a spreadsheet program."),
}
"""Command → the module of this package that holds it, and its line in the list."""


class Lazy(click.Group):
    """A group that loads a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a week."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module of one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"custsheet.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(
            module, {"import": "import_", "set": "set_", "round": "round_"}.get(cmd_name, cmd_name)
        )
        return helping.translated(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, helping.said(line)) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whoever reads the output may stop reading: click itself would call that a failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a near miss is suggested."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            import difflib  # noqa: PLC0415  # only for a command that does not exist

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            raise output.UnknownCommand(args[0], near, ctx) from problem


@click.group(cls=Lazy, invoke_without_command=True, context_settings={"help_option_names": helping.HELP_OPTIONS})
@click.version_option(__version__, prog_name="custsheet")
@click.option("-C", "folder", default=None, metavar="DIR", help="Work in the workspace of this folder.")
@click.pass_context
def cli(ctx: click.Context, folder: str | None) -> object:
    """Issue one workbook per member, check what comes back, merge it cell by cell, report.

    Without a command: `status`.
    """
    ctx.obj = {"folder": folder}
    if ctx.invoked_subcommand is None:
        command = ctx.command.get_command(ctx, "status")  # type: ignore[attr-defined]
        return ctx.invoke(command)
    return None


def main(args: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code: 0, 2 to 7, 70 for a bug, 130 when interrupted."""
    output.prepare_streams()
    given = list(sys.argv[1:] if args is None else args)
    helping.find_language()
    try:
        code = helping.translated(cli).main(args=given, prog_name="custsheet", standalone_mode=False)
    except click.ClickException as problem:
        output.misused(problem, as_json="--json" in given)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        output.interrupted()
        code = 130
    except CustsheetError as problem:
        output.stopped(problem, as_json="--json" in given)
        code = problem.exit_code
    except OSError as problem:
        output.stopped_by_disk(problem, as_json="--json" in given)
        code = 6
    except Exception as problem:  # the last line of defence: a plain sentence, and exit 70
        output.crashed(problem)
        code = 70
    sys.exit(code if isinstance(code, int) else 0)
