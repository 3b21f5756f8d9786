"""The catalogue: every wording in both languages, with the same facts, in signs that a Chinese console has."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

import pytest
from ground_calls import PROJECT

from custsheet import messages, wording
from custsheet.cli import output
from custsheet.messages.catalogue import TOPICS, Wording, _topic

CODES: Mapping[str, Wording] = {k: w for topic in TOPICS for k, w in _topic(topic).CODES.items()}
WORDS: Mapping[str, tuple[str, str]] = {k: w for topic in TOPICS for k, w in _topic(topic).WORDS.items()}
CHINESE_ONLY = {"unit"}
"""A measure word has no English."""
SILENT_IN_ENGLISH = {"question.left.lead", "report.unit.deals", "report.unit.rows"}
"""Chinese puts a word before or behind a number where English has none."""


def facts(text: str) -> set[str]:
    """The names of a wording's facts; a name in both languages counts as one."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return {re.sub(r"_(zh|en)$", "", name) for name in names} - CHINESE_ONLY


def test_no_code_and_no_word_stands_twice() -> None:
    """Each key belongs to one topic; none hides another's."""
    keys = [key for topic in TOPICS for key in (*_topic(topic).CODES, *_topic(topic).WORDS)]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_every_topic_is_in_the_catalogue() -> None:
    """A file of wordings that the catalogue does not name would never be found: there is none."""
    files = {path.stem for path in (PROJECT / "custsheet" / "messages").glob("*.py")}
    assert files - {"__init__", "catalogue", "help_words"} == set(TOPICS)


def test_every_code_speaks_both_languages() -> None:
    """What is said in one language is said in the other, the remedy too, and every code says at least one of both."""
    halves = {
        k: (bool(w.zh) == bool(w.en), bool(w.fix_zh) == bool(w.fix_en), bool(w.zh or w.fix_zh))
        for k, w in CODES.items()
    }
    assert {k: found for k, found in halves.items() if not all(found)} == {}
    assert {k for k, pair in WORDS.items() if not all(pair)} == SILENT_IN_ENGLISH


def test_both_languages_name_the_same_facts() -> None:
    """A code or word that names a file, a cell or a number in one language names it in the other."""
    pairs = {k: (w.zh + w.fix_zh, w.en + w.fix_en) for k, w in CODES.items()} | dict(WORDS)
    odd = {k: facts(zh) ^ facts(en) for k, (zh, en) in pairs.items()}
    assert {k: found for k, found in odd.items() if found} == {}


def test_every_fact_is_a_plain_name() -> None:
    """A wording asks for facts by name alone: no position, no attribute, no format but `one|many`, for a number."""
    texts = [t for w in CODES.values() for t in w[1:]] + [t for pair in WORDS.values() for t in pair]
    fields = {
        (name, form, how) for t in texts for _, name, form, how in string.Formatter().parse(t) if name is not None
    }
    odd = {f for f in fields if not re.fullmatch(r"[a-z_0-9]+", f[0]) or f[0].isdigit() or f[2]}
    odd |= {f for f in fields if f[1] and not re.fullmatch(r"[^{}|]+\|[^{}|]+", f[1])}
    assert odd == set()


def test_one_of_a_thing_is_not_called_many() -> None:
    """English says one edit, and two edits; so it does where the number comes as a text."""
    said = [messages.word("diff.done", "en", count=count) for count in (1, "1", 2, "12", 0)]
    assert said == ["1 edit", "1 edit", "2 edits", "12 edits", "0 edits"]
    assert messages.word("status.questions", "en", count=1, files="q.xlsx") == "1 question waits for you: q.xlsx"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_missing_fact_never_stops_a_sentence(language: str) -> None:
    """Every code can be said without any of its facts: an ellipsis stands where one is missing."""
    for code in messages.known():
        said = messages.say(code, language) + messages.fix(code, language)
        assert not re.search(r"\{[a-z_]*\}", said), said


def test_every_severity_has_words_and_a_sign() -> None:
    """A code is of a known severity, and a finding's severity has a sign that GBK holds."""
    assert {w.severity for w in CODES.values()} <= {*wording.SEVERITIES, "stop"}
    assert [output.sign(severity).encode("gbk") for severity in wording.SEVERITIES]


def test_every_wording_can_be_printed_on_a_chinese_console() -> None:
    """No sentence of either language holds a character that GBK lacks: no tick, no emoji, no foreign quote."""
    texts = {k: "".join(w[1:]) for k, w in CODES.items()} | {k: "".join(pair) for k, pair in WORDS.items()}
    lacking = {k: [c for c in text if not c.encode("gbk", "ignore")] for k, text in texts.items()}
    assert {k: found for k, found in lacking.items() if found} == {}
