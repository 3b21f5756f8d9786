"""Changes, questions and files of a merge, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from custsheet import messages
from custsheet.cli import output
from custsheet.model import Change, Claim, Edit, Question, Standing, Value
from custsheet.text import join

if TYPE_CHECKING:
    from custsheet.schema.labels import Labels
    from custsheet.workspace.received import Received


def value_text(labels: Labels, table: str, field: str, value: Value) -> str:
    """Say a value as a person would; a whole row is said by its action elsewhere."""
    if not field:
        return ""
    return labels.value(table, field, value)


def change_json(change: Change, labels: Labels) -> dict[str, Any]:
    """Return one change with the keys of the contract."""
    return {
        "table": change.table,
        "rid": change.rid,
        "label": change.label,
        "field": change.field,
        "kind": change.kind,
        "old": value_text(labels, change.table, change.field, change.old),
        "new": value_text(labels, change.table, change.field, change.new),
        "members": list(change.members),
        "cause": change.cause,
    }


def change_line(change: Change, labels: Labels, names: Mapping[str, str]) -> str:
    """Return `华兴贸易 · 电话: 138… → 139…  (王芳)`."""
    lang = output.language()
    who = join([names.get(m, m) for m in change.members], lang)
    cause = "" if change.cause == "edit" else messages.word(f"cause.{change.cause}", lang)
    said = " · ".join(part for part in (who, cause) if part)
    behind = messages.word("change.behind", lang, said=said) if said else ""
    if change.kind != "cell":
        kind = "back" if change.kind == "add" and change.cause == "undo" else change.kind
        return f"  {change.label}  {messages.word(f'change.{kind}', lang)}{behind}"
    title = labels.title(change.table, change.field)
    old = value_text(labels, change.table, change.field, change.old) or messages.word("value.blank", lang)
    new = value_text(labels, change.table, change.field, change.new) or messages.word("value.blank", lang)
    said = messages.word("change.cell", lang, title=title, old=_short(old), new=_short(new))
    return f"  {change.label} · {said}{behind}"


def _short(text: str, most: int = 40) -> str:
    flat = " / ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def question_json(question: Question, labels: Labels) -> dict[str, Any]:
    """Return one question with the keys of the contract."""
    return {
        "id": question.id,
        "kind": question.code,
        "table": question.table,
        "rid": question.rid,
        "label": question.label,
        "field": question.field,
        "base": value_text(labels, question.table, question.field, question.base),
        "master": value_text(labels, question.table, question.field, question.master),
        "claims": [claim_json(claim, question, labels) for claim in question.claims],
        "choices": list(question.choices),
        "default": question.default,
    }


def rule_json(rule: Standing) -> dict[str, str]:
    """Return one standing rule."""
    return {"member": rule.member, "table": rule.table, "field": rule.field, "choice": rule.choice, "by": rule.by}


def claim_json(claim: Claim, question: Question, labels: Labels) -> dict[str, Any]:
    """Return one claim; a proposed row gives its cells."""
    body: dict[str, Any] = {
        "member": claim.member,
        "kind": claim.kind,
        "value": value_text(labels, question.table, question.field, claim.value),
    }
    if claim.row:
        body["row"] = {name: value_text(labels, question.table, name, value) for name, value in claim.row}
    return body


def edit_json(edit: Edit, labels: Labels) -> dict[str, Any]:
    """Return one edit of a copy."""
    return {
        "kind": edit.kind,
        "table": edit.table,
        "rid": edit.rid,
        "label": edit.where.label,
        "field": edit.field,
        "old": value_text(labels, edit.table, edit.field, edit.base),
        "new": value_text(labels, edit.table, edit.field, edit.value),
        "sheet": edit.where.sheet,
        "cell": edit.where.cell,
        "code": edit.code,
    }


def file_json(item: Received, names: Mapping[str, str], edits: Mapping[str, int]) -> dict[str, Any]:
    """Return what became of one file."""
    states = {"new": "merged", "duplicate": "duplicate", "late": "late", "refused": "refused", "skipped": "skipped"}
    member = item.issue.member if item.issue else ""
    body: dict[str, Any] = {
        "file": item.name,
        "member": names.get(member, member),
        "copy": item.issue.copy if item.issue else "",
        "version": item.version,
        "state": states[item.state],
        "edits": dict(edits),
    }
    if item.refused is not None:
        lang = output.language()
        body["code"] = item.refused.code
        body["message"] = messages.say(item.refused.code, lang, **item.refused.facts)
        body["fix"] = mend(item.refused.code, lang, item.refused.facts)
    return body


def mend(code: str, language: str, facts: Mapping[str, object]) -> str:
    """What to do about a refused file; a question workbook is the manager's own."""
    if facts.get("of") == "questions" and code not in ("E_ENCRYPTED", "E_PASSWORD"):
        return messages.word("file.questions_not_read", language)
    return messages.fix(code, language, **facts)


def files(
    found: Sequence[Received],
    names: Mapping[str, str],
    counts: Mapping[str, Mapping[str, int]],
    *,
    is_taken: bool = True,
    released: Mapping[str, int] | None = None,
) -> None:
    """Print one line per file, and for a refused one why and what to do; `is_taken`: they are merged, not looked at.

    `released`: path → edits of a file that had waited and is let in now.
    """
    lang = output.language()
    for item in found:
        if item.refused is not None:
            output.line(f"× {item.name}")
            output.line(f"    {messages.say(item.refused.code, lang, **item.refused.facts)}")
            if fix := mend(item.refused.code, lang, item.refused.facts):
                output.line(f"    → {fix}")
            output.line(f"    [{item.refused.code}]")
        elif item.state == "skipped":
            if item.note != "SKIPPED_SEEN":
                output.line(f"－ {item.name}  {messages.word(f'file.{item.note}', lang)}")
        else:
            who = names.get(item.issue.member, "") if item.issue else ""
            let_in = (released or {}).get(str(item.path), 0)
            total = let_in or counts.get(str(item.path), {}).get("total", 0)
            state = "released" if let_in else item.state
            key = f"file.{state}" if is_taken or item.state == "duplicate" else f"file.checked.{state}"
            state = messages.word(key, lang, version=item.version, total=total)
            output.line(f"√ {item.name}  {who}  {state}")
