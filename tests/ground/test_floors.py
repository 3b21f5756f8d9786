"""The house: imports go down only, and the rule that says so can fail."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from ground_calls import PROJECT

RULES = PROJECT / ".importlinter"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Hold the contracts against the package that lies in a folder."""
    call = [str(Path(sysconfig.get_path("scripts")) / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(call, cwd=root, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom, packages of others included."""
    return grimp.build_graph("custsheet", include_external_packages=True, cache_dir=None)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package with its rules, to be spoilt."""
    shutil.copytree(PROJECT / "custsheet", tmp_path / "custsheet", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(RULES, tmp_path)
    return tmp_path


def test_imports_go_down_only() -> None:
    """Every contract of .importlinter is kept by the package as it stands."""
    done = lint(PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "wrong", "contract"),
    [
        ("errors.py", "custsheet.messages", "Imports go down only"),
        ("intake/__init__.py", "custsheet.workspace", "Imports go down only"),
        ("books/__init__.py", "custsheet.intake", "Imports go down only"),
        ("workspace/__init__.py", "click", "Only the command line knows click"),
        ("books/__init__.py", "openpyxl", "Only xlsx knows openpyxl"),
        ("intake/__init__.py", "pandera", "Only checks knows pandera"),
        ("schema/__init__.py", "sqlalchemy", "Only the ledger knows SQLAlchemy"),
    ],
)
def test_one_wrong_import_is_refused(tree: Path, file: str, wrong: str, contract: str) -> None:
    """A single import that goes up, sideways or to somebody else's package breaks the contract that forbids it."""
    with (tree / "custsheet" / file).open("a", encoding="utf-8") as spoilt:
        spoilt.write(f"\nimport {wrong}\n")
    done = lint(tree)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"^{contract}.* BROKEN$", done.stdout, re.MULTILINE), done.stdout


def test_every_room_stands_on_a_floor(graph: grimp.ImportGraph) -> None:
    """A module that no layer names could import anything: there is none."""
    rules = configparser.ConfigParser()
    rules.read(RULES, encoding="utf-8")
    floors = set(re.findall(r"custsheet\.\w+", rules["importlinter:contract:floors"]["layers"]))
    assert graph.find_children("custsheet") - floors == set()


@pytest.mark.parametrize(
    ("package", "room"),
    [("click", "cli"), ("openpyxl", "xlsx"), ("pandera", "checks"), ("sqlalchemy", "ledger"), ("jinja2", "templating")],
)
def test_a_package_is_known_in_one_room(graph: grimp.ImportGraph, package: str, room: str) -> None:
    """The whole package but one room goes without it, the rooms that the contracts do not list included."""
    importers = graph.find_modules_that_directly_import(package)
    assert importers
    assert {name.split(".")[1] for name in importers} == {room}


def test_every_package_that_is_imported_is_declared(graph: grimp.ImportGraph) -> None:
    """Nothing is imported that comes only because something else needs it."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w.-]", need)[0].lower() for need in project["dependencies"]}
    ours = {name for name in graph.modules if name.split(".")[0] == "custsheet"}
    others = {name.split(".")[0] for name in graph.modules - ours} - sys.stdlib_module_names
    names = packages_distributions()
    # pydantic is made of pydantic_core, pins it, and sends to it for its own errors
    found = {other: {name.lower() for name in names.get(other, [other])} for other in others - {"pydantic_core"}}
    assert {other: at for other, at in found.items() if not at & declared} == {}
