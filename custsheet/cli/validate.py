"""`custsheet validate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from custsheet.cli import changes, output
from custsheet.cli.options import Call, passwords, shared, workspace
from custsheet.messages import word
from custsheet.model import Finding

if TYPE_CHECKING:
    from custsheet.workspace.folder import Folder
    from custsheet.workspace.received import Received
    from custsheet.workspace.returning import Setting


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--annotate",
    "notes",
    default=None,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write each copy with its findings marked, to be sent back to its member.",
)
@click.option("--all", "everything", is_flag=True, default=False, help="Also list what was there before, in full.")
@shared
@passwords
def validate(call: Call, files: tuple[Path, ...], *, notes: Path | None, everything: bool) -> int:
    """Check returned copies (default: what is new in the inbox) without merging them."""
    from custsheet.workspace.root import find_root  # noqa: PLC0415

    if find_root(call.folder) is None and files:
        return _alone(call, files, notes=notes, everything=everything)
    from custsheet.workspace.validating import validate as check  # noqa: PLC0415

    with workspace(call) as folder:
        done = check(folder, files, keeps=notes is not None)
        written = _annotated([item for item in done.files if item.opened], lambda i: _setting(folder, i), notes)
        code = output.exit_code(done.findings, questions=done.questions, stopped=done.stopped)
        if call.as_json:
            listed = [
                {**changes.file_json(item, folder.names, {}), **_place(item, written)}
                for item in done.files
                if item.state != "skipped"
            ]
            body = {
                "round": done.round,
                "verified": True,
                "files": listed,
                "questions": done.questions,
                "findings": [output.finding_json(f) for f in done.findings],
            }
            output.document("validate", body)
            return code
        counts = {str(i.path): {"total": n} for i, n in zip(done.files, done.edits, strict=True)}
        changes.files(done.files, folder.names, counts, is_taken=False)
        _say(done.findings, everything=everything)
        _say_counts(len(done.files), done.findings)
        if any(item.submission for item in done.files):
            output.say("validate.together")
        _say_written(written, notes)
    return code


def _alone(call: Call, files: tuple[Path, ...], *, notes: Path | None, everything: bool) -> int:
    from custsheet.workspace.alone import read_alone  # noqa: PLC0415
    from custsheet.workspace.returning import setting_alone  # noqa: PLC0415

    read = [read_alone(path, today=call.day, passwords=call.passwords) for path in files]
    if read and read[0].schema:
        output.speak(read[0].schema.language)
    found = [f for item in read for f in item.received.findings]
    stopped = [item.received.refused for item in read if item.received.refused is not None]
    code = output.exit_code(found, stopped=stopped)
    opened = [item.received for item in read if item.received.opened]
    written = _annotated(opened, lambda item: setting_alone(item, call.day), notes)
    if call.as_json:
        listed = [{**changes.file_json(item.received, {}, {}), **_place(item.received, written)} for item in read]
        body = {"round": "", "verified": False, "files": listed, "findings": [output.finding_json(f) for f in found]}
        output.document("validate", body)
        return code
    counts = {str(i.received.path): {"total": len(i.edits)} for i in read}
    changes.files([item.received for item in read], {}, counts, is_taken=False)
    _say(found, everything=everything)
    output.say("validate.unverified")
    _say_counts(len(read), found)
    _say_written(written, notes)
    return code


def _setting(folder: Folder, received: Received) -> Setting:
    from custsheet.workspace.returning import setting_in  # noqa: PLC0415

    return setting_in(folder, received)


def _annotated(
    received: Sequence[Received], setting: Callable[[Received], Setting], notes: Path | None
) -> dict[str, Path]:
    """Write the annotated copies into the folder that was named, if any."""
    if notes is None:
        return {}
    from custsheet.workspace.returning import write_annotated  # noqa: PLC0415

    return write_annotated(received, [setting(item) for item in received], notes)


def _place(item: Received, written: Mapping[str, Path]) -> dict[str, str]:
    path = written.get(str(item.path))
    return {"annotated": str(path)} if path is not None else {}


def _say_written(written: Mapping[str, Path], notes: Path | None) -> None:
    if notes is not None and not written:
        output.say("validate.nothing_to_mark")
    for path in written.values():
        output.say("validate.annotated", path=path)


def _say(found: list[Finding] | tuple[Finding, ...], *, everything: bool) -> None:
    output.findings(found, everything=everything)


def _say_counts(files: int, found: Sequence[Finding]) -> None:
    from custsheet.wording import tally  # noqa: PLC0415

    counts = tally(found)
    closed = word("validate.closed", output.language(), count=counts["closed"]) if counts["closed"] else ""
    output.say("validate.done", files=files, **{**counts, "closed": closed})
