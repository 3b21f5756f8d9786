"""`custsheet doctor`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.options import Call, shared

if TYPE_CHECKING:
    from custsheet.demo.client_test import Judged
    from custsheet.fields.base import Language

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".numbers")
USUAL = Path("client-test")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR | FILE…]")
@click.option(
    "--client-test",
    is_flag=True,
    default=False,
    help="Write a workbook that tests a spreadsheet program into DIR (default: ./client-test), or judge FILEs of it.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="Language of the test's workbook.")
@shared
def doctor(call: Call, paths: tuple[Path, ...], *, client_test: bool, lang: str | None) -> int:
    """Say what runs here, for whoever is asked for help; or test a spreadsheet program."""
    if not client_test:
        if paths:
            raise output.Slip("usage.doctor_files")
        return _about(call)
    if lang:
        output.speak(lang)
    files = [call.folder / path for path in paths]
    if any(path.is_file() or path.suffix.lower() in WORKBOOKS for path in files):
        return _judge(call, files)
    if len(files) > 1:
        raise output.Slip("usage.doctor_folder")
    return _write(call, files[0] if files else call.folder / USUAL)


def _about(call: Call) -> int:
    from custsheet.workspace.doctor import about  # noqa: PLC0415

    found = about(call.folder, getattr(sys.stdout, "encoding", None) or "")
    if call.as_json:
        output.document("doctor", found)
        return 0
    for group, facts in found.items():
        output.say(f"doctor.{group}")
        absent = messages.word("doctor.absent", output.language())
        output.table([(name, said or ("" if group == "places" else absent)) for name, said in facts.items()])
    return 0


# ── the client test ──


def _write(call: Call, folder: Path) -> int:
    from custsheet.demo.client_test import write  # noqa: PLC0415

    language: Language = output.language()
    made = write(folder, language)
    if call.as_json:
        files = [str(path) for path in (made.workbook, *made.scripts)]
        output.document("client-test", {"folder": str(folder), "workbook": files[0], "scripts": files[1:]})
        return 0
    names = "、" if language == "zh" else ", "
    output.say("client.written", folder=folder, names=names.join(p.name for p in (made.workbook, *made.scripts)))
    output.say("client.next")
    return 0


def _judge(call: Call, files: list[Path]) -> int:
    from custsheet.demo.client_test import judge, row  # noqa: PLC0415

    judged = [judge(path) for path in files]
    stopped = [item.refused for item in judged if item.refused is not None]
    code = output.exit_code((), stopped=stopped) or (0 if all(item.good for item in judged) else 3)
    if call.as_json:
        output.document("client-test", {"files": [_body(item) for item in judged], "row": row(judged)})
        return code
    for item in judged:
        _say(item)
    if not stopped:
        output.line()
        output.say("client.row")
        output.line(row(judged))
    return code


def _say(item: Judged) -> None:
    lang = output.language()
    if item.refused is not None:
        output.line(f"× {item.path.name}")
        output.stopped(item.refused)
        return
    what = messages.word("client.edited" if item.edited else "client.saved", lang)
    program = item.program or messages.word("client.unknown", lang)
    output.line(f"{'√' if item.good else '！'} {item.path.name}  {program}  {what}")
    key = f"client.good.{'edited' if item.edited else 'saved'}" if item.good else "client.bad"
    counts = {"found": item.found, "missing": len(item.missing), "surplus": len(item.surplus)}
    output.line(f"    {messages.word(key, lang, **counts)}")
    for kind, edits in (("missing", item.missing), ("surplus", item.surplus)):
        for edit in edits:
            output.line(f"    {messages.word(f'client.{kind}', lang, edit=_edit(edit))}")
    output.findings(item.findings)


def _edit(edit: tuple[str, str, str, str]) -> str:
    kind, row, field, value = edit
    return " · ".join(part for part in (kind, row, field, value[:40]) if part)


def _body(item: Judged) -> dict[str, Any]:
    return {
        "file": item.path.name,
        "program": item.program,
        "edited": item.edited,
        "good": item.good,
        "found": item.found,
        "missing": [list(edit) for edit in item.missing],
        "surplus": [list(edit) for edit in item.surplus],
        "findings": [output.finding_json(finding) for finding in item.findings],
        "refused": item.refused.code if item.refused is not None else "",
    }
