"""The type of each column: a value that the promised type cannot hold unchanged breaks the promise.

What only widens is cast. What fails loudly (a sum beyond BIGINT) is tried. What would change values without a word
(rounding, dropping the time of day, reading text) is compared with the original, value by value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from weft.build.check.column_value import FLOATS, INTEGERS
from weft.build.check.promise import RowPromise
from weft.engine.quote import identifier
from weft.spec.column_type import column_type
from weft.spec.contract import Table
from weft.spec.sql_type import SqlType, parse_type

_DIGITS = {"TINYINT": 3, "UTINYINT": 3, "SMALLINT": 5, "USMALLINT": 5, "INTEGER": 10, "UINTEGER": 10, "BIGINT": 19}
_DIGITS |= {"UBIGINT": 20, "HUGEINT": 39}
_BITS = {"TINYINT": 7, "SMALLINT": 15, "INTEGER": 31, "BIGINT": 63, "HUGEINT": 127}
_BITS |= {"UTINYINT": 8, "USMALLINT": 16, "UINTEGER": 32, "UBIGINT": 64}
_EXACT_DIGITS = 15  # decimal digits that a DOUBLE always keeps


class Conversion(StrEnum):
    """How values of one type become another."""

    SAME = "same"
    SAFE = "safe"  # every value is kept
    LOUD = "loud"  # a value that does not fit fails
    SILENT = "silent"  # a value may change without a word


@dataclass(frozen=True)
class ColumnCast:
    """One column of the candidate beside its promise."""

    column: str  # as stored
    made: SqlType | None  # None: a type that only the engine knows
    promised: SqlType
    conversion: Conversion

    @property
    def expression(self) -> str:
        """SQL of the promised type; NULL where the value cannot be one."""
        name = identifier(self.column)
        if self.conversion is Conversion.SAME:
            return name
        if self.promised.fields:  # TRY_CAST of a list gives the list with a NULL in the place of what failed
            return f"TRY(CAST({name} AS {self.promised}))"
        return f"TRY_CAST({name} AS {self.promised})"

    @property
    def kept(self) -> str:
        """The same, NULL also where the value would not stay what it was: what it is rounded to is nobody's value."""
        if self.made is None or self.conversion is not Conversion.SILENT:
            return self.expression
        return f"CASE WHEN {self.broken} THEN NULL ELSE {self.expression} END"

    @property
    def broken(self) -> str:
        """SQL that is true where the value cannot be, or does not stay, what it was."""
        name, cast = identifier(self.column), self.expression
        failed = f"({name} IS NOT NULL AND {cast} IS NULL)"
        if self.made is None or self.conversion is not Conversion.SILENT:
            return failed
        if not _holds_text(self.made):
            # Also of rows that are published already, where the column is of the promised type.
            return f"TRY_CAST({cast} AS {self.made}) IS DISTINCT FROM TRY_CAST({name} AS {self.made})"
        rounded = _rounded_text(name, cast, self.promised)
        return f"({failed} OR {rounded})" if rounded else failed


def casts_of(table: Table, made: Mapping[str, str]) -> tuple[ColumnCast, ...]:
    """How each column of the table comes from the candidate's column of its name."""
    by_folded_name = {name.casefold(): kind for name, kind in made.items()}
    casts = []
    for column in table.columns:
        found = parse_type(by_folded_name[column.stored_name.casefold()])
        promised = column_type(column)
        conversion = conversion_of(found, promised) if found is not None else Conversion.SILENT
        casts.append(ColumnCast(column.stored_name, found, promised, conversion))
    return tuple(casts)


def type_promises(table: Table, casts: tuple[ColumnCast, ...]) -> tuple[RowPromise, ...]:
    """One promise a column; of columns that are made as promised, one that nothing breaks."""
    return tuple(
        RowPromise(
            rule=f"{column.name}.type",
            kind="type",
            place=column.place,
            columns=(column.name,),
            broken="false" if cast.conversion in (Conversion.SAME, Conversion.SAFE) else cast.broken,
            if_it_fails=f"A column of type {cast.made} cannot be stored as {cast.promised}.",
        )
        for column, cast in zip(table.columns, casts, strict=True)
    )


