"""A sample team made through the command line once, copied for each test; commands in this process and in their own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from custsheet.cli import output
from custsheet.cli.main import main
from custsheet.ledger import opening
from custsheet.model import GridSheet
from custsheet.xlsx.patch import CellEdit, patch
from custsheet.xlsx.read import read_grid

PROJECT = Path(__file__).resolve().parents[1]
ROUND = "2026-W47"
MONDAY = "2026-11-16"
MANAGER = "赵敏"

MEMBERS = """姓名,编号,角色,上级
王芳,wang,sales,赵敏
李雷,li,sales,赵敏
陈晨,chen,sales,赵敏
"""
CUSTOMERS = """客户名称,联系人,电话,客户状态,等级,下次跟进时间,下次跟进内容,负责人,标签,协助人
澄湖示例科技,林晓,13800000001,意向客户,A,2026-11-20,发报价,王芳,展会、转介绍,李雷
远山示例机械,何建,13800000002,潜在客户,B,2026-11-23,打电话,王芳,,
青禾示例食品,吴倩,13800000003,成交客户,C,2026-11-24,回访,王芳,,
北岭示例物流,孙可,13800000004,丢失客户,,,,王芳,,
东屿示例制药,郑一,13800000005,意向客户,A,2026-11-25,拜访,李雷,,
南山示例建材,冯二,13800000006,潜在客户,B,2026-11-26,发资料,李雷,,
西塘示例服装,褚三,13800000007,成交客户,C,2026-11-27,回访,陈晨,,
云溪示例教育,卫四,13800000008,潜在客户,B,2026-11-30,演示,陈晨,,
"""
LOG = """客户,日期,方式,内容,跟进人
澄湖示例科技,2026-11-10,电话,看了演示,王芳
东屿示例制药,2026-11-11,拜访,留了资料,李雷
西塘示例服装,2026-11-12,微信,确认收货,陈晨
"""
OPPORTUNITIES = """商机名称,客户,商机阶段,预期成交金额,预期成交日期,负责人
澄湖年框,澄湖示例科技,方案报价,120000,2026-12-20,王芳
东屿设备,东屿示例制药,需求确认,80000,2026-12-25,李雷
"""


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one document on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def codes(self) -> list[str]:
        """The codes of the document's findings."""
        return [finding["code"] for finding in self.json["findings"]]


def run_here(*args: object, cwd: Path | None = None) -> Done:
    """Run a command in this process and catch how it leaves."""
    out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
    output._state.clear()
    code: object = 0
    try:
        if cwd is not None:
            os.chdir(cwd)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([str(arg) for arg in args])
            except SystemExit as left:
                code = left.code
    finally:
        os.chdir(before)
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())


