"""L9 through the ledger: a merge that is undone is as if its copies had never come."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from law_world import make_world
from ledger_world import MOST, ROUND, fill, folder_at, take

from custsheet.merging import state_digest
from custsheet.model import Submission
from custsheet.workspace.undoing import undo


def take_in(root: Path, submissions: Sequence[Submission], minutes: int) -> int:
    folder = folder_at(root, minutes)
    number = take(folder, ROUND, submissions)
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
            if (one, other)[first]:  # a merge that took nothing in is not undone
                take_back(root, numbers[first], 3)
            assert digest(root) == state_digest(world.merge((other, one)[first]).master)
            if (one, other)[1 - first]:
                take_back(root, numbers[1 - first], 4)
            assert digest(root) == state_digest(world.opening)

    holds()
