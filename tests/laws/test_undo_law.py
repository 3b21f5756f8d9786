"""L9 through the ledger: a merge that is undone is as if its copies had never come."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_world import BODY, MEMBERS, TODAY, World, make_world, schema
from ruamel.yaml import YAML

from custsheet.merging import difference, state_digest
from custsheet.model import Outcome, Submission, Table
from custsheet.schema import dump_team
from custsheet.schema.records import Member, Team
from custsheet.workspace.create import create
from custsheet.workspace.folder import Folder
from custsheet.workspace.merging import TOOK
from custsheet.workspace.opening import open_at, outcome_of
from custsheet.workspace.undoing import undo

ROUND = "2026-W47"
MOST = 2_000
"""Examples, however many the other laws take: each one writes six revisions to a disk."""
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


def take_in(root: Path, submissions: Sequence[Submission], minutes: int) -> int:
    """Merge some more submissions as the workspace does: recompute the round, write what differs as one revision."""
    folder = folder_at(root, minutes)
    with folder.ledger.write(actor="e-boss", kind="merge", now=folder.now) as tx:
        fresh = [replace(s, received=folder.now) for s in submissions]
        counting = [*folder.ledger.submissions(ROUND, states=("merged",)), *fresh]
        outcome = outcome_of(folder, open_at(folder, ROUND), counting, ())
        for submission in fresh:
            tx.add_submission(submission, ROUND, sha256="0" * 64)
        steps = difference(folder.ledger.tables(folder.schema), outcome.master, outcome)
        summary = {"round": ROUND, TOOK: [list(submission.key) for submission in fresh]}
        number = tx.revise(outcome.master, steps, folder.schema, summary=summary)
    folder.close()
    return number


def take_back(root: Path, number: int, minutes: int) -> int:
    folder = folder_at(root, minutes)
    done = undo(folder, number)
    folder.close()
    return done.revision


def digest(root: Path) -> str:
    folder = folder_at(root, 0)
    found = state_digest(folder.ledger.tables(folder.schema))
    folder.close()
    return found


def test_law_09_undo_through_the_ledger(template: Path) -> None:
    """Merge and revoke is merge without it; revoke all is the opening: by the digest of the ledger's rows."""

    @settings(max_examples=min(MOST, settings().max_examples // 2))  # each takes a whole workspace
    @given(st.integers(0, 2**32), st.integers(0, 2**16))
    def holds(seed: int, choice: int) -> None:
        world, rnd = make_world(Random(seed)), Random(choice)
        submissions = world.submissions()
        one = [s for s in submissions if rnd.random() < 0.5]
        other = [s for s in submissions if s not in one]
        with tempfile.TemporaryDirectory() as place:
            root = Path(place) / "team"
            shutil.copytree(template, root)
            fill(root, world)
            numbers = [take_in(root, group, at) for at, group in enumerate((one, other), 1)]
            assert digest(root) == state_digest(world.merge(submissions).master)
            first = rnd.choice((0, 1))
            take_back(root, numbers[first], 3)
            assert digest(root) == state_digest(world.merge((other, one)[first]).master)
            take_back(root, numbers[1 - first], 4)
            assert digest(root) == state_digest(world.opening)

    holds()
