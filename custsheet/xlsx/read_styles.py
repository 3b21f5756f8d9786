"""What a cell's number format says about its value, from styles.xml."""

from __future__ import annotations

from custsheet.container import Limits, Walker
from custsheet.errors import FileRefused
from custsheet.number_formats import Style, style_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class StyleSheet(Walker):
    """Reads the number format of each cell style."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self._path: list[str] = []
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._count = 0

    @property
    def styles(self) -> tuple[Style, ...]:
        """One per index that a cell may give."""
        return tuple(style_of(number, self._codes.get(number)) for number in self._formats)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Note formats and cell styles."""
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if tag == MAIN + "|numFmt" and parent == MAIN + "|numFmts":
            number = _number(attributes, odd=-1)  # a code without a number is nobody's, least of all General's
            self._codes[number] = attributes.get("formatCode", "")
        elif tag == MAIN + "|xf":
            self._count += 1
            if self._count > self.limits.styles:
                raise FileRefused("E_STYLES_TOO_MANY", limit=self.limits.styles)
            if parent == MAIN + "|cellXfs":
                self._formats.append(_number(attributes))

    def closed(self, tag: str) -> None:
        """Step out."""
        self._path.pop()


def _number(attributes: dict[str, str], odd: int = 0) -> int:
    """Return the number of a format; `odd` where it has none that can be."""
    written = attributes.get("numFmtId", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else odd
