"""Two runs of the demo on one day, each a process of its own, made once for all tests and all workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from team_bench import PROJECT

sys.path.append(str(Path(__file__).resolve().parent))
sys.path.append(str(Path(__file__).resolve().parents[1] / "reports"))

from demo_runs import TODAY, Played

PATIENCE = 300


@pytest.fixture(scope="session")
def _runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, Played]:
    """The worker that comes first plays; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "played"
    try:
        home.mkdir()
    except FileExistsError:
        until = time.monotonic() + PATIENCE
        while not (home / "done").exists() and time.monotonic() < until:
            time.sleep(0.2)
    else:
        try:
            _play(home)
        finally:
            (home / "done").touch()
    one, two = json.loads((home / "runs.json").read_text(encoding="utf-8"))
    return Played(home / "one", *one), Played(home / "two", *two)


def _play(home: Path) -> None:
    """One run tells its story, the other prints JSON; the first folder is there already, and empty."""
    (home / "one").mkdir()
    env = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}
    call = [sys.executable, "-m", "custsheet", "demo", "--today", TODAY]
    runs = [
        subprocess.Popen(
            [*call, name, *more], cwd=home, env=env, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name, *more in (("one",), ("two", "--json"))
    ]
    told = [run.communicate(timeout=PATIENCE) for run in runs]
    done = [(run.returncode, *texts) for run, texts in zip(runs, told, strict=True)]
    (home / "runs.json").write_text(json.dumps(done), encoding="utf-8")


@pytest.fixture(scope="session")
def story(_runs: tuple[Played, Played]) -> Played:
    """The run that told its story; only read."""
    return _runs[0]


@pytest.fixture(scope="session")
def played(_runs: tuple[Played, Played]) -> Played:
    """The run that printed JSON; only read."""
    return _runs[1]
