"""Every program that the client matrix drives: its formats, its driver, what it needs, what it cannot do."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custsheet.demo.client_edits import KINDS, Kind

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "tools" / "node_modules"
SYSTEM_PYTHON = "/usr/bin/python3"
CELLS: tuple[Kind, ...] = ("change", "append", "mark")
"""What a program can do that cannot insert or delete rows, or cannot from outside."""
PATIENCE = 300


@dataclass(frozen=True)
class Program:
    """One program, as the tests run it."""

    name: str
    title: str
    formats: tuple[str, ...]
    driver: tuple[str, ...]
    missing: Callable[[], str]
    """What is not there and has to be; empty where it can run."""
    kinds: tuple[Kind, ...] = KINDS
    note: str = ""
    """What a reader of the table should know."""

    def run(self, files: Sequence[dict[str, Any]], folder: Path) -> None:
        """Open, edit and save some files; what the program says where it fails is in the error."""
        job = {"locale": "en-US", "profile": str(folder / "profile"), "files": list(files)}
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        call = [*self.driver[:-1], str(HERE / self.driver[-1]), str(path)]
        env = {**os.environ, "NODE_PATH": str(MODULES)}
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=PATIENCE, env=env)
        if done.returncode:
            raise RuntimeError(f"{self.title}: {done.stderr[-2000:]}")


def _soffice() -> str:
    if shutil.which("soffice") is None:
        return "LibreOffice: soffice is not on the path"
    found = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0
    return "" if found else "python3-uno: /usr/bin/python3 cannot import uno"


def _module(name: str, package: str) -> Callable[[], str]:
    return lambda: "" if importlib.util.find_spec(name) else f"{package}: pip install -e '.[clients]'"


def _spire() -> str:
    fonts = any(Path("/usr/share/fonts/truetype").glob("*/*.ttf"))
    return _module("spire", "Spire.XLS.Free")() or ("" if fonts else "a TrueType font for Spire: fonts-dejavu-core")


def _node(name: str) -> Callable[[], str]:
    def missing() -> str:
        if shutil.which("node") is None:
            return f"Node.js for {name}: node is not on the path"
        return "" if (MODULES / name).is_dir() else f"{name}: npm install in tests/tools"

    return missing


def _ssconvert() -> str:
    return "" if shutil.which("ssconvert") else "Gnumeric: ssconvert is not on the path"


PROGRAMS = {
    program.name: program
    for program in (
        Program("libreoffice", "LibreOffice", ("xlsx", "ods", "xls"), (SYSTEM_PYTHON, "lo.py"), _soffice),
        Program(
            "onlyoffice",
            "ONLYOFFICE",
            ("xlsx", "ods"),
            (sys.executable, "onlyoffice.py"),
            _module("docbuilder", "document-builder"),
            note="its document builder, the engine of its editors",
        ),
        Program("spire", "Spire.XLS", ("xlsx", "ods"), (sys.executable, "spire_xls.py"), _spire,
                note="the free edition; its .xls loses every sheet after the fifth, the stamp among them"),
        Program("gnumeric", "Gnumeric", ("xlsx", "ods"), (sys.executable, "gnumeric.py"), _ssconvert, CELLS,
                note="by ssconvert, which cannot insert or delete rows; a long text with characters beyond the plane"
                     " damages its .xls"),
        Program("openpyxl", "openpyxl", ("xlsx",), (sys.executable, "with_openpyxl.py"), lambda: ""),
        Program("exceljs", "ExcelJS", ("xlsx",), ("node", "exceljs.cjs"), _node("exceljs")),
        Program("sheetjs", "SheetJS", ("xlsx", "ods"), ("node", "sheetjs.cjs"), _node("xlsx"), CELLS,
                note="it cannot insert or delete rows; its .xls cuts every text to 255 characters, the stamp too"),
        Program("excelize", "excelize", ("xlsx",), ("node", "excelize.cjs"), _node("excelize-wasm"),
                note="compiled to wasm"),
    )
}  # fmt: skip
NOT_RUN = ("Excel", "WPS", "Numbers", "Google Sheets")
"""Programs that a test cannot drive: `custsheet doctor --client-test` is for them."""
