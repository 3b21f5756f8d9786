"""What a run of the command line loads, loaded once: the processes that are started from here begin warm."""

import importlib
import pkgutil

import custsheet

for module in pkgutil.walk_packages(custsheet.__path__, "custsheet."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
