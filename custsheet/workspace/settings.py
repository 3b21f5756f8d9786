"""custsheet.yaml: what a team set for its workspace, read with the line of every mistake."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from custsheet.fields.base import Language
from custsheet.ledger import address
from custsheet.schema.source import Problem, Source, nearest_word, read_source, stop

KEYS = ("language", "schema", "members", "ledger", "me", "late")
ONE_OF = {"language": ("zh", "en"), "late": ("merge", "ask")}
"""Settings that are one of a few words."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace. Paths are relative to its folder."""

    language: Language = "zh"
    schema: str = "schema.yaml"
    members: str = "members.yaml"
    ledger: str = field(default="ledger.db", repr=False)  # a server's address may hold a password
    me: str = ""
    """Id or name of the member who runs the commands where `--as` does not say."""
    late: Literal["merge", "ask"] = "merge"
    """What becomes of a copy whose round is closed: it joins the open round, or all of it waits for a word."""


def load_settings(path: Path) -> Settings:
    """Read the settings; CallError `SETTINGS_WRONG` with every problem in it."""
    source = read_source(path, code="SETTINGS_WRONG")
    problems = [*source.problems, *_problems(source)]
    if problems:
        wrong = stop("SETTINGS_WRONG", str(path), problems)
        given = source.data.get("language") if isinstance(source.data, dict) else None
        if given in ("zh", "en"):  # said in the language that the file itself asks for
            wrong.facts["language"] = given
        raise wrong
    data: dict[str, str] = {key: str(value) for key, value in source.data.items() if value is not None}
    language: Language = "en" if data.get("language") == "en" else "zh"
    return Settings(
        language=language,
        schema=data.get("schema", "schema.yaml"),
        members=data.get("members", "members.yaml"),
        ledger=data.get("ledger", "ledger.db"),
        me=data.get("me", ""),
        late="ask" if data.get("late") == "ask" else "merge",
    )


def _problems(source: Source) -> list[Problem]:
    if not isinstance(source.data, dict):
        return [source.at("SETTINGS_SHAPE", 1, 1)]
    found = []
    for key, value in source.data.items():
        if key not in KEYS:
            near = nearest_word(key, KEYS)
            found.append(source.problem("SETTINGS_KEY", (key,), at_key=True, nearest=near, word=key))
        elif value is not None and not isinstance(value, str):
            found.append(source.problem("SETTINGS_TEXT", (key,), word=key))
        elif value not in ONE_OF.get(key, (value,)):
            near = nearest_word(value, ONE_OF[key])
            found.append(source.problem(f"SETTINGS_{key.upper()}", (key,), word=value, nearest=near))
        elif key == "ledger" and value is not None and address.scheme(value):
            found += _address_problems(source, value)
    return found


def _address_problems(source: Source, text: str) -> list[Problem]:
    scheme = address.scheme(text)
    if scheme not in address.SCHEMES:
        near = nearest_word(scheme, address.SCHEMES)
        return [source.problem("SETTINGS_DRIVER", ("ledger",), word=scheme, nearest=near)]
    return [] if address.is_sound(text) else [source.problem("SETTINGS_ADDRESS", ("ledger",))]


def dump_settings(settings: Settings) -> str:
    """Return the file that `new` writes, with a line on what each setting means."""
    zh = settings.language == "zh"
    notes = {
        "language": "界面语言：zh 或 en" if zh else "language of messages and workbooks: zh or en",
        "schema": "字段、规则、角色" if zh else "fields, rules, roles",
        "members": "成员名单" if zh else "the members",
        "ledger": "账本：本机路径（不要放同步盘），或 PostgreSQL 地址"
        if zh
        else "the ledger: a local path (not a synced folder), or a PostgreSQL address",
        "me": "默认由谁操作（成员 id）" if zh else "who runs the commands (member id)",
        "late": "上一轮的表晚交了：merge 直接并，ask 先问"
        if zh
        else "a copy of a closed round: merge it, or ask first",
    }
    return "".join(f"{key}: {getattr(settings, key)}   # {note}\n" for key, note in notes.items())
