"""Workbooks: the one reader to a grid of cells, and the writer of plans."""
