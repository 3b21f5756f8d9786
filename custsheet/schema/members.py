"""members.yaml to a Team and back, with every problem at its line."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from custsheet.schema.models import MemberBody, Word, settings_of
from custsheet.schema.records import Member, Schema, Team
from custsheet.schema.shape import Shape
from custsheet.schema.source import Problem, Source, Way, nearest_word, read_source, stop
from custsheet.text import fold

WRONG = "MEMBERS_WRONG"


def load_team(path: Path | str, schema: Schema) -> Team:
    """Load members.yaml; CallError `MEMBERS_WRONG` carries every problem in it with its line."""
    source = read_source(path, code=WRONG)
    extra = tuple(schema.member_fields)
    known = (*settings_of(MemberBody), *extra)
    shape = Shape(source, _file_model(extra), settings=lambda way: known if way else ("members",))
    bodies: list[Any] = shape.body.members if shape.body else []  # type: ignore[attr-defined]  # the model is made here
    ways = [shape.original(("members", at)) for at in range(len(bodies))]
    problems = [*source.problems, *shape.problems, *_doubled(source, bodies, ways)]
    problems += _unknown(source, bodies, ways, roles=tuple(schema.roles))
    if problems:
        raise stop(WRONG, source.file, problems)
    ids = {word: body.id for body in reversed(bodies) for word in (body.name, body.id)}
    return Team(tuple(_member(body, ids, extra) for body in bodies))


def dump_team(team: Team) -> str:
    """Return members.yaml's text for a team: settings that say nothing are left out."""
    from ruamel.yaml import YAML  # noqa: PLC0415  # heavy, and only needed where a file is written

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 1_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump({"members": [_plain(member) for member in team.members]}, text)
    return text.getvalue()


def _file_model(extra: Iterable[str]) -> type[BaseModel]:
    added: dict[str, Any] = dict.fromkeys(extra, (Word | None, None))
    one = create_model("OneMember", __base__=MemberBody, **added)
    return create_model(
        "Members",
        __config__=ConfigDict(extra="forbid", strict=True, frozen=True),
        members=(list[one], ...),  # type: ignore[valid-type]
    )


def _member(body: Any, ids: dict[str, str], extra: Iterable[str]) -> Member:
    return Member(
        id=body.id,
        name=body.name,
        role=body.role,
        manager=ids.get(body.manager or "", ""),
        email=body.email or "",
        language=body.language,
        active=body.active,
        extra=tuple((name, value) for name in extra if (value := getattr(body, name)) is not None),
    )


def _plain(member: Member) -> dict[str, object]:
    given: dict[str, object] = {"id": member.id, "name": member.name, "role": member.role}
    rest = {"manager": member.manager, "email": member.email, "language": member.language}
    given |= {key: value for key, value in rest.items() if value}
    given |= {} if member.active else {"active": False}
    return given | {key: value for key, value in member.extra if value}


def _doubled(source: Source, bodies: list[Any], ways: list[Way]) -> list[Problem]:
    """Note ids and names that lead to two members: people and files name members by either."""
    taken: dict[str, int] = {}
    problems = []
    for at, (body, way) in enumerate(zip(bodies, ways, strict=True)):
        for setting in ("id", "name"):
            word: str = getattr(body, setting)
            first = taken.setdefault(fold(word), at)
            if first != at:
                other = bodies[first].name
                problems.append(source.problem("MEMBER_SAME", (*way, setting), word=word, other=other))
    return problems


def _unknown(source: Source, bodies: list[Any], ways: list[Way], *, roles: tuple[str, ...]) -> list[Problem]:
    people = {word: body for body in bodies for word in (body.id, body.name)}
    problems = []
    for body, way in zip(bodies, ways, strict=True):
        if body.role not in roles:
            near = nearest_word(body.role, roles)
            facts = {"word": body.role, "known": ", ".join(roles)}
            problems.append(source.problem("SCHEMA_ROLE", (*way, "role"), nearest=near, **facts))
        if body.manager and body.manager not in people:
            near = nearest_word(body.manager, people)
            problems.append(source.problem("MEMBER_MANAGER", (*way, "manager"), nearest=near, word=body.manager))
    return problems
