"""What a changed schema does to rows and copies, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from custsheet import messages
from custsheet.cli import output
from custsheet.text import clauses, join
from custsheet.workspace.migrating import Broken, Effect, Example, Migration, Out, Touched


def body(done: Migration, *, preview: bool) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "preview": preview,
        "needed": done.needed,
        "lost": done.lost,
        "revision": done.revision,
        "backup": str(done.backup or ""),
        "effects": [asdict(effect) for effect in done.effects],
        "rules": [{**output.finding_json(b.finding), "count": b.count, "labels": list(b.labels)} for b in done.broken],
        "questions": [asdict(touched) for touched in done.touched],
        "copies": [asdict(out) for out in done.copies],
    }


def tell(done: Migration, *, preview: bool) -> None:
    """Print what changes, for whom, and what to do next."""
    if not (done.effects or done.broken or done.touched or done.needed):
        output.say("migrate.nothing" if done.copies else "migrate.same")
        return
    output.say("migrate.title")
    for effect in done.effects:
        _effect(effect, done.effects)
    for broken in done.broken:
        _broken(broken)
    _touched(done.touched)
    _copies(done.copies)
    _end(done, preview=preview)


def _end(done: Migration, *, preview: bool) -> None:
    if not preview:
        output.say("migrate.done" if done.revision else "migrate.taken", revision=done.revision, backup=done.backup)
        if done.lost:
            output.say("migrate.kept", count=done.lost)
    elif not (done.needed or done.lost):
        output.say("migrate.not_needed")
    else:
        output.say("migrate.lost_all" if done.lost else "migrate.next", count=done.lost)


def _effect(effect: Effect, others: Sequence[Effect]) -> None:
    output.say(f"migrate.{effect.kind}", **asdict(effect))
    if effect.kind in ("removed", "table_removed"):
        _examples("migrate.gone", effect.lost_examples)
        for new in _maybe(effect, others):
            output.say("migrate.was_hint", title=effect.title, old=effect.name, new=new)
        return
    if effect.left:
        output.say("migrate.left" if effect.kind == "added" else "migrate.left_rows", **asdict(effect))
    if effect.lost:
        _examples("migrate.lost", effect.lost_examples, lost=effect.lost)
    _examples("migrate.turned", effect.examples)


def _maybe(effect: Effect, others: Sequence[Effect]) -> Iterator[str]:
    """Yield what this may be called now: the only new field of the table, or the only new table."""
    kind = {"removed": "added", "table_removed": "table_added"}[effect.kind]
    found = [e.name for e in others if e.kind == kind and (kind == "table_added" or e.table == effect.table)]
    if len(found) == 1 and effect.values:
        yield found[0]


def _examples(head: str, examples: Sequence[Example], **facts: object) -> None:
    if examples:
        output.say(head, **facts)
    for one in examples:
        old, new = (" ".join(text.split()) for text in (one.old, one.new))
        key = "migrate.example_new" if new else "migrate.example" if old else "migrate.example_row"
        output.say(key, label=one.label, old=old, new=new)


def _broken(broken: Broken) -> None:
    message, _ = output.message_of(broken.finding)
    output.say("migrate.broken", count=broken.count, message=message)
    _examples("migrate.gone", [Example(label, "") for label in broken.labels])


def _touched(touched: Sequence[Touched]) -> None:
    lang = output.language()
    if touched:
        output.say("migrate.asked", count=len(touched))
    for one in touched:
        said = [
            messages.word(f"migrate.asked.{'read' if claim.new else 'out'}", lang, who=claim.label, old=claim.old,
                          new=claim.new)
            for claim in one.claims
        ]  # fmt: skip
        output.say("migrate.asked.one", label=one.label, title=one.title, said=join(said, lang))


def _copies(copies: Sequence[Out]) -> None:
    if copies:
        output.say("migrate.copies", count=len(copies))
    for out in copies:
        lang = output.language()
        kinds = {kind: getattr(out, kind) for kind in ("removed", "renamed", "reread", "added")}
        said = [
            messages.word(f"migrate.copy.{kind}", lang, titles=join(list(titles), lang))
            for kind, titles in kinds.items()
            if titles
        ]
        text = clauses(said, lang) or messages.word("migrate.copy.same", lang)
        output.say("migrate.copy", member=out.member, round=out.round, said=text)
