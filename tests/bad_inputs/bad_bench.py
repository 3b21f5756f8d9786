"""A bad file in the inbox of the sample team, beside a good one, and what has to hold whatever is wrong with it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from team_bench import Edits, TeamBench

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LAKE, FAR, RICE, NORTH = "澄湖示例科技", "远山示例机械", "青禾示例食品", "北岭示例物流"
EAST = "东屿示例制药"
GOOD_PHONE = "13900000009"
SHEET = "客户"
HEAD = 2


class BadBench:
    """The sample team's workspace. 李雷's copy is always good: what becomes of it shows that the others go on."""

    def __init__(self, team: TeamBench) -> None:
        self.team = team

    # ── how something gets wrong ──

    def copy(self, member: str = "王芳") -> bytes:
        """The bytes of a copy as it was issued."""
        return self.team.copy_of(member).read_bytes()

    def typed(self, edits: Mapping[tuple[str, str], object]) -> bytes:
        """王芳's copy after she typed into the customers: (key of the row, head) → value."""
        return self.team.edited(self.team.copy_of("王芳"), {(SHEET, *place): v for place, v in edits.items()})

    def put(self, data: bytes, name: str = "王芳.xlsx") -> Path:
        """Lay bytes into the inbox."""
        path = self.team.folder("inbox") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    @contextmanager
    def opened(self, name: str = "王芳.xlsx") -> Iterator[Any]:
        """Let 王芳 do something to her copy with openpyxl, and return it."""
        book = openpyxl.load_workbook(self.team.copy_of("王芳"))
        yield book
        out = io.BytesIO()
        book.save(out)
        self.put(out.getvalue(), name)

    # ── what has to hold ──

    def refused(self, data: bytes, code: str, name: str = "坏.xlsx") -> dict[str, Any]:
        """Merge a file that is no good and a good one: the one is refused whole with words, the other is taken.

        Exit code 4, nothing lost: the bytes stay in the inbox and among the files, the ledger has 李雷's edit alone.
        """
        path = self.put(data, name)
        self.team.put("李雷", {(SHEET, EAST, "电话"): GOOD_PHONE})
        done = self.team.run("merge", "--json")
        assert (done.code, done.json["edits"]["total"], done.json["edits"]["applied"]) == (4, 1, 1), done.out
        [bad] = [f for f in done.json["files"] if f["state"] == "refused"]
        assert (bad["file"], bad["code"]) == (name, code)
        assert not any(bad["edits"].values())
        code_en, english = self.in_language("en", "validate", path)
        assert (code_en, [f["code"] for f in english["files"]]) == (4, [code])
        _worded(bad["message"], bad["fix"], "zh")
        _worded(english["files"][0]["message"], english["files"][0]["fix"], "en")
        state = self.team.json("status")
        assert {"file": name, "code": code, "message": bad["message"], "fix": bad["fix"]} in state["refused"]
        assert [c["label"] for c in done.json["changes"]] == [f"customers/{EAST}"]
        assert self.is_kept(path)
        return dict(bad)

    def merged(self, *, code: int, today: str = "") -> dict[str, Any]:
        """Merge what lies in the inbox; every finding has words in both languages; what came is kept."""
        kept = [p for p in self.team.folder("inbox").rglob("*") if p.is_file()]
        for finding in self.in_language("en", "validate", today=today)[1]["findings"]:
            _explained(finding, "en")
        done = self.team.run("merge", "--json", today=today)
        assert done.code == code, done.out + done.err
        for finding in done.json["findings"]:
            _explained(finding, "zh")
        assert all(self.is_kept(path) for path in kept)
        return done.json

    def in_language(self, language: str, *call: object, today: str = "") -> tuple[int, dict[str, Any]]:
        """Run a command as a team does that speaks this language; return exit code and document."""
        settings = self.team.root / "custsheet.yaml"
        before = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub(r"(?m)^language:.*$", f"language: {language}", before), encoding="utf-8")
        try:
            done = self.team.run(*call, "--json", today=today)
        finally:
            settings.write_text(before, encoding="utf-8")
        return done.code, done.json

    def revision(self) -> int:
        """The ledger's revision."""
        return int(self.team.json("status")["revision"])

    def is_kept(self, path: Path) -> bool:
        """Tell whether a file lies where it was put, and its bytes among those that are kept for good."""
        data = path.read_bytes()
        return data in {p.read_bytes() for p in (self.team.root / "files").iterdir()}

    def phone(self, key: str = LAKE) -> str:
        """A phone in the ledger."""
        return self.team.value(f"customers/{key}", "phone")


def _explained(finding: Mapping[str, Any], language: str) -> None:
    """A finding that asks for something says what; what to write into a field is said in the copy's language."""
    if finding["severity"] != "info":
        _filled(finding["message"], finding["fix"])
        _spoken(language, finding["message"])


def _worded(message: str, fix: str, language: str) -> None:
    """Both sentences are there, in the language asked for."""
    _filled(message, fix)
    _spoken(language, message, fix)


def _filled(*sentences: str) -> None:
    """No sentence is empty, and no fact is missing in one."""
    for sentence in sentences:
        assert sentence.strip(), sentences
        assert "…" not in sentence, sentence
        assert not re.search(r"\{\w+\}", sentence), sentence


def _spoken(language: str, *sentences: str) -> None:
    words = CHINESE if language == "zh" else re.compile("[A-Za-z]{3,} [a-z]+")
    for sentence in sentences:
        assert words.search(sentence), sentence


def codes(document: dict[str, Any], *severities: str) -> list[str]:
    """The codes of a document's findings, of these severities or of all."""
    return sorted(f["code"] for f in document["findings"] if not severities or f["severity"] in severities)


def finding(document: dict[str, Any], code: str) -> dict[str, Any]:
    """The one finding of a code."""
    [found] = [f for f in document["findings"] if f["code"] == code]
    return dict(found)


def rezipped(data: bytes, change: Callable[[str, bytes], bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same package with each part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", method) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


__all__ = ["BadBench", "Edits", "codes", "finding", "rezipped"]
