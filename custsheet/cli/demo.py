"""`custsheet demo`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from custsheet import messages, wording
from custsheet.cli import changes, output
from custsheet.cli.options import Call, shared

if TYPE_CHECKING:
    from custsheet.demo.story import Demo, Step

HEADS = {"new": "monday", "week": "week", "validate": "back", "report": "report"}
"""Step → the heading that stands before it."""


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), default=Path("demo"), metavar="[DIR]")
@shared
def demo(call: Call, folder: Path) -> int:
    """Play a sample team's week in DIR (default: ./demo), from the first copy to the report."""
    from custsheet.demo.story import play  # noqa: PLC0415

    output.speak("zh")  # the sample team is Chinese, and so is what it reads
    root = (call.folder / folder).resolve()
    if call.as_json:
        output.document("demo", _body(play(root, today=call.day, now=call.now)))
        return 0
    began = time.monotonic()
    output.say("demo.start")
    done = play(root, today=call.day, now=call.now, tell=_tell)
    _ending(done)
    output.say("demo.took", seconds=round(time.monotonic() - began))
    return 0


def _tell(step: Step) -> None:
    if step.key in HEADS:
        output.line()
        output.say(f"demo.head.{HEADS[step.key]}")
    if step.command:
        output.line(f"  > {step.command}")
    if step.key == "finding":
        _finding(step)
    elif step.key == "question":
        _question(step)
    elif step.key == "report":
        for sentence in step.facts["sentences"]:  # type: ignore[attr-defined]
            output.line(f"    {sentence}")
    else:
        output.line(f"    {messages.word(f'demo.{step.key}', output.language(), **step.facts)}")


def _finding(step: Step) -> None:
    finding: Any = step.facts["finding"]
    said, _ = output.message_of(finding)
    output.line(f"    {output.sign(finding.severity)} {wording.place_of(finding)}  {said}")


def _question(step: Step) -> None:
    facts = {key: step.facts[key] for key in ("label", "place", "kind", "names")}
    output.line(f"    {messages.word('demo.question', output.language(), **facts)}")


def _ending(done: Demo) -> None:
    assert done.merged is not None
    output.line()
    output.say("demo.head.open")
    for key, path in done.open.items():
        output.line(f"  {messages.word(f'demo.open.{key}', output.language())}{path}")
    output.line()
    output.say("demo.head.next", folder=_short(done.root))
    inbox = done.root / "rounds" / done.round / "inbox"
    shared_row = next(q.label for q in done.merged.questions if q.code == "H_CELL")
    facts = {
        "file": (inbox / next(name for name in done.files if name.startswith("wudi"))).relative_to(done.root),
        "label": shared_row,
        "round": done.next_round,
    }
    for key in ("answer", "diff", "show", "generate"):
        output.line(f"  {messages.word(f'demo.next.{key}', output.language(), **facts)}")


def _short(path: Path) -> str:
    """Return a path as one would type it from here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)


def _body(done: Demo) -> dict[str, Any]:
    assert done.generated is not None
    assert done.merged is not None
    assert done.again is not None
    assert done.report is not None
    assert done.merged.labels is not None
    labels = done.merged.labels
    names = {c.member: c.name for c in done.generated.copies}
    return {
        "folder": str(done.root),
        "round": done.round,
        "rows": {item.table: item.added for item in done.imported},
        "copies": [
            {"member": c.name, "copy": c.copy, "file": str(c.path or ""), "rows": c.rows} for c in done.generated.copies
        ],
        "planted": [
            {"case": p.case, "code": p.code, "member": names[p.member], "sheet": p.sheet, "cell": p.cell, "row": p.row}
            for p in done.planted
        ],
        "edits": dict(done.merged.edits),
        "files": [changes.file_json(i, names, done.merged.per_file.get(str(i.path), {})) for i in done.merged.files],
        "questions": [changes.question_json(q, labels) for q in done.merged.questions],
        "findings": [output.finding_json(f) for f in done.merged.findings],
        "answers": [{"question": a.question, "label": a.label, "picked": a.picked} for a in done.answers],
        "again": {
            "edits": dict(done.again.edits),
            "changes": len(done.again.changes),
            "questions": len(done.again.questions),
        },
        "report": {"file": str(done.report.path), "measures": done.report.measures},
        "open": {key: str(path) for key, path in done.open.items()},
    }
