"""A file is replaced whole or stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import custsheet
from custsheet.container import atomic
from custsheet.errors import DiskError

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(custsheet.__file__).parents[1])}


def refuse_renames(monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Let the system refuse the next renames, as Windows does for a file in use; return the list that counts tries."""
    tries: list[int] = []
    real = Path.replace

    def replace(self: Path, to: Path) -> Path:
        tries.append(1)
        if len(tries) <= times:
            raise PermissionError(13, "in use")
        return real(self, to)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(atomic, "_PAUSES", (0.0,) * 5)
    return tries


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """New and old targets hold exactly the bytes, and nothing is left beside them."""
    target = tmp_path / "客户跟进_王芳_2026-W47.xlsx"
    for data in (b"one" * 1000, b"two", b""):
        atomic.write_file(target, data)
        assert target.read_bytes() == data
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_held_open_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rename that is refused, as on Windows while Excel has the file, is tried again, five times."""
    target = tmp_path / "report.xlsx"
    tries = refuse_renames(monkeypatch, 5)
    atomic.write_file(target, b"new")
    assert (target.read_bytes(), len(tries), list(tmp_path.iterdir())) == (b"new", 6, [target])


def test_a_file_that_stays_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When patience ends the old file stands, nothing is left beside it, and the exit code is 6."""
    target = tmp_path / "report.xlsx"
    target.write_bytes(b"old")
    refuse_renames(monkeypatch, 99)
    with pytest.raises(DiskError) as stopped:
        atomic.write_file(target, b"new")
    assert (stopped.value.code, stopped.value.exit_code, stopped.value.facts) == (
        "FILE_OPEN",
        6,
        {"file": "report.xlsx"},
    )
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"old", [target])


def test_patience_lasts_two_seconds() -> None:
    """Five more tries over two seconds: longer than a virus scanner, shorter than a person's doubt."""
    assert (len(atomic._PAUSES), sum(atomic._PAUSES)) == (5, pytest.approx(2.0))


def test_a_folder_that_is_not_there_is_the_disk_s_refusal(tmp_path: Path) -> None:
    """Writing below a missing folder is a DiskError that names the file."""
    with pytest.raises(DiskError) as stopped:
        atomic.write_file(tmp_path / "nowhere" / "report.xlsx", b"x")
    assert (stopped.value.code, stopped.value.facts["file"]) == ("DISK_WRITE", "report.xlsx")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device"), "DISK_FULL"),
        (PermissionError(13, "Permission denied"), "DISK_DENIED"),
        (OSError(30, "Read-only file system"), "DISK_DENIED"),
        (OSError(5, "Input/output error"), "DISK_WRITE"),
    ],
)
def test_refusals_of_the_system_have_their_code(error: OSError, code: str) -> None:
    """No room, no right and no disk are told apart."""
    assert atomic.disk_error(error, Path("report.xlsx")).code == code


def test_old_temporary_files_are_swept(tmp_path: Path) -> None:
    """What a killed run left is removed once it is old; fresh ones and files of others stay."""
    old, fresh, other = (tmp_path / name for name in (".custsheet-a.tmp", ".custsheet-b.tmp", "note.tmp"))
    for path, age in ((old, 90_000), (fresh, 10), (other, 90_000)):
        path.write_bytes(b"")
        os.utime(path, (time.time() - age,) * 2)
    assert atomic.sweep(tmp_path, time.time() - 86_400) == 1
    assert sorted(tmp_path.iterdir()) == [fresh, other]


def test_a_killed_write_tears_nothing(tmp_path: Path) -> None:
    """A run killed while it replaces a file again and again leaves one whole version of it."""
    target = tmp_path / "report.xlsx"
    atomic.write_file(target, b"0" * 2_000_000)
    script = (
        "import sys, itertools, pathlib\nfrom custsheet.container.atomic import write_file\nprint('on', flush=True)\n"
        "for n in itertools.count(): write_file(pathlib.Path(sys.argv[1]), str(n % 10).encode() * 2_000_000)"
    )
    for pause in (0.02, 0.05, 0.11):
        command = [sys.executable, "-c", script, str(target)]
        with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(pause)
            process.kill()
        data = target.read_bytes()
        assert (len(data), len(set(data))) == (2_000_000, 1)
