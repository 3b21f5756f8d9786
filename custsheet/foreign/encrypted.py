"""Open a workbook that was saved with a password, in a child process: its container is a stranger's too."""

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


def unlock(data: bytes, passwords: Sequence[str]) -> bytes:
    """Return the workbook inside; FileRefused `E_PASSWORD` where no password fits, `E_DAMAGED` where it is broken.

    The passwords go to the child by its standard input: no other program of this machine can see them.
    """
    tried = json.dumps(list(dict.fromkeys(passwords))[:MOST_PASSWORDS]).encode()
    answer = run_child("custsheet.foreign.encrypted", (), tried + b"\n" + data, ChildLimits(seconds=120))
    if answer[:1] == _NONE:
        raise FileRefused("E_PASSWORD")
    if answer[:1] != _FITS:
        raise FileRefused("E_DAMAGED", format="xlsx", reason="encryption")
    return answer[1:]


def main(memory: str) -> None:
    """The child's side: passwords in the first line of standard input, then the file; the workbook comes out."""
    machine.limit_memory(int(memory))
    first, _, data = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(_opened(data, json.loads(first)))


def _opened(data: bytes, passwords: Sequence[str]) -> bytes:
    from msoffcrypto import OfficeFile, exceptions  # noqa: PLC0415  # the child's alone

    for password in passwords:
        found = io.BytesIO()
        try:
            office = OfficeFile(io.BytesIO(data))
            office.load_key(password=password, verify_password=True)
            office.decrypt(found, verify_integrity=True)
        except exceptions.InvalidKeyError:
            continue
        except BaseException:  # whatever a damaged container makes a library say
            return _BROKEN
        return _FITS + found.getvalue()
    return _NONE


if __name__ == "__main__":
    main(sys.argv[1])
