"""What the tests of intake share: hands that damage a copy, and LibreOffice's way of saving one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))


@pytest.fixture
def resaved(tmp_path: Path) -> Callable[[Path], bytes]:
    """Let LibreOffice open a workbook and save it as xlsx, nothing typed."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: soffice is not on the path")

    def run(source: Path) -> bytes:
        profile, out = (tmp_path / "profile").as_uri(), tmp_path / "saved"
        call = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir"]
        subprocess.run([*call, str(out), str(source)], capture_output=True, timeout=120, check=True)
        return (out / source.name).read_bytes()

    return run
