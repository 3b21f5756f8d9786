"""Make a new workspace: a folder with settings, schema, members and an empty ledger."""

from __future__ import annotations

import datetime as dt
import getpass
import secrets
from dataclasses import dataclass
from pathlib import Path

from custsheet import schema as schemas
from custsheet.container.atomic import write_file
from custsheet.errors import CallError
from custsheet.fields.base import Language
from custsheet.ids import derive
from custsheet.schema.records import Member, Team
from custsheet.schema.source import nearest_word
from custsheet.workspace.root import FILE, OWNER
from custsheet.workspace.settings import Settings, dump_settings


@dataclass(frozen=True, slots=True)
class Created:
    """A new workspace."""

    root: Path
    schema: str
    language: Language


def create(  # who makes it, and in which words
    root: Path, *, schema: str, language: Language, now: dt.datetime, me: str = "", seed: str = ""
) -> Created:
    """Create a workspace in a folder that is empty or not there yet.

    `me` is the name of whoever makes it, the first manager; else the one by which the system knows them.
    `seed` makes the ledger's id and key a function of it (for the demo); else both are drawn by the system.
    CallError `FOLDER_NOT_EMPTY`, `SCHEMA_UNKNOWN`.
    """
    from custsheet.ledger import store  # noqa: PLC0415  # loads SQLAlchemy

    if schema not in schemas.builtin_names():
        names = schemas.builtin_names()
        raise CallError("SCHEMA_UNKNOWN", name=schema, known=names, nearest=nearest_word(schema, names))
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise CallError("FOLDER_NOT_EMPTY", folder=str(root))
    text = schemas.builtin(schema).read_text(encoding="utf-8")
    team = Team((_first_manager(language, me),))
    for folder in (root, root / "rounds", root / "files", root / "backups"):
        folder.mkdir(parents=True, exist_ok=True)
    write_file(root / "schema.yaml", text.encode())
    write_file(root / "members.yaml", schemas.dump_team(team).encode())
    ledger_id = derive("ledger", seed) if seed else secrets.token_hex(8)
    key = derive("key", seed, length=52).encode() if seed else secrets.token_bytes(32)
    store.create(root / "ledger.db", ledger_id=ledger_id, key=key, now=now.replace(microsecond=0).isoformat()).close()
    write_file(root / "backups" / OWNER, ledger_id.encode())
    settings = Settings(language=language, me=team.members[0].id)
    write_file(root / FILE, dump_settings(settings).encode())
    return Created(root, schema, language)


def _first_manager(language: Language, me: str) -> Member:
    """Whoever makes the workspace is its first manager; the name can be changed in members.yaml at any time."""
    name = me or getpass.getuser() or ("管理员" if language == "zh" else "Manager")
    return Member(id="manager", name=name, role="manager", language=language)
