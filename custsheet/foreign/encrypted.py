"""Open a workbook that has a password, in a child process: its container is a stranger's too. And lock one of ours."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence

from custsheet import machine
from custsheet.container.child import ChildLimits, run_child
from custsheet.errors import FileRefused

MOST_PASSWORDS = 200
_FITS, _NONE, _BROKEN = b"K", b"P", b"D"


def unlock(data: bytes, passwords: Sequence[str]) -> tuple[bytes, str]:
    """Return the workbook inside and the password that opened it.

    FileRefused `E_PASSWORD` where none fits, `E_DAMAGED` where the container is broken.

    The passwords go to the child by its standard input: no other program of this machine can see them.
    """
    given = list(dict.fromkeys(passwords))[:MOST_PASSWORDS]
    tried = json.dumps(given).encode()
    answer = run_child("custsheet.foreign.encrypted", (), tried + b"\n" + data, ChildLimits(seconds=120))
    if answer[:1] == _NONE:
        raise FileRefused("E_PASSWORD")
    if answer[:1] != _FITS:
        raise FileRefused("E_DAMAGED", format="xlsx", reason="encryption")
    at, _, inside = answer[1:].partition(b" ")
    return inside, given[int(at)]


def lock(data: bytes, password: str) -> bytes:
    """Return one of our workbooks with a password to open it, as Excel saves it (ECMA-376 agile)."""
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415  # seldom wanted

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def main(memory: str) -> None:
    """The child's side: passwords in the first line of standard input, then the file; the workbook comes out."""
    machine.limit_memory(int(memory))
    first, _, data = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(_opened(data, json.loads(first)))


def _opened(data: bytes, passwords: Sequence[str]) -> bytes:
    from msoffcrypto import OfficeFile, exceptions  # noqa: PLC0415  # the child's alone

    for at, password in enumerate(passwords):
        found = io.BytesIO()
        try:
            office = OfficeFile(io.BytesIO(data))
            office.load_key(password=password, verify_password=True)
            office.decrypt(found, verify_integrity=True)
        except exceptions.InvalidKeyError:
            continue
        except BaseException:  # whatever a damaged container makes a library say
            return _BROKEN
        return _FITS + b"%d " % at + found.getvalue()
    return _NONE


if __name__ == "__main__":
    main(sys.argv[1])
