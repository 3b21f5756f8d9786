"""Drive ONLYOFFICE's document builder, the engine of its editors: open, do the acts, save."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import docbuilder

ACTS = {
    "text": "s.GetRange({at}).SetNumberFormat('@'); s.GetRange({at}).SetValue({value});",
    "number": "s.GetRange({at}).SetValue({value});",
    "date": "s.GetRange({at}).SetValue({value});",
    "clear": "s.GetRange({at}).Clear();",
    "insert": "s.GetRange({at}).Insert('down');",
    "delete": "s.GetRange({at}).Delete('up');",
}


def main(job_file: str) -> None:
    """Do a job: `{"files": [{"source", "target", "acts"}]}`."""
    for item in json.loads(Path(job_file).read_text(encoding="utf-8"))["files"]:
        process(item["source"], item["target"], item["acts"])


def process(source: str, target: str, acts: list[list[object]]) -> None:
    """Open one workbook, act, save."""
    builder = docbuilder.CDocBuilder()
    if builder.OpenFile(source, ""):
        raise SystemExit(f"ONLYOFFICE did not open {source}")
    for act in acts:
        if not builder.ExecuteCommand(script(*act)):
            raise SystemExit(f"ONLYOFFICE did not do {act}")
    if builder.SaveFile(Path(target).suffix[1:], target):
        raise SystemExit(f"ONLYOFFICE did not save {target}")
    builder.CloseFile()


def script(verb: str, sheet: str, place: object, value: object = None) -> str:
    """Return one act in the words of its macros."""
    at = place if isinstance(place, str) else f"{place}:{place}"
    act = ACTS[verb].format(at=json.dumps(at), value=json.dumps(value))
    return f"(function () {{ var s = Api.GetSheet({json.dumps(sheet)}); {act} }})();"


if __name__ == "__main__":
    main(sys.argv[1])
