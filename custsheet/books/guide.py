"""The first sheet of a copy: what for, until when, what is open, how to fill each field, what signs mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from custsheet import look
from custsheet.books import common
from custsheet.books.columns import SheetColumn, coloured
from custsheet.books.common import Canvas
from custsheet.books.receipt import receipt
from custsheet.books.scope import CopyScope
from custsheet.books.table_sheet import round_words
from custsheet.messages import word
from custsheet.plan import Condition, Formula, Look, Sheet
from custsheet.templating import lines
from custsheet.text import in_a_row

LEFT = (2, 8)
RIGHT = (10, 16)
WIDTHS = (2.0, *[11.5] * 7, 2.5, *[11.5] * 7)
SOFT = Look(ink=look.SOFT)
LINED = look.ROW
FIELD_HEAD = Look(ink=look.SOFT, size=9, fill=look.HEAD_RO)
MAX_CHOICES = 8


def guide_sheet(copy: CopyScope, *, opened: int) -> Sheet:
    """Return the guide of a copy; `opened` is the number of open errors now."""
    canvas = Canvas(copy.guide, WIDTHS)
    _title(canvas, copy)
    light = _tiles(canvas, copy, opened)
    canvas.gap(14)
    _to_do(canvas, copy)
    receipt(canvas, copy)
    canvas.gap(14)
    _legend(canvas, copy)
    for table in copy.layouts:
        canvas.gap(14)
        _fields(canvas, copy, table)
    return canvas.sheet(
        tab=look.TAB_READ,
        conditions=tuple(_light_colours(copy, light)),
        print_area=common.area(1, 1, canvas.row - 1, len(WIDTHS)),
        footer=" · ".join((copy.guide, copy.member, round_words(copy))),
        active_cell=common.address(light, LEFT[0]),
    )


def _title(canvas: Canvas, copy: CopyScope) -> None:
    lang = copy.language
    canvas.gap(12)
    name = f"{copy.schema.title[lang]} · {copy.member}"
    when = f"{round_words(copy)} · {word('copy.as_of', lang, as_of=copy.as_of)}"
    canvas.line(34, (*LEFT, name, look.GUIDE_TITLE), (*RIGHT, when, SOFT.with_(align="right")))
    purpose = copy.schema.purpose[lang] or word("guide.purpose", lang)
    canvas.line(22, (LEFT[0], RIGHT[1], purpose, SOFT))
    canvas.gap(10)


def _tiles(canvas: Canvas, copy: CopyScope, opened: int) -> int:
    """Write the light and the due date side by side; return the light's row."""
    lang, count = copy.language, copy.counts[""]
    row = canvas.row
    lead, tail, good = (word(f"guide.light.{part}", lang) for part in ("lead", "tail", "good"))
    fix, send = word("guide.light.fix", lang), word("guide.light.send", lang)
    light = Formula(
        f"IF({count}>0,{common.quoted(lead)}&{count}&{common.quoted(tail)},{common.quoted(good)})",
        f"{lead}{opened}{tail}" if opened else good,
    )
    then = Formula(f"IF({count}>0,{common.quoted(fix)},{common.quoted(send)})", fix if opened else send)
    canvas.tile(*LEFT, [(48, light, Look(bold=True, size=20)), (24, then, SOFT)], edge=look.LINE2)
    due = word("guide.due", lang, due=_date_words(copy.due, lang)) if copy.due else word("guide.no_due", lang)
    canvas.tile(*RIGHT, [(48, due, Look(bold=True, size=18)), (24, word("guide.return", lang), SOFT)], edge=look.ACCENT)
    canvas.row += 2
    return row


def _light_colours(copy: CopyScope, row: int) -> Iterator[Condition]:
    for at, bold, size in ((row, True, 20.0), (row + 1, False, 10.0)):
        for name, test in (("wrong", ">0"), ("ok", "=0")):
            sign = look.SIGNS[name]
            style = Look(fill=sign.fill, ink=sign.ink, bold=bold, size=size, indent=1)
            yield Condition(common.area(at, LEFT[0], at, LEFT[1]), f"{copy.counts['']}{test}", style)


