"""A workspace with the schema and team of the laws and a ledger, for laws that go through it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from law_world import BODY, MEMBERS, TODAY, World, schema
from ruamel.yaml import YAML

from custsheet.merging import difference
from custsheet.model import Outcome, Submission, Table
from custsheet.schema import dump_team
from custsheet.schema.records import Member, Team
from custsheet.workspace.create import create
from custsheet.workspace.folder import Folder
from custsheet.workspace.merging import ANSWERS, TOOK
from custsheet.workspace.opening import open_at, outcome_of

ROUND = "2026-W47"
MOST = 2_000
"""Examples, however many the other laws take: each one writes several revisions to a disk."""
TEAM = Team(tuple(Member(id_, id_, role, manager="e-boss") for id_, role in MEMBERS))
START = dt.datetime(2026, 11, 20, 9)  # noqa: DTZ001  # the ledger keeps local times


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the schema and the team of the laws, and nothing in its ledger."""
    root = tmp_path_factory.mktemp("undo") / "team"
    create(root, schema="simple", language="zh", now=START, seed="laws")
    with (root / "schema.yaml").open("w", encoding="utf-8") as out:
        YAML().dump(BODY, out)
    (root / "members.yaml").write_text(dump_team(TEAM), encoding="utf-8")
    return root


def folder_at(root: Path, minutes: int) -> Folder:
    folder = Folder(root, now=START + dt.timedelta(minutes=minutes), today=TODAY, actor="e-boss")
    folder.schema, folder.team = schema(), TEAM  # as its files say; to read them each time is half of the work
    return folder


def fill(root: Path, world: World) -> None:
    """Write the opening of a world, and before it the rows that are gone since; open the round."""
    folder = folder_at(root, 0)
    then = {
        name: Table(name, t.fields, (*t.rids, *world.gone[name].rids), (*t.rows, *world.gone[name].rows))
        for name, t in world.opening.items()
    }
    for tables in (then, world.opening):
        steps = difference(folder.ledger.tables(folder.schema), tables, Outcome({}))
        with folder.ledger.write(actor="e-boss", kind="import", now=folder.now) as tx:
            number = tx.revise(tables, steps, folder.schema)
    with folder.ledger.write(actor="e-boss", kind="generate", now=folder.now) as tx:
        tx.open_round(ROUND, number)
        tx.add_file("0" * 64, "copy.xlsx", 0)
        for issue in {copy.issue.copy: copy.issue for copy in world.copies}.values():
            tx.add_issue(issue, folder.schema)
    folder.close()


def take(folder: Folder, name: str, submissions: Sequence[Submission]) -> int:
    """Merge some more submissions as the workspace does: recompute the round, write what differs as one revision."""
    with folder.ledger.write(actor="e-boss", kind="merge", now=folder.now) as tx:
        fresh = [replace(s, received=folder.now) for s in submissions]
        counting = [*folder.ledger.submissions(name, states=("merged",)), *fresh]
        outcome = outcome_of(folder, open_at(folder, name), counting, folder.ledger.resolutions(name))
        for submission in fresh:
            tx.add_submission(submission, name, sha256="0" * 64)
        steps = difference(folder.ledger.tables(folder.schema), outcome.master, outcome)
        answers = folder.ledger.answers()
        summary = {"round": name, TOOK: [list(submission.key) for submission in fresh], ANSWERS: [answers, answers]}
        return tx.revise(outcome.master, steps, folder.schema, summary=summary)
