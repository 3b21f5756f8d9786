"""Phone numbers as text of digits, rebuilt from whatever a sheet or a person made of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from custsheet.fields.base import CellLimit, Constraint, Field, Parsed, Reading, Show, Spec, refused, repaired
from custsheet.model import Cell

_LABEL = re.compile(r"^(?:tel|phone|mobile|电话|手机|座机|固话)(?:号码?)?\.?[:： ]*", re.IGNORECASE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc－—_~]")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What phones put around a number that is copied from the list of contacts."""
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)[: ]*(\d{1,6})$", re.IGNORECASE | re.ASCII)
_SHAPE = re.compile(r"\+?[\d()./ -]+", re.ASCII)
_SCIENTIFIC = re.compile(r"'?(\d(?:\.(\d+))?)e\+?(\d{1,2})", re.IGNORECASE | re.ASCII)
_POINT_ZERO = re.compile(r"'?(\d+)\.0+", re.ASCII)

_CN_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CN_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})", re.ASCII)
_CN_PARTS = re.compile(r"(0\d{2,3})-(\d{7,8})-(\d{1,6})", re.ASCII)
_CN_SERVICE = re.compile(r"[48]00\d{7}|95\d{3,6}|96\d{3,4}|12\d{3}|10\d{3}", re.ASCII)

_DECIMALS_KEPT = 6
"""Fewer decimals before an exponent than this are what a narrow column shows, not what was there."""
_ZEROS_LOST = 7


class PhoneField(Field):
    """A phone number of the field's region, or an international one with `+`."""

    types = ("phone",)

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.region = spec.region or "CN"

    def read_text(self, text: str, reading: Reading) -> Parsed:
        """Read a number with any usual punctuation."""
        if found := _SCIENTIFIC.fullmatch(text):
            return self._scientific(text, found, reading)
        if found := _POINT_ZERO.fullmatch(text):
            return self._from_digits(found[1], text, reading)
        number = self._number(text)
        if number is None:
            return self.wrong(text, reading)
        return Parsed(number) if number == text else repaired(number, text, number)

    def _number(self, text: str) -> str | None:
        """Return the canonical number of what was typed."""
        if self.region == "CN" and (_CN_MOBILE.fullmatch(text) or _CN_PARTS.fullmatch(text)):
            return text
        folded = _DASHES.sub("-", unicodedata.normalize("NFKC", _UNSEEN.sub("", text))).strip("'’‘ ;,.")
        bare = _LABEL.sub("", folded)
        extension = _EXTENSION.search(bare)
        main = (bare[: extension.start()] if extension else bare).strip(" -,")
        if not _SHAPE.fullmatch(main):
            return None
        number = self._canonical(main)
        return number if number is None or not extension else f"{number}-{extension[1]}"

    def _canonical(self, main: str) -> str | None:
        if self.region == "CN" and (parts := _CN_PARTS.fullmatch(main.replace(" ", ""))):
            number = chinese(parts[1] + parts[2])
            return None if number is None else f"{number}-{parts[3]}"
        digits = re.sub(r"\D", "", main)
        abroad = main.startswith("+") or digits.startswith("00")
        digits = digits.removeprefix("00") if abroad else digits
        if self.region != "CN" or (abroad and not digits.startswith("86")):
            return international(f"+{digits}" if abroad else main, self.region)
        return chinese(digits)

    def read_number(self, number: Decimal, cell: Cell, reading: Reading) -> Parsed:
        """Rebuild a number that a sheet took for a quantity, if no digit of it is gone."""
        if found := _SCIENTIFIC.fullmatch(cell.raw):
            return self._scientific(cell.raw, found, reading)
        if number != number.to_integral_value() or number <= 0 or cell.style in ("date", "time", "duration"):
            return self.wrong(cell.raw, reading)
        digits = str(int(number))
        if len(digits) > 15 or (len(digits) > 10 and digits.endswith("0" * _ZEROS_LOST)):
            return refused(cell.raw, "digits", "R_DIGITS_LOST")
        return self._from_digits(digits, cell.raw, reading)

    def _scientific(self, raw: str, found: re.Match[str], reading: Reading) -> Parsed:
        exact = Decimal(raw.strip("'"))
        if len(found[2] or "") < min(_DECIMALS_KEPT, int(found[3])) or exact != exact.to_integral_value():
            return refused(raw, "digits", "R_DIGITS_LOST")
        return self._from_digits(str(int(exact)), raw, reading)

    def _from_digits(self, digits: str, raw: str, reading: Reading) -> Parsed:
        """Give back the 0 of an area code, with which no number cell can begin."""
        number = self._number(digits)
        if number is None and self.region == "CN":
            number = self._number(f"0{digits}")
        return self.wrong(raw, reading) if number is None else repaired(number, raw, number, "F_PHONE_NUMBER")

    def wrong(self, raw: str, reading: Reading) -> Parsed:
        """Show a number of the field's region."""
        return refused(raw, "phone" if self.region == "CN" else "phone_abroad")

    def show(self) -> Show:
        """Return text, set before any data."""
        return Show("@", width=13)

    def limit(self) -> CellLimit | None:
        """Return a length, and red for what is no number of the region."""
        bare = 'SUBSTITUTE(SUBSTITUTE({cell},"-","")," ","")'
        digits = f'SUBSTITUTE({bare},"+","")'
        length = f"LEN({bare})"
        shape = f'AND(LEFT({bare})="1",{length}<>11,{length}<>5)' if self.region == "CN" else "FALSE"
        wrong = f'AND({{cell}}<>"",OR(NOT(ISNUMBER(-{digits})),{length}<5,{length}>22,{shape}))'
        return CellLimit("textLength", low="5", high="25", wrong=wrong)

    def rules(self) -> Sequence[Constraint]:
        """Return the region."""
        return [Constraint("phone", self.region)]


def chinese(digits: str) -> str | None:
    """Return a mainland number as `13800138000`, `0571-88880000` or `4001234567`; None if it is none."""
    if len(digits) >= 12 and digits.startswith("86"):
        home = digits[2:]
        return _domestic(home) or _domestic(f"0{home}")  # an area code leaves its 0 at home when it goes abroad
    return _domestic(digits)


def _domestic(digits: str) -> str | None:
    if digits.startswith("01") and _CN_MOBILE.fullmatch(digits[1:]):
        return digits[1:]
    if landline := _CN_LANDLINE.fullmatch(digits):
        return f"{landline[1]}-{landline[2]}"
    return digits if _CN_MOBILE.fullmatch(digits) or _CN_SERVICE.fullmatch(digits) else None


def international(number: str, region: str) -> str | None:
    """Return a number as `+12025550123`; None where it cannot be one."""
    import phonenumbers  # noqa: PLC0415 - 10 MB of tables that mainland numbers do not need

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
