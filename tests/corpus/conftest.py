"""The corpus of returned workbooks, read as copies of the sheet that their authors were given."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from custsheet.intake import Context, read_copy
from custsheet.merging import find_edits
from custsheet.model import Cell, Edit, Finding, Submission, Table, Value
from custsheet.schema import from_body
from custsheet.schema.records import Issue, Member, Schema, TableGrant, Team
from custsheet.workspace.reading import read_any, unlocked

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
TODAY = dt.date(2026, 11, 20)
TEAM = Team(tuple(Member(name, name, "sales") for name in ("李娜", "王强", "张伟")))
FIELDS: dict[str, dict[str, Any]] = {
    "客户名称": {"type": "text", "required": True, "aliases": ["客户姓名"]},
    "电话": {"type": "phone"},
    "身份证": {"type": "text"},
    "阶段": {"type": "choice", "options": ["初访", "报价", "成交", "流失"]},
    "负责人": {"type": "member"},
    "下次跟进": {"type": "date"},
    "金额": {"type": "money", "currency": "CNY"},
    "占比": {"type": "percent"},
    "已签": {"type": "bool"},
    "备注": {"type": "text", "long": True},
}
NAMES = {title: f"f{at}" for at, title in enumerate(FIELDS)}
"""Title → field: what the schema calls it is nobody's business here."""


def _both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


BODY: dict[str, Any] = {
    "schema": "corpus",
    "version": "1",
    "title": _both("跟进"),
    "language": "zh",
    "tables": {
        "customers": {
            "title": _both("跟进表"),
            "key": [NAMES["客户名称"]],
            "owner": NAMES["负责人"],
            "fields": {NAMES[t]: {**settings, "title": _both(t)} for t, settings in FIELDS.items()},
        }
    },
    "roles": {"sales": {"customers": {"rows": "all", "see": "*", "edit": "*", "add": True, "reassign": True}}},
}


@dataclass(frozen=True)
class Read:
    """What a file of the corpus came to, its fields called by their titles."""

    submission: Submission
    findings: tuple[Finding, ...]

    @property
    def taken(self) -> dict[tuple[str, str], Value]:
        """The changed cells that nothing speaks against, by row id and title."""
        return {_place(e): e.value for e in self.submission.edits if e.kind == "cell" and not e.code}

    @property
    def kept_out(self) -> dict[tuple[str, str], str]:
        """The changed cells that are not taken, and why."""
        return {_place(e): e.code for e in self.submission.edits if e.kind == "cell" and e.code}

    def added(self, code: str = "") -> list[dict[str, Value]]:
        """The new rows, by title: those taken, or those that wait with this code."""
        rows: dict[str, dict[str, Value]] = {}
        for edit in self.submission.edits:
            if edit.kind == "add" and edit.code == code:
                rows.setdefault(edit.rid, {})[_place(edit)[1]] = edit.value
        return list(rows.values())

    def said(self, code: str) -> list[Finding]:
        """The findings of one kind."""
        return [finding for finding in self.findings if finding.code == code]


def _place(edit: Edit) -> tuple[str, str]:
    return edit.rid, next(title for title, name in NAMES.items() if name == edit.field)


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    """What the corpus says of itself; the entries by file under `files`."""
    if not CORPUS.is_dir():
        pytest.skip("needs shared/corpus")
    found: dict[str, Any] = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
    return {**found, "files": {entry["file"]: entry for entry in found["files"]}}


@pytest.fixture(scope="session")
def schema() -> Schema:
    """A schema made for the corpus' sheet."""
    return from_body(BODY)


@pytest.fixture(scope="session")
def canonical(schema: Schema) -> Callable[[str, Any], Value]:
    """Return what a field makes of a value of the manifest."""

    def of(title: str, value: Any) -> Value:
        if isinstance(value, bool) or value is None:
            return value
        if title in ("金额", "占比"):
            return Decimal(str(value))
        field = schema.tables["customers"].fields[NAMES[title]]
        return field.parse(Cell("text", str(value)), language="zh", today=TODAY).value

    return of


@pytest.fixture(scope="session")
def issue(manifest: dict[str, Any], canonical: Callable[[str, Any], Value]) -> Issue:
    """The copy that all files of the corpus are of."""
    rows = manifest["base_values"]
    values = tuple(tuple(canonical(title, row[title]) for title in NAMES) for row in rows.values())
    see = tuple(NAMES.values())
    base = Table("customers", see, tuple(rows), values)
    grant = TableGrant("all", see, frozenset(see), add=True, reassign=True, enter=frozenset(see))
    return Issue("copy", "王强", "2026-W47", 1, 1, {"customers": grant}, {"customers": base})


@pytest.fixture(scope="session")
def read(schema: Schema, issue: Issue) -> Callable[..., Read]:
    """Read one file of the corpus, whatever its format, as a returned copy."""

    def run(name: str, password: str = "") -> Read:
        data = (CORPUS / name).read_bytes()
        grid = read_any(unlocked(data, name, [password] if password else [])[0], name)
        returned = read_copy(grid, issue, Context(schema, TEAM, TODAY), file=name)
        submission, found = find_edits(returned, issue, schema, version=1)
        return Read(submission, (*returned.findings, *found))

    return run
