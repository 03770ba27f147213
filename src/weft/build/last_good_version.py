"""A new version of a row that breaks a promise does not take the version before it away from readers.

An upsert puts new rows in the place of those with the same key. Where the new one is held back, the published one
stays: it kept the contract, and nobody has said that the thing is gone. Once the new version is repaired it takes over.
"""

from dataclasses import replace
from pathlib import Path

from weft.base.stored_file import beside
from weft.build.check.audit import Audit, AuditTargets
from weft.build.materialize.names import same_key
from weft.build.steps import Step
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.making import Materialization

_BY_KEY = (Materialization.UPSERT, Materialization.INCREMENTAL)
_GOOD = "weft good"


def with_last_good_versions(
    engine: Engine, step: Step, checked: Audit, targets: AuditTargets, *, new: str, current: str
) -> Audit:
    """The audit of a merge with the published versions of those keys whose new version is held back.

    Args:
        engine: the session with the two relations.
        step: what was merged; other materializations than those by key come back as they are.
        checked: the audit of the merged rows; not refused.
        targets: where its good rows were written.
        new: relation of the rows that were to be merged in.
        current: relation of the published rows, which kept this very contract.
    """
    if step.settings.materialization not in _BY_KEY or not step.key:
        return checked
    columns = {field.name: field.type for field in targets.fields}
    engine.add_parquet(_GOOD, [file.path for file in checked.good if file.rows], columns)
    try:
        kept = engine.write_parquet(
            f"SELECT current.* FROM {identifier(current)} AS current"
            f" SEMI JOIN {identifier(new)} AS new ON {same_key(step.key, 'current', 'new')}"
            f" ANTI JOIN {identifier(_GOOD)} AS good ON {same_key(step.key, 'current', 'good')}",
            str(beside(targets.good, "last-good")),
            targets.fields,
        )
    finally:
        engine.drop(_GOOD)
    if not kept.rows:
        Path(kept.path).unlink()
        return checked
    return replace(
        checked,
        good=(*checked.good, kept),
        rows_in=checked.rows_in + kept.rows,
        rows_published=checked.rows_published + kept.rows,
    )
