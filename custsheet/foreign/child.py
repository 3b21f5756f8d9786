"""The child's side: read one file from standard input, write its grid or the refusal to standard output."""

from __future__ import annotations

import importlib
import json
import sys

from custsheet import machine
from custsheet.errors import FileRefused
from custsheet.foreign import wire

READERS = {"xls": "xls", "xlsb": "xlsb", "ods": "ods", "csv": "csv_text"}


def main(kind: str, name: str, memory: str) -> None:
    """Read standard input as a file of this kind."""
    machine.limit_memory(int(memory))
    data = sys.stdin.buffer.read()
    reader = importlib.import_module(f"custsheet.foreign.{READERS[kind]}")
    try:
        answer = wire.dumps(reader.read(data, name))
    except FileRefused as problem:
        answer = {"code": problem.code, "facts": {k: str(v) for k, v in problem.facts.items()}}
    except MemoryError:
        answer = {"code": "E_CHILD", "facts": {"reason": "memory"}}
    except BaseException as problem:  # a library's complaint or panic about a file: damaged, or nothing that it knows
        answer = {"code": "E_DAMAGED", "facts": {"format": kind, "reason": type(problem).__name__}}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main(*sys.argv[1:4])
