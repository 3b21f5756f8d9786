"""`custsheet new`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet.cli import output
from custsheet.cli.options import Call, shared


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--schema", required=True, metavar="NAME", help="follow-up, simple or pipeline.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the workbooks."
)
@shared
def new(call: Call, folder: Path, schema: str, lang: str) -> int:
    """Make a new workspace in DIR for a team, with one of the built-in schemas."""
    from custsheet.workspace.create import create  # noqa: PLC0415

    output.speak(lang)
    made = create(
        call.folder / folder, schema=schema, language="en" if lang == "en" else "zh", now=call.now, me=call.actor
    )
    if call.as_json:
        output.document("new", {"folder": str(made.root), "schema": made.schema, "language": made.language})
    else:
        output.say("new.done", folder=made.root, schema=made.schema)
        output.say("new.next", folder=folder)
    return 0
