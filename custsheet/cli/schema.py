"""`custsheet schema check|show|json-schema|migrate`."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from custsheet import messages
from custsheet.cli import output
from custsheet.cli.options import Call, shared, workspace
from custsheet.errors import CallError
from custsheet.text import clauses, join

if TYPE_CHECKING:
    from custsheet.schema.records import Schema, TableDef, TableGrant


@click.group()
def schema() -> None:
    """Check or show the schema, print its JSON Schema, carry the rows over to a changed one."""


@schema.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@shared
def check(call: Call, file: Path | None) -> int:
    """Check a schema file (default: the workspace's); each mistake with file, line and the nearest word."""
    from custsheet.schema import load_schema  # noqa: PLC0415

    if file is not None:
        found = load_schema(file)
    else:
        with workspace(call) as folder:
            from custsheet.workspace.migrating import require_plain  # noqa: PLC0415

            found = folder.schema
            assert folder.team
            require_plain(folder)
    if call.as_json:
        output.document("schema-check", {"schema": found.name, "version": found.version, "problems": []})
    else:
        output.say("schema.fine", name=found.name, tables=len(found.tables))
    return 0


@schema.command()
@click.argument("name", required=False)
@shared
def show(call: Call, name: str | None) -> int:
    """Show tables, fields and rules in plain words: of the workspace, a file, or a built-in schema."""
    from custsheet.schema import builtin, builtin_names, load_schema  # noqa: PLC0415

    if name is None:
        with workspace(call) as folder:
            found = folder.schema
    elif name in builtin_names():
        found = load_schema(builtin(name))
    elif Path(name).exists():
        found = load_schema(Path(name))
    else:
        raise CallError("SCHEMA_UNKNOWN", name=name, known=builtin_names(), nearest="")
    if call.as_json:
        output.document("schema", {"body": dict(found.body)})
        return 0
    lang = output.language()
    for table in found.tables.values():
        output.line(f"{table.title[lang]} ({table.name})")
        rows = []
        for f in table.fields.values():
            marks = ("*" if f.spec.required else "") + ("!" if f.spec.important else "")
            told = f.say(language=lang)
            said = clauses((one.rstrip("。") for one in told), lang) if lang == "zh" else " ".join(told)
            rows.append((f.name + marks, f.spec.title[lang], f.spec.type, said))
        output.table(rows)
    _roles(found, lang)
    return 0


def _roles(found: Schema, lang: str) -> None:
    """Say who sees which rows and fields of each table, and may change what."""
    for role, grants in found.roles.items():
        output.line(messages.word("role.title", lang, role=role))
        output.table([(found.tables[name].title[lang], *_right(found.tables[name], grant, lang))
                      for name, grant in grants.items() if grant.rows != "none"])  # fmt: skip


def _right(table: TableDef, grant: TableGrant, lang: str) -> tuple[str, ...]:
    acts = [messages.word(f"role.{act}", lang) for act in ("add", "delete", "reassign") if getattr(grant, act)]
    see = messages.word("role.see", lang, fields=_named(table, grant.see, lang))
    edit = messages.word("role.edit", lang, fields=_named(table, grant.edit, lang))
    return messages.word(f"role.rows.{grant.rows}", lang), join(acts, lang), see, edit


def _named(table: TableDef, names: Collection[str], lang: str) -> str:
    """Say fields by title; of nearly all that can be typed, those that are left out."""
    typed = [f for f in table.fields.values() if f.editable]
    lacking = [f.spec.title[lang] for f in typed if f.name not in names]
    if not names or not lacking:
        return messages.word("role.everything" if names else "role.nothing", lang)
    if len(lacking) * 2 < len(typed):
        return messages.word("role.but", lang, fields=join(lacking, lang))
    return join([f.spec.title[lang] for f in table.fields.values() if f.name in names], lang)


@schema.command("json-schema")
def json_schema() -> int:
    """Print the JSON Schema by which editors complete a schema file."""
    from custsheet.schema import json_schema as make  # noqa: PLC0415

    output.line(json.dumps(make(), ensure_ascii=True, indent=1))
    return 0


@schema.command()
@click.option("--preview", is_flag=True, help="Only say what the changed schema does to the rows.")
@click.option("--accept-loss", is_flag=True, help="Go on although values leave the rows or cannot be read any more.")
@shared
def migrate(call: Call, preview: bool, accept_loss: bool) -> int:
    """Carry the rows in the ledger over to a changed schema.yaml, as one revision."""
    from custsheet.cli import migrating  # noqa: PLC0415
    from custsheet.workspace import migrating as work  # noqa: PLC0415

    with workspace(call) as folder:
        done = work.preview(folder) if preview else work.migrate(folder, accept_loss=accept_loss)
        if call.as_json:
            output.document("schema-migrate", migrating.body(done, preview=preview))
        else:
            migrating.tell(done, preview=preview)
    return 0
