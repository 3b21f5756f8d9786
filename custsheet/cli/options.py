"""Options that every command shares, and the workspace that they lead to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
            self.fail(f"{value!r} is not a date; write it like 2026-11-20", param, ctx)


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
    output.speak(folder.settings.language)
    try:
        yield folder
    finally:
        folder.close()
