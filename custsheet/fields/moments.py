"""Dates as people write them: serials of a sheet, Chinese and English forms, days relative to today."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

EARLIEST = dt.date(1900, 3, 1)
"""Before this day Excel's calendar has a day too many."""
_EPOCH = dt.datetime.combine(dt.date(1899, 12, 30), dt.time())
_LAST_SERIAL = 2958466

How = Literal["plain", "tidied", "assumed", "month_first", "ordered"]
_LONGEST_DATE, _MONTHS_A_YEAR = 40, 12
LEAST_EVIDENCE = 2
"""Dates with one reading only that a column needs before they decide about the others."""


class Moment(NamedTuple):
    """A day, with its time if one was said, and how sure the reading is."""

    when: dt.datetime
    how: How
    timed: bool = False


class Ambiguous(NamedTuple):
    """Day and month could be either way round."""

    one: dt.date
    other: dt.date


# ── serials ─────────────────────────────────────────────────────────────────────────────────────────


def from_serial(serial: Decimal) -> dt.datetime | None:
    """Return the moment of a serial of the 1900 system, to the second; None outside of 1900-03-01 to 9999."""
    if not 61 <= serial < _LAST_SERIAL:
        return None
    days = int(serial)
    seconds = round((serial - days) * 86400) if serial != days else 0
    try:
        return _EPOCH + dt.timedelta(days, seconds)
    except OverflowError:
        return None


def to_serial(day: dt.date) -> int:
    """Return the serial of a day in the 1900 system."""
    return (day - _EPOCH.date()).days


def serial_text(number: Decimal, style: str) -> str | None:
    """Return what a number cell under a date, time or duration format shows, as text."""
    if style == "date" and number >= 1:
        moment = from_serial(number)
        return None if moment is None else say_moment(moment)
    if style not in ("date", "time", "duration") or not 0 <= number < 10**6:
        return None
    minutes, second = divmod(round(number * 86400), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def say_moment(moment: dt.datetime) -> str:
    """Return the day, and the time where it is not midnight."""
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


# ── text ────────────────────────────────────────────────────────────────────────────────────────────

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?", re.ASCII)
_CLOCK = re.compile(
    r"(?<=\S)[ t,]*(?P<half>上午|下午|晚上|中午|凌晨|早上|傍晚)? ?(?P<h>\d{1,2})"
    r"(?::(?P<m>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?|[点时](?:(?P<cm>\d{1,2})分?(?:(?P<cs>\d{1,2})秒)?|(?P<to>半|整|钟)?))"
    r" ?(?P<ap>[ap]\.?m\.?)?(?:z|[+-]\d{2}:?\d{2})?$",
    re.ASCII,
)
_WEEKDAY = re.compile(r"(?<=[\d日号])[ ,]*\(?(?:星期|周|礼拜)([一二三四五六日天])\)?$")
_WEEKDAYS = {sign: day for day, sign in enumerate("一二三四五六日")} | {"天": 6}
_YMD = re.compile(r"(\d{4}) ?(年|[-/.,]) ?(\d{1,2}) ?(?:月|[-/.,]) ?(\d{1,2}) ?[日号]?", re.ASCII)
_SHORT_YMD = re.compile(r"(\d{2}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})", re.ASCII)
_XXY = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?[-/.] ?(\d{4})", re.ASCII)
_MD = re.compile(r"(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?", re.ASCII)
_XX = re.compile(r"(\d{1,2}) ?[-/.] ?(\d{1,2})", re.ASCII)
_MONTHS = {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name} | {
    name.casefold(): n for n, name in enumerate(calendar.month_name) if name
}
_EN_DMY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]?([a-z]{3,9})\.?(?:[ ,-]+(\d{4}))?", re.ASCII)
_EN_MDY = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?(?:[ ,]+(\d{4}))?", re.ASCII)


