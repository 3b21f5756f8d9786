"""Options that every command shares, and the workspace that they lead to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from custsheet.cli import output
from custsheet.errors import CallError

if TYPE_CHECKING:
    from custsheet.workspace.folder import Folder

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for besides the command's own options."""

    folder: Path
    today: dt.date | None
    as_json: bool
    actor: str
    now: dt.datetime
    passwords: tuple[str, ...] = ()

    @property
    def day(self) -> dt.date:
        """The day that counts as today."""
        return self.today or self.now.date()


class Day(click.ParamType[dt.date]):
    """A date as `2026-11-20`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read the date, or say how to write it."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise output.Slip("usage.date", ctx, value=value) from None


def passwords(function: F) -> F:
    """Add `--password-from` to a command that reads returned files; to be written below `shared`."""

    def wrapper(call: Call, *args: Any, password_from: Path | None, **given: Any) -> Any:
        if password_from is not None:
            call = replace(call, passwords=_passwords(password_from))
        return function(call, *args, **given)

    wrapper.__name__, wrapper.__doc__ = function.__name__, function.__doc__
    wrapper.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    option = click.option(
        "--password-from",
        default=None,
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Open files that were saved with a password: one a line, a name and a colon may stand before it.",
    )
    return option(wrapper)  # type: ignore[return-value]


def _passwords(path: Path) -> tuple[str, ...]:
    """Read the passwords of a text file; `王芳: secret` counts as `secret` and, for who has a colon in it, as it is."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise CallError("PASSWORDS_UNREADABLE", file=str(path)) from problem
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:  # as the Notepad of a Chinese Windows saves it
        text = data.decode("gb18030", "replace")
    found = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        found += [re.split("[:：]", line, maxsplit=1)[-1].strip(), line]
    return tuple(dict.fromkeys(found))


def shared(function: F) -> F:
    """Add `-C`, `--as`, `--today` and `--json` to a command; it gets a `Call` as its first argument."""

    def wrapper(*args: Any, **given: Any) -> Any:
        ctx = click.get_current_context()
        outer = (ctx.find_root().obj or {}).get("folder")
        call = Call(
            folder=Path(given.pop("in_folder") or outer or "."),
            today=given.pop("today"),
            as_json=given.pop("as_json"),
            actor=given.pop("actor"),
            now=dt.datetime.now().astimezone().replace(tzinfo=None),
        )
        return function(call, *args, **given)

    wrapper.__name__ = function.__name__
    wrapper.__doc__ = function.__doc__
    wrapper.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    for option in (
        click.option("--json", "as_json", is_flag=True, default=False, help="Print one JSON document."),
        click.option("--today", type=Day(), default=None, metavar="DATE", help="Count this day as today."),
        click.option("--as", "actor", default="", metavar="MEMBER", help="Act as this member."),
        click.option("-C", "in_folder", default=None, metavar="DIR", help="Work in the workspace of this folder."),
    ):
        wrapper = option(wrapper)
    return wrapper  # type: ignore[return-value]


@contextmanager
def workspace(call: Call) -> Iterator[Folder]:
    """Open the workspace of a call, and close its ledger afterwards."""
    from custsheet.workspace.folder import Folder  # noqa: PLC0415  # loads YAML

    if not call.folder.is_dir():
        raise CallError("FOLDER_MISSING", folder=str(call.folder))
    now = call.now
    if call.today is not None:
        now = dt.datetime.combine(call.today, now.time())
    command = click.get_current_context().command_path
    folder = Folder.open(call.folder, now=now, today=call.today, actor=call.actor, command=command)
    folder.passwords = call.passwords
    output.speak(folder.settings.language)
    try:
        yield folder
        _tell_clock(call, folder)
    finally:
        folder.close()


def _tell_clock(call: Call, folder: Folder) -> None:
    """Say that the clock went back, where the command looked at the ledger anyway; a day that was given is meant."""
    last = folder.ledger.latest() if call.today is None and "ledger" in folder.__dict__ else ""
    if last > folder.now:
        output.progress("clock.behind", now=folder.now, last=last)
