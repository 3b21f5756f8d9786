"""The families of field type: one file each, found by the `type` word of the schema, loaded when first needed."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, cast

from custsheet.errors import CallError
from custsheet.fields.base import Field, Spec
from custsheet.text import nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["make", "types"]

_BUILT_IN = {
    "text": "text:TextField",
    "note": "note:NoteField",
    "choice": "choice:ChoiceField",
    "tags": "tags:TagsField",
    "date": "date:DateField",
    "datetime": "date:DateTimeField",
    "number": "number:NumberField",
    "percent": "number:PercentField",
    "progress": "number:ProgressField",
    "score": "score:ScoreField",
    "money": "money:MoneyField",
    "bool": "bool:BoolField",
    "phone": "phone:PhoneField",
    "email": "email:EmailField",
    "member": "member:MemberField",
    "members": "member:MembersField",
    "ref": "ref:RefField",
    "computed": "computed:ComputedField",
    "id-number": "id_number:IdNumberField",
}
_GROUP = "custsheet.fields"


def make(spec: Spec) -> Field:
    """Return the field that these settings describe; CallError `FIELD_TYPE` where no family serves the type."""
    return _family(spec.type)(spec)


def types() -> tuple[str, ...]:
    """Return every `type` word: the built-in ones, then those of installed packages."""
    return (*_BUILT_IN, *sorted(set(_installed()) - set(_BUILT_IN)))


@cache
def _family(word: str) -> type[Field]:
    if word in _BUILT_IN:
        module, _, name = _BUILT_IN[word].partition(":")
        return cast("type[Field]", getattr(importlib.import_module(f"{__name__}.{module}"), name))
    if word in _installed():
        return cast("type[Field]", _installed()[word].load())
    near = nearest(word, types(), 1)
    raise CallError("FIELD_TYPE", type=word, nearest=near[0] if near else "text", known=", ".join(types()))


@cache
def _installed() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - a third of the time of importing this room

    return {point.name: point for point in entry_points(group=_GROUP)}
