"""Run the command line: `python -m custsheet`, or `custsheet`."""

from __future__ import annotations

from custsheet.cli import main

if __name__ == "__main__":
    main()
