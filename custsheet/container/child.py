"""Let a module work on bytes in a process of its own, which is ended when it takes too long."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from custsheet.errors import FileRefused


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may take."""

    seconds: float = 60
    memory: int = 1 << 30
    """Bytes of address space; the child sets it itself before it reads anything."""
    output: int = 400 << 20


def run_child(module: str, arguments: tuple[str, ...], data: bytes, limits: ChildLimits | None = None) -> bytes:
    """Run `python -m module` with `data` on its standard input and return its standard output.

    A child that crashes, is killed or takes too long refuses the file (`E_CHILD`); it cannot harm this process.
    """
    limits = limits or ChildLimits()
    call = [sys.executable, "-m", module, *arguments, str(limits.memory)]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(  # noqa: S603  # our own module under our own interpreter
            call, input=data, capture_output=True, timeout=limits.seconds, check=False, creationflags=hidden
        )
    except subprocess.TimeoutExpired:
        raise FileRefused("E_CHILD", reason=f"> {limits.seconds:.0f} s") from None
    if done.returncode != 0 or len(done.stdout) > limits.output:
        raise FileRefused("E_CHILD", reason=f"exit {done.returncode}")
    return done.stdout
