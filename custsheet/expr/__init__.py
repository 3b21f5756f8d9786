"""One small expression tree: evaluated over a row, said as an Excel formula, said as a sentence."""
