"""The command line: options to values, one call, print, exit code. Nothing is decided here."""

from __future__ import annotations

from custsheet.cli.main import main

__all__ = ["main"]