def _to_do(canvas: Canvas, copy: CopyScope) -> None:
    """Three steps at the left; what one may and may not do at the right."""
    lang = copy.language
    canvas.section((*LEFT, word("guide.steps", lang)), (*RIGHT, word("guide.safety", lang)))
    steps, notes = list(_steps(copy)), _notes(copy)
    for n in range(max(len(steps), len(notes))):
        if n < len(steps):
            text, sheet = steps[n]
            canvas.put(LEFT[0], str(n + 1), LINED.with_(bold=True, size=12, ink=look.ACCENT, align="center"))
            canvas.put(LEFT[0] + 1, text, LINED.with_(wrap=True), to=LEFT[1] - 2)
            target = common.jump(sheet) if sheet else ""
            style = LINED.with_(ink=look.LINK, link=True, align="right") if sheet else LINED
            canvas.put(LEFT[1] - 1, f"→ {sheet}" if sheet else None, style, to=LEFT[1], link=target)
        else:
            canvas.put(LEFT[0], None, Look())
        if n < len(notes):
            canvas.put(RIGHT[0], notes[n], SOFT.with_(wrap=True), to=RIGHT[1])
        texts = [(steps[n][0], 11.5 * 4)] if n < len(steps) else []
        texts += [(notes[n], 11.5 * 7)] if n < len(notes) else []
        canvas.heights[canvas.row] = common.pieces_height(texts, base=24)
        canvas.row += 1


def _steps(copy: CopyScope) -> Iterator[tuple[str, str]]:
    lang = copy.language
    for table, layout in copy.layouts.items():
        sheet = copy.sheets[table]
        if any(c.edit for c in layout.columns if c.field is not None):
            yield word("guide.step.both" if layout.add else "guide.step.edit", lang, sheet=sheet), sheet
        elif layout.add:
            yield word("guide.step.add", lang, sheet=sheet), sheet
        else:
            yield word("guide.step.read", lang, sheet=sheet), sheet
    yield word("guide.step.send", lang), ""


def _notes(copy: CopyScope) -> list[str]:
    """Return what one may and may not do, one line each, from `templates/guide.*`."""
    layouts = copy.layouts.values()
    columns = [c.field for layout in layouts for c in layout.columns if c.field is not None]
    action = any(layout.place("action") for layout in layouts)
    return lines("guide", copy.language, action=action, personal=any(f.spec.data_class == "personal" for f in columns))


# ── signs ───────────────────────────────────────────────────────────────────────────────────────────


def _legend(canvas: Canvas, copy: CopyScope) -> None:
    lang = copy.language
    choices = list(_choices(copy))
    right = (*RIGHT, word("guide.round_signs", lang))
    canvas.section((*LEFT, word("guide.pointed_signs", lang)), *([right] if choices else []))
    signs = list(_signs(copy))
    for n in range(max(len(signs), len(choices))):
        if n < len(signs):
            style, text, meaning = signs[n]
            canvas.put(LEFT[0], text, style, to=LEFT[0] + 1)
            canvas.put(LEFT[0] + 2, meaning, SOFT.with_(indent=1), to=LEFT[1])
        if n < len(choices):
            style, text, meaning = choices[n]
            canvas.put(RIGHT[0], text, style, to=RIGHT[0] + 1)
            canvas.put(RIGHT[0] + 2, meaning, SOFT.with_(indent=1), to=RIGHT[1])
        canvas.heights[canvas.row] = look.HEIGHT_ROW
        canvas.row += 1


