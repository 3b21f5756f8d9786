"""One team for all programs; each program runs once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from client_bench import ClientTeam, Returned, make
from client_programs import PROGRAMS

From = Callable[[str], Mapping[tuple[str, str], Returned]]


@pytest.fixture(scope="session")
def client_team(tmp_path_factory: pytest.TempPathFactory, sample_manager: None) -> ClientTeam:
    """The Chinese team of the client test."""
    return ClientTeam.make(tmp_path_factory.mktemp("clients") / "team", "zh")


@pytest.fixture(scope="session")
def saved_by(client_team: ClientTeam, tmp_path_factory: pytest.TempPathFactory) -> From:
    """Let a program save the team's copy; skips with the name of what is missing."""

    @cache
    def run(name: str) -> Mapping[tuple[str, str], Returned]:
        program = PROGRAMS[name]
        if missing := program.missing():
            pytest.skip(f"needs {missing}")
        return make(program, client_team, tmp_path_factory.mktemp(name))

    return run
