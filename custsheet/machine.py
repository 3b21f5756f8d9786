"""What differs between Windows, macOS and Linux, in one place: who runs this, where a folder lies, what a run takes."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import getpass
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_DRIVE_REMOTE = 4


def whoami() -> dict[str, str]:
    """Return host, process id and user of this run."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user id without a name: containers
        user = "?"
    return {"host": socket.gethostname(), "pid": str(os.getpid()), "user": user}


def make_private(path: Path) -> None:
    """Let only the owner read and write the file; on Windows the folder's rights already say so."""
    if os.name != "nt":
        with contextlib.suppress(OSError):
            path.chmod(0o600)


def file_system(path: Path) -> str:
    """Return the type of the file system that holds `path`, `remote` for a Windows network drive, or `""`."""
    if sys.platform == "win32":
        return _windows_drive(path)
    if sys.platform == "darwin":
        return type_in_mount_output(_darwin_mounts(), path)
    try:
        table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    return type_in_mountinfo(table, path)


def type_in_mountinfo(table: str, path: Path) -> str:
    """Return the type of the mount that holds `path`, from Linux's table of mounts."""
    mounts: dict[str, str] = {}
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        columns = left.split(" ")
        if len(columns) > 4 and right:
            mounts[columns[4].encode().decode("unicode_escape")] = right.split(" ")[0]
    return _deepest(mounts, path)


def type_in_mount_output(output: str, path: Path) -> str:
    """Return the type of the mount that holds `path`, from the output of macOS's `mount`."""
    mounts: dict[str, str] = {}
    for line in output.splitlines():
        _, _, rest = line.partition(" on ")
        point, _, options = rest.rpartition(" (")
        if point:
            mounts[point] = options.split(",")[0].rstrip(")")
    return _deepest(mounts, path)


def _deepest(mounts: Mapping[str, str], path: Path) -> str:
    holders = {point: kind for point, kind in mounts.items() if path.is_relative_to(point)}
    return holders[max(holders, key=len)] if holders else ""


def _darwin_mounts() -> str:
    try:
        done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def _windows_drive(path: Path) -> str:
    drive = path.drive
    if not drive.endswith(":"):
        return ""
    windows = getattr(ctypes, "windll")  # noqa: B009 - the attribute exists on Windows only
    return "remote" if windows.kernel32.GetDriveTypeW(drive + "\\") == _DRIVE_REMOTE else ""


def limit_memory(size: int) -> None:
    """Let this process take at most so many bytes of address space, where the system can say so."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # Unix only

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


_MANY = 500_000
"""New objects after which the collector looks through all of them."""


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Spare the garbage collector from going through hundreds of thousands of new cells: none of them is in a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            _aging.go()
        if was_on:
            gc.enable()


class _Aging:
    """Moves what is new to the oldest generation, at no cost; the collector would not look there by itself."""

    def __init__(self) -> None:
        self._moved, self._limit = 0, _MANY

    def go(self) -> None:
        """Move what is new; look through everything once as much came as makes that cheap beside it."""
        self._moved += gc.get_count()[0]
        gc.freeze()
        gc.unfreeze()
        if self._moved > self._limit:
            gc.collect()
            self._moved, self._limit = 0, max(_MANY, 2 * len(gc.get_objects()))


_aging = _Aging()
