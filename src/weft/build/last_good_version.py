"""A new version of a row that breaks a promise does not take the version before it away from readers.

An upsert puts new rows in the place of those with the same key. Where the new one is held back, the published one
stays: it kept the contract, and nobody has said that the thing is gone. Once the new version is repaired it takes over.
A history leaves the version before it open in the same way, until a repaired one closes it.
"""

from dataclasses import replace
from pathlib import Path

from weft.base.stored_file import beside
from weft.build.check.audit import Audit, AuditTargets
from weft.build.materialize.names import same_key
from weft.build.new_rows import snapshot_key
from weft.build.steps import Step
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.making import Materialization

_BY_KEY = (Materialization.UPSERT, Materialization.INCREMENTAL)
_GOOD, _HELD = "weft good", "weft held of a history"


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


def with_open_versions(engine: Engine, step: Step, checked: Audit, targets: AuditTargets, *, current: str) -> Audit:
    """The audit of a history in which a version stays open where the one that should close it is held back.

    Args:
        engine: the session with `current`.
        step: what was merged; other materializations than a history come back as they are.
        checked: the audit of the merged rows; not refused.
        targets: where its good rows were written.
        current: relation of the published rows.
    """
    if step.settings.materialization is not Materialization.SNAPSHOT:
        return checked
    key = [identifier(name) for name in snapshot_key(step)]
    columns = {field.name: field.type for field in targets.fields}
    engine.add_parquet(_GOOD, [file.path for file in checked.good if file.rows], columns)
    engine.add_parquet(_HELD, [file.path for file in checked.quarantined])
    # As texts: a key that is no number may be just what a row is held back for.
    texts = f"[{', '.join(f'CAST({part} AS VARCHAR)' for part in key)}]"
    opened = f"SELECT {texts} FROM {identifier(_HELD)} WHERE CAST(is_current AS VARCHAR) = 'true'"
    still_open = f"SELECT {texts} FROM {identifier(_GOOD)} WHERE is_current"
    was_open = f"SELECT ({texts}, valid_from) FROM {identifier(current)} WHERE is_current"
    reopened = (
        f"NOT is_current AND {texts} IN ({opened}) AND {texts} NOT IN ({still_open})"
        f" AND ({texts}, valid_from) IN ({was_open})"
    )
    try:
        ((found,),) = engine.rows(f"SELECT count(*) FROM {identifier(_GOOD)} WHERE {reopened}")
        if not found:
            return checked
        written = engine.write_parquet(
            f"SELECT * REPLACE (CASE WHEN {reopened} THEN NULL ELSE valid_to END AS valid_to,"
            f" is_current OR ({reopened}) AS is_current) FROM {identifier(_GOOD)}",
            str(beside(targets.good, "last-good")),
            targets.fields,
        )
    finally:
        engine.drop(_GOOD)
        engine.drop(_HELD)
    for file in checked.good:
        Path(file.path).unlink(missing_ok=True)
    return replace(checked, good=(written,))
