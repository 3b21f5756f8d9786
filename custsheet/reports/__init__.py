"""Measures and summaries as data: what a report says, counted once."""

from __future__ import annotations

from custsheet.reports.measures import measures
from custsheet.reports.roles import Roles, roles_of
from custsheet.reports.summing import summary

__all__ = ["Roles", "measures", "roles_of", "summary"]
