"""One entry a format: how it is told, read and written, and what each way carries."""

from weft.spec.formats.feature import Feature as F
from weft.spec.formats.format import Format
from weft.spec.formats.read_json_schema import is_json_schema, read_json_schema
from weft.spec.formats.read_sql import is_sql, read_sql
from weft.spec.formats.write_json_schema import write_json_schema
from weft.spec.formats.write_sql import write_sql

_TABLES = frozenset((F.TABLES, F.DESCRIPTION, F.NESTED))
_SQL = _TABLES | {F.REQUIRED, F.UNIQUE, F.PRIMARY_KEY, F.ENUM, F.LENGTH, F.PATTERN, F.RANGE, F.DEFAULT, F.RELATIONSHIPS}
_JSON_SCHEMA = _TABLES | {
    *(F.REQUIRED, F.ENUM, F.LENGTH, F.PATTERN, F.RANGE, F.ITEMS, F.DEFAULT, F.EXAMPLES, F.BUSINESS_NAME, F.DEPRECATED),
}

ENTRIES: tuple[Format, ...] = (
    Format(
        "sql",
        "SQL DDL",
        (".sql", ".ddl"),
        read_sql,
        write_sql,
        is_sql,
        imports=_SQL | {F.TABLE_RULES, F.PARTITION},
        exports=_SQL | {F.TABLE_RULES},
        remarks="Eight dialects; what a dialect lacks is told column by column. CHECK that is no range, length, "
        "pattern or list of values becomes a rule of SQL.",
    ),
    Format(
        "jsonschema",
        "JSON Schema",
        (".schema.json", ".json"),
        read_json_schema,
        write_json_schema,
        is_json_schema,
        imports=_JSON_SCHEMA,
        exports=_JSON_SCHEMA,
        remarks="Drafts 4 to 2020-12 are read, 2020-12 is written. Types that JSON has no word for stand beside their "
        "nearest one as `x-weft`. A choice of shapes becomes a text of JSON.",
    ),
)
