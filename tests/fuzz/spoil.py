"""Ways to spoil a file: bytes of the whole, records of the zip, and XML inside of a zip that stays valid."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from random import Random

from seeds import unzipped, zipped

TOKENS = (
    "<!-- c -->", '<!-- <row r="5"><c r="A5"><v>1</v></c></row> -->', "<![CDATA[</row>]]>", "<![CDATA[<si>x</si>]]>",
    "<?pi x?>", "\n  ", "\r\n", "\r", "&amp;", "&#65;", "&bogus;", "&#38;lt;", "&#1;", "&#55300;", "&#65535;", "&#x0;",
    "&#00065;", "&#1114112;", "&", "<", ">", "]]>", '"', "'", "\x01", "\x00", "\ufffe", "\x85", "<row>", "</row>",
    "<c>", "</c>", "<v>", "</v>", "<f/>", "</sheetData>", "<sheetData>", '<row r="3">', '<c r="B2"/>', ' r="A1"',
    ' t="s"', ' xmlns="urn:x"', ' xmlns:q="urn:q" q:a="1"', '<x:row xmlns:x="urn:x"/>', "<extLst><ext/></extLst>",
    ' s="2"', "-1", "99999999", "<is><t>i</t></is>", "<si><t>y</t></si>", "</si>", "<t>", "</t>", "&lt;/t&gt;",
    '<rPh sb="0" eb="1"><t>F</t></rPh>', "😀", "١", "²", "<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY a "b">]>', "&a;",
)  # fmt: skip
SWAPS = (
    ("<row r=", "<row  r="), ('t="s"', "t='s'"), (' s="1"', ' s="1" '), ('<c r="', '<c\nr="'), ("<v>", "<v >"),
    ("</c>", "</c >"), (' r="A', ' r="B'), ('<row r="', '<row r="0'), ('t="s"', 't="zz"'), ('t="b"', 't="s"'),
    ("<v>", '<v xml:space="preserve">'), ("<t>", '<t xml:space="preserve">'), ('"1"', '"&#49;"'), ("<v>1", "<v>-1"),
    (' t="inlineStr"', ""), ('<c r="A', '<c t="n" r="A'), ('encoding="UTF-8"', 'encoding="GBK"'),
    ('encoding="UTF-8"', 'encoding="ISO-8859-1"'), (' xmlns="', ' xmlns:m="u" xmlns="'), ('"rId1"', '"rId2"'),
    ("sheet1.xml", "sheet2.xml"), ("sheet1.xml", "../sheet1.xml"), ("spreadsheetml/2006", "spreadsheetml/2007"),
    ('name="S0"', 'name="S1"'), ('state="hidden"', 'state="visible"'), ("<f>", '<f t="array" ref="A1">'),
    ('si="0"', 'si="1"'), ("numFmtId=", "numFmtid="), ('formatCode="', 'formatCode="x'), ('A1:B1"', 'A1:XFD1048576"'),
)  # fmt: skip
_TAG = re.compile(r"<[^<>]+>")
_ATTRIBUTE = re.compile(r'\s[\w:]+=("[^"<>]*"|\'[^\'<>]*\')')
_NUMBER = re.compile(r"(?<=[\"'>])-?\d+(?=[\"'<])")
_ELEMENT = re.compile(r"<(\w+)\b[^<>]*?(?:/>|>[^<>]*</\1>)")
_ROW = re.compile(r"<(?:\w+:)?row\b.*?</(?:\w+:)?row>", re.DOTALL)
_ODD_NUMBERS = ("0", "-1", "1", "2", "1048577", "16385", "999999999999", "1e5", "", "٣", "01", "1.0", "2147483648")


def spoiled_bytes(data: bytes, chance: Random) -> bytes:
    """Flip, insert, repeat, overwrite or cut bytes of a file."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_BYTES)(data, chance)
    return data


def _flip(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) or 1)
    return data[:at] + bytes(b ^ (1 << chance.randrange(8)) for b in data[at : at + 1]) + data[at + 1 :]


def _insert(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.randint(1, 8)) + data[at:]


def _delete(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) or 1)
    return data[:at] + data[at + chance.randint(1, 20) :]


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) or 1)]


def _repeat(data: bytes, chance: Random) -> bytes:
    at, to = chance.randrange(len(data) or 1), chance.randrange(len(data) or 1)
    return data[:to] + data[at : at + chance.randint(1, 60)] + data[to:]


def _extreme(data: bytes, chance: Random) -> bytes:
    """A field of a header that is as large or as small as can be."""
    at, size = chance.randrange(len(data) or 1), chance.choice((1, 2, 4))
    return data[:at] + chance.choice((b"\xff", b"\x00", b"\x7f")) * size + data[at + size :]


_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _flip, _insert, _delete, _cut, _repeat, _extreme)


