"""Numbers as people and programs write them: canonical at 15 digits, with units, separators and signs of currency."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

_SCALES = {
    "": 1,
    "百": 10**2,
    "千": 10**3,
    "k": 10**3,
    "万": 10**4,
    "w": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_CURRENCIES = {
    "¥": "¥", "元": "¥", "块": "¥", "圆": "¥", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "jpy": "JPY", "日元": "JPY",
    "$": "USD", "us$": "USD", "usd": "USD", "美元": "USD", "hk$": "HKD", "hkd": "HKD", "港币": "HKD", "港元": "HKD",
    "€": "EUR", "eur": "EUR", "欧元": "EUR", "£": "GBP", "gbp": "GBP", "英镑": "GBP",
}  # fmt: skip
_MONEY = "|".join(re.escape(word) for word in sorted(_CURRENCIES, key=len, reverse=True))
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_WRITTEN = re.compile(
    rf"(?P<open>\()?(?P<sign>[+-])?(?P<before>{_MONEY})? ?(?P<sign2>[+-])?"
    r"(?P<digits>\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)(?P<exponent>e[+-]?\d{1,3})?"
    rf" ?(?P<scale>万亿|十万|百万|千万|亿|万|千|百|k|w)?(?P<percent>%)? ?(?P<after>{_MONEY})?整?(?P<shut>\))?",
    re.ASCII,
)
_LONGEST = 60


_SEEN = Decimal("0.005")
"""A difference that shows in an amount of money."""


class Numeral(NamedTuple):
    """A number read from a text: its canonical value, the currency said, and whether it was written plainly."""

    value: Decimal
    currency: str = ""
    percent: bool = False
    plain: bool = True
    cut: bool = False
    """Whether more digits were typed than there is room for."""


def canonical(number: Decimal) -> Decimal | None:
    """Return the number at the 15 digits that every client keeps; None where a cell cannot hold it."""
    double = float(number) if number.adjusted() < 308 else float("inf")
    if double in (float("inf"), float("-inf")):
        return None
    value = Decimal(format(Decimal(f"{double:.15g}"), "f"))
    return value if value else Decimal(0)


def plain(number: Decimal) -> str:
    """Return the number's digits without exponent or needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(number: Decimal, decimals: int | None = None) -> str:
    """Return the number with commas between thousands; at least so many decimals, never fewer than it has."""
    text = plain(number)
    whole, _, fraction = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    fraction = fraction.ljust(decimals or 0, "0")
    return f"{sign}{int(whole):,}{'.' + fraction if fraction else ''}"


def read_numeral(text: str) -> Numeral | None:
    """Read a number that was typed as text; None where it is not one number."""
    if len(text) > _LONGEST:
        return None
    if _PLAIN.fullmatch(text):
        value = canonical(Decimal(text))
        return None if value is None else Numeral(value, cut=is_cut(Decimal(text), value))
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").strip(" '’‘\t").casefold()
    found = _WRITTEN.fullmatch(" ".join(folded.split()))
    return _assemble(found) if found else None


def _assemble(found: re.Match[str]) -> Numeral | None:
    if bool(found["open"]) != bool(found["shut"]) or (found["sign"] and found["sign2"]):
        return None
    if found["before"] and found["after"] and not _agree(found["before"], found["after"]):
        return None
    digits = found["digits"].replace(",", "").replace(" ", "")
    number = Decimal(digits + (found["exponent"] or "")) * _SCALES[found["scale"] or ""]
    if found["percent"]:
        number /= 100
    if "-" in (found["sign"], found["sign2"]) or found["open"]:
        number = -number
    value = canonical(number)
    said = found["before"] or found["after"] or ""
    if value is None:
        return None
    currency, cut = _CURRENCIES.get(said, ""), is_cut(number, value)
    return Numeral(value, currency, bool(found["percent"]), plain=False, cut=cut)


def is_cut(number: Decimal, value: Decimal) -> bool:
    """Tell whether a value is another amount than what was typed; a program's 0.30000000000000004 is 0.3."""
    return abs(number - value) >= _SEEN


def _agree(before: str, after: str) -> bool:
    said = {_CURRENCIES[before], _CURRENCIES[after]}
    return len(said) == 1 or said <= {"¥", "CNY"} or said <= {"¥", "JPY"}


def fits(said: str, currency: str) -> bool:
    """Tell whether a currency sign that was typed may stand for the field's currency."""
    if not said or not currency:
        return True
    return said == currency or (said == "¥" and currency in ("CNY", "JPY"))
