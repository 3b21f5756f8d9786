"""The built-in schemas hold the tables, fields and titles that are promised."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from custsheet.errors import CallError
from custsheet.fields.base import Language
from custsheet.schema import builtin, builtin_names, from_body, json_schema, load_schema
from custsheet.schema.records import Schema

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT.parent / "shared" / "SCHEMAS.md"

FIELDS = {
    "follow-up": {
        "customers": "name contact phone status grade tags last_follow_up last_content next_follow_up next_plan owner "
        "remarks title email industry region lifecycle hint cooperation helpers needs satisfaction satisfaction_on "
        "consent consent_on days_left contacts_made",
        "contacts": "customer name title phone email wechat main remarks",
        "log": "customer date channel content result next_step member",
        "opportunities": "name customer stage amount expected_close product owner lost_reason weighted",
        "problems": "customer kind content opened status owner due solved satisfaction",
        "feedback": "member content reply status",
    },
    "simple": {"customers": "name contact phone email title last_follow_up last_content status next_follow_up owner"},
    "pipeline": {
        "accounts": "account sector year_established revenue employees office_location subsidiary_of",
        "products": "product series sales_price",
        "opportunities": "opportunity_id sales_agent product account deal_stage engage_date close_date close_value",
    },
}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_built_in_schema_has_its_tables_and_fields(name: str, language: Language) -> None:
    """Each built-in schema loads in both languages, with its tables and fields in the promised order."""
    schema = load_schema(builtin(name), language=language)

    assert language == schema.language
    assert FIELDS[name] == {table: " ".join(definition.fields) for table, definition in schema.tables.items()}


def test_the_built_in_schemas_are_listed() -> None:
    """The usual schema comes first, and a misspelt one is told the nearest."""
    assert builtin_names()[:3] == ("follow-up", "simple", "pipeline")
    with pytest.raises(CallError) as stopped:
        builtin("folow-up")
    assert stopped.value.facts["nearest"] == "follow-up"


@pytest.mark.parametrize("name", FIELDS)
def test_a_body_gives_the_same_schema_again(name: str) -> None:
    """What stamp and ledger keep, sorted JSON included, loads to the same schema with the columns in order (U1)."""
    schema = load_schema(builtin(name))

    again = from_body(json.loads(json.dumps(schema.body, sort_keys=True)))

    assert schema.digest == again.digest
    assert schema.roles == again.roles
    assert [list(t.fields) for t in schema.tables.values()] == [list(t.fields) for t in again.tables.values()]
    assert [t.rules for t in schema.tables.values()] == [t.rules for t in again.tables.values()]


def test_status_keeps_the_colours_of_the_seed() -> None:
    """Green is a prospect, red is lost; a signed customer is another word for a won one (R029, R030, R008)."""
    status = load_schema(builtin("follow-up")).tables["customers"].fields["status"].spec

    assert [(o.value, o.colour, o.icon) for o in (status.options[0], status.options[-1])] == [
        ("潜在客户", "green", "ring"),
        ("丢失客户", "red", "cross"),
    ]
    assert status.options[2].also == ("签约客户",)
    assert [o.text["en"] for o in status.options] == ["Prospect", "Interested", "Customer", "Lost"]


def test_the_columns_that_matter_stand_in_front() -> None:
    """Name, contact and phone are important and first (R027); at most twelve columns are outside the group (R143)."""
    for name in FIELDS:
        for table in load_schema(builtin(name)).tables.values():
            assert 0 < sum(f.spec.visible for f in table.fields.values()) <= 12
    fields = load_schema(builtin("follow-up")).tables["customers"].fields
    assert ["name", "contact", "phone"] == [n for n, f in fields.items() if f.spec.important] == list(fields)[:3]


def test_standard_terms_reach_the_fields() -> None:
    """The misspellings of the public sales data are terms of their fields (R039)."""
    tables = load_schema(builtin("pipeline")).tables

    assert tables["accounts"].fields["sector"].spec.terms == {"technolgy": "technology"}
    assert tables["accounts"].fields["office_location"].spec.terms == {"philipines": "Philippines"}
    assert tables["opportunities"].fields["product"].spec.terms == {"gtxpro": "GTX Pro"}


def test_the_files_start_with_the_line_for_editors() -> None:
    """Editors find the JSON Schema by the first line."""
    for name in builtin_names():
        assert "# yaml-language-server: $schema=" in builtin(name).read_text(encoding="utf-8").splitlines()[0]


def test_the_json_schema_knows_the_field_types_and_settings() -> None:
    """An editor is offered the types and settings that the loader takes."""
    defs = json_schema()["$defs"]

    assert {"text", "phone", "id-number"} <= set(defs["FieldBody"]["properties"]["type"]["enum"])
    assert "class" in defs["FieldBody"]["properties"]
    assert {"schema", "tables", "roles"} <= set(json_schema()["required"])


def test_asking_for_the_room_loads_nothing_heavy() -> None:
    """Pydantic and ruamel wait until a file is read (`--help` stays quick)."""
    code = "import sys, custsheet.schema; print([m for m in ('pydantic', 'ruamel.yaml', 'pandas') if m in sys.modules])"

    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


# ── against the specification's own words ───────────────────────────────────────────────────────────


def promised(text: str) -> list[tuple[str, str, str, str]]:
    """Return (table, field, zh, en) of the customers table of the follow-up schema as the specification lists them."""
    rows = re.findall(r"^\| (\w+)[^|]*\| ([^|]+) \| ([^|]+) \|[^|]+\|$", text, flags=re.MULTILINE)
    return [("customers", name, zh.strip(), en.strip()) for name, zh, en in rows if name != "name" or zh != "中文"]


def test_titles_are_those_of_the_specification() -> None:
    """Every title of the customers table and every inline `name 中文 English` of the document is ours."""
    if not SPEC.is_file():
        pytest.skip("needs ../shared/SCHEMAS.md")
    text = SPEC.read_text(encoding="utf-8")
    fields = load_schema(builtin("follow-up")).tables["customers"].fields
    rows = promised(text)

    assert list(fields) == [name for _, name, _, _ in rows]
    for _, name, zh, en in rows:
        assert (zh, en) == (fields[name].spec.title.zh, fields[name].spec.title.en)


@pytest.mark.parametrize("name", ["follow-up", "pipeline"])
def test_titles_of_the_other_tables_are_those_of_the_specification(name: str) -> None:
    """Each field of the tables that the document describes in running text stands there with both its titles."""
    if not SPEC.is_file():
        pytest.skip("needs ../shared/SCHEMAS.md")
    text = " ".join(SPEC.read_text(encoding="utf-8").split())
    schema: Schema = load_schema(builtin(name))
    for table, definition in schema.tables.items():
        heading = f"**{table} · {definition.title.zh} · {definition.title.en}**"
        assert heading in text
        part = text.split(f"## {name} ·")[1].split(heading)[1].split("**")[0]
        for field, found in definition.fields.items():
            if (name, table) != ("follow-up", "customers"):
                assert f"{field} {found.spec.title.zh} {found.spec.title.en}" in part
