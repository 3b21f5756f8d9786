"""`custsheet generate`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace
from custsheet.errors import CallError


@click.command()
@click.option("--member", "members", multiple=True, metavar="M", help="Only this member (may be given again).")
@click.option("--round", "round_name", default="", metavar="R", help="Round; default: this ISO week, 2026-W47.")
@click.option("--again", is_flag=True, default=False, help="Also for members who have returned a copy in this round.")
@click.option("--dry-run", is_flag=True, default=False, help="Go the same way and write nothing.")
@click.option("--schema", default="", help="Outside a workspace: schema file or built-in name.")
@click.option("--rows", multiple=True, type=click.Path(path_type=Path), help="Outside a workspace: TABLE=FILE.")
@click.option(
    "-o", "out", type=click.Path(path_type=Path), default=None, help="Outside a workspace: the file to write."
)
@shared
def generate(
    call: Call,
    members: tuple[str, ...],
    round_name: str,
    schema: str,
    rows: tuple[Path, ...],
    out: Path | None,
    *,
    again: bool,
    dry_run: bool,
) -> int:
    """Issue one copy per member into rounds/<round>/outbox."""
    if schema or rows or out:
        return _alone(call, members, round_name, schema, rows, out)
    from custsheet.workspace.folder import week_after  # noqa: PLC0415
    from custsheet.workspace.issuing import generate as issue  # noqa: PLC0415

    with workspace(call) as folder:
        done = issue(folder, members=members, round_name=round_name, again=again, dry_run=dry_run)
        made = [c for c in done.copies if c.state != "kept"]
        if call.as_json:
            copies = [
                {"member": c.name, "copy": c.copy, "file": str(c.path or ""), "rows": c.rows, "state": c.state}
                for c in done.copies
            ]
            found = [output.finding_json(f) for f in done.findings]
            body = {"round": done.round, "due": done.due, "dry_run": dry_run, "copies": copies, "findings": found}
            output.document("generate", body)
            return 0
        output.findings(done.findings)
        for copy in done.copies:
            if copy.state == "kept":
                output.say("generate.kept", name=copy.name)
            elif copy.state == "beside" and copy.path:
                output.say("generate.beside", name=copy.path.name)
        output.say("generate.done", round=done.round, count=len(made), due=done.due)
        if made and not dry_run:
            output.line(f"  {folder.round_folder(done.round) / 'outbox'}")
            output.say("generate.next", inbox=folder.round_folder(done.round) / "inbox")
        elif not made and (following := week_after(done.round)):
            output.say("generate.following", round=following)
    return 0


def _alone(
    call: Call, members: tuple[str, ...], round_name: str, schema: str, rows: tuple[Path, ...], out: Path | None
) -> int:
    from custsheet.workspace.alone import generate_from_files  # noqa: PLC0415

    if not (schema and rows and out and len(members) == 1):
        raise CallError("GENERATE_ALONE")
    path = generate_from_files(schema, rows, members[0], out, round_name=round_name, today=call.day)
    if call.as_json:
        output.document("generate", {"round": round_name, "copies": [{"member": members[0], "file": str(path)}]})
        return 0
    if path != out:
        output.say("file.there", file=out)
    output.say("generate.alone", file=path)
    return 0
