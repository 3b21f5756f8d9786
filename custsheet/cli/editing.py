"""`custsheet set`."""

from __future__ import annotations

import click

from custsheet.cli import output
from custsheet.cli.changes import change_json, change_line
from custsheet.cli.options import Call, shared, workspace


@click.command("set")
@click.argument("label")
@click.argument("field")
@click.argument("value")
@click.option("--dry-run", is_flag=True, default=False, help="Go the same way and write nothing.")
@shared
def set_(call: Call, label: str, field: str, value: str, *, dry_run: bool) -> int:
    """Change one cell yourself: `set customers/华兴贸易 status 成交客户`. An empty VALUE blanks it."""
    from custsheet.workspace.editing import set_value  # noqa: PLC0415

    with workspace(call) as folder:
        done = set_value(folder, label, field, value, dry_run=dry_run)
        labels = folder.labels(folder.ledger.tables(folder.schema))
        code = output.exit_code(done.findings)
        if call.as_json:
            changes = [change_json(done.change, labels)] if done.change else []
            found = [output.finding_json(f) for f in done.findings]
            output.document("set", {"revision": done.revision, "changes": changes, "findings": found})
            return code
        output.findings(done.findings)
        if done.change:
            output.line(change_line(done.change, labels, folder.names))
        elif not done.findings:
            output.say("set.same")
    return code
