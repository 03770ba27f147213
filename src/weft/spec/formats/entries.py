"""One entry a format: how it is told, read and written, and what each way carries."""

from weft.spec.formats.feature import EVERYTHING
from weft.spec.formats.feature import Feature as F
from weft.spec.formats.format import Format
from weft.spec.formats.read_avro import is_avro, read_avro
from weft.spec.formats.read_dbt import is_dbt, read_dbt
from weft.spec.formats.read_iceberg import is_iceberg, read_iceberg
from weft.spec.formats.read_json_schema import is_json_schema, read_json_schema
from weft.spec.formats.read_odcs import is_dcs, is_odcs, read_dcs, read_odcs
from weft.spec.formats.read_parquet import is_parquet, read_parquet
from weft.spec.formats.read_protobuf import is_protobuf, read_protobuf
from weft.spec.formats.read_sql import is_sql, read_sql
from weft.spec.formats.write_avro import write_avro
from weft.spec.formats.write_dbt import write_dbt
from weft.spec.formats.write_html import write_html
from weft.spec.formats.write_iceberg import write_iceberg
from weft.spec.formats.write_json_schema import write_json_schema
from weft.spec.formats.write_odcs import write_odcs
from weft.spec.formats.write_parquet import write_parquet
from weft.spec.formats.write_protobuf import write_protobuf
from weft.spec.formats.write_sql import write_sql

_TABLES = frozenset((F.TABLES, F.DESCRIPTION, F.NESTED))
_SQL = _TABLES | {F.REQUIRED, F.UNIQUE, F.PRIMARY_KEY, F.ENUM, F.LENGTH, F.PATTERN, F.RANGE, F.DEFAULT, F.RELATIONSHIPS}
_JSON_SCHEMA = _TABLES | {
    *(F.REQUIRED, F.ENUM, F.LENGTH, F.PATTERN, F.RANGE, F.ITEMS, F.DEFAULT, F.EXAMPLES, F.BUSINESS_NAME, F.DEPRECATED),
}
_AVRO = _TABLES | {F.REQUIRED, F.ENUM, F.DEFAULT}
_PROTOBUF = _TABLES | {F.REQUIRED, F.ENUM, F.DEPRECATED}
_DBT = _TABLES | {
    *(F.REQUIRED, F.UNIQUE, F.PRIMARY_KEY, F.ENUM, F.LENGTH, F.PATTERN, F.RANGE, F.RELATIONSHIPS, F.CUSTOM, F.DEFAULT),
    *(F.TABLE_RULES, F.COLUMN_RULES),
}
_FILES = frozenset((F.DESCRIPTION, F.NESTED, F.REQUIRED))
_ICEBERG = frozenset((F.DESCRIPTION, F.NESTED, F.REQUIRED, F.PRIMARY_KEY))
_PAGE = EVERYTHING - {F.CUSTOM, F.PRICE}

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
    Format(
        "avro",
        "Avro",
        (".avsc", ".avro.json"),
        read_avro,
        write_avro,
        is_avro,
        imports=_AVRO,
        exports=_AVRO,
        remarks="Narrow integers and JSON stand in wider types, with their own as `weftType`. Allowed values must be "
        "words. Several tables are a union of records.",
    ),
    Format(
        "protobuf",
        "Protobuf",
        (".proto",),
        read_protobuf,
        write_protobuf,
        is_protobuf,
        imports=_PROTOBUF | {F.LENGTH, F.PATTERN, F.RANGE, F.ITEMS, F.DEFAULT, F.TABLE_RULES},
        exports=_PROTOBUF,
        remarks="proto2 and proto3 are read, proto3 is written. Plain rules of protovalidate (`buf.validate`) are "
        "read. DECIMAL, UUID and narrow integers stand in wider types. `oneof` becomes a rule of SQL.",
    ),
    Format(
        "dbt",
        "dbt",
        (".yml", ".yaml", "manifest.json"),
        read_dbt,
        write_dbt,
        is_dbt,
        imports=_DBT,
        exports=_DBT,
        remarks="`manifest.json` and files of models are read, a file of models is written. A test that is no promise "
        "becomes a rule of the engine dbt; some written tests need the package dbt_utils.",
    ),
    Format(
        "parquet",
        "Parquet",
        (".parquet",),
        read_parquet,
        write_parquet,
        is_parquet,
        imports=_FILES,
        exports=_FILES,
        is_binary=True,
        one_table=True,
        remarks="Only the schema is read, no row; an empty file is written. Field ids are kept.",
    ),
    Format(
        "iceberg",
        "Iceberg",
        (".metadata.json", ".json"),
        read_iceberg,
        write_iceberg,
        is_iceberg,
        imports=_ICEBERG | {F.PARTITION, F.DEFAULT},
        exports=_ICEBERG,
        one_table=True,
        remarks="A schema or a table's metadata is read, a schema is written. Identifier fields are the key. Narrow "
        "integers and JSON are widened.",
    ),
    Format(
        "odcs",
        "ODCS",
        (".odcs.yaml", ".yaml", ".yml", ".json"),
        read_odcs,
        write_odcs,
        is_odcs,
        imports=EVERYTHING,
        exports=EVERYTHING,
        needs_columns=False,
        remarks="Every 3.x version is read, 3.2 is written.",
    ),
    Format(
        "dcs",
        "Data Contract Specification",
        (".yaml", ".yml"),
        read_dcs,
        None,
        is_dcs,
        imports=EVERYTHING - {F.PRICE, F.PARTITION, F.DEPRECATED},
        needs_columns=False,
        remarks="Deprecated by its makers in favour of ODCS; what ODCS has no key for becomes a custom property.",
    ),
    Format(
        "html",
        "HTML",
        (".html",),
        write=write_html,
        exports=_PAGE,
        needs_columns=False,
        remarks="One page that holds everything it needs: for screens, paper and screen readers.",
    ),
)
