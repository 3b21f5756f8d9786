"""The expression tree: nodes as frozen records, read by three interpreters (`evaluate`, `excel`, `say`)."""

from __future__ import annotations


class Expr:
    """A node. Nodes are frozen dataclasses, so that equal expressions are equal."""

    __slots__ = ()
