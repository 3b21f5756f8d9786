"""Print results in the user's language, on any console: tables, findings folded, JSON, and what stopped a command."""

from __future__ import annotations

import json
import locale
import os
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from custsheet import messages, wording
from custsheet.errors import CustsheetError
from custsheet.expr.scope import Language
from custsheet.model import Finding
from custsheet.text import clauses, display_width, in_a_row

_state: dict[str, Language] = {}
SHOWN = 3
"""Places named per folded finding; `--json` names them all."""


def speak(language: str) -> None:
    """Use this language from here on."""
    _state["language"] = "zh" if language == "zh" else "en"


def language() -> Language:
    """Return the language of messages: the workspace's, else the system's."""
    if "language" not in _state:
        system = os.environ.get("LC_ALL") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
        _state["language"] = "zh" if system.lower().startswith(("zh", "chinese")) else "en"
    return _state["language"]


def prepare_streams() -> None:
    """Make sure that no character can make printing fail on a cp936 or cp1252 pipe."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def say(key: str, **facts: object) -> None:
    """Print one sentence of the interface."""
    click.echo(messages.word(key, language(), **facts))


def line(text: str = "") -> None:
    """Print a line."""
    click.echo(text)


def progress(key: str, **facts: object) -> None:
    """Tell on standard error what is being done."""
    click.echo(messages.word(key, language(), **facts), err=True)


def document(kind: str, body: Mapping[str, Any]) -> None:
    """Print one JSON document, ASCII only."""
    click.echo(json.dumps({"custsheet": f"{kind}@1", **body}, ensure_ascii=True, indent=1, default=str))


def table(rows: Sequence[Sequence[object]], head: Sequence[str] = ()) -> None:
    """Print rows in columns; Chinese characters count as two."""
    texts = [[str(cell) for cell in row] for row in ([head] if head else []) + list(rows)]
    if not texts:
        return
    widths = [max(display_width(row[at]) for row in texts) for at in range(len(texts[0]))]
    for row in texts:
        cells = (cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo("  " + "  ".join(cells).rstrip())


# ── findings ──


def message_of(finding: Finding) -> tuple[str, str]:
    """Return what a finding says and how to mend it, in the language of messages."""
    return wording.message_of(finding, language())


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding with every part of its contract."""
    where = finding.where
    said, mend = message_of(finding)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "origin": finding.origin,
        "file": where.file,
        "sheet": where.sheet,
        "cell": where.cell,
        "table": where.table,
        "field": where.field,
        "label": where.label,
        "value": finding.value,
        "rule": finding.rule,
        "member": finding.member,
        "message": said,
        "fix": mend,
    }


def findings(found: Iterable[Finding], *, everything: bool = False) -> None:
    """Print findings by severity; equal ones are folded to one line with their first places."""
    by_kind: dict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        if finding.origin == "inherited" and not everything:
            by_kind[finding.severity, finding.code, finding.where.field, "inherited"].append(finding)
        elif finding.severity in ("warning", "info"):
            by_kind[finding.severity, finding.code, finding.where.field, finding.rule].append(finding)
        else:
            place = f"{wording.place_of(finding)}{finding.value}"
            by_kind[finding.severity, finding.code, finding.where.field, place].append(finding)
    for key in sorted(by_kind, key=lambda k: (wording.SEVERITIES.index(k[0]), k[3] == "inherited")):
        _folded(by_kind[key], inherited=key[3] == "inherited")


def _folded(group: Sequence[Finding], *, inherited: bool) -> None:
    first = group[0]
    said, mend = message_of(first)
    count = f" ×{len(group)}" if len(group) > 1 else ""
    before = messages.word("finding.inherited", language()) if inherited else ""
    place = wording.place_of(first)
    click.echo(f"{sign(first.severity)} {before}{place or said}{count}")
    if place:
        click.echo(f"    {said}")
    if mend:
        click.echo(f"    → {mend}")
    more = [f"{wording.place_of(f)}{_reading(f)}" for f in group[1:SHOWN] if wording.place_of(f)]
    if more:
        also, places = messages.word("finding.also", language()), clauses(more, language())
        click.echo(f"    {also} {places}{' …' if len(group) > SHOWN else ''}")
    click.echo(f"    [{first.code}]")


def _reading(finding: Finding) -> str:
    """Return ` (下个月初 → 2026-12-01)`: equal findings may be about different readings."""
    new = dict(finding.facts).get("new", "")
    return f" ({finding.value} → {new})" if finding.value and new else ""


def sign(severity: str) -> str:
    """Return the sign of a severity; every sign is in GBK."""
    return {"refused": "×", "rejected": "！", "held": "□", "error": "！", "warning": "▲", "info": "※"}[severity]


def exit_code(found: Iterable[Finding], *, questions: int = 0, stopped: Iterable[CustsheetError] = ()) -> int:
    """Return 6 or 4 if a file could not be read or was refused, 3 if something is open, else 0 (DESIGN 11)."""
    codes = [problem.exit_code for problem in stopped]
    if codes:
        return max(codes)
    open_ = any(f.origin == "edit" and f.severity in ("error", "held", "rejected") for f in found)
    return 3 if open_ or questions else 0


# ── what stopped a command ──


