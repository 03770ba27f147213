"""Judge rows by an isolation forest; scikit-learn comes with the extra `outliers`, imported when it is asked for."""

from dataclasses import dataclass
from typing import Any

from weft.base.problem import Problem
from weft.build.cleanse.scratch import Scratch
from weft.engine.quote import identifier
from weft.spec.cleansing.outliers import Outliers

_TREES, _SEED = 100, 0  # the same rows are judged the same on every run


@dataclass(frozen=True)
class Marked:
    """What was judged."""

    marks: str  # "weft row" and "weft outlier"; rows that lack a value are not in it
    judged: int


def mark_by_forest(step: Outliers, scratch: Scratch, before: str, columns: tuple[str, ...]) -> Marked:
    """Judge the rows that have all values.

    Raises:
        Problem: CLEANSE007, scikit-learn is not installed.
    """
    forest = _forest(step)
    import pyarrow as pa

    values = ", ".join(f"CAST({identifier(name)} AS DOUBLE) AS c{place}" for place, name in enumerate(columns))
    whole = " AND ".join(f"isfinite(c{place})" for place in range(len(columns)))
    table = scratch.engine.arrow(
        f'FROM (SELECT "weft row", {values} FROM {identifier(before)}) WHERE {whole} ORDER BY "weft row"'
    )
    marks = scratch.name("marks")
    if table.num_rows < 2:  # one row is far from nothing
        scratch.engine.add_empty(marks, {"weft row": "BIGINT", "weft outlier": "BOOLEAN"})
        return Marked(marks, table.num_rows)
    import numpy as np

    features = np.column_stack([table.column(f"c{place}").to_numpy() for place in range(len(columns))])
    is_outlier = forest.fit_predict(features) == -1
    scratch.engine.add_arrow(
        marks, pa.table({"weft row": table.column("weft row"), "weft outlier": pa.array(is_outlier)})
    )
    return Marked(marks, table.num_rows)


def _forest(step: Outliers) -> Any:
    try:
        from sklearn.ensemble import IsolationForest
    except ImportError:
        raise Problem(
            "CLEANSE007",
            "An isolation forest needs scikit-learn, which is not installed.",
            step.place,
            fix="pip install 'weft[outliers]', or use `method: robust_z` or `iqr`, which need nothing.",
        ) from None
    contamination = "auto" if step.contamination is None else step.contamination
    return IsolationForest(n_estimators=_TREES, contamination=contamination, random_state=_SEED)
