"""`custsheet round list|close|reopen` and `custsheet status`."""

from __future__ import annotations

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace


@click.group("round")
def round_() -> None:
    """List, close or reopen rounds."""


@round_.command("list")
@shared
def list_(call: Call) -> int:
    """List the rounds."""
    with workspace(call) as folder:
        found = folder.ledger.rounds()
        if call.as_json:
            output.document("rounds", {"rounds": [{"round": i.name, "state": i.state, "due": i.due} for i in found]})
        else:
            lang = folder.settings.language
            output.table([(i.name, messages.word(f"round.state.{i.state}", lang), i.due) for i in found])
    return 0


@round_.command()
@click.argument("name")
@shared
def close(call: Call, name: str) -> int:
    """Close a round: copies that come later join the open round."""
    from custsheet.workspace.status import close_round  # noqa: PLC0415

    with workspace(call) as folder:
        waiting = close_round(folder, name)
        _said(call, "round.closed", name)
        if waiting and not call.as_json:
            output.say("round.closed_open", round=name, count=waiting)
    return 0


@round_.command()
@click.argument("name")
@shared
def reopen(call: Call, name: str) -> int:
    """Open a closed round again."""
    from custsheet.workspace.status import reopen_round  # noqa: PLC0415

    with workspace(call) as folder:
        reopen_round(folder, name)
        _said(call, "round.reopened", name)
    return 0


def _said(call: Call, key: str, name: str) -> None:
    if call.as_json:
        output.document("round", {"round": name, "state": key.removeprefix("round.")})
    else:
        output.say(key, round=name)
