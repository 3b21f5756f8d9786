"""What could not be read stays so when a copy is laid out again: a formula written back as text is no text.

Behind the stamp stand, per table and field, the texts that were refused, and why.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence

MARK = "custsheet-unread-1"
_CELL = 8_000
_MOST = 1 << 20

Refusals = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Table → field → text → code."""


def encode(refusals: Refusals) -> tuple[str, ...]:
    """Return the texts of the cells behind the stamp; none where everything could be read."""
    if not refusals:
        return ()
    packed = base64.b64encode(zlib.compress(json.dumps(refusals, sort_keys=True).encode())).decode()
    return (MARK, *(packed[at : at + _CELL] for at in range(0, len(packed), _CELL)))


def decode(cells: Sequence[str]) -> Refusals:
    """Invert `encode`; what is damaged says nothing."""
    if MARK not in cells:
        return {}
    packed = "".join(cells[list(cells).index(MARK) + 1 :])
    try:
        found = json.loads(zlib.decompressobj().decompress(base64.b64decode(packed), _MOST))
        return {str(t): {str(f): dict(texts) for f, texts in fields.items()} for t, fields in found.items()}
    except (ValueError, AttributeError, TypeError, zlib.error):
        return {}
