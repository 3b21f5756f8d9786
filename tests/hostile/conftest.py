"""The hostile set, made once per session by the program that describes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MAKER = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "hostile" / "make_hostile.py"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Folder and cases of the manifest."""
    if not MAKER.exists():
        pytest.skip("needs shared/reference/hostile")
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, "-W", "ignore", str(MAKER), str(folder)], check=True, capture_output=True)
    return folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["cases"]
