"""The published tables: what readers may see, and the one way to change it.

Reading takes the standard library only (a metadata file and a list of files, both JSON); PyIceberg is imported
when something is committed. A Lake may be used from several threads for reading; publish a port from one at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.data_files import DataFiles, Field, WrittenFile
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import make_folder, told_as_problem
from weft.lake.catalog_pointers import damage_of, read_pointers, sqlite_path
from weft.lake.file_list import FileList, joined, keep_list, plan_list, read_list
from weft.lake.iceberg_catalog import IcebergCatalog
from weft.lake.maintenance_report import Compacted, Expired, OrphansRemoved
from weft.lake.metadata_digest import read_checked
from weft.lake.schema_evolution import evolve
from weft.lake.snapshot import Snapshot
from weft.lake.table_state import TableState

if TYPE_CHECKING:
    from weft.lake.compaction import Merger


class Lake:
    """The tables of one environment.

    Args:
        catalog_url: database of the catalogue; SQLite or Postgres.
        warehouse: folder below which the tables lie.
    """

    def __init__(self, catalog_url: str, warehouse: str) -> None:
        if "://" in warehouse:
            raise Problem(
                "LAKE009",
                "Published tables lie in a folder of this machine; object storage is not supported yet.",
                found=f"a storage of kind {warehouse.partition('://')[0]}",
                fix="Set `storage` in weft.yaml to a folder, such as a mounted one.",
            )
        self.catalog = IcebergCatalog(catalog_url, Path(warehouse).absolute())
        self._sqlite = sqlite_path(catalog_url)
        self._newest_state: dict[PortName, TableState] = {}
        self._list_by_snapshot: dict[tuple[PortName, int], FileList] = {}

    # Reading

    def files(self, port: PortName, snapshot_id: int | None = None) -> DataFiles | None:
        """The files of a port's head, or of one snapshot with its columns of that time; None: never published.

        Raises:
            Problem: LAKE005, the port has no such snapshot.
        """
        state = self.state(port)
        if state is None or state.head_id is None:
            return None
        wanted = state.head_id if snapshot_id is None else snapshot_id
        if wanted not in state.snapshot_by_id:
            raise unknown_snapshot(port, wanted, state.snapshot_by_id)
        listed = self._file_list(state, wanted)
        paths = tuple(file.path for file in listed.files)
        return DataFiles(paths, state.fields(wanted), listed.rows, listed.size_bytes)

    def snapshot(self, port: PortName) -> Snapshot | None:
        """What readers see now."""
        state = self.state(port)
        return state.head if state else None

    def snapshots(self, port: PortName) -> list[Snapshot]:
        """Every snapshot that is kept, newest first; those rolled back from among them."""
        state = self.state(port)
        return list(state.snapshot_by_id.values())[::-1] if state else []

    def as_of(self, port: PortName, instant: datetime) -> Snapshot | None:
        """What readers saw at an instant; None where nothing was published, or it is no longer kept."""
        state = self.state(port)
        return state.head_at(instant) if state else None

    def heads(self) -> Mapping[PortName, int]:
        """The snapshot of every published port, at the cost of one small file each."""
        states = (self._read_state(port, location) for port, location in self._pointers().items())
        return {state.port: state.head_id for state in states if state.head_id is not None}

    def ports(self) -> tuple[PortName, ...]:
        """Every port that was ever published, its table readable or not."""
        return tuple(sorted(self._pointers()))

    def head_snapshots(self) -> Mapping[PortName, Snapshot]:
        """What readers see of every published port, at the cost of one small file each."""
        states = (self._read_state(port, location) for port, location in self._pointers().items())
        return {state.port: state.head for state in states if state.head is not None}

    def publication(self, port: PortName, key: str) -> Snapshot | None:
        """The snapshot of one publication, whether readers still see it or not; None where it never happened."""
        state = self.state(port)
        known = list(state.snapshot_by_id.values()) if state else []
        # A compaction carries the key on; the publication itself is the oldest.
        return next((snapshot for snapshot in known if snapshot.publication_key == key), None)

    # Publishing

    def data_folder(self, port: PortName) -> Path:
        """Where candidate files of a port are written; it is made if need be."""
        folder = self.catalog.folder(port) / "data"
        with told_as_problem():
            make_folder(folder)
        return folder

    def fields_for(
        self, port: PortName, columns: Mapping[str, str], renames: Mapping[str, str] | None = None
    ) -> tuple[Field, ...]:
        """The fields that a publication with these columns has; nothing is changed yet.

        Columns that are there keep their ids, others get ids that this table never used.

        Args:
            port: the port to publish.
            columns: name -> DuckDB type, in order.
            renames: new name -> present name.

        Raises:
            Problem: LAKE004, a type that cannot be stored.
        """
        state = self.state(port)
        if state is None:
            return evolve((), 0, columns)
        return evolve(state.fields(state.head_id), state.last_field_id, columns, renames)

    def publish(
        self,
        port: PortName,
        fields: Sequence[Field],
        files: Sequence[WrittenFile],
        *,
        mode: str,
        parent: int | None,
        properties: Mapping[str, str],
    ) -> Snapshot:
        """Make files the table of a port (`replace`) or add them to it (`append`), in one step for every reader.

        Args:
            port: the port.
            fields: from `fields_for`; the files were written with them.
            files: all of them below `data_folder`.
            mode: "replace" or "append".
            parent: the snapshot that the builder read; None where the port was never published.
            properties: kept with the snapshot; names start with "weft.".

        Raises:
            Problem: LAKE002, somebody published since `parent`; LAKE003, appending would lose data of older rows.
        """
        from weft.lake.publish import Publication, commit

        assert mode in ("replace", "append"), mode
        before = self.state(port)
        publication = Publication(
            port, tuple(fields), tuple(files), "append" if mode == "append" else "replace", parent, properties
        )
        snapshot_id = commit(self.catalog, publication)
        kept = [self._file_list(before, parent)] if mode == "append" and before and parent is not None else []
        new = FileList(tuple(file for file in files if file.rows))
        keep_list(str(self.catalog.folder(port)), snapshot_id, joined([*kept, new]))
        return self.known_snapshot(port, snapshot_id)

    def rollback(self, port: PortName, snapshot_id: int) -> Snapshot:
        """Make a snapshot that is still kept what readers see; later ones stay until they expire.

        Raises:
            Problem: LAKE005, the port has no such snapshot.
        """
        from weft.lake.rollback import roll_back

        wanted = self.known_snapshot(port, snapshot_id)
        roll_back(self.catalog, port, snapshot_id)
        return wanted

    # Maintenance

    def expire(self, port: PortName, *, older_than: datetime, keep_last: int = 1, dry_run: bool = False) -> Expired:
        """Let go of snapshots that nobody saw since `older_than`, and of their files; the newest few stay."""
        from weft.lake.expiry import expire

        state = self.state(port)
        if state is None:
            return Expired(port, 0, 0, 0, dry_run)
        return expire(self.catalog, state, older_than=older_than, keep_last=keep_last, dry_run=dry_run)

    def compact(
        self,
        port: PortName,
        engine: "Merger",
        *,
        target_bytes: int | None = None,
        dry_run: bool = False,
        rewrite: Callable[[str], bool] | None = None,
    ) -> Compacted:
        """Merge small files of the head into files of about 128 MB, in a snapshot of the same rows.

        With `rewrite` nothing is merged: files of whose path it is true are written anew, as the engine writes now.

        Raises:
            Problem: LAKE002, somebody published meanwhile; the port is as they left it.
        """
        from weft.lake.compaction import TARGET_BYTES, Head, compact

        state = self.state(port)
        head = state.head if state else None
        if state is None or head is None:
            return Compacted(port, 0, 0, 0, 0, 0, None, dry_run)
        files = self._file_list(state, head.snapshot_id)
        fields = state.fields(head.snapshot_id)
        target = target_bytes or TARGET_BYTES
        report, merged = compact(
            self.catalog,
            port,
            Head(head, fields, files),
            engine,
            target_bytes=target,
            dry_run=dry_run,
            rewrite=rewrite,
        )
        if merged is not None and report.snapshot_id is not None:
            keep_list(state.folder, report.snapshot_id, merged)
        return report

    def remove_orphans(self, port: PortName, *, older_than: datetime, dry_run: bool = False) -> OrphansRemoved:
        """Remove files of the port's folder that no snapshot needs and that were written before `older_than`."""
        from weft.lake.orphans import remove_orphans

        return remove_orphans(
            port,
            self.catalog.folder(port),
            lambda: self.state(port),
            lambda: self.catalog.file_io,
            older_than=older_than,
            dry_run=dry_run,
        )

    # What the verbs beside this file need

    def state(self, port: PortName) -> TableState | None:
        """The table of a port as the catalogue has it now."""
        location = self._pointers(port).get(port)
        return self._read_state(port, location) if location else None

    def known_snapshot(self, port: PortName, snapshot_id: int) -> Snapshot:
        """A snapshot by its id.

        Raises:
            Problem: LAKE005, the port has no such snapshot.
        """
        state = self.state(port)
        known = state.snapshot_by_id if state else {}
        if snapshot_id not in known:
            raise unknown_snapshot(port, snapshot_id, known)
        return known[snapshot_id]

    def damage(self) -> list[str]:
        """What the catalogue's database says of its own file; empty where it is whole, or a server's.

        Raises:
            Problem: LAKE001, it cannot be read at all.
        """
        return damage_of(self._sqlite) if self._sqlite is not None else []

    def close(self) -> None:
        """Let go of the catalogue's database."""
        self.catalog.close()

    def _pointers(self, port: PortName | None = None) -> Mapping[PortName, str]:
        if self._sqlite is not None:
            return read_pointers(self._sqlite, port)
        from weft.lake.remote_pointers import read_remote_pointers

        return read_remote_pointers(self.catalog, port)

    def _read_state(self, port: PortName, location: str) -> TableState:
        known = self._newest_state.get(port)
        if known is None or known.location != location:
            known = self._newest_state[port] = TableState.parse(port, location, self._read_bytes(port, location))
        return known

    def _read_bytes(self, port: PortName, location: str) -> bytes:
        try:
            return read_checked(Path(location.removeprefix("file://")))
        except FileNotFoundError:
            raise Problem(
                "LAKE007",
                f'The table of port "{port}" is not where the catalogue says.',
                found=f"no file {location}",
                fix="If the mesh was moved, move it back; else remove its storage folder and build again.",
            ) from None

    def _file_list(self, state: TableState, snapshot_id: int) -> FileList:
        key = (state.port, snapshot_id)
        if key not in self._list_by_snapshot:
            listed = read_list(state.folder, snapshot_id)
            if listed is None:
                listed = plan_list(state, snapshot_id, self.catalog.file_io)
                keep_list(state.folder, snapshot_id, listed)
            self._list_by_snapshot[key] = listed
        return self._list_by_snapshot[key]


def unknown_snapshot(port: PortName, snapshot_id: int, known: Mapping[int, Snapshot]) -> Problem:
    """The Problem of a snapshot id that a port has not, with those that it has."""
    newest_first = list(known.values())[::-1]
    lines = [f"{s.snapshot_id} of {s.committed_at:%Y-%m-%d %H:%M:%S} UTC ({s.rows} rows)" for s in newest_first[:10]]
    return Problem(
        "LAKE005",
        f'Port "{port}" has no snapshot {snapshot_id}.',
        expected="one of " + ", ".join(lines) if lines else None,
        fix="Choose one of those." if lines else f"Publish it first: weft build {port}.",
    )
