"""What the tests of bad inputs share: a bad file beside a good one, and everything that has to hold of it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from bad_bench import BadBench
from team_bench import TeamBench

MANY = 24


@pytest.fixture
def bad(team: TeamBench) -> BadBench:
    """The sample team, in whose inbox something is wrong."""
    return BadBench(team)


@pytest.fixture(scope="session")
def crowd_root(bare_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample team with so many customers that shares of rows mean something; copied, never worked in."""
    root = tmp_path_factory.mktemp("crowd") / "team"
    shutil.copytree(bare_root, root)
    lines = [f"群体示例{n:02}号,联系{n:02},138000010{n:02},潜在客户,2026-11-23,打电话,王芳" for n in range(MANY)]
    path = root.parent / "more.csv"
    path.write_text(
        "\n".join(["客户名称,联系人,电话,客户状态,下次跟进时间,下次跟进内容,负责人", *lines]), encoding="utf-8"
    )
    for call in (("import", path, "--table", "customers"), ("generate",)):
        done = TeamBench(root).run(*call)
        assert done.code == 0, done.out + done.err
    return root


@pytest.fixture
def crowd(crowd_root: Path, tmp_path: Path) -> BadBench:
    """The sample team with some two dozen customers more."""
    shutil.copytree(crowd_root, tmp_path / "crowd")
    return BadBench(TeamBench(tmp_path / "crowd"))


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], bytes]:
    """A workbook of the corpus that real clients saved."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"

    def read(name: str) -> bytes:
        if not folder.is_dir():
            pytest.skip("needs shared/corpus")
        return (folder / name).read_bytes()

    return read
