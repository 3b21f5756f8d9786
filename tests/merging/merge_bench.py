"""A small team and schema, copies of it, and a way to type into them: what every test of the merge starts from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from custsheet.merging import find_edits, merge
from custsheet.model import (
    ABSENT,
    Finding,
    Outcome,
    Question,
    Resolution,
    Returned,
    ReturnedRow,
    ReturnedTable,
    Submission,
    Table,
    Tables,
)
from custsheet.schema import grant_of, project, visible_rows
from custsheet.schema.records import Issue, Member, Schema, Team

TODAY = dt.date(2026, 11, 20)

BODY: dict[str, Any] = {
    "schema": "sample",
    "version": "1",
    "title": {"zh": "样例", "en": "Sample"},
    "language": "zh",
    "tables": {
        "customers": {
            "title": {"zh": "客户", "en": "Customers"},
            "key": ["name"],
            "owner": "owner",
            "groups": [["stage", "amount"]],
            "fields": {
                "name": {"type": "text", "title": {"zh": "客户名称", "en": "Customer"}, "required": True},
                "phone": {"type": "text", "title": {"zh": "电话", "en": "Phone"}},
                "status": {
                    "type": "choice",
                    "title": {"zh": "客户状态", "en": "Status"},
                    "options": ["潜在客户", "成交客户", "丢失客户"],
                },
                "tags": {"type": "tags", "title": {"zh": "标签", "en": "Tags"}, "merge": "union"},
                "next": {"type": "date", "title": {"zh": "下次", "en": "Next"}, "merge": "latest"},
                "plan": {"type": "text", "title": {"zh": "下一步", "en": "Plan"}},
                "notes": {"type": "note", "title": {"zh": "备注", "en": "Notes"}, "merge": "append"},
                "stage": {"type": "text", "title": {"zh": "阶段", "en": "Stage"}},
                "amount": {"type": "number", "title": {"zh": "金额", "en": "Amount"}},
                "code": {"type": "text", "title": {"zh": "编号", "en": "Code"}},
                "owner": {"type": "member", "title": {"zh": "负责人", "en": "Owner"}, "required": True},
            },
            "rules": [
                {"name": "reason", "when": {"status": ["丢失客户"]}, "require": ["plan"]},
                {"name": "one code", "unique": ["code"]},
            ],
        },
        "log": {
            "title": {"zh": "跟进记录", "en": "Log"},
            "owner": "via: customer",
            "append_only": True,
            "fields": {
                "customer": {
                    "type": "ref", "to": "customers", "title": {"zh": "客户", "en": "Customer"}, "required": True,
                },
                "content": {"type": "text", "title": {"zh": "内容", "en": "Content"}},
                "member": {"type": "member", "title": {"zh": "跟进人", "en": "By"}, "filled": "merge"},
            },
        },
    },
    "roles": {
        "sales": {
            "customers": {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True},
            "log": {"rows": "all", "see": "*", "add": True},
        },
        "own": {"customers": {"rows": "own", "see": "*", "edit": "*", "add": True}},
        "reader": {"customers": {"rows": "all", "see": ["name", "phone", "owner"], "edit": ["phone"]}},
        "manager": {"*": {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True, "reassign": True}},
    },
}  # fmt: skip

COLUMNS = "BCDEFGHIJKLMNOPQRSTUVWXYZ"


TEAM = Team(
    (
        Member("wang", "王芳", "sales", manager="boss"),
        Member("li", "李雷", "sales", manager="boss"),
        Member("chen", "陈晨", "own", manager="boss"),
        Member("zhao", "赵敏", "reader", manager="boss"),
        Member("boss", "周经理", "manager"),
    )
)


def make_table(schema: Schema, name: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    """Rows as field → value, by row id; what is left out is blank."""
    fields = tuple(schema.tables[name].fields)
    cells = tuple(tuple(row.get(field) for field in fields) for row in rows.values())
    return Table(name, fields, tuple(rows), cells)


@dataclasses.dataclass
class Round:
    """One round: an opening, copies made from it (or from an older state), and what came back."""

    schema: Schema
    team: Team
    opening: Tables
    issued_from: Tables
    submissions: list[Submission] = dataclasses.field(default_factory=list)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    gone: Mapping[str, Table] = dataclasses.field(default_factory=dict)
    resolutions: Sequence[Any] = ()
    overruled: Mapping[tuple[str, str, str], frozenset[tuple[str, int]]] = dataclasses.field(default_factory=dict)

    def issue(self, who: str, number: int = 1) -> Issue:
        member = self.team.by_id[who]
        grant = grant_of(self.schema, member)
        rows = visible_rows(self.schema, self.team, member, self.issued_from, today=TODAY)
        spare = {name: tuple(f"{name}-{who}{number}-spare{n}" for n in range(5)) for name in grant}
        base = project(grant, rows, self.issued_from)
        return Issue(f"{who}-{number}", who, "2026-W47", number, 1, grant, base, spare)

    def back(self, who: str, version: int = 1, number: int = 1, late: bool = False, previous: Any = None,
             **tables: Mapping[str, Any]) -> Submission:  # fmt: skip
        """Return a copy: per table, row id → typed cells; `new: [...]`, `missing`, `delete`, `codes`, `absent`."""
        issue = self.issue(who, number)
        found = {name: make_returned_table(issue, name, tables.get(name, {})) for name in issue.base}
        digest = f"{who}-{number}-{version}"
        returned = Returned(issue.copy, who, f"{who}.xlsx", found, (), digest)
        submission, findings = find_edits(
            returned, issue, self.schema, version=version, late=late, previous=previous,
            earlier=[s for s in self.submissions if s.copy == issue.copy],
        )  # fmt: skip
        self.submissions.append(submission)
        self.findings += findings
        return submission

    def merge(self, *only: Submission) -> Outcome:
        return merge(
            self.opening, only or self.submissions, self.schema, team=self.team, today=TODAY, gone=self.gone,
            resolutions=self.resolutions, overruled=self.overruled,
        )  # fmt: skip

    def cell(self, outcome: Outcome, rid: str, field: str, name: str = "customers") -> Any:
        return outcome.master[name].get(rid, field)


def make_returned_table(issue: Issue, name: str, typed: Mapping[str, Any]) -> ReturnedTable:
    base = issue.base[name]
    absent = set(typed.get("absent", ()))
    special = {"new", "missing", "delete", "codes", "absent", "spare"}
    rows = []
    for rid, row in base.items():
        if rid in typed.get("missing", ()):
            continue
        cells = dict(zip(base.fields, row, strict=True)) | typed.get(rid, {})
        code = typed.get("codes", {}).get(rid, "")
        rows.append(_row(base, len(rows) + 3, rid, cells, absent, rid in typed.get("delete", ()), code))
    extra = {rid: cells for rid, cells in typed.items() if rid not in base.by_rid and rid not in special}
    spare = dict(zip(issue.spare[name], typed.get("new", ()), strict=False))
    for rid, cells in {**spare, **extra}.items():
        code = typed.get("codes", {}).get(rid, "")
        new = _row(base, len(rows) + 3, rid, cells, absent, rid in typed.get("delete", ()), code)
        rows.append(dataclasses.replace(new, kind="new"))
    columns = tuple("" if f in absent else COLUMNS[at] for at, f in enumerate(base.fields))
    return ReturnedTable(name, name, base.fields, columns, tuple(rows), tuple(typed.get("missing", ())))


def _row(
    base: Table, number: int, rid: str, cells: Mapping[str, Any], absent: set[str], delete: bool, code: str
) -> ReturnedRow:
    values = tuple(ABSENT if f in absent else cells.get(f) for f in base.fields)
    return ReturnedRow(number, rid, values, "issued", delete, code)


def started(
    schema: Schema,
    rows: Mapping[str, Mapping[str, Any]],
    now: Mapping[str, Mapping[str, Any] | None] | None = None,
) -> Round:
    """Start a round: rows of customers as issued, and how the opening differs from them by now (None = deleted)."""
    issued = {rid: {"name": rid, "owner": "wang", **row} for rid, row in rows.items()}
    opening = {rid: {**row, **(change or {})} for rid, row in issued.items()
               if (change := (now or {}).get(rid, {})) is not None}  # fmt: skip
    gone = {rid: row for rid, row in issued.items() if rid not in opening}
    log = make_table(schema, "log", {})
    return Round(
        schema, TEAM,
        {"customers": make_table(schema, "customers", opening), "log": log},
        {"customers": make_table(schema, "customers", issued), "log": log},
        gone={"customers": make_table(schema, "customers", gone)},
    )  # fmt: skip


def buckets(outcome: Outcome) -> dict[str, int]:
    """Edits by bucket, those that are there."""
    return {name: n for name, n in outcome.count().items() if n and name != "total"}


def codes(outcome: Outcome) -> list[str]:
    """The codes of the open questions."""
    return [question.code for question in outcome.questions]


def answer(question: Question, choice: str, value: Any = None) -> Resolution:
    """The manager's answer."""
    return Resolution(question.id, question.digest, choice, value, by="boss", at="2026-11-20T10:00")
