"""The function `model` of a Python model: imported when it runs, its failures told by file and line."""

import importlib.util
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.making import Model


def load_function(model: Model, root: Path) -> Callable[..., Any]:
    """Import a model's file and return its function.

    Raises:
        Problem: MODEL201, the file cannot be imported.
    """
    path = root / model.path
    name = "weft_model_" + "".join(c if c.isalnum() else "_" for c in model.path)
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module: ModuleType = importlib.util.module_from_spec(specification)
    sys.modules[name] = module  # dataclasses of the model look their module up
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        raise _failed("MODEL201", model, path, error, "cannot be imported") from error
    function: Callable[..., Any] = module.model
    return function


def call_function(model: Model, root: Path, function: Callable[..., Any], inputs: dict[str, Any]) -> Any:
    """Call a model's function with its inputs by name.

    Raises:
        Problem: MODEL202, the function failed.
    """
    try:
        return function(**inputs)
    except Exception as error:
        raise _failed("MODEL202", model, root / model.path, error, "failed") from error


def wrong_result(model: Model, found: object, expected: str) -> Problem:
    """The problem of a function that returns something else than its language says."""
    return Problem(
        "MODEL203",
        f'Model "{model.name}" does not return a table.',
        model.place,
        found=type(found).__qualname__,
        expected=expected,
    )


def _failed(code: str, model: Model, path: Path, error: Exception, what: str) -> Problem:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno for frame in frames if Path(frame.filename) == path]
    line = own[-1] if own else getattr(error, "lineno", None)
    # The words of an exception often hold values of the data; the kind and the line do not.
    missing = f': no module "{error.name}"' if isinstance(error, ModuleNotFoundError) else ""
    return Problem(
        code,
        f'Model "{model.name}" {what}: {type(error).__name__}{missing}.',
        Place(model.path, line),
        fix="Mend the line. `weft -v` shows the whole traceback, which may hold values of the data.",
    )