def conversion_of(made: SqlType, promised: SqlType) -> Conversion:
    """How values of one type become another.

    >>> def of(made, promised):
    ...     return str(conversion_of(parse_type(made), parse_type(promised)))
    >>> of("INTEGER", "BIGINT"), of("HUGEINT", "BIGINT"), of("DOUBLE", "DECIMAL(12,2)"), of("VARCHAR", "DATE")
    ('safe', 'loud', 'silent', 'silent')
    """
    if made == promised:
        return Conversion.SAME
    if made.fields or promised.fields:
        return _nested(made, promised)
    if promised.name in ("VARCHAR", "JSON"):
        return Conversion.SILENT if made.name in ("BLOB", "VARCHAR") else Conversion.SAFE
    if made.name in INTEGERS or made.name == "BOOLEAN":
        return _from_integer(made, promised)
    if made.name == "DECIMAL":
        return _from_decimal(made, promised)
    if (made.name, promised.name) in (("FLOAT", "DOUBLE"), ("DATE", "TIMESTAMP"), ("DATE", "TIMESTAMP WITH TIME ZONE")):
        return Conversion.SAFE
    if {made.name, promised.name} == {"TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}:
        return Conversion.SAFE  # sessions run in UTC
    return Conversion.SILENT


def _from_integer(made: SqlType, promised: SqlType) -> Conversion:
    bits = 1 if made.name == "BOOLEAN" else _BITS[made.name]
    if promised.name in INTEGERS:
        signed_into_unsigned = promised.name.startswith("U") and not made.name.startswith("U") and bits > 1
        return Conversion.SAFE if bits <= _BITS[promised.name] and not signed_into_unsigned else Conversion.LOUD
    if promised.name == "DECIMAL":
        whole = (promised.precision or 0) - (promised.scale or 0)
        return Conversion.SAFE if _DIGITS.get(made.name, 1) <= whole else Conversion.LOUD
    if promised.name in FLOATS:
        return Conversion.SAFE if bits <= (53 if promised.name == "DOUBLE" else 24) else Conversion.SILENT
    return Conversion.SILENT


def _from_decimal(made: SqlType, promised: SqlType) -> Conversion:
    scale, precision = made.scale or 0, made.precision or 0
    if promised.name == "DECIMAL":
        if scale > (promised.scale or 0):
            return Conversion.SILENT
        fits = precision - scale <= (promised.precision or 0) - (promised.scale or 0)
        return Conversion.SAFE if fits else Conversion.LOUD
    if promised.name in INTEGERS and scale == 0:
        return Conversion.SAFE if precision < _DIGITS[promised.name] else Conversion.LOUD
    return Conversion.SAFE if promised.name == "DOUBLE" and precision <= _EXACT_DIGITS else Conversion.SILENT


def _nested(made: SqlType, promised: SqlType) -> Conversion:
    if promised.name == "JSON":
        return Conversion.SAFE
    same_shape = made.name == promised.name or (made.name == "ARRAY" and promised.name == "LIST")
    same_fields = [n.casefold() for n, _ in made.fields] == [n.casefold() for n, _ in promised.fields]
    if not same_shape or not same_fields or (promised.size is not None and made.size != promised.size):
        return Conversion.SILENT
    parts = {conversion_of(a, b) for (_, a), (_, b) in zip(made.fields, promised.fields, strict=True)}
    if parts <= {Conversion.SAME, Conversion.SAFE}:
        return Conversion.SAFE
    return Conversion.SILENT if Conversion.SILENT in parts else Conversion.LOUD


def _holds_text(kind: SqlType) -> bool:
    return kind.name in ("VARCHAR", "JSON") or any(_holds_text(child) for _, child in kind.fields)


def _rounded_text(name: str, cast: str, promised: SqlType) -> str | None:
    """DuckDB reads '1.5' as the integer 2, and a text with a time of day as a date: both lose something."""
    if promised.name in INTEGERS:
        return f"TRY_CAST({name} AS DOUBLE) IS DISTINCT FROM CAST({cast} AS DOUBLE)"
    if promised.name == "DECIMAL":
        if (promised.precision or 0) <= _EXACT_DIGITS:
            return f"TRY_CAST({name} AS DOUBLE) IS DISTINCT FROM CAST({cast} AS DOUBLE)"
        return f"regexp_matches(CAST({name} AS VARCHAR), '\\.[0-9]{{{promised.scale or 0}}}[0-9]*[1-9]')"
    if promised.name == "DATE":
        return f"TRY_CAST({name} AS TIMESTAMP) <> CAST({cast} AS TIMESTAMP)"
    return None
