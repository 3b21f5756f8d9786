"""A rule of a table as one sentence, in the titles and options that the schema gives."""

from __future__ import annotations

from custsheet.expr.say import say
from custsheet.fields.base import Language
from custsheet.schema.records import Rule, Schema


def rule_sentence(schema: Schema, table: str, rule: Rule, language: Language) -> str:
    """Return what a rule demands, without its full stop."""
    fields = schema.tables[table].fields
    words = {
        f"{name}.{field.name}": field.spec.title[language]
        for name, other in schema.tables.items()
        for field in other.fields.values()
    }
    words |= {name: other.title[language] for name, other in schema.tables.items()}
    words |= {name: field.spec.title[language] for name, field in fields.items()}
    words |= {f"{name}={o.value}": o.text[language] for name, field in fields.items() for o in field.spec.options}
    dates = frozenset(name for name, field in fields.items() if field.spec.type in ("date", "datetime"))
    return say(rule.holds, words, language, dates=dates)
