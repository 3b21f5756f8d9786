"""The ledger's tables. Only Text, Integer and LargeBinary columns: dates, booleans and decimals are canonical text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy import UniqueConstraint as Unique

METADATA = MetaData()

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its characters, whatever the language of a server."""


def _table(name: str, *parts: Any, rowid: bool = True) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _text(name: str, *more: Any, **options: Any) -> Column[str]:
    return Column(name, _TEXT, *more, **{"nullable": False} | options)


def _number(name: str, *more: Any, **options: Any) -> Column[int]:
    return Column(name, Integer, *more, **{"nullable": False, "autoincrement": False} | options)


meta = _table("meta", _text("name", primary_key=True), _text("value"))
"""`id`, `key`, and the digests of the schema and the team in force."""

schema_version = _table("schema_version", _text("digest", primary_key=True), _text("body"), _text("at"))
team = _table("team", _text("digest", primary_key=True), _text("body"), _text("at"))

# ── rows ────────────────────────────────────────────────────────────────────────────────────────────

revision = _table(
    "revision",
    _number("number", primary_key=True),
    _text("at"),
    _text("actor"),
    _text("kind"),
    _text("state_digest"),
    _text("summary"),
)
row = _table(
    "row",
    _number("id", primary_key=True),
    _text("table"),
    _text("rid"),
    _number("created_rev", ForeignKey("revision.number")),
    _number("deleted_rev", ForeignKey("revision.number"), nullable=True),
    Unique("table", "rid"),
)
"""One per row that ever was; `id` counts in the order of first appearance."""

cell = _table(
    "cell",
    _number("row", ForeignKey("row.id"), primary_key=True),
    _text("field", primary_key=True),
    _text("value", nullable=True),
    _number("rev", ForeignKey("revision.number")),
    rowid=False,
)
cause = _table(
    "cause",
    _number("id", primary_key=True),
    _number("rev", ForeignKey("revision.number")),
    _text("cause"),
    _text("members"),
    _text("files"),
)
"""Why cells changed in a revision: few per revision, shared by many cells."""

cell_history = _table(
    "cell_history",
    _number("row", ForeignKey("row.id"), primary_key=True),
    _text("field", primary_key=True),
    _number("rev", ForeignKey("revision.number"), primary_key=True),
    _text("value", nullable=True),
    _number("cause", ForeignKey("cause.id")),
    rowid=False,
)
"""The value that a cell got at a revision; `cell` holds the last of them."""

row_history = _table(
    "row_history",
    _number("row", ForeignKey("row.id"), primary_key=True),
    _number("rev", ForeignKey("revision.number"), primary_key=True),
    _text("act", CheckConstraint("act IN ('added', 'deleted', 'restored')")),
    _number("cause", ForeignKey("cause.id")),
    rowid=False,
)

# ── rounds, copies, submissions ─────────────────────────────────────────────────────────────────────

round_ = _table(
    "round",
    _text("name", primary_key=True),
    _text("state", CheckConstraint("state IN ('open', 'closed')")),
    _number("opening_revision"),
    _text("opened_at"),
    _text("due"),
    _text("closed_at"),
)
issue = _table(
    "issue",
    _text("copy", primary_key=True),
    _text("round", ForeignKey("round.name")),
    _text("member"),
    _number("number"),
    _number("revision"),
    _text("schema_digest"),
    _text("base_digest"),
    _text("mac"),
    _text("file_sha256"),
    _text("name"),
    _text("today"),
    _text("at"),
    _text("head"),
    _text("state", CheckConstraint("state IN ('issued', 'superseded', 'revoked')")),
    Column("body", LargeBinary, nullable=False),
    Unique("round", "member", "number"),
)
"""`body`: grant, row ids, spare ids, labels, compressed; the base itself is derived from history."""

file = _table("file", _text("sha256", primary_key=True), _text("name"), _number("size"), _text("at"))
submission = _table(
    "submission",
    _number("id", primary_key=True),
    _text("copy", ForeignKey("issue.copy")),
    _number("version"),
    _text("digest"),
    _text("member"),
    _text("round", ForeignKey("round.name")),
    _text("sha256"),
    _text("file"),
    _text("received"),
    _number("late"),
    _number("revision"),
    _text("state"),
    _text("body"),
    Unique("copy", "version"),
    Unique("copy", "digest"),
)
refused = _table(
    "refused",
    _number("id", primary_key=True),
    _text("sha256"),
    _text("name"),
    _text("code"),
    _text("facts"),
    _text("at"),
    _text("round"),
)
resolution = _table(
    "resolution",
    _number("id", primary_key=True),
    _text("round", ForeignKey("round.name")),
    _text("question"),
    _text("digest"),
    _text("body"),
)

# ── audit ───────────────────────────────────────────────────────────────────────────────────────────

audit = _table(
    "audit",
    _number("seq", primary_key=True),
    _text("at"),
    _text("actor"),
    _text("act"),
    _text("subject"),
    _text("payload_digest"),
    _text("prev"),
    _text("hash", unique=True),
)
audit_payload = _table(
    "audit_payload", _number("seq", ForeignKey("audit.seq"), primary_key=True), _text("salt"), _text("body")
)
"""Apart from the chain: personal data can be erased here and the chain still holds."""

Index("cell_history_by_revision", cell_history.c.rev)
Index("submission_by_file", submission.c.sha256)
Index("refused_by_file", refused.c.sha256)

APPEND_ONLY = ("audit", "revision", "cause", "cell_history", "row_history", "resolution")
"""Tables that a trigger guards against change: it stops accidents, the hash chain tells of the rest."""
