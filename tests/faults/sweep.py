"""Let every counted call of a command go wrong in turn, and judge what is left: `sweep.py [--kills N] [COMMAND …]`."""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

sys.path += [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import faulty
import team_bench
from team_bench import MONDAY, TeamBench, run_here

from custsheet.container import atomic
from custsheet.ledger import migrations

LAKE, EAST = "澄湖示例科技", "东屿示例制药"
START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
CHANGED_NOTHING = "什么都没改"
UNREAD = frozenset({"read 王芳.xlsx", "read 李雷.xlsx"})
"""The calls by which the scene's returned files are read."""
STOPPED = {"kill": (), "ENOSPC": (5, 6), "EIO": (2, 4, 5, 6)}
"""With which exit codes a command may stop for a fault; a returned file or a setting may be what cannot be read."""


@dataclass(frozen=True)
class Scene:
    """A command and the workspace in which it is run."""

    name: str
    source: Path
    words: tuple[str, ...]
    prepare: str = ""
    codes: tuple[int, ...] = (0, 3)


@dataclass(frozen=True)
class State:
    """A workspace, as far as two runs must agree about it."""

    ledger: str
    notes: str
    files: dict[str, str]


@dataclass
class Ended:
    """How a run ended."""

    code: int | None
    out: str = ""
    err: str = ""
    seen: list[str] = field(default_factory=list)


# ── the workspaces ──────────────────────────────────────────────────────────────────────────────────


def scenes(bare: Path, issued: Path, folder: Path) -> dict[str, Scene]:
    """Make the workspaces: before `generate`; two copies in the inbox; a conflict that is answered; and before each."""
    faulty.stop_the_clock()
    returned = _copied(issued, folder / "returned")
    returned.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    returned.put("李雷", {("客户", LAKE, "电话"): "13900000002", ("客户", EAST, "电话"): "13900000005"})
    answered = _copied(returned.root, folder / "answered")
    assert answered.run("merge").code == 3
    answered.answer("claim:0", otherwise="base")
    return {
        "generate": Scene("generate", bare, ("generate",)),
        "merge": Scene("merge", returned.root, ("merge",)),
        "resolve": Scene("resolve", answered.root, ("resolve",)),
        "backup": Scene("backup", returned.root, ("backup",)),
        "migrate": Scene("migrate", returned.root, ("status",), prepare="next_layout"),
        "restore": Scene("restore", answered.root, ("restore", str(Path("backups") / _only_backup(answered.root)))),
    }


def _copied(source: Path, target: Path) -> TeamBench:
    shutil.copytree(source, target)
    return TeamBench(target)


def _only_backup(root: Path) -> str:
    (found,) = (root / "backups").glob("ledger-*.db")
    return found.name


# ── one run ─────────────────────────────────────────────────────────────────────────────────────────


class Sweep:
    """Runs of one scene, each in a fresh copy of its workspace."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.folder = scene, folder
        self.points: Counter[str] = Counter()
        self.problems: list[str] = []
        self._context: Any = multiprocessing.get_context(START)
        if START == "forkserver":  # whose server finds modules by the environment alone
            here = Path(__file__).resolve()
            os.environ["PYTHONPATH"] = os.pathsep.join([str(here.parent), str(here.parents[1]), str(here.parents[2])])
            self._context.set_forkserver_preload(["faulty", "preloaded"])
        self.loud = False
        self.before = state(self._fresh())
        self.untouched = contents(self.scene.source)
        self.whole = self.apart(self._fresh(), "none", 0)
        assert self.whole.code in scene.codes, self.whole
        self.after, self.rows_after = state(self.folder / "team"), _rows(self.folder / "team")

    def _fresh(self) -> Path:
        root = self.folder / "team"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.scene.source, root)
        return root

    def words(self, root: Path) -> list[str]:
        """Return the command line of the scene."""
        command, *rest = (str(root / w) if w.startswith("backups") else w for w in self.scene.words)
        return ["-C", str(root), command, *rest, "--today", MONDAY]

    def start(self, root: Path, kind: str, at: int) -> tuple[BaseProcess, Path]:
        """Start the command in a process of its own."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        given = (str(root), kind, at, self.words(root), str(out), self.scene.prepare)
        process = self._context.Process(target=faulty.run, args=given)
        process.start()
        return process, out

    def apart(self, root: Path, kind: str, at: int) -> Ended:
        """Run the command to its end, whatever that is."""
        return ended(*self.start(root, kind, at))

    def fault(self, kind: str, at: int) -> bool:
        """Let the n-th call go wrong and judge; False where the command passed before it came to that."""
        root = self._fresh()
        done = self.apart(root, kind, at)
        if done.code is not None and len(done.seen) < at:
            return False
        self.points[kind] += 1
        call = (done.seen or self.whole.seen)[at - 1]
        where = f"{self.scene.name} {kind} {at} [{call}]"
        if kind == "EIO" and self.scene.name == "merge" and call in UNREAD:
            self.judge_unread(root, done, call.partition(" ")[2], where)
        else:
            self.judge(root, done, kind, where)
        return True

    def kill_after(self, seconds: float) -> None:
        """Kill the command at a moment."""
        root = self._fresh()
        process, out = self.start(root, "none", 0)
        time.sleep(seconds)
        process.kill()
        done = ended(process, out)
        self.points["moment"] += 1
        self.judge(root, done, "kill", f"{self.scene.name} killed after {seconds:.4f} s")

    # ── judging ─────────────────────────────────────────────────────────────────────────────────────

    def judge(self, root: Path, done: Ended, kind: str, where: str) -> None:
        """Note whatever does not hold after a run that was disturbed, and after the next plain one.

        Where not one byte differs from before, the next run is the undisturbed one.
        """
        found = list(self._said(done, kind))
        if contents(root) != self.untouched:
            found += self._left(root, done)
            age(root)
            found += self.in_step(lambda: self._again(root))
        for problem in found:
            self.problems.append(f"{where}: {problem}")
            if self.loud:
                say(self.problems[-1])

    def judge_unread(self, root: Path, done: Ended, name: str, where: str) -> None:
        """A returned file that the disk does not give hinders no other: it is named, and the next run takes it in."""
        is_said = done.code == 6 and name in done.out
        found = [] if is_said else [f"exit {done.code}, {name} not named: {done.out[-300:]}"]
        found += list(_whole(root))
        second = run_here(*self.words(root))
        if second.code not in self.scene.codes:
            found.append(f"the next run ends with {second.code}: {second.err[-300:]}")
        if _rows(root) != self.rows_after:
            found.append("the next run leaves other rows")
        for problem in found:
            self.problems.append(f"{where}: {problem}")
            if self.loud:
                say(self.problems[-1])

    def _said(self, done: Ended, kind: str) -> Iterator[str]:
        if kind != "kill" and done.code not in (*STOPPED[kind], *self.scene.codes):
            yield f"exit {done.code}: {done.err[-300:]}"
        if "Traceback" in done.err:
            yield f"traceback {done.err[-300:]}"

    def _left(self, root: Path, done: Ended) -> Iterator[str]:
        now = state(root)
        if now.ledger not in (self.before.ledger, self.after.ledger):
            yield "the ledger is neither as before nor as after"
        if done.code in self.scene.codes and done.code is not None and now.ledger != self.after.ledger:
            yield "acknowledged, and not there"
        if CHANGED_NOTHING in done.err and now.ledger != self.before.ledger:
            yield f"says that nothing was changed: {done.err[-200:]}"
        yield from list(_whole(root)) if _layout(root) == 1 else self.in_step(lambda: list(_whole(root)))
        for name, digest in now.files.items():
            if not _passing(name) and digest not in (self.before.files.get(name), self.after.files.get(name)):
                yield f"half a file: {name}"

    def _again(self, root: Path) -> list[str]:
        if _settled(state(root)) == _settled(self.after):  # all was done but the telling: next would be a second run
            return []
        found = []
        second = run_here(*self.words(root))
        if second.code not in self.scene.codes:
            found.append(f"the next run ends with {second.code}: {second.err[-300:]}")
        now = state(root)
        found += ["the next run leaves another ledger"] * (now.ledger != self.after.ledger)
        found += ["the next run leaves other notes"] * (now.notes != self.after.notes)
        for name in sorted(set(now.files) | set(self.after.files)):
            if now.files.get(name) != self.after.files.get(name) and not _backup(name):
                found.append(f"the next run leaves {name}")
        return found

    def in_step(self, act: Callable[[], Any]) -> Any:
        """Do something as the program of the scene would: the later one where there is a later layout."""
        steps = list(migrations.STEPS)
        if self.scene.prepare:
            getattr(faulty, self.scene.prepare)()
        try:
            return act()
        finally:
            migrations.STEPS[:] = steps


def ended(process: BaseProcess, out: Path) -> Ended:
    """Wait for a run and read what it left."""
    process.join(60)
    assert process.exitcode is not None, "hangs"
    if process.exitcode:
        return Ended(None)
    texts = {name: (out / name).read_text(encoding="utf-8") for name in ("code", "out", "err", "seen")}
    return Ended(int(texts["code"]), texts["out"], texts["err"], texts["seen"].splitlines())


def _rows(root: Path) -> str:
    """Return the digest of the rows as the last revision left them."""
    with closing(sqlite3.connect(root / "ledger.db")) as connection:
        return str(connection.execute("SELECT state_digest FROM revision ORDER BY number DESC LIMIT 1").fetchone()[0])


def _layout(root: Path) -> int:
    with closing(sqlite3.connect(root / "ledger.db")) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def contents(root: Path) -> dict[str, str]:
    """Return the digest of every file below a folder."""
    files = (p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def state(root: Path) -> State:
    """Read what a workspace holds."""
    path = root / "ledger.db"
    with closing(sqlite3.connect(path)) as connection:
        names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows = {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in names}
        version = connection.execute("PRAGMA user_version").fetchone()
    notes = [row for row in rows["meta"] if row[0].startswith("note:")]
    rows["meta"] = [row for row in rows["meta"] if row not in notes]
    files = contents(root)
    files.pop("ledger.db")
    return State(repr((version, rows)), repr(notes), files)


def _settled(found: State) -> State:
    return State(found.ledger, found.notes, {n: d for n, d in found.files.items() if not _passing(n)})


def _backup(name: str) -> bool:
    return name.startswith("backups/") and name.endswith(".db")


def _passing(name: str) -> bool:
    """What a killed run may leave: temporary files, the note of who writes, backups that are judged by themselves."""
    last = name.rpartition("/")[2]
    return last.startswith(atomic.PREFIX) or last in ("lock.json", "ledger.db-journal") or name.endswith(".db")


def _whole(root: Path) -> Iterator[str]:
    """Open and check the ledger and every backup, as `verify --full` does."""
    done = run_here("-C", root, "verify", "--full", "--today", MONDAY)
    if done.code:
        yield f"verify --full: {done.out}{done.err}"
    for path in root.rglob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                yield f"not whole: {path.name}"


def age(root: Path) -> None:
    """Let two days pass for what a killed run left lying."""
    for path in root.rglob(f"{atomic.PREFIX}*"):
        os.utime(path, (time.time() - 172_800,) * 2)


# ── all of it ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def workspaces() -> Iterator[dict[str, Scene]]:
    """Make the sample team in memory where the system has such a place: thousands of copies of it are written."""
    fast = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as name:
        yield made(Path(name))


def made(folder: Path) -> dict[str, Scene]:
    """Make the sample team and its scenes below a folder."""
    os.environ["LOGNAME"] = team_bench.MANAGER
    faulty.stop_the_clock()
    bench = TeamBench(folder / "bare" / "team")
    bench.root.parent.mkdir()
    assert run_here("new", bench.root, "--schema", "follow-up").code == 0
    for name, text in (("members", team_bench.MEMBERS), ("customers", team_bench.CUSTOMERS)):
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        call = ("members", "import", path) if name == "members" else ("import", path, "--table", name)
        assert bench.run(*call).code == 0
    issued = _copied(bench.root, folder / "issued")
    assert issued.run("generate").code == 0
    return scenes(bench.root, issued.root, folder)


def sweep(
    scene: Scene, kinds: Sequence[str], chosen: Callable[[int], bool] = lambda _: True, *, loud: bool = False
) -> Sweep:
    """Let calls 1, 2, … go wrong until the command passes; those that are not chosen are passed over."""
    folder = scene.source.parent / f"sweep-{scene.name}"
    folder.mkdir(exist_ok=True)
    run = Sweep(scene, folder)
    run.loud = loud
    for kind in kinds:
        at = 1
        while not chosen(at) or run.fault(kind, at):
            at += 1
            if at > 2 * len(run.whole.seen) + 20:
                break
    return run


def kill_at_random(scene: Scene, count: int, seed: int) -> Sweep:
    """Kill a command at random moments of its way."""
    folder = scene.source.parent / f"kill-{scene.name}"
    folder.mkdir(exist_ok=True)
    run, moments = Sweep(scene, folder), random.Random(seed)
    started = time.perf_counter()
    run.apart(run._fresh(), "none", 0)
    lasts = time.perf_counter() - started
    for _ in range(count):
        run.kill_after(moments.random() * lasts * 1.05)
    return run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--kind", action="append", choices=faulty.KINDS)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th call")
    parser.add_argument("--calls", action="store_true", help="list the counted calls only")
    parser.add_argument("commands", nargs="*")
    given = parser.parse_args()
    problems: list[str] = []
    with workspaces() as all_scenes:
        chosen = {n: s for n, s in all_scenes.items() if not given.commands or n in given.commands}
        for name, scene in chosen.items():
            kinds = () if given.calls else given.kind or faulty.KINDS
            run = sweep(scene, kinds, lambda at: at % given.every == 0, loud=True)
            say(f"{name}: {len(run.whole.seen)} counted calls, {dict(run.points)}, {len(run.problems)} problems")
            if given.calls:
                say("\n".join(f"{n} {call}" for n, call in enumerate(run.whole.seen, 1)))
            problems += run.problems
        if given.kills and not given.calls:
            share = -(-given.kills // len(chosen))
            for number, (name, scene) in enumerate(chosen.items()):
                run = kill_at_random(scene, share, seed=number)
                say(f"{name}: killed at {share} random moments, {len(run.problems)} problems")
                say("\n".join(run.problems))
                problems += run.problems
    say(f"{len(problems)} problems in all")
    return bool(problems)


def say(text: str) -> None:
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
