"""A summary as plain JSON data, for `--json` and for whoever computes on."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from custsheet.summary import Due, Returned, Summary, Total


def measures(found: Summary) -> dict[str, object]:
    """Return every number of a summary; amounts without a fraction are whole numbers."""
    return {
        "today": found.period.today.isoformat(),
        "period": [found.period.first.isoformat(), found.period.last.isoformat()],
        "rows": found.rows,
        "status": [{"value": s.value, "text": s.text, "count": s.count} for s in found.statuses],
        "won": found.won,
        "lost": found.lost,
        "win_rate": _number(found.win_rate),
        "contacts": found.contacts if found.has_contacts else None,
        "contacts_before": found.contacts_before if found.has_contacts else None,
        "members": [
            {"member": p.id, **{k: v for k, v in asdict(p).items() if k != "id"}, "win_rate": _number(p.win_rate)}
            for p in found.people
        ],
        "stages": _stages(found),
        "won_value": _number(found.won_value) if found.totals else None,
        "open_amount": _number(found.now.open_amount) if found.now and found.grid else None,
        "totals": _totals(found),
        "overdue": _due(found.overdue),
        "stale": _due(found.stale),
        "never_contacted": found.never,
        "before": _before(found),
        "returned": [_returned(r) for r in found.returned],
        "refused": [{"file": name, "why": why} for name, why in found.refused],
        "questions": found.questions,
        "changes": len(found.changes),
        "left_out": [asdict(item) for item in found.left_out],
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _stages(found: Summary) -> dict[str, object] | None:
    if found.grid is None:
        return None
    stages = [
        {"value": s.value, "text": s.text, "count": s.count, "amounts": [_number(a) for a in s.amounts]}
        | {"total": _number(s.total)}
        for s in found.grid.stages
    ]
    return {"columns": list(found.grid.columns), "stages": stages}


def _totals(found: Summary) -> dict[str, object] | None:
    if found.totals is None:
        return None
    parts = {"members": found.totals.members, "products": found.totals.products, "quarters": found.totals.quarters}
    return {name: [_total(t) for t in totals] for name, totals in parts.items()}


def _total(total: Total) -> dict[str, object]:
    return {**asdict(total), "value": _number(total.value), "win_rate": _number(total.win_rate)}


def _due(due: tuple[Due, ...] | None) -> list[dict[str, object]] | None:
    if due is None:
        return None
    return [{**asdict(d), "day": d.day.isoformat(), "amount": _number(d.amount)} for d in due]


def _before(found: Summary) -> dict[str, object] | None:
    if found.before is None:
        return None
    return {
        **asdict(found.before),
        "day": found.before.day.isoformat(),
        "open_amount": _number(found.before.open_amount),
    }


def _returned(line: Returned) -> dict[str, object]:
    return {
        "member": line.id,
        "name": line.name,
        "returned": line.returned,
        "edits": {"total": line.edits, **{str(bucket): n for bucket, n in line.buckets.items()}},
        "findings": line.findings,
        "problems": [{"text": text, "count": count} for text, count in line.problems],
    }
