"""`custsheet status`."""

from __future__ import annotations

import click

from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace


@click.command()
@shared
def status(call: Call) -> int:
    """Show who returned, what waits, and what to do next."""
    from custsheet.workspace.status import status as tell  # noqa: PLC0415

    with workspace(call) as folder:
        now = tell(folder)
        if call.as_json:
            body = {
                "round": now.round,
                "due": now.due,
                "revision": now.revision,
                "rows": dict(now.rows),
                "members": [
                    {"member": p.name, "copies": p.copies, "returned": p.returned, "edits": p.edits} for p in now.people
                ],
                "waiting": list(now.waiting),
                "refused": [{"file": name, "code": code} for name, code in now.refused],
                "questions": now.questions,
                "next": now.next,
            }
            output.document("status", body)
            return 0
        titles = folder.schema.tables
        lang = folder.settings.language
        output.line("  ".join(f"{titles[t].title[lang]} {count}" for t, count in now.rows))
        if now.round:
            returned = sum(p.returned > 0 for p in now.people)
            output.say("status.round", round=now.round, due=now.due, returned=returned, total=len(now.people))
            missing = [p.name for p in now.people if not p.returned]
            if missing:
                output.say("status.missing", names="、".join(missing))
        for name in now.waiting:
            output.say("status.waiting", file=name)
        for name, code in now.refused:
            output.say("status.refused", file=name, code=code)
        if now.questions:
            output.say("status.questions", count=now.questions)
        output.say(
            now.next,
            round=now.round,
            issue=now.issue,
            inbox=folder.round_folder(now.round) / "inbox" if now.round else "",
        )
    return 0
