"""The use cases: the only place where the wings meet. Each verb is one file; nothing here prints or exits."""
