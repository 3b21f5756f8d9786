"""The machine data in a copy: who, which round, what was issued, signed; as ASCII cells and back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from custsheet import schema as schemas
from custsheet.errors import CallError, FileRefused
from custsheet.fields.base import Language
from custsheet.model import Table, Tables
from custsheet.schema.records import Grant, Issue, Schema

SHEET = "_custsheet"
MARK = "custsheet-stamp-1"
CELL = 8_000
_QUANTUM = 4
"""Base 64 comes in so many letters at a time."""
PAYLOAD = 32 << 20
"""Roof of an inflated base: a stamp is a stranger's file until its signature is verified."""


@dataclass(frozen=True)
class Stamp:
    """What a file of ours says of itself. `verified` is set by whoever holds the ledger's key."""

    kind: str
    """`copy`, `questions` or `report`."""
    ledger: str = ""
    round: str = ""
    member_name: str = ""
    title: str = ""
    head: str = ""
    """The ledger's audit head when the file was written."""
    issue: Issue | None = None
    schema: Schema | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Member id → display name, of those whom this copy names."""
    mac: str = ""
    payload: bytes = field(default=b"", repr=False)

    def signed_by(self, key: bytes) -> bool:
        """Tell whether this stamp was signed with the ledger's key."""
        return hmac.compare_digest(self.mac, _mac(key, self.payload))


