"""`custsheet status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.changes import mend
from custsheet.cli.options import Call, shared, workspace
from custsheet.text import join

if TYPE_CHECKING:
    from custsheet.ledger.records import RefusedFile
    from custsheet.workspace.folder import Folder
    from custsheet.workspace.status import MemberStatus, Status


@click.command()
@shared
def status(call: Call) -> int:
    """Show who returned, what waits, and what to do next."""
    from custsheet.workspace.status import status as tell  # noqa: PLC0415

    with workspace(call) as folder:
        now = tell(folder)
        if call.as_json:
            output.document("status", _json(now, folder.settings.language))
            return 0
        _people(now, folder)
        _waiting(now, folder.settings.language)
        inbox = folder.round_folder(now.round) / "inbox" if now.round else ""
        output.say(now.next, round=now.round, issue=now.issue, inbox=inbox)
    return 0


def _json(now: Status, language: str) -> dict[str, object]:
    return {
        "round": now.round,
        "due": now.due,
        "revision": now.revision,
        "rows": dict(now.rows),
        "members": [
            {"member": p.name, "copies": p.copies, "returned": p.returned, "edits": p.edits} for p in now.people
        ],
        "waiting": list(now.waiting),
        "refused": [_refused(r, language) for r in now.refused],
        "unaccepted": [
            {"member": u.name, "cells": len(u.to_mend), "not_theirs": u.closed, "file": u.file} for u in now.unaccepted
        ],
        "undecided": {"round": now.undecided[0], "questions": now.undecided[1]} if now.undecided else None,
        "undone": [{"files": list(one.files), "revision": one.revision} for one in now.undone],
        "questions": now.questions,
        "older": {name: list(names) for name, names in now.older},
        "next": now.next,
    }


def _people(now: Status, folder: Folder) -> None:
    """Tell how many rows there are, and who returned."""
    tables, lang = folder.schema.tables, folder.settings.language
    output.line("  ".join(f"{tables[t].title[lang]} {count}" for t, count in now.rows))
    if now.round:
        awaited = [p for p in now.people if p.returned or p.is_missing]
        returned = sum(p.returned > 0 for p in awaited)
        output.say("status.round", round=now.round, due=now.due, returned=returned, total=len(awaited))
        missing = [f"{p.name}{_but(p, lang)}" for p in awaited if p.is_missing]
        if missing:
            output.say("status.missing", names=join(missing, lang))
    for name, names in now.older:
        output.say("status.open" if names else "status.open_all", round=name, names=join(names, lang))


def _but(person: MemberStatus, language: str) -> str:
    """What came of a member whose copy of the round is still missed."""
    if person.instead:
        return messages.word("status.instead", language, round=person.instead)
    return messages.word("status.taken_back", language) if person.is_undone else ""


def _waiting(now: Status, language: str) -> None:
    """Tell what waits for a command, a person or a better file."""
    for name in now.waiting:
        output.say("status.waiting", file=name)
    for file in now.refused:
        told = _refused(file, language)
        output.say("status.refused", **told)
        output.line(f"    {told['message']}")
        output.line(f"    → {told['fix']}")
    if now.undecided:
        output.say("round.closed_open", round=now.undecided[0], count=now.undecided[1])
    for one in now.undone:
        output.say("status.undone", count=len(one.files), files=join(one.files, language), revision=one.revision)
    for each in now.unaccepted:
        if each.to_mend:
            output.say("status.unaccepted", name=each.name, count=len(each.to_mend), file=each.file)
        if each.closed:
            output.say("status.not_theirs", name=each.name, count=each.closed)
    if now.questions:
        files = join([str(path) for path in now.question_files], language)
        output.say("status.questions", count=now.questions, files=files)


def _refused(file: RefusedFile, language: str) -> dict[str, str]:
    """A file that was not read: why, and what to do next."""
    facts = {"file": file.name, **file.facts}
    said, fix = messages.say(file.code, language, **facts), mend(file.code, language, facts)
    return {"file": file.name, "code": file.code, "message": said, "fix": fix}
