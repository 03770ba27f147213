"""The kinds of sources that `ingest` reads; named here so that a mistyped one is found without loading any reader."""

FILE_KINDS = ("csv", "tsv", "json", "ndjson", "parquet", "excel")
SOURCE_KINDS = (*FILE_KINDS, "sql", "rest", "dlt")
