"""`custsheet verify`, `custsheet replay`, `custsheet backup` and `custsheet restore`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet.cli import output
from custsheet.cli.options import Call, passwords, shared, workspace


@click.command()
@click.option(
    "--full/--quick",
    default=False,
    help="Replay every revision and read every stored file again; or check the database, the audit chain and the rows "
    "as they are (default).",
)
@click.option(
    "--anchor",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A copy that was mailed out, or a text with a fingerprint as verify prints it: the ledger must still hold it.",
)
@shared
def verify(call: Call, *, full: bool, anchor: Path | None) -> int:
    """Check that the ledger is whole: the database, the audit chain, the rows."""
    from custsheet.workspace.anchoring import unanchored  # noqa: PLC0415

    with workspace(call) as folder:
        problems = folder.ledger.verify(full=full, files_dir=folder.files if full else None)
        problems += unanchored(folder, anchor) if anchor is not None else []
        head = "" if problems else folder.ledger.head
        if call.as_json:
            pages = folder.ledger.database.checks_pages
            found = [output.finding_json(problem) for problem in problems]
            output.document("verify", {"full": full, "head": head, "pages": pages, "problems": found})
        elif problems:
            output.findings(problems)
        else:
            output.say("verify.fine", revision=folder.ledger.revision())
            if anchor is not None:
                output.say("verify.anchored", file=anchor)
            output.say("verify.head", head=head)
            if not folder.ledger.database.checks_pages:
                output.say("verify.server")
    return 5 if problems else 0


@click.command()
@click.option("--round", "name", default="", metavar="ROUND", help="This round alone.")
@shared
@passwords
def replay(call: Call, name: str) -> int:
    """Read every received file again and merge each round anew: the ledger has to come out as it is."""
    from custsheet.workspace.replaying import replay as run  # noqa: PLC0415

    with workspace(call) as folder:
        done = run(folder, name)
        found = [finding for one in done for finding in one.findings]
        if call.as_json:
            rounds = [{"round": one.round, "files": one.files, "edits": one.edits} for one in done]
            output.document("replay", {"rounds": rounds, "findings": [output.finding_json(f) for f in found]})
            return 5 if found else 0
        for one in done:
            output.say(
                "replay.bad" if one.findings else "replay.fine", round=one.round, files=one.files, edits=one.edits
            )
        output.findings(found)
    return 5 if found else 0


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@shared
def backup(call: Call, file: Path | None) -> int:
    """Write a backup of the ledger and open it to make sure that it is good."""
    from custsheet.workspace.beside import free  # noqa: PLC0415
    from custsheet.workspace.keeping import backup_path, tidy  # noqa: PLC0415

    with workspace(call) as folder:
        target = file or backup_path(folder)
        written = folder.ledger.backup(free(target))
        tidy(folder)
        if call.as_json:
            output.document("backup", {"file": str(written)})
            return 0
        if written != target:
            output.say("file.there", file=target)
        output.say("backup.done", file=written)
    return 0


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@shared
def restore(call: Call, file: Path | None) -> int:
    """Put a backup in the ledger's place: FILE, or the newest that proves whole. What was there is kept beside it."""
    from custsheet.workspace.keeping import restore as run  # noqa: PLC0415

    with workspace(call) as folder:
        done = run(folder, file)
        if call.as_json:
            body = {"backup": str(done.backup), "revision": done.revision, "at": done.at, "lost": done.lost}
            output.document("restore", {**body, "replaced": str(done.replaced or "")})
            return 0
        output.say("restore.done", file=done.backup, revision=done.revision, at=done.at.replace("T", " "))
        if done.lost:
            output.say("restore.lost", count=done.lost)
        if done.replaced is not None:
            output.say("restore.replaced", file=done.replaced)
        output.say("restore.next")
    return 0
