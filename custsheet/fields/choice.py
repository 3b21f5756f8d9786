"""Choices: one of the schema's options, in either language or by another word for it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from custsheet.fields.base import (
    WRONG_IN_LIST,
    CellLimit,
    Constraint,
    Field,
    Language,
    Parsed,
    Reading,
    Show,
    Spec,
    Text,
    refused,
    repaired,
    settled,
)
from custsheet.fields.numerals import canonical, plain
from custsheet.look import ICONS
from custsheet.messages import word
from custsheet.model import Cell, Value
from custsheet.text import display_width, fold, in_other_signs, join, nearest

_SIGNS = "".join(ICONS.values())


class ChoiceField(Field):
    """One option; the canonical value is the option's `value`."""

    types = ("choice",)

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.options = {option.value: option for option in spec.options}
        self.exact = {name: o.value for o in reversed(spec.options) for name in (o.text.zh, o.text.en, o.value)}
        self.exact |= {o.value: o.value for o in spec.options}
        also = {fold(name): o.value for o in reversed(spec.options) for name in o.also}
        self.folded = also | {fold(name): value for name, value in self.exact.items()}
        self.terms = settled(spec.terms)
        tight: dict[str, set[str]] = {}
        for name, value in self.folded.items():
            tight.setdefault(name.replace(" ", ""), set()).add(value)
        self.tight = {name: next(iter(values)) for name, values in tight.items() if len(values) == 1}

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Find the option; another spelling or word for it is a repair, a near miss only a suggestion."""
        if text in self.exact:
            return Parsed(self.exact[text])
        said = fold(text.lstrip(_SIGNS))
        value = self._find(said)
        if value is None:
            return self.wrong(text, reading)
        spelt = said.replace(" ", "") in (fold(name).replace(" ", "") for name in self._names(value))
        shown = self.phrase(value, reading.language)
        return repaired(value, text, shown, "F_REPAIRED" if spelt else "F_TERM")

    def _find(self, said: str) -> str | None:
        if said in self.folded:
            return self.folded[said]
        if said in self.terms:
            return self.folded.get(fold(self.terms[said]))
        return self.tight.get(said.replace(" ", ""))

    def _names(self, value: str) -> tuple[str, str, str]:
        option = self.options[value]
        return option.value, option.text.zh, option.text.en

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Read options that are numbers (grade 1, 2, 3)."""
        value = canonical(number)
        return self.wrong(cell.raw, reading) if value is None else self.read_text(plain(value), reading)

    def read_bool(self, raw: str, reading: Reading) -> Parsed:
        """Read options that a sheet turned into logical values."""
        return self.read_text(raw.upper(), reading)

    def wrong(self, raw: str, reading: Reading) -> Parsed:
        """Name the options, and the nearest of them."""
        near = nearest(raw, self.choices(reading.language), 1) or nearest(raw, self.exact, 1)
        near = near or in_other_signs(raw, self.exact)
        options = Text(join(self.choices("zh"), "zh"), join(self.choices("en"), "en"))
        if not near:
            return refused(raw, "choice", options=options)
        value = self.exact[near[0]]
        shown = Text(self.phrase(value, "zh"), self.phrase(value, "en"))
        return refused(raw, "choice_near", nearest=shown, options=options)

    def phrase(self, value: Value, language: Language) -> str:
        """Return the option's text; an option that was taken out of the schema stands for itself."""
        option = self.options.get(str(value))
        return option.text[language] if option else str(value)

    def show(self) -> Show:
        """Return text; single letters are centred."""
        texts = [text for option in self.spec.options for text in (option.text.zh, option.text.en)]
        single = bool(texts) and max(map(display_width, texts)) == 1
        return Show("@", "center" if single else "left")

    def limit(self) -> CellLimit | None:
        """Return the dropdown."""
        return CellLimit("list", source="options", severity="stop", wrong=WRONG_IN_LIST)

    def rules(self) -> Sequence[Constraint]:
        """Return the canonical options."""
        return [Constraint("one_of", tuple(self.options))]

    def advice(self, language: Language) -> Sequence[str]:
        """Return the options."""
        return [word("fill.choice", language, options=join(self.choices(language), language))]
