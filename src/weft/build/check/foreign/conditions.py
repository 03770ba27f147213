"""Conditions on rows that other tools write, as SQL that is sure to be one expression and to read no other table."""

import ast

from weft.build.check.column_value import ColumnValue
from weft.build.check.foreign.foreign_rule import ForeignRule, NotMapped

_OPERATORS = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def sql_condition(text: object, dialect: str = "duckdb") -> str:
    """A condition that is written in SQL.

    Raises:
        NotMapped: it holds a template, a query of its own, or does not parse.

    >>> sql_condition("amount > 0 or amount is null")
    '(amount > 0 OR amount IS NULL)'
    """
    if not isinstance(text, str) or not text.strip():
        raise NotMapped("Its condition is empty.")
    if "{{" in text or "{%" in text or "${" in text:
        raise NotMapped("Its condition holds a template, which is filled in by the other tool only.")
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        parsed = sqlglot.parse(f"SELECT * FROM t WHERE ({text}\n)", read=dialect)
    except SqlglotError:
        raise NotMapped("Its condition is no SQL that weft can read.") from None
    query = parsed[0] if len(parsed) == 1 else None
    where = query.args.get("where") if isinstance(query, exp.Select) else None
    clauses = {key for key, value in query.args.items() if value} if isinstance(query, exp.Select) else set()
    if where is None or not clauses <= {"kind", "expressions", "from", "from_", "where"}:
        raise NotMapped("Its condition is no single expression.")
    if any(where.find_all(exp.Query, exp.AggFunc, exp.Window)):
        raise NotMapped("Its condition reads more than its own row.")
    return f"({where.this.unnest().sql(dialect='duckdb', comments=False)})"


def python_condition(rule: ForeignRule, text: object) -> str:
    """A condition in the words of pandas, or `col("a") > 5`, as Great Expectations has them.

    Raises:
        NotMapped: it holds more than comparisons of columns with values, joined by and, or, not.
    """
    if not isinstance(text, str):
        raise NotMapped("Its condition is no text.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        raise NotMapped("Its condition on rows cannot be read.") from None
    return _sql(rule, tree.body)


def _sql(rule: ForeignRule, node: ast.expr) -> str:
    match node:
        case ast.BoolOp(op=operator, values=values):
            word = " AND " if isinstance(operator, ast.And) else " OR "
            return f"({word.join(_sql(rule, value) for value in values)})"
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as operator, right=right):
            word = "AND" if isinstance(operator, ast.BitAnd) else "OR"
            return f"({_sql(rule, left)} {word} {_sql(rule, right)})"
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            return f"(NOT {_sql(rule, operand)})"
        case ast.Call(func=ast.Attribute(value=inner, attr=method), args=[]):
            return _null_test(rule, inner, method)
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _OPERATORS:
            value = rule.value_of(_column(left))
            return f"({value.expression} {_OPERATORS[type(operator)]} {_operand(rule, right, value)})"
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as operator], comparators=[right]):
            value = rule.value_of(_column(left))
            if isinstance(right, ast.List | ast.Tuple):
                items = ", ".join(_operand(rule, item, value) for item in right.elts)
                return f"({value.expression} {'IN' if isinstance(operator, ast.In) else 'NOT IN'} ({items}))"
    raise NotMapped("Its condition on rows holds more than comparisons of columns with values.")


def _null_test(rule: ForeignRule, inner: ast.expr, method: str) -> str:
    word = {"notNull": "IS NOT NULL", "notnull": "IS NOT NULL", "isNull": "IS NULL", "isnull": "IS NULL"}.get(method)
    if word is None:
        raise NotMapped(f"Its condition on rows calls {method}, which is not computed.")
    return f"({rule.value_of(_column(inner)).expression} {word})"


def _operand(rule: ForeignRule, node: ast.expr, value: ColumnValue) -> str:
    match node:
        case ast.Constant(value=constant) if constant is not None:
            return rule.literal(constant, value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return rule.literal(-number, value)
    return rule.value_of(_column(node)).expression


def _column(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Name(id="col"), args=[ast.Constant(value=str() as name)]):
            return name
    raise NotMapped("Its condition on rows compares something that is no column.")
