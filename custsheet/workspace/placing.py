"""Put issued copies in a round's outbox so that a run that is stopped anywhere can be finished by the next one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from custsheet.container import atomic
from custsheet.ledger.transaction import Transaction
from custsheet.workspace.beside import places, remember
from custsheet.workspace.disk import digest_of
from custsheet.workspace.folder import Folder


class Outbox:
    """The copies of one round on disk.

    First their bytes lie ready under temporary names, then the ledger records them and that they wait, then each takes
    its name, then the ledger forgets that they waited.
    """

    def __init__(self, folder: Folder, round_name: str) -> None:
        self._folder, self._round = folder, round_name
        self.path = folder.round_folder(round_name) / "outbox"
        self._note = f"issuing:{round_name}"
        self._ready: list[Path] = []

    def stage(self, name: str, data: bytes) -> Path:
        """Lay a copy's bytes ready."""
        for place in (self.path.with_name("inbox"), self.path):
            place.mkdir(parents=True, exist_ok=True)
        self._ready.append(atomic.stage(self.path / name, data))
        return self._ready[-1]

    def drop(self) -> None:
        """Remove what lies ready: it was not recorded."""
        for lying in self._ready:
            atomic.drop(lying)

    def wait(self, tx: Transaction, copies: Sequence[str]) -> None:
        """Note, within the write that records them, that these copies may not lie in their place yet."""
        tx.set_note(self._note, " ".join(copies))

    def put(self, lying: Path, name: str) -> Path:
        """Give a copy its name; one that lies there and that somebody changed is left alone."""
        ours = {info.file_sha256 for info in self._folder.ledger.issues()}
        path = next(p for p in places(self.path / name) if not p.exists() or digest_of(p.read_bytes()) in ours)
        atomic.replace_file(lying, path)
        return path

    def settle(self) -> None:
        """Note that nothing waits any more."""
        remember(self._folder, self._note, "")

    def finish(self) -> dict[str, Path]:
        """Give the copies that wait their names, and return where they lie.

        Not among them is one whose bytes are gone, and one that is not of today's rows any more: it is issued anew.
        """
        ledger = self._folder.ledger
        waiting = ledger.note(self._note).split()
        if not waiting:
            return {}
        now = (ledger.revision(), self._folder.today.isoformat())
        lying = {digest_of(path.read_bytes()): path for path in atomic.leftovers(self.path)}
        here = {digest_of(path.read_bytes()): path for path in self.path.glob("*.xlsx")}
        found = {}
        for info in (one for one in ledger.issues(self._round) if one.copy in waiting):
            path = here.get(info.file_sha256)
            if path is None and info.file_sha256 in lying:
                path = self.put(lying[info.file_sha256], info.name)
            if path is not None and (info.revision, info.today) == now:
                found[info.copy] = path
        self.settle()
        return found
