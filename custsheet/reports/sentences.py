"""The sentences of the first page: numbers with their names and their yardstick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from custsheet.messages import word
from custsheet.summary import UNKNOWN, Due, Person, Sentence, Summary, Total
from custsheet.text import in_a_row

_MOST_EQUALS = 3
"""So many people at most are named as those who have most."""


def sentences(found: Summary) -> tuple[Sentence, ...]:
    """Say what the numbers come to, in at most one sentence per sheet's subject."""
    said = [*_contacts(found), *_outcome(found)]
    if not found.has_contacts:
        said += _deals(found)
    return (*said, *_due(found, "overdue"), *_due(found, "stale"), *_returns(found))


def _say(found: Summary, key: str, **facts: object) -> str:
    return word(f"report.say.{key}", found.language, **facts)


def change(found: Summary, now: int, before: int | None) -> str:
    """Say how a count compares with that of a week ago; empty where there is nothing to compare with."""
    if before is None:
        return ""
    key = "more" if now > before else "less" if now < before else "same"
    return _say(found, key, n=abs(now - before))


def money(found: Summary, amount: Decimal) -> str:
    """Say an amount in its currency; large yuan in 万 where Chinese is spoken."""
    if found.currency == "CNY" and found.language == "zh":
        return f"{_plain(amount / 10000)} 万元" if abs(amount) >= 10000 else f"{amount:,.0f} 元"
    sign = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}.get(found.currency, "")
    return f"{sign}{amount:,.0f}" + (f" {found.currency}" if found.currency and not sign else "")


def _plain(amount: Decimal) -> str:
    return f"{amount:,.1f}".removesuffix(".0")


def percent(share: Decimal) -> str:
    """Say a share."""
    return f"{share:.0%}"


def _contacts(found: Summary) -> Iterator[Sentence]:
    if not found.has_contacts:
        return
    if not found.contacts:
        yield Sentence("overdue", _say(found, "contacts.none"), "people")
        return
    compared = change(found, found.contacts, found.contacts_before)
    text = _say(found, "contacts", n=found.contacts, change=compared)
    text += _best(found, "contacts.best", lambda p: p.contacts)
    yield Sentence("ok", text + _say(found, "stop"), "people")


def _outcome(found: Summary) -> Iterator[Sentence]:
    share = found.win_rate
    if not found.names.get("won") or not found.names.get("lost"):
        return
    unit = units(found)
    if share is None:
        yield Sentence("ok", _say(found, "outcome.none", won=found.names["won"], lost=found.names["lost"]), "people")
        return
    text = _say(
        found,
        "outcome",
        won=found.names["won"],
        w=found.won,
        lost=found.names["lost"],
        n=found.lost,
        share=percent(share),
        unit=unit,
    )
    text += _best(found, "outcome.best", lambda p: p.won, unit=unit)
    yield Sentence("ok", text + _say(found, "stop"), "people")


def _deals(found: Summary) -> Iterator[Sentence]:
    if found.totals is None or not found.won_value:
        return
    for key in ("members", "products", "quarters"):
        top = _top(getattr(found.totals, key))
        if top:
            facts = {"name": top.text, "value": money(found, top.value), "n": top.won}
            share = percent(top.value / found.won_value)
            yield Sentence("ok", _say(found, f"deals.{key}", share=share, **facts), "totals")


def _due(found: Summary, key: str) -> Iterator[Sentence]:
    due: Sequence[Due] | None = getattr(found, key)
    if due is None:
        return
    if not due:
        yield Sentence("ok", _say(found, f"{key}.none"), "due")
        return
    before = getattr(found.before, key) if found.before else None
    compared = change(found, len(due), before)
    first = due[0]
    facts = {"n": len(due), "unit": units(found), "label": first.label, "days": first.days, "change": compared}
    text = _say(found, key, **facts) + (_say(found, "by", name=first.member) if first.member else "")
    yield Sentence(key, text + _say(found, "stop"), "due")


def _returns(found: Summary) -> Iterator[Sentence]:
    if not found.returned:
        return
    back = sum(r.returned for r in found.returned)
    edits = sum(r.edits for r in found.returned)
    troubled = [r for r in found.returned if r.findings]
    text = _say(found, "returned", people=len(found.returned), back=back)
    if edits:
        taken = sum(r.buckets.get("applied", 0) + r.buckets.get("same", 0) for r in found.returned)
        text += _say(found, "edits", edits=edits, taken=taken)
    if superseded := sum(r.buckets.get("superseded", 0) for r in found.returned):
        text += _say(found, "superseded", n=superseded)
    if troubled:
        text += _say(found, "findings", n=sum(r.findings for r in troubled))
        first, *others = troubled
        if all(r.findings < first.findings for r in others):
            text += _say(found, "findings.most", name=first.name, most=first.findings)
    if found.questions:
        text += _say(found, "questions", n=found.questions)
    sign = "wrong" if troubled else "ok" if back == len(found.returned) else "today"
    yield Sentence(sign, text + _say(found, "stop"), "quality")


def units(found: Summary) -> str:
    """Return the word that counts rows: customers are counted otherwise than opportunities."""
    same = found.names.get("rows") == found.names.get("deals")
    return word("report.unit.deals" if same else "report.unit.rows", found.language)


def _best(found: Summary, key: str, number: Callable[[Person], int], **facts: object) -> str:
    """Say who has most, or which few; nothing of one person alone, and nothing where many have as many."""
    known = [p for p in found.people if p.id != UNKNOWN]
    most = max(map(number, known), default=0)
    best = [p.name for p in known if number(p) == most]
    if not most or len(known) < 2 or len(best) > _MOST_EQUALS:
        return ""
    joined = in_a_row(best, found.language)
    return _say(found, f"{key}.equal" if len(best) > 1 else key, name=joined, n=most, **facts)


def _top(totals: Sequence[Total]) -> Total | None:
    known = [t for t in totals if t.key != UNKNOWN and t.value]
    return max(known, key=lambda t: t.value, default=None)
