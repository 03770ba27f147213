"""Commit files to a port's table: the only step after which a reader sees anything of them.

The files lie in the table's folder, checked, when this begins. One commit then changes everything at once: the columns,
the snapshot and the head of main. It holds only if main still stands where the builder read it (`parent`), so of two
builders that started from the same state exactly one publishes. There is no branch in between: nobody can read a
data file that no manifest names, which is all that a branch would give, and one commit cannot half succeed.
Decision: docs/decisions/0005-publication-by-compare-and-swap.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from weft.base.data_files import Field, WrittenFile
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.column_statistics import data_file
from weft.lake.file_list import live_data_files
from weft.lake.iceberg_catalog import IcebergCatalog, catalog_errors
from weft.lake.retry_commit import commit_repeatedly
from weft.lake.schema_evolution import replaced_names
from weft.lake.snapshot import PUBLICATION_KEY
from weft.lake.type_map import fields_of, iceberg_schema

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table, Transaction
    from pyiceberg.table.metadata import TableMetadata

Mode = Literal["replace", "append"]


@dataclass(frozen=True)
class Publication:
    """What is to be committed."""

    port: PortName
    fields: tuple[Field, ...]
    files: tuple[WrittenFile, ...]
    mode: Mode
    parent: int | None  # main's head that the builder read; None: nothing was published
    properties: Mapping[str, str]


def commit(catalog: IcebergCatalog, publication: Publication) -> int:
    """Commit, and return the id of the new snapshot.

    A publication whose key a snapshot carries already is not made twice: its answer was lost, or its builder was
    killed and comes again.

    Args:
        catalog: the catalogue.
        publication: what is to be committed.

    Raises:
        Problem: LAKE002, somebody published in between; LAKE003, appended rows would turn a column of the
            older ones to NULL; LAKE001, the catalogue does not answer.
    """

    def attempt(table: "Table | None") -> int:
        if table is not None:
            return _commit_next(table, publication)
        if publication.parent is not None:
            raise published_in_between(publication.port)
        return _commit_first(catalog, publication)

    return commit_repeatedly(catalog, publication.port, attempt)


def published_in_between(port: PortName) -> Problem:
    """The Problem of the builder that came second."""
    return Problem(
        "LAKE002",
        f'Port "{port}" was published by somebody else while this build ran; nothing was changed.',
        fix="Build again: it will start from what is published now.",
    )


def _commit_first(catalog: IcebergCatalog, publication: Publication) -> int:
    from pyiceberg.schema import Schema

    schema = Schema.model_validate(iceberg_schema(publication.fields, 0))
    transaction = catalog.new_table(publication.port, schema)
    given = fields_of(transaction.table_metadata.schema().model_dump(by_alias=True))
    assert given == publication.fields, "a new table numbers its columns as `evolve` does"
    return commit_snapshot(transaction, publication.properties, publication.files, ())


def _commit_next(table: "Table", publication: Publication) -> int:
    from weft.lake.snapshot_commit import PublishTransaction

    metadata = table.metadata
    head = metadata.current_snapshot()
    if (done := _done_already(metadata, publication)) is not None:
        return done
    if (head.snapshot_id if head else None) != publication.parent:
        raise published_in_between(publication.port)
    current = fields_of(metadata.schema().model_dump(by_alias=True))
    if publication.mode == "append" and (replaced := replaced_names(current, publication.fields)):
        raise Problem(
            "LAKE003",
            f'Rows cannot be added to port "{publication.port}": a column changed to a type that the rows '
            "published before do not have.",
            found=", ".join(f"column {name}" for name in replaced),
            fix="Build the whole table again: weft build --full.",
        )
    transaction = PublishTransaction(table)
    if current != publication.fields:
        _stage_schema(transaction, publication.fields)
    old = live_data_files(head.manifest_list, table.io) if head and publication.mode == "replace" else []
    return commit_snapshot(transaction, publication.properties, publication.files, old)


def _done_already(metadata: "TableMetadata", publication: Publication) -> int | None:
    """The snapshot that an attempt made whose answer was lost."""
    key = publication.properties.get(PUBLICATION_KEY)
    for snapshot in metadata.snapshots:  # a compaction carries the key on: the oldest one is the publication
        if key and snapshot.summary and snapshot.summary.get(PUBLICATION_KEY) == key:
            return snapshot.snapshot_id
    return None


def _stage_schema(transaction: "Transaction", fields: tuple[Field, ...]) -> None:
    """Make these the table's columns in the same commit; a schema that the table had before is taken up again."""
    from pyiceberg.schema import Schema
    from pyiceberg.table.update import AddSchemaUpdate, AssertCurrentSchemaId, SetCurrentSchemaUpdate

    metadata: TableMetadata = transaction.table_metadata
    unchanged = AssertCurrentSchemaId(current_schema_id=metadata.current_schema_id)
    for known in metadata.schemas:
        if fields_of(known.model_dump(by_alias=True)) == fields:
            transaction._stage((SetCurrentSchemaUpdate(schema_id=known.schema_id),), (unchanged,))
            return
    schema_id = max(schema.schema_id for schema in metadata.schemas) + 1
    schema = Schema.model_validate(iceberg_schema(fields, schema_id))
    transaction._stage((AddSchemaUpdate(schema_=schema), SetCurrentSchemaUpdate(schema_id=schema_id)), (unchanged,))


def commit_snapshot(
    transaction: "Transaction",
    properties: Mapping[str, str],
    new: Sequence[WrittenFile],
    old: Sequence["DataFile"],
) -> int:
    """Commit one snapshot that adds files and takes others away; returns its id."""
    from weft.lake.snapshot_commit import replace_files

    update = transaction.update_snapshot(snapshot_properties=dict(properties))
    producer = replace_files(transaction, dict(properties)) if old else update.merge_append()
    for added in _data_files(transaction, new):
        producer.append_data_file(added)
    for gone in old:
        producer.delete_data_file(gone)
    with catalog_errors():
        producer.commit()
        transaction.commit_transaction()
    return producer.snapshot_id


def _data_files(transaction: "Transaction", files: Sequence[WrittenFile]) -> list["DataFile"]:
    """What Iceberg notes of each file, its statistics from its footer; files without a row are left out."""
    schema = transaction.table_metadata.schema()
    fields = fields_of(schema.model_dump(by_alias=True))
    found = [data_file(file, fields, schema) for file in files if file.rows]
    written, counted = sum(file.rows for file in files), sum(file.record_count for file in found)
    assert written == counted, f"the engine counted {written} rows, the files' footers {counted}"
    return found
