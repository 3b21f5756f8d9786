"""Walk one XML part with expat under limits that no XML library keeps, and skip what a pattern has proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple
from xml.parsers import expat

from custsheet.container.limits import Limits
from custsheet.errors import FileRefused

STRICT = "purl.oclc.org/ooxml"
_TOGETHER = 6
"""Chunks that are taken at once."""


class Walker:
    """Feeds one part to expat; subclasses say what they want in `opened` and `closed`.

    Tags come as `namespace|name`. While `buffer` is a list, text is collected in it.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.depth = 0
        self.buffer: list[str] | None = None
        self.encoding = "utf-8"
        self.namespaces: dict[str, str] = {}
        """Those declared on the root, by prefix; the default one has none."""
        self._text = self._elements = self._fed = self._scopes = 0
        self._in_cdata = False  # its beginning is a whole token: `CurrentByteIndex` does not show it
        self._parser = self._make_parser()

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Take notice of an element; `depth` counts it already."""

    def closed(self, tag: str) -> None:
        """Take notice of an element's end; `depth` no longer counts it."""

    def feed(self, data: bytes | memoryview, *, final: bool = False) -> None:
        """Read on."""
        try:
            self._parser.Parse(data, final)
        except (expat.ExpatError, ValueError, LookupError):  # the last two: an encoding that Python does not know
            raise FileRefused("E_XML_SYNTAX", part=self.name) from None
        self._fed += len(data)
        if self._fed - max(0, self._parser.CurrentByteIndex) > self.limits.token:  # scanned again at every feed
            raise FileRefused("E_XML_TOKEN", part=self.name)

    def finish(self) -> None:
        """Say that the part has ended, and let the parser go: it and the walker hold each other."""
        self.feed(b"", final=True)
        del self._parser

    def between(self, depth: int) -> bool:
        """Tell whether a literal tag here, directly inside an element at `depth`, would mean what it says.

        That needs: no token half read, no CDATA open, UTF-8, no namespace declared since the root.
        """
        return (
            self.depth == depth
            and self._parser.CurrentByteIndex == self._fed
            and not self._in_cdata
            and not self._scopes
            and self.encoding.lower() == "utf-8"
        )

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator="|")
        parser.buffer_text = True
        # a byte search for "<!DOCTYPE" would miss UTF-16; the handlers see every encoding
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declared
        parser.StartNamespaceDeclHandler = self._namespace
        parser.EndNamespaceDeclHandler = self._namespace_end
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._chars
        parser.StartCdataSectionHandler = self._cdata
        parser.EndCdataSectionHandler = self._cdata_end
        defer = getattr(parser, "SetReparseDeferralEnabled", None)
        if defer is not None:  # the token limit already keeps re-scanning short, and `between` wants no delay
            defer(False)
        return parser

    def _doctype(self, *_: object) -> None:
        raise FileRefused("E_XML_DTD", part=self.name)

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding or "utf-8"

    def _cdata(self) -> None:
        self._in_cdata = True

    def _cdata_end(self) -> None:
        self._in_cdata = False

    def _namespace(self, prefix: str | None, uri: str) -> None:  # comes before the start of its element
        if self.depth:
            self._scopes += 1
        else:
            self.namespaces[prefix or ""] = uri

    def _namespace_end(self, prefix: str | None) -> None:
        if self.depth:
            self._scopes -= 1

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self._text = 0
        self._elements += 1
        if self.depth > self.limits.depth:
            raise FileRefused("E_XML_DEPTH", part=self.name)
        if self._elements > self.limits.elements:
            raise FileRefused("E_XML_TOO_MANY", part=self.name)
        if self.depth == 1 and STRICT in tag:
            raise FileRefused("E_STRICT_OOXML", part=self.name)
        self.opened(tag, attributes)

    def _close(self, tag: str) -> None:
        self.depth -= 1
        self._text = 0
        self.closed(tag)

    def _chars(self, text: str) -> None:
        self._text += len(text)
        if self._text > self.limits.text:
            raise FileRefused("E_CELL_TOO_LONG", part=self.name, limit=self.limits.text)
        if self.buffer is not None:
            self.buffer.append(text)


class Items(NamedTuple):
    """The repeated elements of a part that need no parser where a pattern proves them well-formed."""

    start: bytes
    """How each one begins."""
    closer: bytes
    """The end tag of the element around them."""
    depth: int
    """Depth of the element around them."""
    take: Callable[[memoryview], int]
    """Gets whole items; returns how many bytes it dealt with. Less than all means that it met something whose end it
    cannot know (a comment, CDATA, damage): from there on expat reads to the end of the part."""


def walk(walker: Walker, chunks: Iterator[bytes]) -> None:
    """Feed a walker a whole part."""
    for chunk in chunks:
        walker.feed(chunk)
    walker.finish()


def skim(walker: Walker, chunks: Iterator[bytes], items: Items) -> None:
    """Feed a walker a whole part, except the complete items that `take` proves and takes away.

    Leaving out balanced elements changes nothing in what expat knows about the rest.
    """
    rest = _feed_head(walker, chunks, items.start)
    while walker.between(items.depth):
        buffer = b"".join((rest, *islice(chunks, _TOGETHER)))
        is_all = len(buffer) == len(rest)
        cut, is_last = _whole_items(buffer, items)
        rest = buffer[cut:]
        if cut or is_last:
            if not _take(walker, memoryview(buffer)[:cut], items) or is_last:
                break
        elif is_all or len(rest) > 16 * walker.limits.chunk:  # a long row: wait for its end, but not for ever
            break
    walker.feed(rest)
    walk(walker, chunks)


def _feed_head(walker: Walker, chunks: Iterator[bytes], start: bytes) -> bytes:
    """Feed what stands before the first item; return the rest of that chunk."""
    held = b""
    for chunk in chunks:
        held += chunk
        at = held.find(start)
        if at >= 0:
            walker.feed(held[:at])
            return held[at:]
        keep = len(held) - len(start) + 1  # an item's beginning may be cut in two
        walker.feed(held[: max(keep, 0)])
        held = held[max(keep, 0) :]
    return held


def _whole_items(buffer: bytes, items: Items) -> tuple[int, bool]:
    """Return up to where the buffer holds complete items, and whether the last one is among them."""
    last = max(buffer.rfind(items.start), 0)
    end = buffer.find(items.closer, last)  # can only come after the last item
    return (end, True) if end >= 0 else (last, False)


def _take(walker: Walker, whole: memoryview, items: Items) -> bool:
    """Let `take` have whole items and expat the rest of them; tell whether all were dealt with."""
    used = items.take(whole)
    if used < len(whole):
        walker.feed(whole[used:])
    return used == len(whole)
