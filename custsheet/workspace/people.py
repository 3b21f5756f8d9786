"""Members: take them from a list, add one by hand, and keep members.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from custsheet import schema as schemas
from custsheet.container.atomic import write_file
from custsheet.errors import CallError
from custsheet.schema.records import Member, Team
from custsheet.schema.source import Problem, nearest_word, stop
from custsheet.text import fold, join
from custsheet.workspace.folder import Folder
from custsheet.workspace.tabular import Listing, Matched, below_title, match_heads, read_listing

HEADS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "工号"),
    "name": ("name", "member", "姓名", "成员", "名字"),
    "role": ("role", "角色"),
    "manager": ("manager", "上级", "主管", "经理"),
    "email": ("email", "e-mail", "邮箱"),
    "language": ("language", "语言"),
}

ROLES: Mapping[str, tuple[str, ...]] = {
    "sales": ("销售", "业务", "业务员"),
    "support": ("客服", "售后"),
    "finance": ("财务", "会计"),
    "manager": ("经理", "主管", "负责人"),
    "viewer": ("只看", "查看"),
}
"""What people write for the roles of the built-in schemas."""


@dataclass(frozen=True, slots=True)
class PeopleTaken:
    """What a member file brought."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    guessed: tuple[tuple[str, str], ...] = ()
    unused: tuple[str, ...] = ()


def member_id(name: str) -> str:
    """Return the id that a name gets where none is given: folded, blanks as hyphens."""
    return fold(name).replace(" ", "-")


def import_members(folder: Folder, path: Path) -> PeopleTaken:
    """Take members from a csv or xlsx. Each distinct manager becomes a member with role manager."""
    extras = folder.schema.member_fields
    names = {fold(text): name for name, texts in HEADS.items() for text in texts}
    names |= {fold(t): name for name, text in extras.items() for t in (name, text.zh, text.en)}
    names |= {fold(t): name for name, texts in folder.schema.member_aliases.items() for t in texts}
    listing = below_title(read_listing(path), names)
    matched = match_heads(listing.head, names)
    if "name" not in matched.at:
        heads = join([h for h in listing.head if h], folder.settings.language)
        raise CallError("MEMBERS_NO_NAME", file=listing.file, heads=heads)
    people = _people(listing, matched, folder)
    return _keep(folder, people, matched)


def _people(listing: Listing, matched: Matched, folder: Folder) -> list[Member]:
    roles = folder.schema.roles
    first_role = next(role for role in roles if role != "manager")
    _roles_known(listing, matched, tuple(roles))
    rows = [_texts(row.cells, matched.at) for row in listing.rows]
    rows = [row for row in rows if row.get("name")]
    managers = list(dict.fromkeys(row["manager"] for row in rows if row.get("manager")))
    ids = {fold(row["name"]): row.get("id") or member_id(row["name"]) for row in rows}
    ids |= {fold(name): member_id(name) for name in managers if fold(name) not in ids}
    ids |= {name: there for name, there in _ids_there(folder).items() if name in ids}
    people = [
        Member(ids[fold(name)], name, "manager")
        for name in managers
        if fold(name) not in {fold(r["name"]) for r in rows}
    ]
    for row in rows:
        role = _role(row.get("role", ""), tuple(roles)) or ("manager" if row["name"] in managers else first_role)
        extra = tuple((name, row[name]) for name in folder.schema.member_fields if row.get(name))
        manager = ids[fold(row["manager"])] if row.get("manager") else ""
        language = row.get("language")
        people.append(
            Member(
                id=ids[fold(row["name"])],
                name=row["name"],
                role=role,
                manager=manager if manager != ids[fold(row["name"])] else "",
                email=row.get("email", ""),
                language="zh" if language == "zh" else "en" if language == "en" else None,
                extra=extra,
            )
        )
    return people


def _role(text: str, roles: tuple[str, ...]) -> str:
    """Return the role that a word means, if the schema has it; else the word."""
    known = (role for role in roles if text not in roles and fold(text) in ROLES.get(role, ()))
    return next(known, text)


def _roles_known(listing: Listing, matched: Matched, roles: tuple[str, ...]) -> None:
    """Stop with CallError `ROLE_UNKNOWN` and every line whose role the schema does not have."""
    problems: list[Problem] = []
    first: dict[str, object] = {}
    for row in listing.rows:
        texts = _texts(row.cells, matched.at)
        role = _role(texts.get("role", ""), roles)
        if not texts["name"] or not role or role in roles:
            continue
        cells = ["" if cell is None else cell.raw for cell in row.cells]
        column = sum(len(cell) + 1 for cell in cells[: matched.at["role"]]) + 1
        near = nearest_word(role, roles)
        facts = {"word": role, "known": ", ".join(roles)}
        problems.append(Problem("SCHEMA_ROLE", row.number, column, ",".join(cells), near, facts))
        first = first or {"role": role, "name": texts["name"], "known": roles}
    if problems:
        stopped = stop("ROLE_UNKNOWN", listing.file, problems)
        raise CallError("ROLE_UNKNOWN", **stopped.facts, **first)


def _ids_there(folder: Folder) -> dict[str, str]:
    """An id never changes: who is there already keeps it, whatever the file says."""
    return {fold(member.name): member.id for member in folder.team.members}


def _texts(cells: tuple[object, ...], at: Mapping[str, int]) -> dict[str, str]:
    found = {}
    for name, position in at.items():
        cell = cells[position] if position < len(cells) else None
        found[name] = str(getattr(cell, "raw", "")).strip()
    return found


def _keep(folder: Folder, people: list[Member], matched: Matched) -> PeopleTaken:
    known = dict(folder.team.by_id)
    by_name = {fold(m.name): m.id for m in folder.team.members}
    added, changed, same = [], [], 0
    for person in people:
        there = known.get(by_name.get(fold(person.name), person.id))
        if there is None:
            known[person.id] = person
            added.append(person.name)
        elif _merged(there, person) == there:
            same += 1
        else:
            known[there.id] = _merged(there, person)
            changed.append(person.name)
    if added or changed:
        save_team(folder, Team(tuple(known.values())))
    return PeopleTaken(tuple(added), tuple(changed), same, matched.guessed, matched.unused)


def _merged(there: Member, new: Member) -> Member:
    """What the file says wins over what was there; what it leaves out stays."""
    extra = {**dict(there.extra), **dict(new.extra)}
    return replace(
        there,
        name=new.name,
        role=new.role if there.role != "manager" else there.role,
        manager=new.manager or there.manager,
        email=new.email or there.email,
        language=new.language or there.language,
        extra=tuple(extra.items()),
    )


def add_member(folder: Folder, member: Member) -> Member:
    """Add one member; CallError `MEMBER_TWICE`, `ROLE_UNKNOWN`."""
    if member.role not in folder.schema.roles:
        raise CallError(
            "ROLE_UNKNOWN",
            role=member.role,
            name=member.name,
            known=tuple(folder.schema.roles),
            nearest=nearest_word(member.role, folder.schema.roles),
        )
    if member.name in folder.team.by_name or member.id in folder.team.by_id:
        raise CallError("MEMBER_THERE", name=member.name)
    if member.manager:
        member = replace(member, manager=folder.team.find(member.manager).id)
    save_team(folder, Team((*folder.team.members, member)))
    return member


def save_team(folder: Folder, team: Team) -> None:
    """Write members.yaml and go on with the new team."""
    write_file(folder.root / folder.settings.members, schemas.dump_team(team).encode())
    folder.__dict__["team"] = team
