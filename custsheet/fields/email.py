"""Mail addresses: one per cell, its domain in lower case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from custsheet.fields.base import CellLimit, Constraint, Field, Parsed, Reading, Show, repaired

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(
    rf"(?P<local>[A-Za-z0-9!#$%&*+/=?^_`{{|}}~'-]+(?:\.[A-Za-z0-9!#$%&*+/=?^_`{{|}}~'-]+)*)"
    rf"@(?P<domain>(?:{_LABEL}\.)+[^\W\d_](?:[\w-]*[^\W_]))"
)
_NAMED = re.compile(r"[^<>@]*<([^<>]+)>")
_WRAPPING = " '\"“”‘’;,，；、。<>()"


class EmailField(Field):
    """A mail address."""

    types = ("email",)

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read an address out of full width, `mailto:`, a name before it, blanks inside it."""
        bare = unicodedata.normalize("NFKC", text).replace("。", ".")
        bare = re.sub(r"^\s*(?:mailto|e-?mail|邮箱)\s*:\s*", "", bare, flags=re.IGNORECASE)
        if named := _NAMED.fullmatch(bare.strip()):
            bare = named[1]
        found = _ADDRESS.fullmatch(re.sub(r"\s+", "", bare).strip(_WRAPPING))
        if not found or len(found[0]) > 254 or len(bare.split()) > 3:
            return self.wrong(text, reading)
        address = f"{found['local']}@{found['domain'].lower()}"
        return Parsed(address) if address == text else repaired(address, text, address)

    def show(self) -> Show:
        """Return text."""
        return Show("@", cap=22)

    def limit(self) -> CellLimit | None:
        """Return a length, and red for what has no @ with a point behind it."""
        at = 'FIND("@",{cell})'
        wrong = f'AND({{cell}}<>"",OR(ISERROR(FIND(".",{{cell}},{at}+2)),ISNUMBER(FIND(" ",{{cell}}))))'
        return CellLimit("textLength", low="5", high="254", wrong=wrong)

    def rules(self) -> Sequence[Constraint]:
        """Return the check of addresses."""
        return [Constraint("email")]
