"""Two managers merge into one ledger at the same time: nothing is lost, nothing is twice, no refusal is unexplained."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from team_bench import PROJECT, TeamBench

MERGES = int(os.environ.get("CUSTSHEET_TOGETHER", "15"))
MANAGER = Path(__file__).with_name("manager.py")
WHO = {"王芳": "澄湖示例科技", "李雷": "东屿示例制药"}
EXPLAINED = {("LEDGER_LOCKED", 5), ("LEDGER_BUSY", 5)}
"""After waiting: somebody else writes, or kept writing. Whoever is told so runs again."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _together(team: TeamBench, folder: Path) -> dict[str, Any]:
    """Run both managers and return what each was told."""
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    outs = {member: folder / f"{at}.json" for at, member in enumerate(WHO)}
    calls = [[sys.executable, MANAGER, team.root, m, WHO[m], str(MERGES), out] for m, out in outs.items()]
    runs = [subprocess.Popen(list(map(str, call)), env=env, stderr=subprocess.PIPE, text=True) for call in calls]
    for run in runs:
        _, said = run.communicate(timeout=60 + 20 * MERGES)
        assert run.returncode == 0, said
    return {member: json.loads(out.read_text(encoding="utf-8")) for member, out in outs.items()}


def test_two_managers_merge_at_once(team: TeamBench, tmp_path: Path) -> None:
    """Each acknowledged merge is in its cell's history once and in order, revisions have no holes, all verifies."""
    told = _together(team, tmp_path)
    refused = Counter((code, exit_code) for one in told.values() for _, code, exit_code in one["refused"])
    assert set(refused) <= EXPLAINED
    written = []
    for member, customer in WHO.items():
        acknowledged = [phone for phone, _, _ in told[member]["acknowledged"]]
        steps = team.json("blame", f"customers/{customer}", "phone")["history"]
        assert (len(acknowledged), [step["new"] for step in steps][1:]) == (MERGES, acknowledged)
        written += [step["revision"] for step in steps[1:]]
    revisions = [one["revision"] for one in team.json("log", "-n", 10 * MERGES + 10)["revisions"]]
    assert sorted(revisions) == list(range(1, max(revisions) + 1))
    assert sorted(written) == sorted(revisions)[-2 * MERGES :]
    assert [team.run(*call).code for call in (("verify", "--full"), ("replay",))] == [0, 0]
    said = ", ".join(f"{code} ×{count}" for (code, _), count in refused.items()) or "nothing"
    sys.stdout.write(f"2 × {MERGES} merges, revisions 1 to {max(revisions)}; refused and run again: {said}\n")
