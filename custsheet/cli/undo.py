"""`custsheet undo`."""

from __future__ import annotations

import click

from custsheet.cli import changes, output
from custsheet.cli.options import Call, shared, workspace
from custsheet.text import join


class Number(click.ParamType[int]):
    """A revision as `12` or `r12`."""

    name = "revision"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number, or say how to write it."""
        text = str(value).lower().removeprefix("r")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise output.Slip("usage.revision", ctx, value=value)
        return int(text)


@click.command()
@click.argument("revision", type=Number())
@shared
def undo(call: Call, revision: int) -> int:
    """Take revision REVISION back (see `custsheet log`); an undo of an undo does it again.

    Of a merge in an open round the files it took in count no longer, and the round is merged again without them. Of
    anything else each cell goes back that still holds what was written; the others become questions.
    """
    from custsheet.workspace.undoing import undo as run  # noqa: PLC0415

    with workspace(call) as folder:
        done = run(folder, revision)
        labels = folder.labels(folder.ledger.tables(folder.schema))
        if call.as_json:
            body = {
                "undone": done.of,
                "revision": done.revision,
                "files": list(done.files),
                "changes": [changes.change_json(c, labels) for c in done.changes],
                "tags": [f"r{number}" for number in done.tags],
                "left": [changes.change_json(c, labels) for c in done.left],
                "twins": [label for label, _ in done.twins],
            }
            output.document("undo", body)
            return 3 if done.left or done.twins else 0
        for change in done.changes:
            output.line(changes.change_line(change, labels, folder.names))
        key = "undo.done_again" if done.again else "undo.done"
        output.say(key, of=done.of, revision=done.revision, count=len(done.changes))
        if done.files:
            output.say(
                "undo.files_again" if done.again else "undo.files",
                files=join(list(done.files), folder.settings.language),
                revision=done.revision,
            )
        for number in done.tags:
            output.say("undo.tags", revision=number)
        rows = [change for change in done.left if change.kind != "cell"]
        cells = [change for change in done.left if change.kind == "cell"]
        for key, left in (("undo.rows", rows), ("undo.asked" if done.asked else "undo.left", cells)):
            if left:
                output.say(key, count=len(left))
            for change in left:
                output.line(changes.change_line(change, labels, folder.names))
        for label, count in done.twins:
            output.say("undo.twin", label=label, count=count)
    return 3 if done.left or done.twins else 0
