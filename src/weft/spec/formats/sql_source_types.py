"""Dialects of SQL as an import meets them: which one a script is in, its parser, and its types in DuckDB's words."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weft.spec.sql_type import SqlType

_SIGNS = (  # the first that is found; DuckDB's dialect takes what nobody else claims
    (
        "tsql",
        re.compile(r"^\s*GO\s*$|\[\w+\]\s+\[?n?(var)?char|\bNVARCHAR\b|\bDATETIME2\b|\bIDENTITY\s*\(", re.I | re.M),
    ),
    ("mysql", re.compile(r"\bENGINE\s*=|\bAUTO_INCREMENT\b|\bUNSIGNED\b|`\w+`\s+(tiny|medium|long)?(int|text)", re.I)),
    ("bigquery", re.compile(r"\bOPTIONS\s*\(|`[\w-]+\.[\w-]+\.\w+`|\bINT64\b|\bNOT ENFORCED\b", re.I)),
    ("oracle", re.compile(r"\bVARCHAR2\b|\bNUMBER\s*\([\d, ]+\)\s*(NOT NULL\s*)?ENABLE\b", re.I)),
    ("snowflake", re.compile(r"\bTIMESTAMP_(NTZ|LTZ|TZ)\b|\bVARIANT\b|\bNUMBER\s*\(", re.I)),
    ("spark", re.compile(r"\bUSING\s+(delta|iceberg|parquet)\b|\bTBLPROPERTIES\b|\bSTRUCT\s*<\s*\w+\s*:", re.I)),
    ("postgres", re.compile(r"\b(BIG)?SERIAL\b|\bJSONB\b|\bCHARACTER VARYING\b|::\w+|\bBYTEA\b", re.I)),
)
UNSIZED_DECIMALS = {
    "duckdb": "DECIMAL(18,3)",
    "mysql": "DECIMAL(10,0)",
    "spark": "DECIMAL(10,0)",
    "tsql": "DECIMAL(18,0)",
    "snowflake": "DECIMAL(38,0)",
    "bigquery": "DECIMAL(38,9)",
}
_BY_NAME = {
    **dict.fromkeys(("ENUM", "SET", "INET", "XML", "GEOMETRY", "GEOGRAPHY"), "VARCHAR"),
    **dict.fromkeys(("VARIANT", "OBJECT", "SUPER"), "JSON"),
    **dict.fromkeys(("MEDIUMINT", "UMEDIUMINT", "YEAR", "SERIAL"), "INTEGER"),
    "BIGSERIAL": "BIGINT",
    "SMALLSERIAL": "SMALLINT",
    "MONEY": "DECIMAL(19,4)",
    "SMALLMONEY": "DECIMAL(10,4)",
}


def dialect_of(text: str) -> str:
    """The dialect that a script seems to be written in.

    >>> dialect_of("CREATE TABLE a (id INT AUTO_INCREMENT)"), dialect_of("CREATE TABLE a (id INT)")
    ('mysql', 'duckdb')
    """
    return next((name for name, sign in _SIGNS if sign.search(text)), "duckdb")


def parser_of(dialect: str) -> Any:
    """The parser of a dialect, which for DuckDB keeps the length of a text, though DuckDB does not."""
    import sqlglot

    found = sqlglot.Dialect.get_or_raise(dialect)
    parser = found.parser()
    if dialect != "duckdb":
        return parser
    exact = type("_ExactParser", (type(parser),), {"TYPE_CONVERTERS": {}})
    return exact(dialect=found)


def duckdb_text(kind: Any, dialect: str) -> str:
    """A type in DuckDB's words."""
    name = kind.this.name
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name == "DECIMAL" and not kind.expressions:
        return UNSIZED_DECIMALS.get(dialect, "DOUBLE")
    if name == "BIT":
        is_flag = dialect in ("tsql", "mysql") and (not kind.expressions or kind.expressions[0].name == "1")
        return "BOOLEAN" if is_flag else "VARCHAR"
    if name == "FLOAT" and dialect in ("tsql", "oracle", "snowflake", "bigquery"):
        return "DOUBLE"  # their FLOAT has 53 bits
    text: str = kind.sql("duckdb")
    return text


def is_the_logical_type(kind: SqlType) -> bool:
    """Whether the standard's own word leads to the same type, so that the physical one may be another tool's."""
    return kind.name in ("VARCHAR", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "DOUBLE", "BIGINT", "JSON")


@contextmanager
def quiet() -> Iterator[None]:
    """Let sqlglot not print what it cannot parse, rows of an INSERT included: a note tells the statement's line."""
    logger = logging.getLogger("sqlglot")
    former = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(former)
