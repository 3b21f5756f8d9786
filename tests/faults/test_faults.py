"""Whatever goes wrong at whichever call, the workspace is as before or as after, and the next run ends it (R126)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import faulty
import pytest
import sweep

from custsheet.cli import options

EVERY = {"generate": 53, "merge": 61, "resolve": 67, "backup": 19, "migrate": 23, "restore": 47}
"""Of so many calls one goes wrong here; `make faults` takes each of them."""


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, sweep.Scene]]:
    clock, name = options.dt, os.environ.get("LOGNAME")
    yield sweep.made(tmp_path_factory.mktemp("faults"))
    options.dt = clock
    os.environ.pop("LOGNAME", None)
    os.environ |= {"LOGNAME": name} if name is not None else {}


@pytest.mark.parametrize("command", EVERY)
def test_a_fault_at_a_call_leaves_nothing_half(scenes: dict[str, sweep.Scene], command: str) -> None:
    """Kill -9, a full disk and a broken one, at sampled calls: never corrupt, never half, nothing acknowledged lost."""
    every = int(os.environ.get("CUSTSHEET_FAULTS_EVERY", EVERY[command]))
    run = sweep.sweep(scenes[command], faulty.KINDS, lambda at: at % every == 0)
    assert run.problems == []
    assert set(run.points) == set(faulty.KINDS)


@pytest.mark.parametrize("command", ["generate", "merge"])
def test_a_kill_at_any_moment_leaves_nothing_half(scenes: dict[str, sweep.Scene], command: str) -> None:
    """Kill -9 at eight random moments of a run."""
    run = sweep.kill_at_random(scenes[command], 8, seed=1)
    assert run.problems == []


def test_the_sweep_sees_a_file_that_is_written_in_place(
    scenes: dict[str, sweep.Scene], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judge is one that can say no: half a workbook in the outbox, or a ledger of another day, is named."""
    run = sweep.Sweep(scenes["merge"], tmp_path)
    root = run._fresh()
    next((root / "rounds").rglob("outbox/*.xlsx")).write_bytes(b"PK half")
    run.judge(root, sweep.Ended(None), "kill", "here")
    assert any("half a file" in problem for problem in run.problems)
    root = run._fresh()
    assert sweep.TeamBench(root).run("set", f"customers/{sweep.EAST}", "phone", "13900000009").code == 0
    run.judge(root, sweep.Ended(None), "kill", "there")
    assert any("neither as before nor as after" in problem for problem in run.problems)
