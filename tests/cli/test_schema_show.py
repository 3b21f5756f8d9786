"""`schema show`: tables, fields and rules in plain words, and what each role sees and may change."""

from __future__ import annotations

from typing import Any


def test_roles_are_told_in_words(bare: Any) -> None:
    """Own rows or all, fields by title, nearly all by what is left out; no sentence ends twice."""
    said = bare.run("schema", "show").out
    lines = [line.split() for line in said.splitlines()]
    sales = lines[lines.index(["角色", "sales"]) + 1]
    assert sales[:3] == ["客户", "自己的行", "能新增、能删除"]
    assert sales[-1] == "改：除了负责人"
    viewer = lines[lines.index(["角色", "viewer"]) + 1]
    assert (viewer[1], viewer[-1]) == ("全部行", "改：不能")
    assert "。；" not in said
