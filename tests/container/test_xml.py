"""The walker keeps the limits that expat does not, and skims only what is certain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from custsheet.container import Items, Limits, Walker, skim, walk
from custsheet.errors import FileRefused

SMALL = Limits(depth=5, token=200, text=50, elements=20)


def _walk(xml: str | bytes, limits: Limits = SMALL) -> str:
    try:
        walk(Walker("part.xml", limits), iter((xml.encode() if isinstance(xml, str) else xml,)))
    except FileRefused as refused:
        return refused.code
    return "read"


@pytest.mark.parametrize(
    ("outcome", "xml"),
    [
        ("read", "<a><b/>text</a>"),
        ("E_XML_DTD", "<!DOCTYPE a><a/>"),
        ("E_XML_DTD", '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'),
        ("E_XML_DTD", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16")),
        ("E_XML_SYNTAX", "<a><b></a>"),
        ("E_XML_SYNTAX", "<a>"),
        ("E_XML_SYNTAX", b"<a>\xff</a>"),
        ("E_XML_SYNTAX", '<?xml version="1.0" encoding="martian"?><a/>'),
        ("E_XML_DEPTH", "<a>" * 6 + "</a>" * 6),
        ("E_XML_TOO_MANY", "<a>" + "<b/>" * 20 + "</a>"),
        ("E_CELL_TOO_LONG", f"<a>{'x' * 51}</a>"),
        ("E_STRICT_OOXML", '<a xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'),
    ],
)
def test_limits_of_xml(outcome: str, xml: str | bytes) -> None:
    """Each limit and each thing that Excel never writes has its code (T2)."""
    assert outcome == _walk(xml)


def test_one_token_may_not_grow_without_end() -> None:
    """An attribute that never ends is refused after the limit, not scanned again and again."""
    chunks = (b'<a b="' + b"x" * 150, *[b"x" * 100] * 10)
    with pytest.raises(FileRefused, match="E_XML_TOKEN"):
        walk(Walker("part.xml", SMALL), iter(chunks))


class _Names(Walker):
    def __init__(self) -> None:
        super().__init__("part.xml", Limits(chunk=16))
        self.seen: list[str] = []
        self.taken: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen.append(tag)

    def take(self, raw: memoryview) -> int:
        """Take runs of `<i/>`; leave everything from the first other thing on."""
        count = (len(raw) - len(bytes(raw).lstrip(b"<i/>"))) // 4
        self.taken += ["i"] * count
        return count * 4


def _chunks(xml: str, size: int) -> Iterator[bytes]:
    raw = xml.encode()
    return (raw[at : at + size] for at in range(0, len(raw), size))


@pytest.mark.parametrize("size", [1, 3, 7, 100])
@pytest.mark.parametrize(
    ("taken", "seen", "xml"),
    [
        (3, ["l", "z"], "<l><i/><i/><i/></l>"),
        (0, ["l"], "<l></l>"),
        (0, ["l", "l", "i", "i"], "<l><l><i/><i/></l></l>"),
    ],
)
def test_items_are_taken_or_walked_but_never_lost(size: int, taken: int, seen: list[str], xml: str) -> None:
    """Wherever chunks are cut, each item is taken or seen by the parser, once."""
    walker = _Names()
    skim(walker, _chunks(xml, size), Items(b"<i", b"</l>", 1, walker.take))
    assert taken == len(walker.taken)
    assert [tag for tag in seen if tag != "z"] == walker.seen


def test_nothing_is_taken_inside_a_comment() -> None:
    """An item that only looks like one, in a comment or CDATA, is the parser's: it is none."""
    for xml in ("<l><!-- <i/><i/> --></l>", "<l><![CDATA[<i/><i/>]]></l>"):
        walker = _Names()
        skim(walker, _chunks(xml, 100), Items(b"<i", b"</l>", 1, walker.take))
        assert (walker.taken, walker.seen) == ([], ["l"])
