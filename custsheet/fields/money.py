"""Money: a decimal in the field's currency; the sign of the currency stands in words, never in the value."""

from __future__ import annotations

from collections.abc import Sequence

from custsheet.fields.base import Language, Show
from custsheet.fields.number import NumberField, money_format, money_words
from custsheet.fields.numerals import Numeral, fits
from custsheet.messages import word
from custsheet.model import Value

_SIGNS = {"": "", "CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


class MoneyField(NumberField):
    """An amount of money."""

    types = ("money",)

    def takes(self, numeral: Numeral) -> bool:
        """Refuse shares and other currencies: what they are worth here is not known."""
        return not numeral.percent and fits(numeral.currency, self.spec.currency)

    def show(self) -> Show:
        """Return thousands with commas."""
        return Show(money_format(self.spec.decimals), "right", width=11.5)

    def phrase(self, value: Value, language: Language) -> str:
        """Return the amount with the sign of its currency."""
        digits = money_words(value, self.spec.decimals)
        sign = _SIGNS.get(self.spec.currency)
        if sign is None:
            return f"{digits} {self.spec.currency}"
        return f"-{sign}{digits[1:]}" if digits.startswith("-") else f"{sign}{digits}"

    def advice(self, language: Language) -> Sequence[str]:
        """Return how to write it, and the bounds."""
        return [word("fill.money", language), *self.say_bounds(language)]
