"""What a finding says, and where: its facts put into the words of the catalogue, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from custsheet import messages
from custsheet.model import NOT_THEIRS, Finding

Facts = tuple[tuple[str, str], ...]

SEVERITIES = ("refused", "rejected", "held", "error", "warning", "info")
"""From what stops a file to what is only told."""


_TALLY = {"rejected": "must", "error": "must", "held": "held", "warning": "look", "info": "mended"}


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """Count what came with this copy: `must` be mended, `closed` to its member, `held`, worth a `look`, `mended`."""
    own = (f for f in findings if f.origin == "edit")
    kinds = Counter("closed" if f.code in NOT_THEIRS else _TALLY.get(f.severity, "") for f in own)
    return {kind: kinds[kind] for kind in ("must", "closed", "held", "look", "mended")}


def facts_of(finding: Finding) -> dict[str, object]:
    """Return what a finding's wording may name."""
    where = finding.where
    return {
        "file": where.file,
        "sheet": where.sheet,
        "cell": where.cell,
        "label": where.label,
        "field": where.field,
        "title": where.field,
        "value": finding.value,
        "rule": finding.rule,
        "member": finding.member,
        "was": "",
        **dict(finding.facts),
    }


def message_of(finding: Finding, language: str) -> tuple[str, str]:
    """Return what a finding says and how to mend it."""
    facts = facts_of(finding)
    return messages.say(finding.code, language, **facts), messages.fix(finding.code, language, **facts)


def place_of(finding: Finding) -> str:
    """Return `file 客户!D7`, as far as it is known."""
    where = finding.where
    cell = f"{where.sheet}!{where.cell}" if where.sheet and where.cell else where.sheet or where.cell
    return " ".join(part for part in (where.file, cell) if part)


def worded(name: str, key: str, **facts: object) -> Facts:
    """Return a word or sentence of the interface as a fact, in both languages."""
    return (f"{name}_zh", messages.word(key, "zh", **facts)), (f"{name}_en", messages.word(key, "en", **facts))


def in_both(zh: Facts, en: Facts) -> Facts:
    """Return facts that were put together in each language as one list: what differs is named for its language."""
    other = dict(en)
    found: list[tuple[str, str]] = []
    for name, said in zh:
        alike = other.get(name) == said
        found += [(name, said)] if alike else [(f"{name}_zh", said), (f"{name}_en", other.get(name, said))]
    return tuple(found)
