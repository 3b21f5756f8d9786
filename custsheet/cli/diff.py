"""`custsheet diff`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet import messages
from custsheet.cli import changes, output
from custsheet.cli.options import Call, passwords, shared, workspace
from custsheet.schema.labels import Labels


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared
@passwords
def diff(call: Call, file: Path) -> int:
    """Show what was changed in a copy, against what was issued; works outside a workspace too (unverified)."""
    from custsheet.workspace.alone import read_alone, relabel  # noqa: PLC0415
    from custsheet.workspace.root import find_root  # noqa: PLC0415

    verified = find_root(call.folder) is not None
    if verified:
        from custsheet.workspace.validating import read_one  # noqa: PLC0415

        with workspace(call) as folder:
            received, known = read_one(folder, file)
            labels: Labels | None = known
    else:
        alone = read_alone(file, today=call.day, passwords=call.passwords)
        received, labels = alone.received, alone.labels
        if alone.schema:
            output.speak(alone.schema.language)
    if received.refused is not None:
        raise received.refused
    edits = relabel(received.submission, labels).edits if received.submission and labels else ()
    if call.as_json:
        issue = received.issue
        body = {
            "file": file.name,
            "verified": verified,
            "copy": issue.copy if issue else "",
            "round": received.round,
            "edits": [changes.edit_json(e, labels) for e in edits] if labels else [],
        }
        output.document("diff", body)
        return 0
    for edit in edits:
        assert labels is not None
        output.line(_line(edit, labels))
    output.say("diff.done", count=len(edits))
    if not verified:
        output.say("validate.unverified")
    return 0


def _line(edit, labels) -> str:  # type: ignore[no-untyped-def]
    lang = output.language()
    body = changes.edit_json(edit, labels)
    place = f"{body['sheet']}!{body['cell']}"
    name = body["label"] or f"{edit.table}/…"
    if edit.kind == "delete":
        return f"  {place}  {name}  {messages.word('change.delete', lang)}"
    title = labels.title(edit.table, edit.field)
    blank = messages.word("value.blank", lang)
    sign = "＋" if edit.kind == "add" else " "
    said = messages.word("change.cell", lang, title=title, old=body["old"] or blank, new=body["new"] or blank)
    code = f"  [{edit.code}]" if edit.code else ""
    return f"{sign} {place}  {name} · {said}{code}"
