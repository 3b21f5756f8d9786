"""`custsheet merge` and `custsheet resolve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from custsheet.cli import changes, output
from custsheet.cli.options import Call, passwords, shared, workspace
from custsheet.text import clauses, join

if TYPE_CHECKING:
    from custsheet.workspace.folder import Folder
    from custsheet.workspace.merging import Merged

SHOWN = 12


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--late", is_flag=True, default=False, help="Take FILES of closed rounds that would wait for a word.")
@click.option("--dry-run", is_flag=True, default=False, help="Go the same way and write nothing.")
@shared
@passwords
def merge(call: Call, files: tuple[Path, ...], *, late: bool, dry_run: bool) -> int:
    """Merge FILES (default: what is new in the inbox), and the answers that lie in questions.xlsx."""
    from custsheet.workspace.merging import merge as run  # noqa: PLC0415

    if late and not files:
        raise output.Slip("usage.late")
    with workspace(call) as folder:
        done = run(folder, files, dry_run=dry_run, late=late)
        code = _report(call, folder, done, "merge")
        if dry_run and not call.as_json:
            _view(folder, done, is_asked=False)
        return code


@click.command()
@click.argument("questions", required=False, type=click.Path(path_type=Path))
@click.option("--label", default="", metavar="LABEL", help="Answer the question about this row here, without the file.")
@click.option("--field", default="", metavar="FIELD", help="Only the question about this field of the row.")
@click.option("--with", "text", default="", metavar="ANSWER", help="A letter or choice of the question, or a value.")
@click.option("--dry-run", is_flag=True, default=False, help="Go the same way and write nothing.")
@shared
def resolve(call: Call, questions: Path | None, *, label: str, field: str, text: str, dry_run: bool) -> int:
    """Take up the answers in QUESTIONS.xlsx (default: the round's), or one answer in words; list what is open."""
    from custsheet.workspace.answering import Told  # noqa: PLC0415
    from custsheet.workspace.merging import merge as run  # noqa: PLC0415

    if bool(label) != bool(text):
        raise output.Slip("usage.label")
    with workspace(call) as folder:
        paths = [questions] if questions else []
        told = [Told(label, field, text)] if label else []
        done = run(folder, paths, dry_run=dry_run, only_answers=True, told=told)
        code = _report(call, folder, done, "resolve")
        if not call.as_json:
            _view(folder, done)
    return code


def _view(folder: Folder, done: Merged, *, is_asked: bool = True) -> None:
    """Show the open questions as text, each with the command that answers it once it is asked."""
    from custsheet.books.standing_rules import rule_text  # noqa: PLC0415
    from custsheet.workspace.agreement import asked  # noqa: PLC0415

    assert done.labels is not None
    for rule in done.rules:
        text = rule_text(rule, folder.schema, folder.names, output.language())
        output.say("rule.kept", rule=text)
    for question in done.questions:
        about = asked(folder, question, done.labels)
        output.line(f"? {question.label} · {about.place}  {about.kind}")
        is_offered = any(choice.startswith("claim:") for choice in about.choices)
        for at, party in enumerate(about.parties):
            text = clauses(party.text.split("\n"), output.language())
            if about.is_out(at):
                output.say("question.party_out", names=party.names, text=text)
            elif not is_offered:
                output.say("question.party", names=party.names, text=text)
        for text in about.choices.values():
            output.line(f"    {text}")
        if not is_asked:
            continue
        field = f" --field {_word(done.labels.title(question.table, question.field))}" if question.field else ""
        output.line(f'    → custsheet resolve --label "{question.label}"{field} --with …')


def _word(title: str) -> str:
    """Return a title as one word of a command line."""
    return title if title.isalnum() else f'"{title}"'


def _report(call: Call, folder: Folder, done: Merged, kind: str) -> int:
    code = output.exit_code(done.findings, questions=len(done.questions), stopped=done.stopped)
    assert done.labels is not None
    labels = done.labels
    shown = [i for i in done.files if i.state != "skipped"]
    if call.as_json:
        body = {
            "round": done.round,
            "revision": done.revision,
            "dry_run": done.dry_run,
            "answers": done.answers,
            "by_rule": done.by_rule,
            "rules": [changes.rule_json(rule) for rule in done.rules],
            "edits": dict(done.edits),
            "files": [changes.file_json(i, folder.names, done.per_file.get(str(i.path), {})) for i in shown],
            "skipped": [
                {"file": i.name, "reason": i.note}
                for i in done.files
                if i.state == "skipped" and i.note != "SKIPPED_SEEN"
            ],
            "changes": [changes.change_json(c, labels) for c in done.changes],
            "questions": [changes.question_json(q, labels) for q in done.questions],
            "findings": [output.finding_json(f) for f in done.findings],
        }
        output.document(kind, body)
        return code
    changes.files(done.files, folder.names, done.per_file, released=done.released)
    output.findings(done.findings)
    for change in done.changes[:SHOWN]:
        output.line(changes.change_line(change, labels, folder.names))
    if len(done.changes) > SHOWN:
        output.say("merge.would_more" if done.dry_run else "merge.more", count=len(done.changes) - SHOWN)
    if (kind == "merge" and not done.answers and not done.released) or any(
        item.submission is not None for item in done.files
    ):
        output.say("merge.edits" if done.edits["total"] else "merge.no_edits", **done.edits)
    if done.answers:
        output.say("merge.answers", count=done.answers)
    if done.by_rule:
        output.say("merge.by_rule", count=done.by_rule)
    if done.rule_changes:
        output.say("merge.rules", count=done.rule_changes)
    output.say("merge.would" if done.dry_run else "merge.done", changes=len(done.changes), revision=done.revision)
    _say_questions(done)
    if done.dry_run:
        output.say("dry_run")
    if kind == "merge" and not any(item.submission is not None for item in done.files):
        _left_out(folder)
    return code


def _say_questions(done: Merged) -> None:
    """Tell how many questions wait, where, and how many edits wait for them."""
    if done.questions and done.question_files:
        files = join([str(path) for path in done.question_files], output.language())
        if waiting := done.edits["conflict"] + done.edits["held"]:
            output.say("merge.waiting", count=waiting)
        output.say("merge.questions", count=len(done.questions), file=files)
    elif done.questions:
        output.say("merge.would_ask", count=len(done.questions))


def _left_out(folder: Folder) -> None:
    """Tell, where nothing came in, which files lie there and count no longer."""
    from custsheet.workspace.status import left_out  # noqa: PLC0415

    for undone in left_out(folder):
        files = join(list(undone.files), output.language())
        output.say("status.undone", count=len(undone.files), files=files, revision=undone.revision)
