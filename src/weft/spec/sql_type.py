"""Types of columns as DuckDB writes them: read from text, printed in one canonical form.

Contracts come from many tools, so common names of other databases are understood too
(`int64`, `string`, `ARRAY<INT>`); what is no type at all reads as None.
"""

import re
from dataclasses import dataclass

_ALIASES = {
    "BIGINT": "BIGINT INT8 LONG INT64",
    "INTEGER": "INTEGER INT INT4 SIGNED INT32",
    "SMALLINT": "SMALLINT INT2 SHORT INT16",
    "TINYINT": "TINYINT INT1 BYTE",
    "HUGEINT": "HUGEINT INT128",
    "UBIGINT": "UBIGINT UINT64",
    "UINTEGER": "UINTEGER UINT32",
    "USMALLINT": "USMALLINT UINT16",
    "UTINYINT": "UTINYINT UINT8",
    "DOUBLE": "DOUBLE FLOAT8 FLOAT64",
    "FLOAT": "FLOAT FLOAT4 REAL FLOAT32",
    "VARCHAR": "VARCHAR STRING TEXT CHAR BPCHAR NVARCHAR NCHAR CHARACTER CLOB VARCHAR2 ENUM",
    "BOOLEAN": "BOOLEAN BOOL LOGICAL",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMESTAMP": "TIMESTAMP DATETIME TIMESTAMP_NTZ TIMESTAMP_US TIMESTAMP_S TIMESTAMP_MS",
    "TIMESTAMP_NS": "TIMESTAMP_NS",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ TIMESTAMP_TZ TIMESTAMP_LTZ",
    "TIME WITH TIME ZONE": "TIMETZ",
    "INTERVAL": "INTERVAL",
    "BLOB": "BLOB BYTEA BINARY VARBINARY BYTES",
    "UUID": "UUID",
    "JSON": "JSON JSONB",
    "DECIMAL": "DECIMAL NUMERIC DEC NUMBER",
}
_CANONICAL = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_TOKEN = re.compile(
    r"""\s*(?:(?P<word>[A-Za-z_]\w*)|(?P<number>\d+)|"(?P<quoted>(?:[^"]|"")*)"|'(?:[^']|'')*'|(?P<mark>[()\[\]<>,:]))"""
)
_PLAIN_NAME = re.compile(r"^[A-Za-z_]\w*$")
# Words that DuckDB prints in quotes when they name a field of a struct.
_RESERVED_WORDS = (
    "all analyse analyze and any array as asc both case cast check collate column constraint create default desc "
    "distinct do else end except false fetch for foreign from group having in initially intersect into lambda limit "
    "not null offset on only or order primary references returning select some table then to trailing true union "
    "unique using when where window with"
)
_RESERVED = frozenset(_RESERVED_WORDS.split())
MAX_PRECISION = 38


@dataclass(frozen=True)
class SqlType:
    """One type; nested types hold others.

    >>> str(parse_type("struct(a int, tags text[], price numeric(10, 2))"))
    'STRUCT(a INTEGER, tags VARCHAR[], price DECIMAL(10,2))'
    """

    name: str  # BIGINT, DECIMAL, STRUCT, LIST, ARRAY, MAP, ...
    precision: int | None = None  # of a DECIMAL
    scale: int | None = None
    fields: tuple[tuple[str, "SqlType"], ...] = ()  # of a STRUCT; LIST and ARRAY: element; MAP: key and value
    size: int | None = None  # of an ARRAY

    def __str__(self) -> str:
        inner = [child for _, child in self.fields]
        if self.name == "DECIMAL":
            return f"DECIMAL({self.precision},{self.scale})"
        if self.name == "STRUCT":
            return f"STRUCT({', '.join(f'{_quoted(name)} {child}' for name, child in self.fields)})"
        if self.name == "MAP":
            return f"MAP({inner[0]}, {inner[1]})"
        if self.name == "LIST":
            return f"{inner[0]}[]"
        if self.name == "ARRAY":
            return f"{inner[0]}[{self.size}]"
        return self.name


def parse_type(text: str) -> SqlType | None:
    """Read a type, or None where the text is none.

    >>> str(parse_type("varchar(20)")), str(parse_type("decimal")), str(parse_type("timestamptz"))
    ('VARCHAR', 'DECIMAL(18,3)', 'TIMESTAMP WITH TIME ZONE')
    >>> str(parse_type("ARRAY<INT64>")), str(parse_type("float[3]")), str(parse_type("map(text, int)[]"))
    ('BIGINT[]', 'FLOAT[3]', 'MAP(VARCHAR, INTEGER)[]')
    >>> parse_type("table") is None, parse_type("decimal(60,2)") is None, parse_type("int drop") is None
    (True, True, True)
    """
    try:
        reader = _Reader(text)
        found = reader.type()
        return found if reader.at_end() else None
    except _NotAType:
        return None