def run_apart(
    *args: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> Done:
    """Run a command as a process of its own, its output through pipes."""
    done = subprocess.run(
        [sys.executable, "-m", "custsheet", *map(str, args)],
        cwd=cwd or PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": encoding, **(env or {})},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(encoding, "replace"), done.stderr.decode(encoding, "replace"))


Edits = Mapping[tuple[str, str, str], object]
"""(sheet, key of the row, head of the column) → what is typed. The key `+0` is the first spare row, `+1` the next."""


@dataclass
class TeamBench:
    """One workspace of a sample team, and what a manager and members do with it."""

    root: Path
    round: str = ROUND
    today: str = MONDAY

    def run(self, *args: object, today: str = "") -> Done:
        """Run a command in the workspace on the bench's day."""
        return run_here("-C", self.root, *args, "--today", today or self.today)

    def json(self, *args: object, today: str = "") -> dict[str, Any]:
        """Run a command with `--json` and return its document."""
        return self.run(*args, "--json", today=today).json

    def set_ledger(self, where: str) -> None:
        """Change where the settings say that the ledger is."""
        path = self.root / "custsheet.yaml"
        text = re.sub(r"(?m)^ledger:.*$", lambda _: f"ledger: {where}", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")

    def folder(self, name: str, round_name: str = "") -> Path:
        """Return `inbox` or `outbox` of a round."""
        return self.root / "rounds" / (round_name or self.round) / name

    def copy_of(self, member: str, round_name: str = "", number: int = 1) -> Path:
        """Return the copy that was written for a member."""
        suffix = f"-{number}" if number > 1 else ""
        return self.folder("outbox", round_name) / f"客户跟进_{member}_{round_name or self.round}{suffix}.xlsx"

    def edited(self, path: Path, edits: Edits) -> bytes:
        """Return a copy's bytes after a person typed into it."""
        data = path.read_bytes()
        return patch(data, [CellEdit(s, address(data, s, key, head), v) for (s, key, head), v in edits.items()])  # type: ignore[arg-type]

    def put(self, member: str, edits: Edits, name: str = "", *, source: Path | None = None) -> Path:
        """Let a member edit their copy and return it into the inbox."""
        target = self.folder("inbox") / (name or f"{member}.xlsx")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.edited(source or self.copy_of(member), edits))
        return target

    def questions(self, round_name: str = "") -> Path:
        """Return the question workbook of a round."""
        return self.root / "rounds" / (round_name or self.round) / "questions.xlsx"

    def answer(self, choice: str, own: str = "", *, path: Path | None = None, otherwise: str = "") -> None:
        """Choose in every row of the questions, as in the dropdown; `own` is typed where one fills it in."""
        target = path or self.questions()
        book = openpyxl.load_workbook(target)
        page = book.worksheets[0]
        head = next(row for row in page.iter_rows() if any(c.value == "_question" for c in row))
        at = {c.value: c.column for c in head}
        for row in range(head[0].row + 1, page.max_row + 1):
            if page.cell(row, at["_question"]).value:
                shown = json.loads(page.cell(row, at["_choices"]).value)
                page.cell(row, at["你的决定"]).value = shown[choice if choice in shown else otherwise]
                page.cell(row, at["自己填"]).value = own or None
        book.save(target)

    def value(self, label: str, name: str) -> str:
        """Return one value of the ledger as a person would read it."""
        found: str = self.json("show", label)["values"][name]
        return found

    def state(self) -> dict[str, bytes]:
        """Return every file of the workspace but the note of who writes now."""
        files = (p for p in self.root.rglob("*") if p.is_file() and p.name != "lock.json")
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in files}


def sheet_of(data: bytes, name: str) -> GridSheet:
    """Return one sheet of a workbook's bytes."""
    sheet = read_grid(data).sheet(name)
    assert sheet is not None, name
    return sheet


def letters(position: int) -> str:
    """Return the letters of a 0-based column."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def address(data: bytes, sheet_name: str, key: str, head: str) -> str:
    """Return the address of a cell by the row's key (`+0` the first spare row) and the column's head."""
    rows = sheet_of(data, sheet_name).rows
    at = next(i for i, row in enumerate(rows) if any(c is not None and c.raw == "_id" for c in row.cells))
    heads = [cell.raw if cell else "" for cell in rows[at].cells]
    column = heads.index(head)
    if key.startswith("+"):
        input_columns = [i for i, h in enumerate(heads) if h and not h.startswith("_")]
        blank = [r for r in rows[at + 1 :] if not any(_typed(r.cells, i) for i in input_columns)]
        return f"{letters(column)}{blank[int(key[1:])].number}"
    row = next(r for r in rows[at + 1 :] if any(c is not None and c.raw == key for c in r.cells))
    return f"{letters(column)}{row.number}"


def _typed(cells: Sequence[Any], at: int) -> bool:
    return at < len(cells) and cells[at] is not None and cells[at].formula is None


@pytest.fixture(scope="session", autouse=True)
def sample_manager() -> Iterator[None]:
    """The user of the machine is the sample manager, whoever runs the tests."""
    before = os.environ.get("LOGNAME")
    os.environ["LOGNAME"] = MANAGER
    yield
    if before is None:
        del os.environ["LOGNAME"]
    else:
        os.environ["LOGNAME"] = before


@pytest.fixture(scope="session")
def bare_root(tmp_path_factory: pytest.TempPathFactory, sample_manager: None) -> Path:
    """The folder of the team before anything is issued; copied, never worked in."""
    root = tmp_path_factory.mktemp("bare") / "team"
    assert run_here("new", root, "--schema", "follow-up").code == 0
    bench = TeamBench(root)
    for name, text in (
        ("members", MEMBERS),
        ("customers", CUSTOMERS),
        ("log", LOG),
        ("opportunities", OPPORTUNITIES),
    ):
        path = root.parent / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        call = ("members", "import", path) if name == "members" else ("import", path, "--table", name)
        done = bench.run(*call)
        assert done.code == 0, done.out + done.err
    return root


@pytest.fixture(scope="session")
def issued_root(bare_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the team with the copies of a week; copied, never worked in."""
    root = tmp_path_factory.mktemp("issued") / "team"
    shutil.copytree(bare_root, root)
    done = TeamBench(root).run("generate")
    assert done.code == 0, done.out + done.err
    return root


@pytest.fixture
def bare(bare_root: Path, tmp_path: Path) -> TeamBench:
    """A team with rows in its ledger and nothing issued."""
    shutil.copytree(bare_root, tmp_path / "team")
    return TeamBench(tmp_path / "team")


@pytest.fixture
def database() -> str:
    """The team's database; `parametrize("database", ["sqlite", "postgresql"])` runs a test on both."""
    return "sqlite"


@pytest.fixture
def team(issued_root: Path, tmp_path: Path, database: str, request: pytest.FixtureRequest) -> TeamBench:
    """A team on Monday: the copies of 2026-W47 lie in the outbox."""
    shutil.copytree(issued_root, tmp_path / "team")
    bench = TeamBench(tmp_path / "team")
    if database != "sqlite":
        _to_server(bench, request.getfixturevalue("new_database")())
    return bench


def _to_server(bench: TeamBench, address: str) -> None:
    """Bring a team's ledger to a server, without what the commands check on the way."""
    file = bench.root / "ledger.db"
    opening.database(address).restore(file, bench.root / "aside.db")
    bench.set_ledger(address)


@pytest.fixture(scope="session", name="run")
def run_fixture() -> Callable[..., Done]:
    """Run a command in this process."""
    return run_here


@pytest.fixture(scope="session", name="apart")
def apart_fixture() -> Callable[..., Done]:
    """Run a command in a process of its own."""
    return run_apart


@pytest.fixture(scope="session")
def team_of_others(tmp_path_factory: pytest.TempPathFactory, sample_manager: None) -> TeamBench:
    """Another team with members of the same names, which has issued its copies."""
    bench = TeamBench(tmp_path_factory.mktemp("others") / "team")
    assert run_here("new", bench.root, "--schema", "follow-up").code == 0
    path = bench.root.parent / "members.csv"
    path.write_text(MEMBERS, encoding="utf-8")
    for call in (("members", "import", path), ("generate",)):
        done = bench.run(*call)
        assert done.code == 0, done.out + done.err
    return bench