def _signs(copy: CopyScope) -> Iterator[tuple[Look, str, str]]:
    """Only what can be met in this copy."""
    columns = [c for layout in copy.layouts.values() for c in layout.columns if c.shown]
    tasks = {c.task for c in columns}
    names = ["wrong", "missing"] if any(c.edit or c.enter for c in columns) else []
    names += ["overdue", "today", "soon"] if tasks & {"next", "due"} else []
    names += ["stale"] if "last" in tasks else []
    every = [c for layout in copy.layouts.values() for c in layout.columns]
    names += ["readonly"] if any(c.field is not None and not c.edit for c in every) else []
    for name in names:
        sign = look.SIGNS[name]
        box = sign.box
        style = Look(fill=sign.fill, ink=sign.ink, bold=sign.bold, indent=1, top=box, bottom=box, left=box, right=box)
        example = word(f"guide.sign.{name}.example", copy.language)
        yield style, f"{sign.sign} {example}".strip(), word(f"guide.sign.{name}", copy.language)


def _choices(copy: CopyScope) -> Iterator[tuple[Look, str, str]]:
    """Yield the coloured options once each: whose they are beside the first, other words for them beside all."""
    seen: set[str] = set()
    for layout in copy.layouts.values():
        for column in layout.columns:
            place = f"{layout.title} · {column.head}"
            for option, hue, icon in coloured(column.field) if column.field is not None else ():
                text = f"{icon} {option.text[copy.language]}"
                if text in seen:
                    continue
                seen.add(text)
                words = in_a_row(option.also, copy.language)
                also = word("guide.also", copy.language, words=words) if words else ""
                yield Look(fill=hue.fill, ink=hue.ink, indent=1), text, "　".join(filter(None, (place, also)))
                place = ""


# ── fields ──────────────────────────────────────────────────────────────────────────────────────────


def _fields(canvas: Canvas, copy: CopyScope, table: str) -> None:
    lang, layout = copy.language, copy.layouts[table]
    canvas.section((LEFT[0], RIGHT[1], word("guide.fields", lang, table=layout.title)))
    canvas.line(
        20,
        (2, 3, word("guide.field", lang), FIELD_HEAD),
        (4, 4, word("guide.must", lang), FIELD_HEAD),
        (5, RIGHT[1], word("guide.how", lang), FIELD_HEAD),
    )
    for column in layout.columns:
        if column.field is None:
            continue
        told = _how(copy, column)
        must = "√" if column.field.spec.required and (column.edit or column.enter) else ""
        canvas.line(
            common.pieces_height([(told, 11.5 * 11)]),
            (2, 3, column.head, LINED.with_(bold=True)),
            (4, 4, must, LINED.with_(bold=True, ink=look.ACCENT)),
            (5, RIGHT[1], told, LINED.with_(wrap=True, ink=look.INK if column.edit or column.enter else look.SOFT)),
        )


def _how(copy: CopyScope, column: SheetColumn) -> str:
    """Return what the schema says of a field, or why one need not fill it."""
    field, lang = column.field, copy.language
    assert field is not None
    if not (column.edit or column.enter):
        key = "guide.computed" if not field.editable else "guide.readonly"
        return word(key, lang)
    said = [field.spec.help[lang]] if field.spec.help is not None else []
    said += [s for s in field.say(language=lang) if s not in (*said, word("fill.required", lang))]
    if column.enter and not column.edit:
        said.append(word("guide.only_new", lang))
    return (" " if lang == "en" else "").join(said) or word("guide.free", lang)


def _date_words(text: str, language: str) -> str:
    """Return an ISO date, with or without a time behind it, as people say it."""
    found = re.match(r"(\d{4}-\d\d-\d\d)[ T]?(.*)\Z", text)
    if found is None:
        return text
    day = dt.date.fromisoformat(found[1])
    weekday = word("guide.weekdays", language).split(",")[day.weekday()]
    month = word("guide.months", language).split(",")[day.month - 1]
    return word("guide.date", language, month=month, day=day.day, weekday=weekday, time=found[2][:5]).strip()
