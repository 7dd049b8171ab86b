"""Finds the handler of a function's module."""

import importlib.util
import os
import sys
from types import ModuleType
from typing import Any

HANDLERS = ("handle", "handler", "main")


def load_function(path: str) -> Any:
    """The instance that the module's `new()` makes, or else the module itself as the holder of its handler."""
    module = _load_module(path)
    if callable(getattr(module, "new", None)):
        return module.new()
    if any(callable(getattr(module, name, None)) for name in HANDLERS):
        return module
    raise SystemExit(f"{os.path.basename(path)} has no handler: define new(), handle(), handler() or main().")


def handler_of(function: Any) -> Any:
    for name in HANDLERS:
        found = getattr(function, name, None)
        if callable(found):
            return found
    raise SystemExit("The object that new() returned has no handle method.")


def _load_module(path: str) -> ModuleType:
    sys.path.insert(0, os.path.dirname(path))
    name = os.path.splitext(os.path.basename(path))[0].replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
