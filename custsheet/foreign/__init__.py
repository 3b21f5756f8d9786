"""Other formats that copies come back in, read to the same grid of cells; archives and mails opened to files."""

from __future__ import annotations

from custsheet.foreign.archive import open_archive
from custsheet.foreign.encrypted import lock, unlock
from custsheet.foreign.mail import HIDDEN, fold_address, open_mail, senders
from custsheet.foreign.reading import KINDS, read_foreign

__all__ = [
    "HIDDEN",
    "KINDS",
    "fold_address",
    "lock",
    "open_archive",
    "open_mail",
    "read_foreign",
    "senders",
    "unlock",
]
