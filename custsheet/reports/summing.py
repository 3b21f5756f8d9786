"""Count everything that a report shows, once, from rows and from what happened in a round."""

from __future__ import annotations

from dataclasses import replace

from custsheet.fields.base import Language
from custsheet.model import Tables
from custsheet.reports import pipeline, returns, standing
from custsheet.reports.roles import Roles, roles_of
from custsheet.reports.rows import Rows
from custsheet.reports.sentences import sentences
from custsheet.schema.labels import Labels
from custsheet.schema.records import Schema, Team
from custsheet.summary import Period, RoundFacts, Summary
from custsheet.text import in_a_row


def summary(  # noqa: PLR0913 - what is counted, for whom, over which days
    schema: Schema,
    tables: Tables,
    *,
    team: Team,
    labels: Labels,
    language: Language,
    period: Period,
    facts: RoundFacts | None = None,
    earlier: Tables | None = None,
) -> Summary:
    """Count rows and the round's events; `earlier` are the rows one period ago, for comparisons."""
    roles, told = roles_of(schema), facts or RoundFacts()
    rows = Rows(schema, tables, roles, team=team, labels=labels, language=language)
    before = Rows(schema, earlier, roles, team=team, labels=labels, language=language) if earlier is not None else None
    status, stage = roles.status, roles.stage
    found = Summary(
        language=language,
        period=period,
        rows=rows.count(status.table) if status else 0,
        names=_names(rows, roles),
        status_field=schema.tables[status.table].fields[status.field] if status else None,
        statuses=standing.slices(rows),
        people=standing.people(rows, period),
        has_contacts=bool(roles.log or (status and status.last)),
        overdue=standing.overdue(rows, period.today),
        stale=standing.stale(rows, period.today),
        never=standing.never(rows),
        grid=pipeline.stage_grid(rows, period.today),
        totals=pipeline.totals(rows),
        open_count=pipeline.open_count(rows),
        currency=schema.tables[stage.table].fields[stage.amount].spec.currency if stage and stage.amount else "",
        now=standing.standing(rows, period.today),
        before=standing.standing(before, period.before().today) if before else None,
        returned=returns.returned(rows, told),
        refused=told.refused,
        questions=told.questions,
        changes=returns.change_lines(rows, told.applied),
        left_out=rows.left_out,
    )
    return replace(found, sentences=sentences(found))


def _names(rows: Rows, roles: Roles) -> dict[str, str]:
    """Titles of the parts that are there, as the definitions beside the numbers use them."""
    names: dict[str, str] = {}
    if status := roles.status:
        names["rows"] = rows.title(status.table)
        for role in ("field", "next", "last", "plan"):
            if field := getattr(status, role):
                names["status" if role == "field" else role] = rows.title(status.table, field)
        names |= _end_names(rows, status.table, status.field, {"won": status.won, "lost": status.lost})
    if stage := roles.stage:
        names["deals"] = rows.title(stage.table)
        for role in ("field", "amount", "close", "product"):
            if field := getattr(stage, role):
                names["stage" if role == "field" else role] = rows.title(stage.table, field)
        ends = _end_names(rows, stage.table, stage.field, {"won": stage.won, "lost": stage.lost})
        names |= {f"deal_{key}": text for key, text in ends.items()}
        if owner := rows.schema.tables[stage.table].owner:
            names["deal_owner"] = rows.title(stage.table, owner)
    if roles.log:
        names["log"] = rows.title(roles.log.table)
    return names


def _end_names(rows: Rows, table: str, field: str, ends: dict[str, frozenset[str]]) -> dict[str, str]:
    return {
        key: in_a_row((rows.option(table, field, v) for v in sorted(values)), rows.language)
        for key, values in ends.items()
    }
