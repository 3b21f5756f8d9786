"""What is to be said before copies are issued: who has not returned, what lies unread, rows that nobody will see."""

from __future__ import annotations

from collections.abc import Iterator

from custsheet.fields.base import listed, spoken
from custsheet.model import CellRef, Finding, Tables
from custsheet.schema.labels import Labels
from custsheet.workspace.disk import digest_where_it_lies
from custsheet.workspace.folder import Folder
from custsheet.workspace.receive import inbox_files, skip

_NAMED = 5
"""Rows without an owner that are named."""


def ownerless(folder: Folder, tables: Tables, labels: Labels) -> Iterator[Finding]:
    """Rows that nobody will see who only sees what is theirs: their owner is blank, unknown or gone."""
    here = {m.id for m in folder.team.members if m.active}
    for table in folder.schema.tables.values():
        owner = table.fields.get(table.owner)
        if owner is None or owner.spec.type not in ("member", "members"):
            continue
        owners = zip(tables[table.name].rids, tables[table.name].column(owner.name), strict=True)
        lost = [rid for rid, value in owners if not here & set(value if isinstance(value, tuple) else (value,))]
        if lost:
            titles = (*spoken("title", table.title), *spoken("owner", owner.spec.title))
            first = (("first", labels.label(table.name, lost[0])), ("count", str(len(lost))))
            rows = listed("rows", [labels.text(table.name, rid) or rid for rid in lost], _NAMED)
            yield Finding("F_OWNERLESS", "warning", CellRef(table=table.name), facts=(*titles, *first, *rows))


def unmerged(folder: Folder, round_name: str) -> list[Finding]:
    """Before last week is merged: who has not returned, and which files lie unread."""
    findings = []
    for info in folder.ledger.rounds():
        if info.state != "open" or info.name == round_name:
            continue
        returned = {s.member for s in folder.ledger.submission_infos(info.name)}
        waiting = [
            i.member for i in folder.ledger.issues(info.name) if i.state == "issued" and i.member not in returned
        ]
        if waiting:
            names = [folder.names.get(m, m) for m in dict.fromkeys(waiting)]
            members = listed("members", names, len(names))
            findings.append(Finding("F_ROUND_OPEN", "warning", facts=(("round", info.name), *members)))
    new = [p.name for p in inbox_files(folder) if not skip(p) and is_new(folder, digest_where_it_lies(p))]
    if new:
        facts = (("count", str(len(new))), *listed("files", new, _NAMED))
        findings.append(Finding("F_INBOX_WAITING", "warning", facts=facts))
    return findings


def is_new(folder: Folder, digest: str) -> bool:
    """Tell whether a file was not taken in before; one that cannot be looked at now waits."""
    return not digest or folder.ledger.file_seen(digest) is None
