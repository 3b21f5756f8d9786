"""custsheet: customer follow-up workbooks, issued per member, validated, merged cell by cell, reported."""

__version__ = "0.1.0"
