"""`custsheet import`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace
from custsheet.text import join


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", default="", metavar="T", help="The table of the schema that the rows belong to.")
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), default=None, help="YAML: head in the file → field."
)
@click.option("--update", is_flag=True, default=False, help="Rows that are there and differ take the file's values.")
@click.option("--dry-run", is_flag=True, default=False, help="Go the same way and write nothing.")
@shared
def import_(call: Call, file: Path, table: str, map_file: Path | None, *, update: bool, dry_run: bool) -> int:
    """Import a csv or xlsx into a table: equal rows stay, new ones are added, others wait or (--update) change."""
    from custsheet.workspace.importing import import_rows  # noqa: PLC0415

    with workspace(call) as folder:
        done = import_rows(folder, file, table, map_file=map_file, update=update, dry_run=dry_run)
        code = output.exit_code(done.findings)
        if call.as_json:
            body = {
                "file": done.file,
                "table": done.table,
                "revision": done.revision,
                "dry_run": dry_run,
                "rows": {
                    "total": done.rows,
                    "added": done.added,
                    "same": done.same,
                    "updated": done.updated,
                    "held": done.held,
                    "decided": done.decided,
                },
                "findings": [output.finding_json(f) for f in done.findings],
            }
            output.document("import", body)
            return code
        output.findings(done.findings)
        fields, lang = folder.schema.tables[done.table].fields, folder.settings.language
        for head, name in done.guessed:
            output.say("import.guessed", head=head, name=fields[name].spec.title[lang])
        if done.unused:
            said = [messages.word("import.unused.one", lang, head=head, count=count) for head, count in done.unused]
            output.say("import.unused", heads=join(said, lang))
        output.say(
            "import.done",
            file=done.file,
            table=folder.schema.tables[done.table].title[folder.settings.language],
            rows=done.rows,
            added=done.added,
            same=done.same,
            updated=done.updated,
            held=done.held,
        )
        if done.decided:
            output.say("import.decided", count=done.decided)
        unread = sum(f.code.startswith("R_") and f.severity == "error" for f in done.findings)
        if unread:
            output.say("import.unread", count=unread)
    return code
