"""A sample team and its week: lists with believable dirt, edits played into the written copies, and the story of it."""

from __future__ import annotations