def read_moment(text: str, language: str, today: dt.date, order: str = "") -> Moment | Ambiguous | None:
    """Read a day, with its time if there is one; None for what is no date, `Ambiguous` where two days are as likely.

    `order`, what the other dates of its column tell (`month` or `day` first), decides between the two.
    """
    if iso := _ISO.fullmatch(text):
        return _plain(iso)
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().strip("'’‘ ").split())
    clock = _CLOCK.search(folded)
    time = _time(clock) if clock else dt.time()
    if time is None:
        return None
    said = folded[: clock.start()] if clock else folded
    weekday = _WEEKDAY.search(said)
    day_text = said[: weekday.start()] if weekday else said
    found = _read_day(day_text, language, today)
    if order and _XXY.fullmatch(day_text):
        found = _ordered(found, _read_day(day_text, "zh", today), order)
    if found is None or isinstance(found, Ambiguous):
        return found
    day, how = found
    if day < EARLIEST or (weekday and day.weekday() != _WEEKDAYS[weekday[1]]):
        return None
    how = "tidied" if how == "plain" and (said != text or folded != text) else how
    return Moment(dt.datetime.combine(day, time), how, clock is not None)


def column_order(texts: Iterable[str]) -> Literal["", "month", "day"]:
    """Return which of day and month comes first in those texts that can be read in one way only, `25/11/2026`.

    Empty where there are fewer than two of them, or where they contradict each other.
    """
    found = set()
    count = 0
    for text in texts:
        match = _XXY.search(text) if len(text) < _LONGEST_DATE else None
        first, second = (int(match[1]), int(match[3])) if match else (1, 1)
        if (first > _MONTHS_A_YEAR) != (second > _MONTHS_A_YEAR):
            found.add("day" if first > _MONTHS_A_YEAR else "month")
            count += 1
    if count < LEAST_EVIDENCE or len(found) != 1:
        return ""
    return "day" if found == {"day"} else "month"


def _ordered(found: Found, both: Found, order: str) -> Found:
    """Decide between the two readings of a date; one that has only one reading keeps it."""
    if not isinstance(both, Ambiguous):
        return found
    return _sure(both.one if order == "month" else both.other, "ordered")


def _plain(iso: re.Match[str]) -> Moment | None:
    day = _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if day is None or day < EARLIEST:
        return None
    try:
        time = dt.time(int(iso[4] or 0), int(iso[5] or 0), int(iso[6] or 0))
    except ValueError:
        return None
    return Moment(dt.datetime.combine(day, time), "plain", iso[4] is not None)


def _time(clock: re.Match[str]) -> dt.time | None:
    hour = int(clock["h"])
    minute = 30 if clock["to"] == "半" else int(clock["m"] or clock["cm"] or 0)
    later = clock["half"] in ("下午", "晚上", "傍晚") or (clock["ap"] or "").startswith("p")
    noon = clock["half"] == "中午" and hour < 11
    if (later or noon) and hour < 12:
        hour += 12
    elif hour == 12 and ((clock["ap"] or "").startswith("a") or clock["half"] == "凌晨"):
        hour = 0
    try:
        return dt.time(hour, minute, int(clock["s"] or clock["cs"] or 0))
    except ValueError:
        return None


Found = tuple[dt.date, How] | Ambiguous | None


def _read_day(said: str, language: str, today: dt.date) -> Found:
    for pattern, read in _FORMS:
        if found := pattern.fullmatch(said):
            return read(found, language, today)
    return _relative(said, today)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _sure(day: dt.date | None, how: How = "tidied") -> Found:
    return None if day is None else (day, how)


def _ymd(found: re.Match[str], _language: str, _today: dt.date) -> Found:
    day = _day(int(found[1]), int(found[3]), int(found[4]))
    return _sure(day, "plain" if found[2] in "-/" else "tidied")


def _short_ymd(found: re.Match[str], _language: str, _today: dt.date) -> Found:
    return _sure(_day(2000 + int(found[1]), int(found[2]), int(found[3])))


def _compact(found: re.Match[str], _language: str, _today: dt.date) -> Found:
    return _sure(_day(int(found[1]), int(found[2]), int(found[3])))