class _NotAType(Exception):
    """The text is no type."""


class _Reader:
    """Reads one type from its words and marks."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position, text = 0, text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise _NotAType
            kind = match.lastgroup or "string"
            self._tokens.append((kind, match.group(kind) if match.lastgroup else ""))
            position = match.end()
        self._next = 0

    def at_end(self) -> bool:
        return self._next >= len(self._tokens)

    def type(self) -> SqlType:
        found = self._base()
        while self._skips("["):
            size = self._take("number") if self._peek()[0] == "number" else None
            self._needs("]")
            child = (("element", found),)
            found = SqlType("ARRAY", fields=child, size=int(size)) if size else SqlType("LIST", fields=child)
        return found

    def _base(self) -> SqlType:
        word = self._take("word").upper()
        if word in ("STRUCT", "ROW"):
            return SqlType("STRUCT", fields=self._struct_fields())
        if word == "MAP":
            close = self._opens()
            key = self.type()
            self._needs(",")
            value = self.type()
            self._needs(close)
            return SqlType("MAP", fields=(("key", key), ("value", value)))
        if word in ("ARRAY", "LIST"):
            close = self._opens()
            element = self.type()
            self._needs(close)
            return SqlType("LIST", fields=(("element", element),))
        if word == "DOUBLE":
            self._skips_words("PRECISION")
        if word == "CHARACTER":
            self._skips_words("VARYING")
        arguments = self._arguments()
        if word in ("TIMESTAMP", "TIME"):
            if self._skips_words("WITH", "TIME", "ZONE"):
                return SqlType(f"{word} WITH TIME ZONE")
            self._skips_words("WITHOUT", "TIME", "ZONE")
        name = _CANONICAL.get(word)
        if name is None:
            raise _NotAType
        if name == "DECIMAL":
            return _decimal(word, arguments)
        if name == "FLOAT" and arguments:  # FLOAT(p) counts bits, FLOAT(p, s) digits: both fit a DOUBLE
            name = "DOUBLE"
        return SqlType(name)

    def _struct_fields(self) -> tuple[tuple[str, SqlType], ...]:
        close = self._opens()
        fields = []
        while True:
            kind, text = self._peek()
            if kind not in ("word", "quoted"):
                raise _NotAType
            self._next += 1
            self._skips(":")
            fields.append((text.replace('""', '"'), self.type()))
            if not self._skips(","):
                break
        self._needs(close)
        return tuple(fields)

    def _arguments(self) -> list[int]:
        numbers: list[int] = []
        if not self._skips("("):
            return numbers
        while True:
            kind, text = self._peek()
            if kind == "number":
                numbers.append(int(text))
            elif kind not in ("string", "word"):  # ENUM('a', 'b'), VARCHAR(max)
                raise _NotAType
            self._next += 1
            if not self._skips(","):
                break
        self._needs(")")
        return numbers

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if not self.at_end() else ("end", "")

    def _take(self, kind: str) -> str:
        found, text = self._peek()
        if found != kind:
            raise _NotAType
        self._next += 1
        return text

    def _skips(self, mark: str) -> bool:
        if self._peek() != ("mark", mark):
            return False
        self._next += 1
        return True

    def _needs(self, mark: str) -> None:
        if not self._skips(mark):
            raise _NotAType

    def _opens(self) -> str:
        if self._skips("("):
            return ")"
        self._needs("<")
        return ">"

    def _skips_words(self, *words: str) -> bool:
        ahead = self._tokens[self._next : self._next + len(words)]
        if [text.upper() for kind, text in ahead if kind == "word"] != list(words):
            return False
        self._next += len(words)
        return True


def _decimal(word: str, arguments: list[int]) -> SqlType:
    if not arguments:
        if word == "NUMBER":  # its default differs from database to database: not ours to guess
            raise _NotAType
        return SqlType("DECIMAL", 18, 3)
    precision, scale = arguments[0], arguments[1] if len(arguments) > 1 else 0
    if not 1 <= precision <= MAX_PRECISION or scale > precision:
        raise _NotAType
    return SqlType("DECIMAL", precision, scale)


def _quoted(name: str) -> str:
    if _PLAIN_NAME.match(name) and name.lower() not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'
