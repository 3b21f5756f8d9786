"""`custsheet validate`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet.cli import changes, output
from custsheet.cli.options import Call, shared, workspace
from custsheet.model import Finding


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, default=False, help="Also list what was there before, in full.")
@shared
def validate(call: Call, files: tuple[Path, ...], *, everything: bool) -> int:
    """Check returned copies (default: what is new in the inbox) without merging them."""
    from custsheet.workspace.folder import find_root  # noqa: PLC0415

    if find_root(call.folder) is None and files:
        return _alone(call, files, everything=everything)
    from custsheet.workspace.validating import validate as check  # noqa: PLC0415

    with workspace(call) as folder:
        done = check(folder, files)
        code = output.exit_code(done.findings, questions=done.questions, stopped=done.stopped)
        if call.as_json:
            listed = [changes.file_json(item, folder.names, {}) for item in done.files if item.state != "skipped"]
            body = {
                "round": done.round,
                "verified": True,
                "files": listed,
                "questions": done.questions,
                "findings": [output.finding_json(f) for f in done.findings],
            }
            output.document("validate", body)
            return code
        changes.files(
            done.files, folder.names, {str(i.path): {"total": n} for i, n in zip(done.files, done.edits, strict=True)}
        )
        _say(done.findings, everything=everything)
        output.say("validate.done", files=len(done.files), **_counts(done.findings))
    return code


def _alone(call: Call, files: tuple[Path, ...], *, everything: bool) -> int:
    from custsheet.workspace.alone import read_alone  # noqa: PLC0415

    read = [read_alone(path, today=call.day) for path in files]
    if read and read[0].schema:
        output.speak(read[0].schema.language)
    found = [f for item in read for f in item.received.findings]
    stopped = [item.received.refused for item in read if item.received.refused is not None]
    code = output.exit_code(found, stopped=stopped)
    if call.as_json:
        listed = [changes.file_json(item.received, {}, {}) for item in read]
        body = {"round": "", "verified": False, "files": listed, "findings": [output.finding_json(f) for f in found]}
        output.document("validate", body)
        return code
    counts = {str(i.received.path): {"total": len(i.edits)} for i in read}
    changes.files([item.received for item in read], {}, counts)
    _say(found, everything=everything)
    output.say("validate.unverified")
    output.say("validate.done", files=len(read), **_counts(found))
    return code


def _say(found: list[Finding] | tuple[Finding, ...], *, everything: bool) -> None:
    output.findings(found, everything=everything)


def _counts(found: list[Finding] | tuple[Finding, ...]) -> dict[str, int]:
    own = [f for f in found if f.origin == "edit"]
    return {
        "must": sum(f.severity in ("rejected", "error") for f in own),
        "held": sum(f.severity == "held" for f in own),
        "look": sum(f.severity == "warning" for f in own),
        "mended": sum(f.severity == "info" for f in own),
    }
