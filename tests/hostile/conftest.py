"""The hostile set, made once per session by the program that describes it, and what reading each file came to."""

from __future__ import annotations

import json
import os
import runpy
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve()
PROJECT = HERE.parents[2]
MAKER = PROJECT.parent / "shared" / "reference" / "hostile" / "make_hostile.py"
PORT = 18999
"""To which the generator's files point."""


@dataclass(frozen=True)
class Hostile:
    """The files, what each should come to, and what it came to: by name."""

    cases: dict[str, dict[str, Any]]
    told: dict[str, dict[str, Any]]
    canary: str
    called: bool
    """Whether anybody knocked at the port while the files were read."""

    @property
    def refused(self) -> dict[str, dict[str, Any]]:
        """The cases that must be refused; what is wrong in one cell is for its field to say."""
        return {n: c for n, c in self.cases.items() if c["want"] == "reject" and c["code"].startswith("E_")}

    @property
    def accepted(self) -> dict[str, dict[str, Any]]:
        """The others."""
        return {name: case for name, case in self.cases.items() if name not in self.refused}


@pytest.fixture(scope="session")
def maker() -> dict[str, Any]:
    """The generator's own words: parts of a plain workbook, and how to pack them."""
    if not MAKER.exists():
        pytest.skip("needs shared/reference/hostile")
    return runpy.run_path(str(MAKER))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, maker: dict[str, Any]) -> Hostile:
    """Make the files and read each in a fork of its own (`reading_apart.py`)."""
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, "-W", "ignore", str(MAKER), str(folder)], check=True, capture_output=True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        told = {found["name"]: found for found in _read(folder)}
        called = bool(select.select([listener], [], [], 0)[0])
    return Hostile({case["name"]: case for case in manifest["cases"]}, told, manifest["canary"], called)


def _read(folder: Path) -> Iterator[dict[str, Any]]:
    call = [sys.executable, str(HERE.with_name("reading_apart.py")), str(folder), str(folder / "manifest.json")]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(call, env=environment, capture_output=True, check=True, timeout=600)
    yield from map(json.loads, done.stdout.decode().splitlines())
