"""Ctrl-C at a command: exit 130, one sentence, and the ledger is as before or as after, never between."""

from __future__ import annotations

import compileall
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from ground_calls import PROJECT
from team_bench import TeamBench

WORKER = Path(__file__).with_name("interrupted.py")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}
LAKE, EAST = "澄湖示例科技", "东屿示例制药"
MOMENTS = [870, 985]
"""In thousandths of a command's way; its writes lie on the last fifth, on both sides of the commit."""


@dataclass(frozen=True)
class Seen:
    """How a command ended, and what the ledger then holds."""

    code: int
    err: str
    calls: int
    facts: tuple[object, ...]
    before: tuple[object, ...] = ()


def facts(root: Path) -> tuple[object, ...]:
    """What a merge or a generate changes: the revision, the rounds and a phone."""
    bench = TeamBench(root)
    state = bench.json("status")
    return state["revision"], state["round"], bench.value(f"customers/{EAST}", "phone")


def press(root: Path, command: str, moment: int | str) -> Seen:
    """Run a command in a process and press Ctrl-C there at a call of a function, named or counted; 0 never."""
    counted = root.parent / "counted"
    call = [sys.executable, str(WORKER), str(moment), str(counted), "-C", str(root), command, "--today", "2026-11-16"]
    done = subprocess.run(call, env=ENVIRONMENT, capture_output=True, timeout=60, check=False)
    err = done.stderr.decode("utf-8", "replace")
    assert TeamBench(root).run("verify", "--full").code == 0
    return Seen(done.returncode, err, int(counted.read_text(encoding="utf-8")), facts(root))


@pytest.fixture(scope="module")
def sources(bare_root: Path, issued_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A team before `generate`, and one before `merge` with a changed phone and a conflict in its inbox."""
    root = tmp_path_factory.mktemp("returned") / "team"
    shutil.copytree(issued_root, root)
    bench = TeamBench(root)
    bench.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    bench.put("李雷", {("客户", LAKE, "电话"): "13900000002", ("客户", EAST, "电话"): "13900000005"})
    return {"generate": bare_root, "merge": root}


@pytest.fixture(scope="module")
def undisturbed(sources: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """How each command ends when nobody presses anything; compiled before, lest that counts as part of its way."""
    compileall.compile_dir(PROJECT / "custsheet", quiet=2)
    found = {}
    for command, source in sources.items():
        root = tmp_path_factory.mktemp(command) / "team"
        shutil.copytree(source, root)
        before = facts(root)
        found[command] = replace(press(root, command, 0), before=before)
    assert [found[c].code for c in ("generate", "merge")] == [0, 3]
    return found


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("command", ["generate", "merge"])
def test_an_interrupt_leaves_the_state_before_or_after(
    sources: dict[str, Path], undisturbed: dict[str, Seen], tmp_path: Path, command: str, moment: int
) -> None:
    """At any moment of a command Ctrl-C leaves 130, no traceback and a whole ledger, and the next run ends it."""
    root, after = tmp_path / "team", undisturbed[command]
    shutil.copytree(sources[command], root)
    seen = press(root, command, after.calls * moment // 1000)
    assert (seen.code, "Traceback" in seen.err) == (130, False), seen.err
    assert seen.facts in (after.before, after.facts)
    assert TeamBench(root).run(command).code == after.code
    assert facts(root) == after.facts
    assert [p for p in root.rglob("*") if p.suffix == ".tmp" or p.name == "lock.json"] == []


def test_an_interrupt_after_the_commit_does_not_deny_it(
    sources: dict[str, Path], undisturbed: dict[str, Seen], tmp_path: Path
) -> None:
    """When the merge stands and only its telling was interrupted, nobody reads that nothing was changed."""
    root = tmp_path / "team"
    shutil.copytree(sources["merge"], root)
    seen = press(root, "merge", "_report")
    assert seen.facts == undisturbed["merge"].facts
    assert "什么都没改" not in seen.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal that one process sends another")
def test_a_signal_from_outside_is_the_same(
    sources: dict[str, Path], undisturbed: dict[str, Seen], tmp_path: Path
) -> None:
    """A SIGINT that arrives while the merge holds the ledger is as good as one that we count."""
    root, after = tmp_path / "team", undisturbed["merge"]
    shutil.copytree(sources["merge"], root)
    call = [sys.executable, "-m", "custsheet", "-C", str(root), "merge", "--today", "2026-11-16"]
    with subprocess.Popen(call, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not (root / "lock.json").exists():
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode in (130, after.code), err.decode()
    assert b"Traceback" not in err
    assert TeamBench(root).run("verify", "--full").code == 0
    assert facts(root) in (after.before, after.facts)
