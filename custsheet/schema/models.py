"""The shape of a schema file and of members.yaml as pydantic models; what words mean is checked in `lint`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from custsheet.look import HUES, ICONS

NAME = re.compile(r"[^\W\d_]\w*")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]|[Rr]\d*[Cc]\d*")
DAYS = re.compile(r"(\d{1,4})d")
VIA = re.compile(r"via:\s*(\S+)")


def _number_to_text(value: object) -> object:
    """Take `2024` for "2024" where a word is wanted: people do not quote a year."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _two_languages(value: object) -> object:
    """Spread one string over both languages, and one language over the one that is not given."""
    value = _number_to_text(value)
    if isinstance(value, str):
        return {"zh": value, "en": value}
    if isinstance(value, dict):
        given = [value[k] for k in ("zh", "en") if value.get(k) is not None]
        return {"zh": given[0], "en": given[0], **value} if given else value
    return value


def _option(value: object) -> object:
    value = _number_to_text(value)
    return {"value": value} if isinstance(value, str) else value


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise PydanticCustomError("SCHEMA_NAME", "name", {"word": value})
    return value


def _table_name(value: str) -> str:
    if LIKE_A_CELL.fullmatch(value):
        raise PydanticCustomError("SCHEMA_NAME_CELL", "name", {"word": value})
    return _name(value)


