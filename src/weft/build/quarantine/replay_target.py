"""The port of a replay: its contract, how its rows become a table, and what they are checked against."""

from dataclasses import dataclass

from weft.base.data_files import WrittenFile
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import beside
from weft.build.check.audit import Audit, AuditTargets
from weft.build.check.foreign.known import referred_tables
from weft.build.context import BuildContext
from weft.build.materialize.names import same_key
from weft.build.new_rows import snapshot_key
from weft.build.referred_files import referred_files
from weft.build.steps import Step, steps_of
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract, Table
from weft.spec.making import Materialization
from weft.spec.product import OutputPort, Product
from weft.spec.relationship_target import is_outside_mesh, named_version, target_of

PUBLISHED = "weft published before"
_AS_PROMISED, _BESIDE, _GOOD = "weft published as promised", "weft published beside", "weft good to add"
_BY_KEY = (Materialization.UPSERT, Materialization.INCREMENTAL)


@dataclass(frozen=True)
class ReplayTarget:
    """What is replayed into."""

    product: Product
    port: OutputPort
    contract: Contract
    table: Table
    step: Step | None  # None where nothing of the mesh makes it

    @property
    def materialization(self) -> Materialization:
        """How its rows become a table."""
        return self.step.settings.materialization if self.step else Materialization.REPLACE

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the things apart that its rows speak of; empty where versions do not take each other's place."""
        if self.step is None:
            return ()
        if self.materialization is Materialization.SNAPSHOT:
            return snapshot_key(self.step)
        return self.step.key if self.materialization in _BY_KEY else ()


def replay_target(context: BuildContext, name: PortName) -> ReplayTarget:
    """The port of that name.

    Raises:
        Problem: QUARANTINE002, it is unknown or has no contract.
    """
    product = context.mesh.product(name.product_name)
    port = context.mesh.output_port(name)
    if product is None or port is None or port.contract is None or port.table is None:
        raise Problem("QUARANTINE002", f"{name} is no output port with a contract.", fix="`weft ls` lists the ports.")
    try:
        steps = steps_of(context.mesh, product)
    except Problem:  # of a product that cannot be built as it stands; its rows can still be judged
        steps = ()
    step = next((step for step in steps if step.port is not None and step.port.name == name), None)
    return ReplayTarget(product, port, port.contract, port.table, step)


def references(context: BuildContext, engine: Engine, target: ReplayTarget) -> dict[str, str | None]:
    """Make the tables that the contract refers to readable; None for one that was never published."""
    found: dict[str, str | None] = {}
    for name in referred_tables(target.table):
        if is_outside_mesh(name) or name in found:
            continue
        leads_to = target_of(context.mesh, target.product, target.contract, name)
        if leads_to is None or leads_to.port is None:
            continue
        files = referred_files(context.lake, name, leads_to.port, context.lake.files)
        found[name] = None
        if files is not None:
            relation = f"weft reference {leads_to.port}@{named_version(name) or 'now'}"
            found[name] = relation
            engine.add_files(relation, files)
    return found


def reference_tables(context: BuildContext, target: ReplayTarget) -> dict[str, Table]:
    """The table of each reference, which says how its columns are stored."""
    names = (name for name in referred_tables(target.table) if not is_outside_mesh(name))
    found = ((name, target_of(context.mesh, target.product, target.contract, name)) for name in names)
    return {name: leads_to.table for name, leads_to in found if leads_to is not None}


def published_beside(engine: Engine, target: ReplayTarget, candidate: str) -> str:
    """The published rows that the candidate's are checked against, with the contract's columns.

    A column that was added since is NULL in them. Where rows are merged by key, those that a row of the candidate is
    going to take the place of are left out.
    """
    known = {name.casefold(): name for name in engine.describe(f"FROM {identifier(PUBLISHED)}")}
    columns = []
    for name, kind in columns_of(target.table.columns).items():
        source = known.get(name.casefold())
        columns.append(f"CAST({identifier(source) if source else 'NULL'} AS {kind}) AS {identifier(name)}")
    engine.add_view(_AS_PROMISED, f"SELECT {', '.join(columns)} FROM {identifier(PUBLISHED)}")
    if target.materialization not in _BY_KEY or not target.key:
        return _AS_PROMISED
    engine.add_view(
        _BESIDE,
        f"SELECT old.* FROM {identifier(_AS_PROMISED)} AS old WHERE NOT EXISTS (SELECT 1"
        f" FROM {identifier(candidate)} AS new WHERE {_overtakes(target)})",
    )
    return _BESIDE