def spoiled_header(data: bytes, chance: Random) -> bytes:
    """Change bytes in the directory of a zip, where sizes, names and places stand."""
    start = data.rfind(b"PK\x01\x02", 0, max(4, data.rfind(b"PK\x05\x06")))
    first = data.find(b"PK\x01\x02")
    at = chance.randrange(min(first, start), len(data)) if first >= 0 else 0
    return data[:at] + chance.choice(_BYTES)(data[at:], chance)


def spoiled_parts(data: bytes, chance: Random) -> bytes:
    """Spoil the XML of one part or two; the zip stays in order. Sometimes a part is gone, doubled or packed anew."""
    parts = unzipped(data)
    kind = chance.random()
    if kind < 0.04:
        del parts[chance.choice(list(parts))]
    elif kind < 0.08:
        parts[chance.choice(("xl/x.xml", "docProps/app.xml", "../x", "xl\\a", "XL/workbook.xml", "a" * 300))] = b"<x/>"
    else:
        for _ in range(chance.choice((1, 1, 1, 2))):
            name = _likely(list(parts), chance)
            parts[name] = spoiled_xml(parts[name], chance)
    return zipped(parts, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))


def _likely(names: list[str], chance: Random) -> str:
    """Sheets and strings more often than the rest."""
    weighty = [name for name in names if "sheet" in name or "sharedStrings" in name or name == "content.xml"]
    return chance.choice(weighty) if weighty and chance.random() < 0.75 else chance.choice(names)


def spoiled_xml(xml: bytes, chance: Random) -> bytes:
    """Spoil a part, as text where it is text."""
    try:
        text = xml.decode("utf-16" if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    except UnicodeDecodeError:
        return spoiled_bytes(xml, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choice(_XML)(text, chance)
    encoding = "utf-16" if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return text.encode(encoding, "surrogatepass")


def _at(pattern: re.Pattern[str], text: str, chance: Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def _token(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(TOKENS) + text[at:]


def _token_at_tag(text: str, chance: Random) -> str:
    """At the border of a tag: more often well-formed than elsewhere."""
    tag = _at(_TAG, text, chance)
    at = chance.choice((tag.start(), tag.end(), tag.end() - 1)) if tag else 0
    return text[:at] + chance.choice(TOKENS) + text[at:]


def _without_attribute(text: str, chance: Random) -> str:
    found = _at(_ATTRIBUTE, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def _doubled_attribute(text: str, chance: Random) -> str:
    found = _at(_ATTRIBUTE, text, chance)
    return text[: found.end()] + found[0] + text[found.end() :] if found else text


def _other_number(text: str, chance: Random) -> str:
    found = _at(_NUMBER, text, chance)
    if not found:
        return text
    near = str(int(found[0]) + chance.choice((-2, -1, 1, 2, 10)))
    number = near if chance.random() < 0.7 else chance.choice(_ODD_NUMBERS)
    return text[: found.start()] + number + text[found.end() :]


def _swapped_elements(text: str, chance: Random) -> str:
    return _exchanged(_ELEMENT, text, chance)


def _swapped_tags(text: str, chance: Random) -> str:
    return _exchanged(_TAG, text, chance)


def _swapped_rows(text: str, chance: Random) -> str:
    return _exchanged(_ROW, text, chance)


def _exchanged(pattern: re.Pattern[str], text: str, chance: Random) -> str:
    found = list(pattern.finditer(text))
    if len(found) < 2:
        return text
    first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
    return "".join(
        (text[: first.start()], second[0], text[first.end() : second.start()], first[0], text[second.end() :])
    )


def _without_element(text: str, chance: Random) -> str:
    found = _at(chance.choice((_ELEMENT, _ROW)), text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def _doubled_element(text: str, chance: Random) -> str:
    found = _at(chance.choice((_ELEMENT, _ROW)), text, chance)
    return text[: found.end()] + found[0] + text[found.end() :] if found else text


def _without_tag(text: str, chance: Random) -> str:
    found = _at(_TAG, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def _swap(text: str, chance: Random) -> str:
    old, new = chance.choice(SWAPS)
    places = [match.start() for match in re.finditer(re.escape(old), text)]
    if not places:
        return text
    if chance.random() < 0.2:
        return text.replace(old, new)
    at = chance.choice(places)
    return text[:at] + new + text[at + len(old) :]


def _cut_text(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) or 1)
    return text[:at] + text[at + chance.randint(1, 40) :]


_XML: tuple[Callable[[str, Random], str], ...] = (
    *(_token, _token_at_tag, _token_at_tag, _without_attribute, _doubled_attribute, _other_number, _other_number),
    *(_swapped_elements, _swapped_tags, _swapped_rows, _without_element, _doubled_element, _without_tag, _swap, _swap),
    _cut_text,
)