def _probability(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(\.\d+)?\s*[%％]", value) and float(value[:-1].strip()) <= 100:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return value
    raise PydanticCustomError("SCHEMA_PERCENT", "percent", {"word": value})


def _days(value: object) -> object:
    if not isinstance(value, str) or not DAYS.fullmatch(value):
        raise PydanticCustomError("SCHEMA_DAYS", "days", {"word": value})
    return value


def _star_or_names(value: object) -> object:
    if value == "*" or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        return value
    raise PydanticCustomError("SCHEMA_STAR", "star", {"word": value})


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


class TextBody(_Body):
    """One text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


_TEXT_JSON = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
Words = Annotated[TextBody, BeforeValidator(_two_languages), WithJsonSchema(_TEXT_JSON)]
Word = Annotated[str, BeforeValidator(_number_to_text), WithJsonSchema({"type": ["string", "number"]})]
Name = Annotated[str, BeforeValidator(lambda v: _name(v) if isinstance(v, str) else v)]
TableName = Annotated[str, BeforeValidator(lambda v: _table_name(v) if isinstance(v, str) else v)]
StarOrNames = Annotated[
    Any,
    BeforeValidator(_star_or_names),
    WithJsonSchema({"anyOf": [{"const": "*"}, {"type": "array", "items": {"type": "string"}}]}),
]
Plain = Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean"]})]


class OptionBody(_Body):
    """One option of a choice; a bare word stands for `{value: word}`."""

    value: Annotated[Word, Field(min_length=1)]
    zh: Word = ""
    en: Word = ""
    colour: Literal[tuple(HUES)] | None = None  # type: ignore[valid-type]
    icon: Literal[tuple(ICONS)] | None = None  # type: ignore[valid-type]
    also: list[Word] = []
    probability: Annotated[
        Any, BeforeValidator(_probability), WithJsonSchema({"type": ["string", "number"], "examples": ["10%", 0.1]})
    ] = None
    cadence: int | None = Field(default=None, ge=1)


Options = Annotated[OptionBody, BeforeValidator(_option)]


class FieldBody(_Body):
    """One field of one table."""

    type: str
    title: Words
    required: bool = False
    important: bool = False
    visible: bool = False
    aliases: list[Word] = []
    was: list[Word] = []
    """Names that the field had before: what stands under them in ledger and copies is this field's."""
    help: Words | None = None
    options: list[Options] = []
    region: str = Field(default="CN", pattern=r"^[A-Z]{2}$")
    currency: str = Field(default="", pattern=r"^[A-Z]{3}$")
    decimals: int | None = Field(default=None, ge=0, le=10)
    min: Plain = None
    max: Plain = None
    pattern: str = ""
    max_length: int | None = Field(default=None, ge=1, le=32_767)
    long: bool = False
    sections: list[Word] = []
    to: str = ""
    compute: dict[str, Any] | None = None
    default: Plain = None
    merge: (
        Literal["ask", "union", "append", "latest", "max", "min", "sum_of_changes", "owner_wins", "manager_wins"] | None
    ) = None
    data_class: Literal["personal"] | None = Field(default=None, alias="class")
    filled: Literal["merge"] | None = None
    terms: dict[str, Word] = {}


class RuleBody(_Body):
    """One rule: a name and exactly one form, perhaps only `when` something holds."""

    name: str = Field(min_length=1)
    severity: Literal["error", "warning"] = "error"
    when: dict[str, Any] | None = None
    require: list[str] | None = Field(default=None, min_length=1)
    require_any: list[str] | None = Field(default=None, min_length=2)
    compare: list[Plain] | None = Field(default=None, min_length=3, max_length=3)
    between: list[Plain] | None = Field(default=None, min_length=3, max_length=3)
    one_of: list[Any] | None = Field(default=None, min_length=2, max_length=2)
    pattern: list[str] | None = Field(default=None, min_length=2, max_length=2)
    unique: list[str] | None = Field(default=None, min_length=1)
    exists_in: str | None = None


FORMS = ("require", "require_any", "compare", "between", "one_of", "pattern", "unique", "exists_in")


class LoggedBody(_Body):
    """Which fields, typed together, become a row of an append-only table at merge."""

    into: str
    fields: dict[str, str] = Field(min_length=1)
    """Field there → field here; all have to be typed."""
    values: dict[str, str] = {}
    """Field there → what stands in it, an option for one."""


class TableBody(_Body):
    """One table."""

    title: Words
    was: list[Word] = []
    """Names that the table had before."""
    fields: dict[Name, FieldBody] = Field(min_length=1)
    key: list[str] = []
    owner: str = ""
    helpers: str = ""
    missing_rows: Literal["ask", "delete", "ignore"] = "ask"
    spare: int = Field(default=30, ge=0, le=1_000)
    groups: list[list[str]] = []
    strict: Literal["cell", "row"] = "cell"
    append_only: bool = False
    show: Annotated[Any, BeforeValidator(_days), WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}d$"})] = None
    rules: list[RuleBody] = []
    logged: LoggedBody | None = None


class GrantBody(_Body):
    """What a role may do in one table."""

    rows: Literal["own", "linked", "team", "all", "none"]
    see: StarOrNames
    edit: StarOrNames = None
    add: bool = False
    delete: bool = False
    reassign: bool = False


class SchemaBody(_Body):
    """A whole schema file."""

    schema_name: str = Field(alias="schema", pattern=r"^[\w][\w-]*$")
    version: Annotated[Word, Field(min_length=1)]
    title: Words
    purpose: Words | None = None
    language: Literal["zh", "en"] = "zh"
    tables: dict[TableName, TableBody] = Field(min_length=1)
    terms: dict[str, Word] = {}
    roles: dict[Name, dict[str, GrantBody]] = Field(min_length=1)
    member_fields: dict[Name, Words] = {}
    member_aliases: dict[str, list[Word]] = {}


class MemberBody(_Body):
    """One member, without what the schema adds."""

    id: Annotated[Word, Field(min_length=1)]
    name: Annotated[Word, Field(min_length=1)]
    role: str
    manager: Word | None = None
    email: str | None = None
    language: Literal["zh", "en"] | None = None
    active: bool = True


_KNOWN: tuple[tuple[tuple[str, ...], type[BaseModel]], ...] = (
    ((), SchemaBody),
    (("tables", "*"), TableBody),
    (("tables", "*", "fields", "*"), FieldBody),
    (("tables", "*", "fields", "*", "options", "*"), OptionBody),
    (("tables", "*", "rules", "*"), RuleBody),
    (("roles", "*", "*"), GrantBody),
)


def settings_at(way: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the settings that are known at a place of a schema file."""
    for pattern, model in _KNOWN:
        if len(pattern) == len(way) and all(p in ("*", w) for p, w in zip(pattern, way, strict=True)):
            return settings_of(model)
    return ("zh", "en")


def settings_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return a model's settings as the file spells them."""
    return tuple(f.alias or name for name, f in model.model_fields.items())