def whole_table(
    engine: Engine, target: ReplayTarget, checked: Audit, targets: AuditTargets
) -> tuple[tuple[WrittenFile, ...], bool]:
    """The files to publish, and whether they are all of the table rather than rows to add.

    Args:
        engine: the session of `published_beside`.
        target: the port.
        checked: the audit of the candidate, with its good rows written.
        targets: where they were written.
    """
    if not target.key or not checked.rows_published:
        return checked.good, False
    columns = {field.name: field.type for field in targets.fields}
    engine.add_parquet(_GOOD, [file.path for file in checked.good if file.rows], columns)
    if target.materialization is Materialization.SNAPSHOT:
        query = _with_versions(target.key)
    else:
        if not engine.rows(
            f"SELECT 1 FROM {identifier(_AS_PROMISED)} AS old WHERE EXISTS"
            f" (SELECT 1 FROM {identifier(_GOOD)} AS new WHERE {_overtakes(target)}) LIMIT 1"
        ):
            return checked.good, False
        query = (
            f"SELECT old.* FROM {identifier(_AS_PROMISED)} AS old WHERE NOT EXISTS (SELECT 1 FROM {identifier(_GOOD)}"
            f" AS new WHERE {_overtakes(target)}) UNION ALL BY NAME FROM {identifier(_GOOD)}"
        )
    written = engine.write_parquet(query, str(beside(targets.good, "whole")), targets.fields)
    return (written,), True


def _overtakes(target: ReplayTarget) -> str:
    """Whether the row `new` takes the place of the published row `old`. As texts: a key may be what is broken."""
    same = " AND ".join(
        f"CAST(old.{identifier(name)} AS VARCHAR) = CAST(new.{identifier(name)} AS VARCHAR)" for name in target.key
    )
    watermark = target.step.settings.watermark if target.step else None
    if watermark is None:
        return same
    mark = identifier(watermark)
    kind = columns_of(target.table.columns).get(watermark, "VARCHAR")
    return f"{same} AND (old.{mark} <= TRY_CAST(new.{mark} AS {kind})) IS NOT FALSE"


def _with_versions(key: tuple[str, ...]) -> str:
    """A history with versions put in where they belong: each ends when the next one of its key begins.

    A version that was put in and has none after it ends when the one before it did, if that was later: then the thing
    is gone.
    """
    same = same_key(key, "old", "new")
    listed = ", ".join(identifier(name) for name in key)
    window = f"OVER (PARTITION BY {listed} ORDER BY valid_from, weft_new)"
    good, published = identifier(_GOOD), identifier(_AS_PROMISED)
    return f"""
        WITH touched AS (
            SELECT *, true AS weft_new FROM {good} UNION ALL BY NAME
            SELECT old.*, false AS weft_new FROM {published} AS old SEMI JOIN {good} AS new ON {same}
        ),
        ordered AS (
            SELECT *, lead(valid_from) {window} AS weft_next,
                CASE WHEN weft_new THEN lag(valid_to) {window} END AS weft_ended FROM touched
        ),
        ended AS (
            SELECT *, CASE WHEN valid_to IS NULL AND weft_ended > valid_from THEN weft_ended ELSE valid_to END
                AS weft_to FROM ordered
        ),
        put AS (
            SELECT *, CASE WHEN weft_next IS NULL THEN weft_to
                ELSE least(coalesce(weft_to, weft_next), weft_next) END AS weft_until FROM ended
        )
        SELECT * EXCLUDE (weft_new, weft_next, weft_ended, weft_to, weft_until)
            REPLACE (weft_until AS valid_to, weft_until IS NULL AS is_current) FROM put
        UNION ALL BY NAME
        SELECT old.* FROM {published} AS old ANTI JOIN {good} AS new ON {same}"""
