"""One small expression tree: evaluated over a row, said as an Excel formula, said as a sentence.

The two other interpreters are `excel.excel` and `say.say`.
"""

from custsheet.expr.evaluation import evaluate, evaluator, holder, holds
from custsheet.expr.scope import ExcelScope, Language, Related, Scope
from custsheet.expr.tree import Expr, about_table, asks_the_day, fields_of, tables_of, walk

__all__ = [
    "ExcelScope",
    "Expr",
    "Language",
    "Related",
    "Scope",
    "about_table",
    "asks_the_day",
    "evaluate",
    "evaluator",
    "fields_of",
    "holder",
    "holds",
    "tables_of",
    "walk",
]
