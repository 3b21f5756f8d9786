"""The guard before every returned file: what it is, a strict zip directory, XML under limits; knows no sheet."""

from __future__ import annotations

from custsheet.container.limits import USUAL, Limits
from custsheet.container.sniff import other_format, sniff
from custsheet.container.source import FileBytes, Source
from custsheet.container.xml import Items, Walker, skim, walk
from custsheet.container.zip import Entry, Package, check_size

__all__ = [
    "USUAL",
    "Entry",
    "FileBytes",
    "Items",
    "Limits",
    "Package",
    "Source",
    "Walker",
    "check_size",
    "other_format",
    "skim",
    "sniff",
    "walk",
]
