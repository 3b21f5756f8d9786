"""Programs outside of Python that several folders of tests drive."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from deals_bench import deals  # noqa: F401
from pg_bench import cable, new_database, own_server, server, server_folder  # noqa: F401
from team_bench import (  # noqa: F401
    apart_fixture,
    bare,
    bare_root,
    database,
    issued_root,
    run_fixture,
    sample_manager,
    team,
    team_of_others,
)

_DRIVER = Path(__file__).resolve().parent / "clients" / "lo.py"
_SYSTEM_PYTHON = "/usr/bin/python3"


Opened = tuple[Path, Path, Sequence[Sequence[Any]]]
"""A workbook to open, where to save it as xlsx, and what to do in it in between (the verbs of clients/lo.py)."""


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., None]:
    """Open workbooks in one LibreOffice, edit each as a person would (clients/lo.py tells the verbs), save as xlsx."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: soffice is not on the path")
    if subprocess.run([_SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        pytest.skip("needs python3-uno: /usr/bin/python3 cannot import uno")

    def run(opened: Sequence[Opened], locale: str = "en-US") -> None:
        folder = tmp_path_factory.mktemp("office")
        files = [{"source": str(path), "target": str(target), "edits": list(acts)} for path, target, acts in opened]
        job = {"locale": locale, "profile": str(folder / "profile"), "files": files}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        call = [_SYSTEM_PYTHON, str(_DRIVER), str(folder / "job.json")]
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=1200)
        assert done.returncode == 0, done.stderr

    return run
