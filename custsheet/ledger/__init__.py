"""The ledger: rows, rounds, copies, submissions, history and audit, written whole or not at all.

`custsheet.ledger.store` opens one; importing this package alone loads no database library.
"""
