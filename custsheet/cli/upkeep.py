"""`custsheet verify` and `custsheet backup`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace


@click.command()
@click.option("--full", is_flag=True, default=False, help="Replay every revision and read every stored file again.")
@shared
def verify(call: Call, *, full: bool) -> int:
    """Check that the ledger is whole: the database, the audit chain, the rows."""
    with workspace(call) as folder:
        problems = folder.ledger.verify(full=full, files_dir=folder.files)
        if call.as_json:
            output.document("verify", {"full": full, "problems": list(problems)})
        elif problems:
            for problem in problems:
                output.line(f"！ {problem}")
        else:
            output.say("verify.fine", revision=folder.ledger.revision())
    return 5 if problems else 0


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@shared
def backup(call: Call, file: Path | None) -> int:
    """Write a backup of the ledger and open it to make sure that it is good."""
    with workspace(call) as folder:
        stamp = folder.now.replace(":", "").replace("-", "")
        target = file or folder.backups / f"ledger-r{folder.ledger.revision():05d}-{stamp}.db"
        written = folder.ledger.backup(target)
        if call.as_json:
            output.document("backup", {"file": str(written)})
        else:
            output.say("backup.done", file=written)
    return 0
