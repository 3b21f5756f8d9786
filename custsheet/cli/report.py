"""`custsheet report`."""

from __future__ import annotations

import click

from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace


@click.command()
@click.option("--round", "round_name", default="", metavar="R", help="Round; default: the youngest.")
@click.option("--as-of", default="", metavar="REV|DATE", help="The rows as they were at a revision or on a day.")
@shared
def report(call: Call, round_name: str, as_of: str) -> int:
    """Write report.xlsx: KPIs, status, members, stages, overdue and stale lists, findings, what changed."""
    from custsheet.workspace.reporting import report as write  # noqa: PLC0415

    with workspace(call) as folder:
        done = write(folder, round_name=round_name, as_of=as_of)
        if call.as_json:
            output.document("report", {"round": done.round, "file": str(done.path), "measures": done.measures})
        else:
            for sentence in done.sentences:
                output.line(f"  {sentence}")
            output.say("report.beside" if done.beside else "report.done", file=done.path)
    return 0