def stopped(problem: CustsheetError, *, as_json: bool = False) -> None:
    """Say why a command stopped: what is wrong, where, and what to do."""
    if problem.facts.get("language") in ("zh", "en"):
        speak(str(problem.facts["language"]))
    lang = language()
    if problem.code not in messages.known():
        click.echo(str(problem), err=True)
        return
    said = messages.say(problem.code, lang, **problem.facts)
    mend = messages.fix(problem.code, lang, **problem.facts)
    details = problem.facts.get("problems", ())
    if as_json:
        body: dict[str, Any] = {"code": problem.code, "message": said, "fix": mend}
        body["problems"] = [_problem_json(p, lang) for p in details]  # type: ignore[attr-defined]
        document("error", body)
    file = str(problem.facts.get("file", ""))
    if problem.code.startswith("E_") and file and file not in said:
        click.echo(f"× {file}", err=True)
    click.echo(said, err=True)
    for item in details:  # type: ignore[attr-defined]
        _problem(file, item, lang)
    if mend:
        click.echo(f"→ {mend}", err=True)
    click.echo(f"[{problem.code}]", err=True)


def _problem(file: str, item: Any, lang: str) -> None:
    click.echo(f"{file}:{item.line}:{item.column}: {item.message(lang)}", err=True)
    if item.text.strip():
        click.echo(f"    {item.text.rstrip()}", err=True)
        click.echo("    " + " " * (display_width(item.text[: item.column - 1])) + "^", err=True)
    mend = item.fix(lang)
    if mend:
        click.echo(f"    → {mend}", err=True)


def _problem_json(item: Any, lang: str) -> dict[str, Any]:
    return {
        "code": item.code,
        "line": item.line,
        "column": item.column,
        "text": item.text,
        "nearest": item.nearest,
        "message": item.message(lang),
        "fix": item.fix(lang),
    }


def stopped_by_disk(problem: OSError, *, as_json: bool = False) -> None:
    """Say that the disk, the network or another program stood in the way."""
    from pathlib import Path  # noqa: PLC0415  # beside their only use

    from custsheet.container.atomic import disk_error  # noqa: PLC0415
    from custsheet.errors import DiskError  # noqa: PLC0415

    file = str(problem.filename or "")
    held = isinstance(problem, PermissionError)
    stopped(DiskError("FILE_OPEN", file=file) if held else disk_error(problem, Path(file)), as_json=as_json)


class UnknownCommand(click.UsageError):
    """A command that there is not, and the one that is like it."""

    def __init__(self, name: str, near: Sequence[str], ctx: click.Context) -> None:
        super().__init__(f"No such command {name!r}.", ctx)
        self.name, self.near = name, near


class Slip(click.UsageError):
    """A call that is written wrongly, with the key and the facts of the sentence that says how."""

    def __init__(self, key: str, ctx: click.Context | None = None, **facts: object) -> None:
        super().__init__(messages.word(key, "en", **facts), ctx)
        self.key, self.facts = key, facts


def misused(problem: click.ClickException, *, as_json: bool = False) -> None:
    """Say what is wrong with a call, in the user's language, and where help is."""
    lang = language()
    said = _misuse(problem, lang)
    ctx = getattr(problem, "ctx", None)
    mend = messages.word("usage.help", lang, command=ctx.command_path if ctx is not None else "custsheet")
    if as_json:
        document("error", {"code": "USAGE", "message": said, "fix": mend, "problems": []})
    click.echo(said, err=True)
    click.echo(f"→ {mend}", err=True)


def _misuse(problem: click.ClickException, lang: Language) -> str:
    if isinstance(problem, Slip):
        return messages.word(problem.key, lang, **problem.facts)
    if isinstance(problem, UnknownCommand):
        return messages.word(
            "usage.like" if problem.near else "usage.command", lang, name=problem.name, near="".join(problem.near)
        )
    if isinstance(problem, click.NoSuchOption):
        near = in_a_row(problem.possibilities or (), lang)
        return messages.word("usage.near" if near else "usage.option", lang, name=problem.option_name, near=near)
    if isinstance(problem, click.MissingParameter):
        name = problem.param.make_metavar(problem.ctx) if problem.param and problem.ctx else str(problem.param_hint)
        if problem.param is not None and problem.param.opts and problem.param.param_type_name == "option":
            name = problem.param.opts[0]
        return messages.word("usage.missing", lang, name=_metavar(name, lang))
    return messages.word("usage.other", lang, message=problem.format_message())


def _metavar(name: str, lang: str) -> str:
    """Say what an argument is in the reader's language, where there is a word for it."""
    try:
        return messages.word(f"metavar.{name.strip('[].…')}", lang)
    except KeyError:
        return name


def interrupted() -> None:
    """Say what an interrupted command leaves behind."""
    click.echo(messages.word("stop.interrupted", language()), err=True)


def crashed(problem: Exception) -> None:
    """Say that this is our fault, with what a report needs; values of cells are not shown."""
    click.echo(messages.word("stop.crashed", language(), kind=type(problem).__name__), err=True)
    frames = traceback.extract_tb(problem.__traceback__)[-4:]
    for frame in frames:
        click.echo(f"    {os.path.basename(frame.filename)}:{frame.lineno} {frame.name}", err=True)  # noqa: PTH119
    if os.environ.get("CUSTSHEET_DEBUG"):
        traceback.print_exception(problem)
