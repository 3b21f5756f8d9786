"""Profiles of the laws: 200 examples each, or as many as CUSTSHEET_LAWS says; and the way to the shared world."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.append(str(Path(__file__).resolve().parent))

_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "print_blob": True}
settings.register_profile("ci", max_examples=200, derandomize=True, **_COMMON)
settings.register_profile("laws", max_examples=int(os.environ.get("CUSTSHEET_LAWS", "200")), **_COMMON)
settings.load_profile("laws" if "CUSTSHEET_LAWS" in os.environ else "ci")

from ledger_world import template  # noqa: E402, F401  (its folder is on the path only now)
