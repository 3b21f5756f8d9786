"""A saved mail: the files attached to it, with their names as people see them."""

from __future__ import annotations

import email
import email.policy
import re
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from urllib.parse import unquote_to_bytes

from custsheet.container import USUAL, Limits, check_size
from custsheet.errors import FileRefused

MOST_PARTS = 200
HIDDEN = "winmail.dat"
"""What Outlook calls the part into which it packs attachments."""


def open_mail(data: bytes, limits: Limits = USUAL) -> list[tuple[str, bytes]]:
    """Return (name, bytes) of the files attached to an .eml.

    FileRefused `E_WINMAIL` where Outlook hid all of them; what it hid beside others is one of the files.
    """
    check_size(len(data), limits)
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    found: list[tuple[str, bytes]] = []
    hidden: list[tuple[str, bytes]] = []
    for at, part in enumerate(message.walk()):
        if at > MOST_PARTS:
            raise FileRefused("E_MAIL_TOO_MANY", limit=MOST_PARTS)
        name = _name(part)
        if part.is_multipart() or not (name or part.get_content_maintype() == "application"):
            continue
        body = part.get_payload(decode=True)
        is_hidden = part.get_content_type() == "application/ms-tnef" or name.lower() == HIDDEN
        (hidden if is_hidden else found).append((name or f"{at}.attachment", body if isinstance(body, bytes) else b""))
    if hidden and not found:
        raise FileRefused("E_WINMAIL")
    return [*found, *((HIDDEN, body) for _, body in hidden)]


def senders(data: bytes) -> tuple[str, ...]:
    """Return the addresses in a mail's From, folded for comparing; what is no address stays as it is written."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    written = [str(header) for header in message.get_all("from", ())]
    found = [address for _, address in getaddresses(written) if address] or written
    named = [address if "@" in address else _rfc2047(address) for address in found]
    return tuple(dict.fromkeys(folded for address in named if (folded := fold_address(address))))


def fold_address(address: str) -> str:
    """Return an address as it compares: nobody tells two people apart by upper and lower case."""
    return address.strip().casefold()


def _name(part: Message) -> str:
    """Return the attachment's name: RFC 2231, RFC 2047, or raw bytes of a Chinese mail program."""
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        raw = _raw_parameter(part, header, key)
        if raw:
            return raw
        value = part.get_param(key, header=header)
        if isinstance(value, tuple):  # RFC 2231: charset, language, percent-encoded
            charset, _, text = value
            return _decoded(text.encode("latin-1", "surrogateescape") if "%" not in text else unquote_to_bytes(text),
                            charset or "")  # fmt: skip
        if value:
            return _rfc2047(value)
    return ""


def _raw_parameter(part: Message, header: str, key: str) -> str:
    """Return a parameter that was written in plain bytes, as no standard allows and many programs do."""
    for name, value in part.raw_items():
        if name.lower() == header and isinstance(value, str) and not value.isascii():
            found = re.search(rf'{key}="?([^";]*)', value)
            return _decoded(found[1].encode("ascii", "surrogateescape"), "") if found else ""
    return ""


def _rfc2047(text: str) -> str:
    pieces = []
    for piece, charset in decode_header(text):
        raw = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        pieces.append(_decoded(raw, charset or ""))
    return "".join(pieces)


def _decoded(raw: bytes, charset: str) -> str:
    """Decode a name; what calls itself GB2312 is GB 18030 more often than not."""
    tried = "gb18030" if charset.lower() in ("gb2312", "gbk", "cp936", "x-gbk") else charset
    for encoding in (tried, "utf-8", "gb18030"):
        try:
            return raw.decode(encoding) if encoding else raw.decode("utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")
