"""Whether a copy that came in a saved mail was sent by somebody who may send it (MERGE case 47)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from custsheet.errors import CallError, FileRefused
from custsheet.foreign import fold_address
from custsheet.ledger.records import FileInfo
from custsheet.schema.records import Member
from custsheet.workspace.folder import Folder

CODE = "F_SENDER"
_BETWEEN = re.compile(r"[\s;,<>；，、]+")


def check_sender(folder: Folder, member: str, senders: Sequence[str]) -> None:
    """Refuse a copy, `F_SENDER`, that came from another address than its member's.

    Whoever runs the command and whoever others report to may forward it. A mail that does not say from whom it is,
    and a member without an address, tell nothing.
    """
    team = folder.team.by_id
    person = team.get(member)
    own = _addresses(person)
    if not own or not senders:
        return
    known = own.union(*(_addresses(team.get(who)) for who in folder.team.managers), _addresses(_actor(folder)))
    if not known.issuperset(senders):
        name = person.name if person is not None else member
        raise FileRefused(CODE, member=name, sender=", ".join(senders), email=", ".join(sorted(own)))


def _actor(folder: Folder) -> Member | None:
    """Who runs the command; None where that is nobody of the team, who may still look at files."""
    try:
        return folder.actor
    except CallError:
        return None


def is_doubted(seen: FileInfo) -> bool:
    """Tell whether these bytes were left out for their sender alone: from elsewhere they are read again."""
    return seen.refused is not None and seen.refused.code == CODE


def _addresses(member: Member | None) -> frozenset[str]:
    """Return a member's addresses, folded; people write two of them into one cell."""
    written = _BETWEEN.split(member.email) if member is not None else []
    return frozenset(fold_address(part) for part in written if "@" in part)
