"""What a Python model is written in, read from its text; loading a mesh runs nobody's code."""

import ast

from weft.base.problem import Place, Problem
from weft.spec.making import ModelLanguage

FUNCTION = "model"


def python_model_language(text: str, path: str) -> tuple[ModelLanguage, list[Problem]]:
    r"""The language of a model file with a function `model`: Arrow where it names PyArrow's types, else Ibis.

    >>> python_model_language("import pyarrow as pa\ndef model(calls: pa.Table) -> pa.Table: ...", "a.py")[0]
    <ModelLanguage.ARROW: 'arrow'>
    >>> python_model_language("import ibis\ndef model(calls: ibis.Table): return calls", "a.py")[0]
    <ModelLanguage.IBIS: 'ibis'>
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        what = f"The model is not Python: {getattr(error, 'msg', None) or 'it cannot be read'}."
        return ModelLanguage.IBIS, [Problem("MESH006", what, Place(path, line, column if line else None))]
    packages = _package_by_name(tree)
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == FUNCTION), None)
    if function is None:
        problem = Problem(
            "MESH006",
            f"The model file has no function `{FUNCTION}`.",
            Place(path, 1, 1),
            expected=f"def {FUNCTION}(orders: ibis.Table) -> ibis.Table",
            fix="Name the parameters as the inputs that it reads.",
        )
        return _by_imports(packages), [problem]
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    marks = [*function.decorator_list, function.returns, *(parameter.annotation for parameter in parameters)]
    named = {packages.get(root) for mark in marks if mark is not None for root in _roots(mark)}
    if "pyarrow" in named:
        return ModelLanguage.ARROW, []
    return (ModelLanguage.IBIS if "ibis" in named else _by_imports(packages)), []


def _package_by_name(tree: ast.Module) -> dict[str, str]:
    """The top package behind each imported name, at any depth: `if TYPE_CHECKING:` holds imports too."""
    packages: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                packages[alias.asname or alias.name.split(".")[0]] = alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                packages[alias.asname or alias.name] = node.module.split(".")[0]
    return packages


def _roots(mark: ast.expr) -> set[str]:
    if isinstance(mark, ast.Constant) and isinstance(mark.value, str):
        try:
            mark = ast.parse(mark.value, mode="eval").body
        except SyntaxError:
            return set()
    return {node.id for node in ast.walk(mark) if isinstance(node, ast.Name)}


def _by_imports(packages: dict[str, str]) -> ModelLanguage:
    imported = set(packages.values())
    return ModelLanguage.ARROW if "pyarrow" in imported and "ibis" not in imported else ModelLanguage.IBIS
