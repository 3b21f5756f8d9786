"""The team whose workbook tells what a program does to it: every family of field, every kind of value, one member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from custsheet import schema as schemas
from custsheet.demo.client_values import KINDS
from custsheet.fields.base import Field, Language, Text
from custsheet.intake.refs import Resolver
from custsheet.model import Cell, Table, Value
from custsheet.schema.records import Issue, Member, Schema, Team
from custsheet.text import fold
from custsheet.workspace.alone import tables_from

TODAY: Final = dt.date(2026, 11, 16)
ROUND: Final = "2026-W47"
MEMBER: Final = "wang"
NAME: Final = "client-test"
TABLE: Final = "work"
"""Where a person edits."""

CUSTOMERS: Final = (
    Text("澄湖示例科技", "Clear Lake Tech"),
    Text("远山示例机械", "Far Hill Machines"),
    Text("青禾示例食品", "Green Crop Foods"),
    Text("北岭示例物流", "North Ridge Freight"),
    Text("东屿示例制药", "East Isle Pharma"),
    Text("南山示例建材", "South Hill Supplies"),
    Text("西塘示例服装", "West Pond Clothing"),
    Text("云溪示例教育", "Cloud Brook School"),
    Text("白露示例传媒", "White Dew Media"),
    Text("长亭示例酒店", "Long Arbour Hotel"),
    Text("半夏示例医疗", "Midsummer Medical"),
    Text("竹里示例茶业", "Bamboo Lane Tea"),
)
_NAMES: Final = {
    "zh": {MEMBER: "王芳", "li": "李雷", "brien": "O'Brien", "yoshida": "𠮷田"},
    "en": {MEMBER: "Anna", "li": "Li Lei", "brien": "O'Brien", "yoshida": "𠮷田"},
}
_STAGES: Final = (
    {"value": "洽谈", "en": "Talking", "colour": "teal", "icon": "ring", "probability": "30%"},
    {"value": "成交", "en": "Won", "colour": "green", "icon": "dot", "probability": "100%"},
    {"value": "丢单", "en": "Lost & gone", "colour": "red", "icon": "cross", "probability": "0%"},
    {"value": "001", "en": "001"},
)
_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "words": {"type": "text", "title": {"zh": "文字", "en": "Text"}, "important": True},
    "stage": {"type": "choice", "title": {"zh": "阶段", "en": "Stage"}, "options": list(_STAGES), "visible": True},
    "day": {"type": "date", "title": {"zh": "日期", "en": "Date"}, "visible": True},
    "amount": {"type": "money", "title": {"zh": "金额", "en": "Amount"}, "currency": "CNY", "visible": True},
    "number": {"type": "number", "title": {"zh": "数量", "en": "Number"}, "visible": True},
    "remarks": {
        "type": "note",
        "title": {"zh": "备注", "en": "Notes"},
        "visible": True,
        "sections": ["基本信息", "沟通记录"],
    },
    "share": {"type": "percent", "title": {"zh": "占比", "en": "Share"}, "decimals": 1, "visible": True},
    "yes": {"type": "bool", "title": {"zh": "是否", "en": "Yes or no"}, "visible": True},
    "tags": {"type": "tags", "title": {"zh": "标签", "en": "Tags"}, "visible": True},
    "phone": {"type": "phone", "title": {"zh": "电话", "en": "Phone"}},
    "moment": {"type": "datetime", "title": {"zh": "时间", "en": "Date and time"}},
    "plan": {"type": "text", "title": {"zh": "长文字", "en": "Long text"}, "long": True},
    "progress": {"type": "progress", "title": {"zh": "进度", "en": "Progress"}},
    "score": {"type": "score", "title": {"zh": "评分", "en": "Score"}},
    "mail": {"type": "email", "title": {"zh": "邮箱", "en": "Email"}},
    "identity": {"type": "id-number", "title": {"zh": "证件号", "en": "ID number"}},
    "who": {"type": "member", "title": {"zh": "成员", "en": "Member"}},
    "team": {"type": "members", "title": {"zh": "多位成员", "en": "Members"}},
    "named": {"type": "ref", "title": {"zh": "名称", "en": "Name"}, "to": "names"},
    "days": {"type": "computed", "title": {"zh": "剩余天数", "en": "Days left"}, "compute": {"days_until": "day"}},
    "latest": {
        "type": "computed",
        "title": {"zh": "最近", "en": "Latest"},
        "compute": {"latest_of": ["day", "moment"]},
    },
    "weighted": {
        "type": "computed",
        "title": {"zh": "加权", "en": "Weighted"},
        "currency": "CNY",
        "compute": {"weighted": ["amount", "stage"]},
    },
    "hint": {
        "type": "computed",
        "title": {"zh": "提示", "en": "Hint"},
        "compute": {"hint": {"next": "day", "last": "moment"}},
    },
}
FAMILIES: Final = tuple(dict.fromkeys(settings["type"] for settings in _FIELDS.values()))


def body() -> dict[str, Any]:
    """Return the schema as plain data, as a schema file would give it."""
    names = {
        "name": {"type": "text", "title": {"zh": "名称", "en": "Name"}, "required": True, "important": True},
        "used": {"type": "computed", "title": {"zh": "次数", "en": "Used"}, "compute": {"count_of": "work"}},
    }
    kind = {"type": "text", "title": {"zh": "哪一种", "en": "Kind"}, "required": True, "important": True}
    key = {"type": "text", "title": {"zh": "客户", "en": "Customer"}, "required": True, "important": True}
    everything = {"rows": "all", "see": "*", "edit": "*", "add": True, "delete": True, "reassign": True}
    return {
        "schema": NAME,
        "version": "1",
        "title": {"zh": "程序测试", "en": "Program test"},
        "language": "zh",
        "tables": {
            "work": {
                "title": {"zh": "练习", "en": "Work"},
                "key": ["customer"],
                "missing_rows": "delete",
                "spare": 5,
                "fields": {"customer": key, **_FIELDS},
            },
            "values": {
                "title": {"zh": "取值", "en": "Values"},
                "key": ["kind"],
                "spare": 2,
                "fields": {"kind": kind, **_FIELDS},
            },
            "names": {"title": {"zh": "名称", "en": "Names"}, "key": ["name"], "spare": 2, "fields": names},
        },
        "roles": {"tester": dict.fromkeys(("work", "values", "names"), everything)},
    }


def schema(language: Language) -> Schema:
    """Return the schema in one language."""
    return schemas.from_body({**body(), "language": language}, language=language)


def team(language: Language) -> Team:
    """Return the members; one is called by signs of which some are two units long."""
    return Team(tuple(Member(who, name, "tester", language=language) for who, name in _NAMES[language].items()))


def rows(language: Language) -> dict[str, Table]:
    """Return all rows: each kind of value as every family reads it, and a dozen plain ones to work in."""
    made = schema(language)
    names = tables_from(made, {"names": [{"name": text} for text in _texts(made)]})["names"]
    texts = {rid: str(row[0]) for rid, row in names.items()}
    resolver = Resolver(made, Issue("", "", "", 0, 0, {}, {}), team(language), lambda _: texts)
    fields = made.tables["values"].fields

    def read(field: Field, cell: Cell) -> Value:
        return resolver.resolve(field, field.parse(cell, language=language, today=TODAY).value)[0]

    values = [
        {"kind": kind, **{name: read(fields[name], cell) for name in _FIELDS if fields[name].editable}}
        for kind, cell in KINDS.items()
    ]
    work = [dict(row, named=resolver.resolve(fields["named"], row["named"])[0]) for row in _work(language)]
    return {**tables_from(made, {"values": values, "work": work}), "names": names}


def _texts(made: Schema) -> Sequence[str]:
    """Return the texts that rows may be called by, no two of them alike to a reader of names."""
    field = made.tables["names"].fields["name"]
    read = (field.parse(cell, language="zh", today=TODAY).value for cell in KINDS.values())
    found: dict[str, str] = {}
    for text in read:
        if isinstance(text, str):
            found.setdefault(fold(text), text)
    return list(found.values())


def _work(language: Language) -> list[dict[str, Any]]:
    stages = [stage["value"] for stage in _STAGES]
    return [
        {
            "customer": name[language],
            "words": f"00{at} 号",
            "stage": stages[at % 3],
            "day": TODAY + dt.timedelta(days=at),
            "amount": Decimal(12_500) + at,
            "number": Decimal(at) / 4,
            "remarks": f"【基本信息】老客户\n【沟通记录】第 {at} 次",
            "share": Decimal(at) / 20,
            "yes": at % 2 == 0,
            "tags": ("展会", f"第{at}批"),
            "phone": f"138000000{at:02}",
            "moment": dt.datetime.combine(dt.date(2026, 11, 1), dt.time(9, at, 30)),
            "plan": f"先打电话，\n再发 {at} 份报价",
            "progress": Decimal(at) / 100,
            "score": at % 5 + 1,
            "mail": f"lianxi{at}@shili.example",
            "identity": None if at % 2 else "110101199001011237",
            "who": tuple(_NAMES["zh"])[at % 4],
            "team": tuple(_NAMES["zh"])[: at % 4] or None,
            "named": "澄湖示例科技" if at % 2 else "_x0041_",
        }
        for at, name in enumerate(CUSTOMERS)
    ]