def encode(stamp: Stamp, key: bytes = b"") -> tuple[str, ...]:
    """Return the stamp as ASCII texts of at most 8,000 characters, the first with length and checksum."""
    payload = json.dumps(_to_json(stamp), ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
    packed = base64.b64encode(zlib.compress(payload, 6)).decode()
    chunks = tuple(packed[at : at + CELL] for at in range(0, len(packed), CELL))
    checksum = hashlib.sha256(packed.encode()).hexdigest()
    return (f"{MARK} {stamp.kind} {len(chunks)} {checksum} {_mac(key, payload) if key else '-'}", *chunks)


def decode(cells: Sequence[str]) -> Stamp:
    """Invert `encode`. Raises FileRefused `E_STAMP_DAMAGED` where the checksum does not hold.

    Or `E_TEXT_CUT` where texts were cut: what did that to the stamp did it to every long text.
    """
    head = cells[0].split()
    if len(head) != 5 or head[0] != MARK or not head[2].isdecimal():
        raise FileRefused("E_STAMP_DAMAGED")
    chunks = cells[1 : 1 + int(head[2])]
    packed = "".join(chunks)
    if any(len(chunk) != CELL for chunk in chunks[:-1]) or len(packed) % _QUANTUM:
        raise FileRefused("E_TEXT_CUT")
    if hashlib.sha256(packed.encode()).hexdigest() != head[3]:
        raise FileRefused("E_STAMP_DAMAGED")
    try:
        unpacker = zlib.decompressobj()
        payload = unpacker.decompress(base64.b64decode(packed), PAYLOAD)
        if unpacker.unconsumed_tail:
            raise FileRefused("E_STAMP_DAMAGED")
        stamp = _from_json(json.loads(payload))
    except (ValueError, KeyError, TypeError, AssertionError, CallError, zlib.error) as problem:
        raise FileRefused("E_STAMP_DAMAGED") from problem
    return replace(stamp, mac="" if head[4] == "-" else head[4], payload=payload)


def rows_digest(tables: Tables, schema: Schema) -> str:
    """Return the SHA-256 over rows as canonical text, the same for the ledger's base and for a stamp's."""
    text = json.dumps(tables_to_json(tables, schema), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def tables_to_json(tables: Tables, schema: Schema) -> dict[str, object]:
    """Return rows as canonical text, ready for JSON."""
    return {name: _table_to_json(table, schema) for name, table in tables.items()}


def tables_from_json(data: Mapping[str, Mapping[str, list[object]]], schema: Schema) -> dict[str, Table]:
    """Invert `tables_to_json`."""
    return {name: _table_from_json(name, body, schema) for name, body in data.items()}


def _mac(key: bytes, payload: bytes) -> str:
    return hmac.new(key, payload, hashlib.sha256).hexdigest()


def _table_to_json(table: Table, schema: Schema) -> dict[str, object]:
    fields = [schema.tables[table.name].fields[name] for name in table.fields]
    columns = [[f.dump(value) for value in table.column(f.name)] for f in fields]
    return {"fields": list(table.fields), "rids": list(table.rids), "columns": columns}


def _table_from_json(name: str, body: Mapping[str, list[object]], schema: Schema) -> Table:
    fields = [schema.tables[name].fields[str(f)] for f in body["fields"]]
    columns = [[f.load(text) for text in column] for f, column in zip(fields, body["columns"], strict=True)]  # type: ignore[attr-defined]
    rids = tuple(str(rid) for rid in body["rids"])
    rows = tuple(zip(*columns, strict=True)) if columns else tuple(() for _ in rids)
    return Table(name, tuple(f.name for f in fields), rids, rows)


def _to_json(stamp: Stamp) -> dict[str, object]:
    data: dict[str, object] = {
        "kind": stamp.kind,
        "ledger": stamp.ledger,
        "round": stamp.round,
        "member_name": stamp.member_name,
        "title": stamp.title,
        "head": stamp.head,
        "names": dict(stamp.names),
    }
    if stamp.issue and stamp.schema:
        issue = stamp.issue
        data["schema"] = stamp.schema.body
        data["language"] = stamp.schema.language
        data["issue"] = {
            "copy": issue.copy,
            "member": issue.member,
            "number": issue.number,
            "revision": issue.revision,
            "grant": schemas.grant_to_json(issue.grant),
            "base": tables_to_json(issue.base, stamp.schema),
            "spare": {table: list(ids) for table, ids in issue.spare.items()},
            "labels": {table: dict(texts) for table, texts in issue.labels.items()},
            "language": issue.language,
            "issued_on": issue.issued_on,
            "due": issue.due,
        }
    return data


def _from_json(data: Mapping[str, object]) -> Stamp:
    stamp = Stamp(
        kind=str(data["kind"]),
        ledger=str(data["ledger"]),
        round=str(data["round"]),
        member_name=str(data["member_name"]),
        title=str(data["title"]),
        head=str(data["head"]),
        names={str(k): str(v) for k, v in _mapping(data["names"]).items()},
    )
    issue = data.get("issue")
    if not isinstance(issue, dict):
        return stamp
    language: Language = "en" if data.get("language") == "en" else "zh"
    body = data["schema"]
    assert isinstance(body, dict)
    schema = schemas.from_body(body, language=language)
    return replace(stamp, schema=schema, issue=_issue(issue, schema, stamp.round))


def _mapping(data: object) -> Mapping[object, object]:
    if not isinstance(data, dict):
        raise TypeError(data)
    return data


def _issue(data: Mapping[str, object], schema: Schema, round_name: str) -> Issue:
    grant: Grant = schemas.grant_from_json(data["grant"])  # type: ignore[arg-type]
    spare: Mapping[str, Sequence[str]] = data["spare"]  # type: ignore[assignment]
    labels: Mapping[str, Mapping[str, str]] = data["labels"]  # type: ignore[assignment]
    return Issue(
        copy=str(data["copy"]),
        member=str(data["member"]),
        round=round_name,
        number=int(str(data["number"])),
        revision=int(str(data["revision"])),
        grant=grant,
        base=tables_from_json(data["base"], schema),  # type: ignore[arg-type]
        spare={table: tuple(ids) for table, ids in spare.items()},
        labels=labels,
        language="en" if data["language"] == "en" else "zh",
        schema_digest=schema.digest,
        issued_on=str(data["issued_on"]),
        due=str(data["due"]),
    )
