"""`custsheet heal`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from custsheet.cli import output
from custsheet.cli.options import Call, passwords, shared, workspace

if TYPE_CHECKING:
    from custsheet.workspace.returning import Healed


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", default=None, type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@shared
@passwords
def heal(call: Call, file: Path, out: Path | None) -> int:
    """Pour a returned copy into a fresh skin, and put back columns that were sorted apart from their rows.

    Dropdowns, formats and formulas are as issued again; what was typed, own columns, widths and filters stay. It is
    still the same copy: nothing is merged before somebody puts it into the inbox.
    """
    from custsheet.workspace.returning import heal_alone, heal_in  # noqa: PLC0415
    from custsheet.workspace.root import find_root  # noqa: PLC0415

    if find_root(call.folder) is None:
        return _told(call, heal_alone(file, out, call.day, call.passwords), verified=False)
    with workspace(call) as folder:
        return _told(call, heal_in(folder, file, out), verified=True)


def _told(call: Call, done: Healed, *, verified: bool) -> int:
    counts = {how: sum(moved.how == how for moved in done.put_back) for how in ("back", "likely", "left")}
    if call.as_json:
        body = {"file": done.received.name, "healed": str(done.path), "verified": verified, "own": list(done.own)}
        output.document("heal", {**body, "put_back": counts})
        return 0
    output.say("heal.done", path=done.path)
    if done.own:
        output.say("heal.own", titles=list(done.own))
    if done.put_back:
        output.say("heal.put_back", count=counts["back"] + counts["likely"], **counts)
        output.say("heal.look")
    if not verified:
        output.say("validate.unverified")
    return 0
