"""Which names a model reads, from its text alone: nothing is run and nothing of the user is imported."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from weft.base.problem import Place, Problem
from weft.spec.making import Model, ModelLanguage
from weft.spec.product import Product

if TYPE_CHECKING:
    from sqlglot import exp

MODEL_FUNCTION = "model"


def inputs_of(model: Model, product: Product) -> tuple[str, ...]:
    """Names that a model reads, in the order of their first appearance.

    SQL names are case-insensitive: a name that the product declares comes back as declared, any other as
    written (`orders`, `sales.orders`).

    Raises:
        Problem: GRAPH002, the text does not parse; GRAPH003, a Python model has no function `model`.
    """
    written = names_in_sql(model.text, model.path) if model.language is ModelLanguage.SQL else parameters_of(model)
    declared = {name.casefold(): name for name in declared_names(product)}
    found = (declared.get(name.casefold(), name) for name, _ in written)
    return tuple(dict.fromkeys(found))


def declared_names(product: Product) -> tuple[str, ...]:
    """Every name that a model of the product may read: sources, input ports, models."""
    return (
        *product.making.sources,
        *(port.name for port in product.input_ports),
        *(model.name for model in product.models),
    )


def parameters_of(model: Model) -> tuple[tuple[str, Place | None], ...]:
    """Parameters of a Python model's function; one with a default is a setting and no input.

    Raises:
        Problem: GRAPH002, GRAPH003.
    """
    function = model_function(model)
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    required = positional[: len(positional) - len(arguments.defaults)]
    required += [a for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default is None]
    return tuple((a.arg, Place(model.path, a.lineno, a.col_offset + 1)) for a in required)


def model_function(model: Model) -> ast.FunctionDef:
    """The function `model` of a Python model, parsed and not run.

    Raises:
        Problem: GRAPH002, GRAPH003.
    """
    try:
        module = ast.parse(model.text)
    except SyntaxError as error:
        raise Problem(
            code="GRAPH002",
            what=f'Model "{model.name}" is not valid Python: {error.msg}.',
            where=Place(model.path, error.lineno, error.offset),
        ) from None
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == MODEL_FUNCTION:
            return statement
    raise Problem(
        code="GRAPH003",
        what=f'Model "{model.name}" has no function `{MODEL_FUNCTION}`.',
        where=Place(model.path),
        expected=f"def {MODEL_FUNCTION}(orders: ibis.Table) -> ibis.Table, a parameter for each input",
    )


@lru_cache(maxsize=4096)
def names_in_sql(text: str, path: str = "model.sql") -> tuple[tuple[str, Place | None], ...]:
    """Tables that a query reads, as written, with their place; its own CTEs are not among them.

    Raises:
        Problem: GRAPH002.

    >>> [name for name, _ in names_in_sql("WITH orders AS (SELECT * FROM orders) SELECT * FROM orders, crm.people")]
    ['orders', 'crm.people']
    """
    from sqlglot import exp

    query = parse_query(text, path)
    found: dict[tuple[str, Place | None], None] = {}
    for table in query.find_all(exp.Table, bfs=False):
        if not isinstance(table.this, exp.Identifier) or _names_a_cte(table):
            continue
        name = ".".join(part.name for part in table.parts)
        found[name, _place_of(table.this, path)] = None
    return tuple(sorted(found, key=lambda entry: (entry[1] is None, entry[1] or Place(path))))


def parse_query(text: str, path: str = "model.sql") -> "exp.Expr":
    """The one query of a SQL model, in DuckDB's dialect.

    Raises:
        Problem: GRAPH002.
    """
    import logging

    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, SqlglotError

    # SQLGlot warns on stderr of statements that it does not know; here they become a problem with a place.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        statements = [statement for statement in sqlglot.parse(text, dialect="duckdb") if statement is not None]
    except ParseError as error:
        detail = error.errors[0] if error.errors else {}
        raise Problem(
            code="GRAPH002",
            what="The model's SQL does not parse.",
            where=Place(path, detail.get("line"), detail.get("col")),
            found=detail.get("description"),
            expected="one SELECT in DuckDB's dialect",
        ) from None
    except SqlglotError as error:
        raise Problem("GRAPH002", "The model's SQL cannot be read.", Place(path), str(error).split("\n")[0]) from None
    statements = [statement for statement in statements if not isinstance(statement, exp.Semicolon)]
    if len(statements) == 1 and isinstance(statements[0], exp.Query):
        return statements[0]
    if len(statements) == 1 and isinstance(statements[0], (exp.Pivot, exp.Values)):
        return _as_select(statements[0])
    raise Problem(
        code="GRAPH002",
        what="A model is one query and nothing else.",
        where=Place(path),
        found=f"{len(statements)} statements" if len(statements) != 1 else statements[0].key.upper(),
        expected="one SELECT in DuckDB's dialect",
    )


def _as_select(statement: "exp.Expr") -> "exp.Expr":
    """`PIVOT orders ON ...` as `SELECT * FROM (PIVOT orders ON ...)`, its WITH kept in front."""
    from sqlglot import exp

    with_ = statement.args.get("with_")
    if with_ is not None:
        statement.set("with_", None)
    query = exp.select("*").from_(exp.Subquery(this=statement))
    if with_ is not None:
        query.set("with_", with_)
    return query


def _names_a_cte(table: "exp.Table") -> bool:
    """Whether an enclosing WITH defines the name at this point: a CTE sees the ones before it, and not itself."""
    if table.args.get("db"):
        return False
    wanted = table.name.casefold()
    inside: exp.Expr = table
    parent = table.parent
    while parent is not None:
        if wanted in _visible_ctes(parent, inside):
            return True
        inside, parent = parent, parent.parent
    return False


def _visible_ctes(parent: "exp.Expr", inside: "exp.Expr") -> Iterator[str]:
    """Names of CTEs that hold at `inside`: within a WITH the ones before it, after it all of them."""
    from sqlglot import exp

    if isinstance(parent, exp.With):
        for cte in parent.expressions:
            if cte is inside:
                if parent.args.get("recursive") and isinstance(cte.this, exp.SetOperation):
                    yield cte.alias.casefold()
                return
            yield cte.alias.casefold()
    with_ = parent.args.get("with_")
    if with_ is not None and with_ is not inside:
        yield from (cte.alias.casefold() for cte in with_.expressions)


def _place_of(identifier: "exp.Identifier", path: str) -> Place | None:
    line, column = identifier.meta.get("line"), identifier.meta.get("col")
    if line is None:
        return None
    # SQLGlot's column is that of the token's last character.
    width = len(identifier.name) + (2 if identifier.quoted else 0)
    return Place(path, line, max(column - width + 1, 1))
