"""The columns of a candidate are those of its contract: none is missing, none is too many."""

from collections.abc import Mapping

from weft.base.names import did_you_mean
from weft.build.check.finding import Finding
from weft.spec.contract import Table


def structure(table: Table, made: Mapping[str, str], carried: tuple[str, ...] = ()) -> Finding:
    """Compare the names, which DuckDB knows in any case; columns that are only carried along are not looked at."""
    promised = {column.stored_name.casefold(): column for column in table.columns}
    found = {name.casefold(): name for name in made if name not in carried}
    missing = [column.stored_name for name, column in promised.items() if name not in found]
    extra = [name for folded, name in found.items() if folded not in promised]
    words = []
    if missing:
        words.append(f"missing: {', '.join(missing)}")
    if extra:
        words.append(f"not in the contract: {', '.join(extra)}")
    if len(missing) == 1 and (hint := did_you_mean(missing[0], extra)):
        words.append(hint)
    return Finding(
        rule="columns",
        kind="columns",
        severity="error",
        status="failed" if missing or extra else "passed",
        place=table.place,
        columns=(*missing, *extra),
        measured=len(missing) + len(extra),
        threshold="the columns of the contract",
        refuses=bool(missing or extra),
        message="; ".join(words) or None,
    )
