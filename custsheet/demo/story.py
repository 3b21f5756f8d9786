"""The demo as one run, told in steps: import, issue, play the week, take it back, answer, report."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custsheet.books.question_texts import kind_words
from custsheet.container.atomic import write_file
from custsheet.demo import lists
from custsheet.demo.answers import Answered, answer
from custsheet.demo.business import make_business
from custsheet.demo.people import MANAGER, NAMES, member_list
from custsheet.demo.week import Planted, play_week
from custsheet.model import Question
from custsheet.schema.records import Team
from custsheet.wording import tally
from custsheet.workspace.create import create
from custsheet.workspace.folder import Folder, week_of
from custsheet.workspace.importing import Imported, import_rows
from custsheet.workspace.issuing import Generated, generate
from custsheet.workspace.merging import Merged, merge
from custsheet.workspace.people import import_members, save_team
from custsheet.workspace.reporting import report
from custsheet.workspace.validating import Validated, validate

if TYPE_CHECKING:
    from custsheet.workspace.reporting import Report

SCHEMA: Final = "follow-up"
SEED: Final = "demo"
OLD: Final = "旧表"
LISTS: Final = (("客户总表.xlsx", "customers"), ("跟进记录.csv", "log"), ("商机.csv", "opportunities"))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story: the key of its sentence, its facts, and the command that a manager would type."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    command: str = ""


@dataclass
class Demo:
    """What came of the demo."""

    root: Path
    round: str = ""
    generated: Generated | None = None
    imported: tuple[Imported, ...] = ()
    planted: tuple[Planted, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """Path in the inbox → name of whoever returned it."""
    validated: Validated | None = None
    merged: Merged | None = None
    answers: tuple[Answered, ...] = ()
    again: Merged | None = None
    report: Report | None = None
    open: Mapping[str, Path] = field(default_factory=dict)
    """What to look at: `copy`, `questions`, `report`."""
    next_round: str = ""


def play(
    root: Path,
    *,
    today: dt.date,
    now: dt.datetime | None = None,
    tell: Callable[[Step], None] = lambda step: None,
) -> Demo:
    """Play the demo in a folder that is empty or not there; `tell` gets every step when it is done.

    The same day gives the same copies, byte for byte. Nothing is later than `now`, where it is given: who goes on in
    this folder has a clock too. CallError `FOLDER_NOT_EMPTY`.
    """
    return _Story(root, today, now, tell).run()


class _Story:
    def __init__(self, root: Path, today: dt.date, now: dt.datetime | None, tell: Callable[[Step], None]) -> None:
        self.root, self.today, self.now, self.tell = root, today, now, tell
        self.monday = today - dt.timedelta(days=today.weekday())
        self.demo = Demo(root, next_round=week_of(self.monday + dt.timedelta(days=7)))

    def run(self) -> Demo:
        morning, evening = self._hours()
        create(self.root, schema=SCHEMA, language="zh", now=morning, seed=SEED)
        with (self.root / "schema.yaml").open("a", encoding="utf-8", newline="\n") as schema:
            schema.write(lists.terms_yaml())
        folder = Folder(self.root, now=morning, today=self.monday)
        try:
            self._people(folder)
            self._lists(folder)
            self._issue(folder)
        finally:
            folder.close()
        folder = Folder(self.root, now=evening, today=self.today)
        try:
            self._week(folder)
            self._check(folder)
            self._merge(folder)
            self._answer(folder)
            self._report(folder)
        finally:
            folder.close()
        return self.demo

    def _hours(self) -> tuple[dt.datetime, dt.datetime]:
        """Return Monday morning and the evening of the day; not later than the clock of whoever goes on from here."""
        evening = dt.datetime.combine(self.today, dt.time(17, 30))
        if self.now is not None and self.now.date() == self.today:
            evening = min(evening, self.now.replace(microsecond=0))
        return min(dt.datetime.combine(self.monday, dt.time(9)), evening - dt.timedelta(minutes=1)), evening

    # ── Monday ──

    def _people(self, folder: Folder) -> None:
        """The one who made the workspace takes the sample manager's name, so that every machine gives the same."""
        old = self.root / OLD
        old.mkdir()
        first = replace(folder.team.members[0], name=MANAGER.name)
        save_team(folder, Team((first,)))
        write_file(old / "名单.csv", member_list())
        import_members(folder, old / "名单.csv")
        self._tell("new", f"custsheet new {self._name} --schema {SCHEMA}", folder=self.root)
        self._tell("members", f"custsheet members import {OLD}/名单.csv", count=len(folder.team.members))

    def _lists(self, folder: Folder) -> None:
        business = make_business(self.monday)
        data = (lists.customer_list(business, self.monday), lists.log_list(business), lists.opportunity_list(business))
        for (name, table), content in zip(LISTS, data, strict=True):
            path = self.root / OLD / name
            write_file(path, content)
            done = import_rows(folder, path, table)
            self.demo.imported += (done,)
            kinds = Counter(f.severity for f in done.findings)
            facts = {"file": name, "rows": done.rows, "added": done.added, "same": done.same}
            facts |= {"mended": kinds["info"], "look": kinds["error"] + kinds["warning"]}
            self._tell("import", f"custsheet import {OLD}/{name} --table {table}", **facts)

    def _issue(self, folder: Folder) -> None:
        made = generate(folder)
        self.demo.generated, self.demo.round = made, made.round
        rows = [copy.rows for copy in made.copies]
        self._tell(
            "generate",
            "custsheet generate",
            round=made.round,
            count=len(made.copies),
            due=made.due,
            least=min(rows),
            most=max(rows),
        )

    # ── the week ──

    def _week(self, folder: Folder) -> None:
        assert self.demo.generated is not None
        copies = {c.member: c.path.read_bytes() for c in self.demo.generated.copies if c.path is not None}
        week = play_week(copies, round_name=self.demo.round, monday=self.monday, today=self.today)
        inbox = folder.round_folder(self.demo.round) / "inbox"
        for file in week.files:
            path = inbox / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, file.data)
        self.demo.planted = tuple(week.planted)
        self.demo.files = {file.name: file.member for file in week.files}
        returned = {file.member for file in week.files if file.member}
        missing = [c.name for c in self.demo.generated.copies if c.name not in returned]
        self._tell("week", "", files=len(week.files), people=len(returned), missing="、".join(missing))

    def _check(self, folder: Folder) -> None:
        done = self.demo.validated = validate(folder)
        self._tell("validate", "custsheet validate", **tally(done.findings))
        for finding in [f for f in done.findings if f.severity == "rejected"]:
            self.tell(Step("finding", {"finding": finding}))

    def _merge(self, folder: Folder) -> None:
        done = self.demo.merged = merge(folder)
        facts = {"questions": len(done.questions), "changes": len(done.changes), **done.edits}
        self._tell("merge", "custsheet merge", **facts)
        for question in done.questions:
            self.tell(Step("question", _question_facts(folder, question)))

    def _answer(self, folder: Folder) -> None:
        assert self.demo.merged is not None
        path = self.demo.merged.question_files[-1]
        assert path is not None
        data, answers = answer(path.read_bytes(), self.demo.merged.questions)
        write_file(path, data)
        self.demo.answers = answers
        self._tell("answers", "", count=len(answers), file=path.name)
        done = self.demo.again = merge(folder)
        facts = {"changes": len(done.changes), "questions": len(done.questions), **done.edits}
        self._tell("again", "custsheet merge", answers=done.answers, **facts)

    def _report(self, folder: Folder) -> None:

        done = self.demo.report = report(folder)
        self._tell("report", "custsheet report", sentences=tuple(done.sentences))
        assert self.demo.generated is not None
        round_folder = folder.round_folder(self.demo.round)
        first = next(c.path for c in self.demo.generated.copies if c.path is not None)
        self.demo.open = {"copy": first, "questions": round_folder / "questions.xlsx", "report": done.path}

    @property
    def _name(self) -> str:
        return self.root.name

    def _tell(self, key: str, command: str, **facts: object) -> None:
        self.tell(Step(key, facts, command))


def _question_facts(folder: Folder, question: Question) -> dict[str, object]:
    """Return what a line on a question says: which row, which field, what happened, between whom."""
    table = folder.schema.tables[question.table]
    title = table.fields[question.field].spec.title if question.field else table.title
    return {
        "label": question.label.partition("/")[2] or question.label,
        "place": title[folder.settings.language],
        "kind": kind_words(question.code, folder.settings.language),
        "names": "、".join(dict.fromkeys(NAMES.get(c.member, c.member) for c in question.claims)),
    }
