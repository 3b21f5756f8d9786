"""Reading a hostile file stays within its time and memory, within the process, and behind the guard."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("hostile")
SECONDS, MEGABYTES = 2.0, 150.0


def test_no_file_takes_long(hostile: Any) -> None:
    """Each file is read or refused within two seconds of the processor, a million empty styled rows too (P32)."""
    taken = {name: told["seconds"] for name, told in hostile.told.items()}
    assert {name: seconds for name, seconds in taken.items() if not 0 < seconds < SECONDS} == {}


def test_no_file_takes_much_memory(hostile: Any) -> None:
    """Each file is read or refused within 150 MB, Python and this program included (T1-T4)."""
    taken = {name: told["megabytes"] for name, told in hostile.told.items()}
    assert {name: size for name, size in taken.items() if not 0 < size < MEGABYTES} == {}


def test_nobody_is_asked(hostile: Any) -> None:
    """No file makes the reader open a socket or start a program, and nobody knocks where the files point (T2, T11)."""
    assert {name: told["asked"] for name, told in hostile.told.items() if told["asked"]} == {}
    assert not hostile.called


def test_nothing_else_is_opened(hostile: Any) -> None:
    """The one file that is read is all that is opened; what an entity points at stays shut (T2)."""
    for name, told in hostile.told.items():
        outside = [path for path in told["opened"] if not path.endswith((hostile.cases[name]["file"], ".py", ".pyc"))]
        assert outside == [], name
        assert hostile.canary not in told["opened"]
        assert any(path.endswith(hostile.cases[name]["file"]) for path in told["opened"])


def test_no_library_sees_a_workbook(hostile: Any) -> None:
    """Our own reader judges and reads; openpyxl, calamine and their like are not even loaded (T4, T5)."""
    assert {name: told["libraries"] for name, told in hostile.told.items() if told["libraries"]} == {}
