"""The team's folder: find it, read what lies in it, and open its ledger."""

from __future__ import annotations

import datetime as dt
import getpass
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from custsheet import schema as schemas
from custsheet.errors import CallError, LedgerError
from custsheet.ledger import address
from custsheet.schema.labels import Labels
from custsheet.schema.records import Member, Schema, Team
from custsheet.text import safe_file_name
from custsheet.workspace.elsewhere import Elsewhere
from custsheet.workspace.root import FILE, OWNER, find_root
from custsheet.workspace.settings import Settings, load_settings

if TYPE_CHECKING:
    from custsheet.ledger.dialect import Database
    from custsheet.ledger.store import Ledger
    from custsheet.model import Tables


_WEEK = re.compile(r"(?:(\d{4})[-_ ]?)?w[-_ ]?(\d{1,2})", re.IGNORECASE)


class Folder:
    """One workspace on disk: its settings, schema, team and ledger, each read when first asked for."""

    def __init__(
        self, root: Path, *, now: dt.datetime, today: dt.date | None = None, actor: str = "", command: str = ""
    ) -> None:
        self.root = root
        self.now = now.replace(microsecond=0).isoformat()
        self.today = today or now.date()
        self._actor = actor
        self._command = command
        self.passwords: tuple[str, ...] = ()
        """Those that returned files may have been saved with."""
        self._is_closed = False

    @classmethod
    def open(
        cls, start: Path, *, now: dt.datetime, today: dt.date | None = None, actor: str = "", command: str = ""
    ) -> Folder:
        """Open the workspace that `start` lies in; CallError `NO_WORKSPACE` if there is none."""
        root = find_root(start)
        if root is None:
            raise CallError("NO_WORKSPACE", folder=str(start))
        return cls(root, now=now, today=today, actor=actor, command=command)

    @cached_property
    def settings(self) -> Settings:
        """The team's settings."""
        return load_settings(self.root / FILE)

    @cached_property
    def schema(self) -> Schema:
        """The team's schema, in the workspace's language."""
        return schemas.load_schema(self.root / self.settings.schema, language=self.settings.language)

    @cached_property
    def team(self) -> Team:
        """The team's members."""
        return schemas.load_team(self.root / self.settings.members, self.schema)

    @cached_property
    def database(self) -> Database:
        """Where the ledger lies by the settings: a file, or a server."""
        from custsheet.ledger import opening  # noqa: PLC0415  # loads SQLAlchemy

        where = self.settings.ledger
        return opening.database(where if address.scheme(where) else self.root / where, beside=self.backups / "ledger")

    @cached_property
    def ledger(self) -> Ledger:
        """The open ledger. LedgerError `LEDGER_OTHER_TEAM` where this folder was made for another one."""
        from custsheet.ledger import store  # noqa: PLC0415  # loads SQLAlchemy

        ledger = store.open_ledger(self.database, now=self.now, command=self._command)
        owner, told_by = self.owner()
        if owner not in ("", ledger.id):
            ledger.close()
            raise LedgerError("LEDGER_OTHER_TEAM", path=self.database.shown, backup=told_by)
        return ledger

    def owner(self) -> tuple[str, str]:
        """Return the id of the ledger that this folder is for, and the name of the file that tells it.

        Empty where none does: a folder of an earlier version without a backup.
        """
        from custsheet.ledger import store  # noqa: PLC0415  # loads SQLAlchemy

        mark = self.backups / OWNER
        if mark.is_file():
            return mark.read_text(encoding="ascii", errors="replace").strip(), f"{self.backups.name}/{OWNER}"
        newest = max(self.backups.glob("ledger-r*.db"), default=None)
        return (store.owner_of(newest), newest.name) if newest is not None else ("", "")

    @property
    def actor(self) -> Member:
        """Who acts: `--as`, else the setting `me`, else the user of this machine; CallError `ACTOR_UNKNOWN`."""
        who = self._actor or self.settings.me or getpass.getuser()
        try:
            return self.team.find(who)
        except CallError as problem:
            raise CallError("ACTOR_UNKNOWN", **{**problem.facts, "name": who}) from problem

    @property
    def names(self) -> Mapping[str, str]:
        """Member id → display name."""
        return {m.id: m.name for m in self.team.members}

    @cached_property
    def readers(self) -> frozenset[str]:
        """The members who can change nothing: their copies are for reading, and nobody waits for them."""
        roles = {role for role, grant in self.schema.roles.items() if not schemas.may_write(grant)}
        return frozenset(m.id for m in self.team.members if m.role in roles)

    def labels(self, tables: Tables) -> Labels:
        """Return the labels of some rows in the workspace's language."""
        former = self.ledger.former(self.schema)  # now: labels are read when the ledger is closed, too
        other = Elsewhere(self.ledger, self.schema, self.names, self.settings.language)
        return Labels(
            self.schema,
            tables,
            language=self.settings.language,
            names=self.names,
            former=former,
            elsewhere=lambda table, rid: "" if self._is_closed else other.name(table, rid),
        )

    def round_folder(self, name: str) -> Path:
        """Return a round's folder."""
        return self.root / "rounds" / name

    @property
    def files(self) -> Path:
        """Return the folder of all received files."""
        return self.root / "files"

    @property
    def backups(self) -> Path:
        """Return the folder of backups."""
        return self.root / "backups"

    def close(self) -> None:
        """Close the ledger if it was opened."""
        self._is_closed = True
        if "ledger" in self.__dict__:
            self.ledger.close()


def following(name: str, today: dt.date) -> str:
    """Return the name of the round after one: of the week after it, or of today's where its name is no week."""
    return week_after(name) or week_of(today)


def week_after(name: str) -> str:
    """Return the name of the ISO week after that of a round; empty where its name is no week."""
    try:
        monday = dt.date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    except ValueError:
        return ""
    return week_of(monday + dt.timedelta(days=7))


def named_round(name: str, today: dt.date) -> str:
    """Return a name as one that a new round may have: `2026-W49` for `w49`, never what no folder may be called."""
    week = _WEEK.fullmatch(name.strip())
    if week is None:
        return safe_file_name(name)
    try:
        return week_of(dt.date.fromisocalendar(int(week[1] or today.isocalendar().year), int(week[2]), 1))
    except ValueError:  # a year has no week 60
        return week_of(today)


def week_of(day: dt.date) -> str:
    """Return the name of a round by ISO week: `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
