"""`custsheet members list|add|import`."""

from __future__ import annotations

from pathlib import Path

import click

from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace
from custsheet.text import join


@click.group()
def members() -> None:
    """List, add or import the team's members."""


@members.command("list")
@shared
def list_(call: Call) -> int:
    """List the members."""
    with workspace(call) as folder:
        team = folder.team.members
        if call.as_json:
            body = [
                {"id": m.id, "name": m.name, "role": m.role, "manager": m.manager, "active": m.active} for m in team
            ]
            output.document("members", {"members": body})
        else:
            names = folder.names
            output.table([(m.name, m.role, names.get(m.manager, m.manager), "" if m.active else "×") for m in team])
    return 0


@members.command()
@click.argument("name")
@click.option("--id", "ident", default="", help="Stable id; made from the name if not given.")
@click.option("--role", required=True, help="A role of the schema, sales for one.")
@click.option("--manager", default="", help="Name or id of the member to whom this one reports.")
@click.option("--email", default="", help="Where copies are sent.")
@shared
def add(call: Call, name: str, ident: str, role: str, manager: str, email: str) -> int:
    """Add one member."""
    from custsheet.schema.records import Member  # noqa: PLC0415
    from custsheet.workspace.people import add_member, member_id  # noqa: PLC0415

    with workspace(call) as folder:
        member = add_member(folder, Member(ident or member_id(name), name, role, manager, email))
        if call.as_json:
            output.document("members", {"added": [member.name], "changed": [], "same": 0})
        else:
            output.say("members.added", names=member.name, count=1)
    return 0


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@shared
def import_(call: Call, file: Path) -> int:
    """Take members from a csv or xlsx; each distinct manager becomes a member with role manager."""
    from custsheet.workspace.people import import_members  # noqa: PLC0415

    with workspace(call) as folder:
        taken = import_members(folder, file)
        if call.as_json:
            output.document("members", {"added": list(taken.added), "changed": list(taken.changed), "same": taken.same})
            return 0
        output.say("members.added", names=join(taken.added[:8], output.language()), count=len(taken.added))
        if taken.changed:
            output.say("members.changed", names=join(taken.changed[:8], output.language()), count=len(taken.changed))
        for head, name in taken.guessed:
            output.say("import.guessed", head=head, name=name)
        if taken.unused:
            output.say("import.unused", heads=join(taken.unused, output.language()))
    return 0
