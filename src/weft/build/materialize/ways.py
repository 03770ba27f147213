"""Every materialization by its name."""

from collections.abc import Mapping

from weft.build.materialize import append, incremental, replace, snapshot, upsert, view
from weft.build.materialize.merge import Materialize
from weft.spec.making import Materialization

WAYS: Mapping[Materialization, Materialize] = {
    Materialization.REPLACE: replace.merge,
    Materialization.APPEND: append.merge,
    Materialization.UPSERT: upsert.merge,
    Materialization.INCREMENTAL: incremental.merge,
    Materialization.SNAPSHOT: snapshot.merge,
    Materialization.VIEW: view.merge,
}
