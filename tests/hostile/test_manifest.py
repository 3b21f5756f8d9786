"""Every file of the hostile set ends as its manifest wants: refused with its code, or read with its finding."""

from __future__ import annotations

from typing import Any

import pytest

from custsheet.messages import fix, say, severity

pytestmark = pytest.mark.xdist_group("hostile")
PLAIN_ROWS = 3


def test_every_file_of_the_set_is_tried(hostile: Any) -> None:
    """The generator's 110 files are all there, and none ended the process that read it."""
    assert len(hostile.cases) >= 110
    assert hostile.told.keys() == hostile.cases.keys()
    assert [name for name, told in hostile.told.items() if told["code"].startswith("ended")] == []


def test_files_that_must_be_refused_are(hostile: Any) -> None:
    """Each attack on file, package, XML or sheet is refused with the manifest's code (T1-T5, T10)."""
    wanted = {name: (case["code"], *case["also_ok"]) for name, case in hostile.refused.items()}
    assert len(wanted) > 70
    found = {name: hostile.told[name]["code"] or "read" for name in wanted}
    assert {name: code for name, code in found.items() if code not in wanted[name]} == {}


def test_files_that_must_be_read_are(hostile: Any) -> None:
    """Odd but honest files are read, the rows of the plain workbook among them (T25)."""
    assert len(hostile.accepted) > 30
    read = {name: hostile.told[name] for name in hostile.accepted}
    assert {name: told["code"] for name, told in read.items() if told["code"] or told["rows"] < PLAIN_ROWS} == {}


def test_what_is_odd_is_said(hostile: Any) -> None:
    """A file that is read brings the finding of the manifest, from the file's outside down to a single cell (T24)."""
    silent = {}
    for name, case in hostile.accepted.items():
        codes = {code for code, _ in hostile.told[name]["findings"]}
        if case["code"] != "-" and case["code"] not in codes:
            silent[name] = (case["code"], codes)
    assert silent == {}


def test_what_is_in_order_is_taken(hostile: Any) -> None:
    """What the manifest accepts has no cell rejected or held."""
    accepted = [name for name, case in hostile.accepted.items() if case["want"] == "accept"]
    assert len(accepted) > 7
    said = {name: [s for _, s in hostile.told[name]["findings"] if s in ("rejected", "held")] for name in accepted}
    assert {name: found for name, found in said.items() if found} == {}


def test_every_refusal_has_words(hostile: Any) -> None:
    """Each code that came up says what is wrong and how to mend it, in both languages, with all its facts."""
    refusals = [told for told in hostile.told.values() if told["code"]]
    for told in refusals:
        assert severity(told["code"]) == "refused"
        for language in ("zh", "en"):
            words = say(told["code"], language, **told["facts"]) + fix(told["code"], language, **told["facts"])
            assert len(words) > 20
            assert "…" not in words
            assert "'" not in "".join(told["facts"].values())
    assert len(refusals) >= len(hostile.refused)
