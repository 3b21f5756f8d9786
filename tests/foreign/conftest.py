"""Foreign files made by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Let LibreOffice save a workbook in another format."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: soffice is not on the path")
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def run(source: Path, ending: str) -> Path:
        out = tmp_path_factory.mktemp("converted")
        call = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", ending, "--outdir"]
        subprocess.run([*call, str(out), str(source)], capture_output=True, timeout=120, check=True)
        return out / f"{source.stem}.{ending}"

    return run
