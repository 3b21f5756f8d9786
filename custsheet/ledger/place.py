"""Where a ledger may stand: not on a network drive and not in a folder that a cloud program synchronises."""

from __future__ import annotations

import re
from pathlib import Path

from custsheet import machine
from custsheet.errors import LedgerError

_NETWORK = frozenset(
    {"remote", "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ncpfs"}
)
_LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs", "fuseblk"})

_SYNCED = re.compile(
    r"OneDrive( - .*)?|Dropbox( \(.*\))?|Google ?Drive|My Drive|iCloud ?Drive|com~apple~CloudDocs|CloudStorage"
    r"|Nutstore( Files)?|(我的)?坚果云|Baidu ?Syncdisk|百度云同步盘|WPS ?Drive|WPS云盘|Syncthing|Nextcloud|ownCloud",
    re.IGNORECASE,
)
_SYNC_MARKS = (".stfolder", ".dropbox.cache", ".nutstore", ".sync_folder")


def require_local(path: Path) -> None:
    """Raise LedgerError `LEDGER_ON_NETWORK` or `LEDGER_SYNCED` where two machines could write the same ledger."""
    kind = network_kind(str(path)) or network_type(machine.file_system(_existing(path)))
    if kind:
        raise LedgerError("LEDGER_ON_NETWORK", path=str(path), kind=kind)
    program = syncing(_existing(path))
    if program:
        raise LedgerError("LEDGER_SYNCED", path=str(path), program=program)


def network_kind(path: str) -> str:
    r"""Return `UNC` for a path of the form `\\server\share`; `\\?\C:\…` is a long local path."""
    plain = path.replace("/", "\\") if re.match(r"//[^/]", path) else path
    if plain.upper().startswith("\\\\?\\"):
        return "UNC" if plain[4:8].upper() == "UNC\\" else ""
    return "UNC" if plain.startswith("\\\\") else ""


def network_type(kind: str) -> str:
    """Return the file system's type if it is one on another machine; locks are not reliable there."""
    remote = kind in _NETWORK or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)
    return kind if remote else ""


def syncing(path: Path) -> str:
    """Return the name of the folder above `path` that a cloud program keeps in step, or `""`."""
    for folder in (path, *path.parents):
        if _SYNCED.fullmatch(folder.name) or any((folder / mark).exists() for mark in _SYNC_MARKS):
            return folder.name
    return ""


def _existing(path: Path) -> Path:
    resolved = path.resolve()
    return next((p for p in (resolved, *resolved.parents) if p.exists()), resolved)