def _xxy(found: re.Match[str], language: str, _today: dt.date) -> Found:
    """Day and month before a year of four digits: sure where only one order is possible."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if month_first is None or day_first is None or month_first == day_first:
        return _sure(month_first or day_first)
    if language == "en" and found[2] != ".":
        return _sure(month_first, "month_first")
    return Ambiguous(month_first, day_first)


def _md(found: re.Match[str], _language: str, today: dt.date) -> Found:
    return _sure(_near(int(found[1]), int(found[2]), today), "assumed")


def _xx(found: re.Match[str], language: str, today: dt.date) -> Found:
    """Month and day without a year, in the order of the language."""
    first, second = int(found[1]), int(found[2])
    if language == "en" and first > 12:
        first, second = second, first
    return _sure(_near(first, second, today), "assumed")


def _english(day: str, month: str, year: str | None, today: dt.date) -> Found:
    number = _MONTHS.get("sep" if month == "sept" else month)
    if number is None:
        return None
    if year is None:
        return _sure(_near(number, int(day), today), "assumed")
    return _sure(_day(int(year), number, int(day)))


def _near(month: int, day: int, today: dt.date) -> dt.date | None:
    """Return the day of that name that lies nearest to today, from two years back to five ahead."""
    days = [_day(today.year + offset, month, day) for offset in range(-2, 6) if 1 <= today.year + offset <= 9999]
    return min((d for d in days if d is not None), key=lambda d: abs(d - today), default=None)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, dt.date], Found]], ...] = (
    (_YMD, _ymd),
    (_COMPACT, _compact),
    (_MD, _md),
    (_XXY, _xxy),
    (_XX, _xx),
    (_SHORT_YMD, _short_ymd),
    (_EN_DMY, lambda found, _language, today: _english(found[1], found[2], found[3], today)),
    (_EN_MDY, lambda found, _language, today: _english(found[2], found[1], found[3], today)),
)

# ── relative to the week, month or year ───────────────────────────────────────────────────────────────────────────────

_OFFSETS = {"上上": -2, "上": -1, "last": -1, "": 0, "本": 0, "这": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
_EN_WEEKDAYS = {name.casefold(): n for n, name in enumerate(calendar.day_name)}
_WEEK = re.compile(r"(上上|上|本|这|下下|下)个?(?:周|星期|礼拜)([一二三四五六日天])")
_EN_WEEK = re.compile(rf"(last|this|next) ({'|'.join(_EN_WEEKDAYS)})")
_MONTH_END = re.compile(r"(上|本|这|下)?个?月(底|末|初)|(?:the )?end of (?:the )?month")
_YEAR_END = re.compile(r"(今|明)?年(?:底|末)")
_MONTH_DAY = re.compile(r"(上|本|这|下)个?月 ?(\d{1,2}) ?[日号]?|(\d{1,2}) ?[日号]", re.ASCII)


def _relative(said: str, today: dt.date) -> Found:
    """Read 下周三, 月底: what means the same day all week or month long.

    明天 and 三天后 are refused: nobody knows on which day they were typed.
    """
    try:
        day = _relative_day(said.replace("這", "这"), today)
    except (ValueError, OverflowError):
        return None
    return _sure(day, "assumed")


def _relative_day(said: str, today: dt.date) -> dt.date | None:
    for pattern, work_out in _RELATIVE:
        if found := pattern.fullmatch(said):
            return work_out(found, today)
    return None


def _in_week(found: re.Match[str], today: dt.date) -> dt.date:
    weekday = _WEEKDAYS[found[2]] if found.re is _WEEK else _EN_WEEKDAYS[found[2]]
    return _weekday(weekday, found[1], today)


def _month_end(found: re.Match[str], today: dt.date) -> dt.date:
    first = _month(today, _OFFSETS[found[1] or ""])
    return first if found[2] == "初" else _last(first)


def _year_end(found: re.Match[str], today: dt.date) -> dt.date:
    return dt.date(today.year + (found[1] == "明"), 12, 31)


def _weekday(weekday: int, which: str, today: dt.date) -> dt.date:
    """Count whole weeks from Monday."""
    return today + dt.timedelta(days=weekday - today.weekday() + 7 * _OFFSETS[which])


def _named_day(named: re.Match[str], today: dt.date) -> dt.date | None:
    if named[3]:
        months = [_month(today, offset) for offset in (-1, 0, 1)]
        days = [_day(m.year, m.month, int(named[3])) for m in months]
        return min((d for d in days if d is not None), key=lambda d: abs(d - today), default=None)
    first = _month(today, _OFFSETS[named[1]])
    return _day(first.year, first.month, int(named[2]))


def _month(today: dt.date, offset: int) -> dt.date:
    months = today.year * 12 + today.month - 1 + offset
    return dt.date(months // 12, months % 12 + 1, 1)


def _last(first: dt.date) -> dt.date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], dt.date | None]], ...] = (
    (_WEEK, _in_week),
    (_EN_WEEK, _in_week),
    (_MONTH_END, _month_end),
    (_YEAR_END, _year_end),
    (_MONTH_DAY, _named_day),
)
