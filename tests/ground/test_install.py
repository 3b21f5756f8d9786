"""A wheel and an editable install both carry the templates and the schemas with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from ground_calls import PROJECT
from hatchling.builders.sdist import SdistBuilder

CUSTOMERS = (
    "客户名称,联系人,电话,客户状态,下次跟进时间,负责人\n澄湖示例科技,林晓,13800000001,意向客户,2026-11-20,王芳\n"
)
WHERE = """
import json, custsheet.templating as t, custsheet.schema.shipped as s
print(json.dumps([t.__file__, str(t.folder()), str(s.builtin("follow-up")), list(s.builtin_names())]))
"""
START = """
from custsheet.cli.main import main
for call in (
    "members add 王芳 --role sales -C X",
    "import list.csv --table customers -C X",
    "generate -C X --today 2026-11-16",
):
    try:
        main(call.split())
    except SystemExit as left:
        assert left.code == 0, call
"""
RUNS = ("wheel", "editable")


def _run(call: list[str], cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(call, cwd=cwd, env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.stdout.decode("utf-8", "replace")


@dataclass(frozen=True)
class Installed:
    """One installation: how Python is started so that it sees this one, from a folder elsewhere."""

    cwd: Path
    home: Path
    flags: tuple[str, ...]
    path: str

    def python(self, *args: str) -> str:
        """Run Python in a folder elsewhere."""
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        env = {**kept, "PYTHONIOENCODING": "utf-8", **({"PYTHONPATH": self.path} if self.path else {})}
        return _run([sys.executable, *self.flags, *args], self.cwd, env)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the tree as it stands."""
    out = tmp_path_factory.mktemp("dist")
    call = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(PROJECT)]
    _run(call, out, dict(os.environ))
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip unpacked the wheel."""
    target = tmp_path_factory.mktemp("site")
    call = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    _run(call, target, {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    return target


@pytest.fixture
def installed(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Installed:
    """The wheel, or the editable install of this environment."""
    if request.param == "editable":
        return Installed(tmp_path, PROJECT, (), "")
    # -S: no .pth file is read, so the checkout is not on the path; the other packages come by name of their folder
    return Installed(tmp_path, site, ("-S",), os.pathsep.join([str(site), sysconfig.get_path("purelib")]))


def test_the_wheel_holds_every_template_and_schema(wheel: Path) -> None:
    """Each file of templates/ and schemas/ stands in the wheel's _data, each module beside it, and no test."""
    names = set(zipfile.ZipFile(wheel).namelist())
    data = [p for folder in ("templates", "schemas") for p in (PROJECT / folder).rglob("*") if p.is_file()]
    assert data
    assert {f"custsheet/_data/{p.relative_to(PROJECT).as_posix()}" for p in data} <= names
    assert {p.relative_to(PROJECT).as_posix() for p in (PROJECT / "custsheet").rglob("*.py")} <= names
    assert {name.split("/")[0] for name in names} == {"custsheet", f"{wheel.name.rsplit('-', 3)[0]}.dist-info"}


def test_the_sdist_holds_the_sources_alone() -> None:
    """What goes into the sdist can build the wheel, and nothing that a tool downloaded is in it."""
    paths = {file.distribution_path for file in SdistBuilder(str(PROJECT)).recurse_included_files()}
    assert {"LICENSE", "README.md", "schemas/follow-up.yaml", "templates/guide.zh.txt.j2"} <= paths
    assert sorted(path for path in paths if "node_modules" in path) == []


@pytest.mark.parametrize("installed", RUNS, indirect=True)
def test_the_data_is_found_where_it_was_installed(installed: Installed) -> None:
    """Templates and schemas are found beside the installed package, from a folder elsewhere."""
    module, templates, schema, known = json.loads(installed.python("-c", WHERE))
    data = installed.home if installed.home == PROJECT else installed.home / "custsheet" / "_data"
    assert Path(module) == installed.home / "custsheet" / "templating.py"
    assert (Path(templates), Path(schema)) == (data / "templates", data / "schemas" / "follow-up.yaml")
    assert set(known) == {p.stem for p in (PROJECT / "schemas").glob("*.yaml")}


@pytest.mark.parametrize("installed", RUNS, indirect=True)
def test_a_team_starts_from_an_installed_package(installed: Installed) -> None:
    """new, members, import and generate run elsewhere, and the copy's guide holds the template's advice."""
    (installed.cwd / "list.csv").write_text(CUSTOMERS, encoding="utf-8")
    installed.python("-m", "custsheet", "new", "X", "--schema", "follow-up", "--lang", "zh")
    installed.python("-c", START)
    [copy] = (installed.cwd / "X" / "rounds" / "2026-W47" / "outbox").glob("*.xlsx")
    cells = {cell for row in openpyxl.load_workbook(copy)["说明"].iter_rows(values_only=True) for cell in row if cell}
    advice = (PROJECT / "templates" / "guide.zh.txt.j2").read_text(encoding="utf-8").splitlines()
    assert {line for line in advice if line and "{" not in line} & cells


def test_both_ways_have_a_program(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel and the environment of these tests both bring the program `custsheet`."""
    there = [next((site / "bin").glob("custsheet*")), *Path(sysconfig.get_path("scripts")).glob("custsheet*")]
    monkeypatch.setenv("PYTHONPATH", str(site))
    for program in there:
        assert _run([str(program), "--version"], tmp_path, dict(os.environ)).startswith("custsheet")
