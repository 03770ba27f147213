"""The lines of SodaCL, and the blocks of Soda's contracts, as checks.

row_count > 0
missing_count(email) = 0:        the settings stand below a line
  missing values: [none]
type: missing_count              a block, as contracts of Soda and examples of the standard have it
column: email
must_be: 0
"""

import re
from collections.abc import Iterator
from typing import Any

from weft.build.check.foreign.foreign_rule import NotMapped
from weft.build.check.foreign.soda_check import SodaCheck, limit_of, limit_unless, unit_of
from weft.build.check.threshold import Limit

_LINE = re.compile(
    r"([A-Za-z_][\w ]*?)\s*(?:\(([^)]*)\))?\s*((?:<=|>=|!=|<>|=|<|>|not\s+between|between)\s*.*)?$", re.S
)
_REFERENCE = re.compile(r"values in \(([^)]+)\) must exist in (\S+)\s*\(([^)]+)\)$", re.IGNORECASE)
_ALERTS = {"fail": "error", "warn": "warning"}
_NOT_COMPUTED = (
    ("schema", "Checks of the schema are not run: what is published has the columns of its contract in any case."),
    ("anomaly", "Detection of anomalies is not computed from a rule of Soda."),
    ("change ", "A change over time is not computed from a rule of Soda."),
    ("distribution", "A comparison of distributions is not computed."),
    ("group by", "Checks by groups are not computed from a rule of Soda."),
    ("group evolution", "Checks by groups are not computed from a rule of Soda."),
    ("reconciliation", "A reconciliation of two sources is not computed from a rule of Soda."),
    ("row_count same as", "A comparison with another data set is not computed from a rule of Soda."),
)
_SIGN_BY_WORD = {
    "must_be": "= {}",
    "must_not_be": "!= {}",
    "must_be_greater_than": "> {}",
    "must_be_greater_than_or_equal_to": ">= {}",
    "must_be_greater_than_or_equal": ">= {}",
    "must_be_less_than": "< {}",
    "must_be_less_than_or_equal_to": "<= {}",
    "must_be_less_than_or_equal": "<= {}",
    "must_be_between": "between {} and {}",
    "must_be_not_between": "not between {} and {}",
    "must_not_be_between": "not between {} and {}",
}
_METRIC_BY_TYPE = {
    "no_missing_values": ("missing_count", "= 0"),
    "no_invalid_values": ("invalid_count", "= 0"),
    "no_duplicate_values": ("duplicate_count", "= 0"),
    "multi_column_duplicate_count": ("duplicate_count", None),
    "multi_column_duplicate_percent": ("duplicate_percent", None),
    "multi_column_no_duplicate_values": ("duplicate_count", "= 0"),
    "rows_exist": ("row_count", "> 0"),
}
_SECONDS_BY_TYPE = {"freshness_in_days": 86400, "freshness_in_hours": 3600, "freshness_in_minutes": 60}


def checks_in(found: Any, own_names: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Every check with the words that it is called by.

    Args:
        found: the implementation as data.
        own_names: of the table; checks for another one are not those of this contract.
    """
    if isinstance(found, str | list):
        for item in found if isinstance(found, list) else [found]:
            yield _title(item), item
        return
    if not isinstance(found, dict) or not found:
        raise NotMapped("It holds no check.")
    if isinstance(found.get("type"), str):
        yield found["type"], found
        return
    for key, body in found.items():
        table = str(key).removeprefix("checks for ").strip()
        if table == key:
            yield str(key), {key: body}
        elif table.strip('"').casefold() not in {name.casefold() for name in own_names}:
            yield str(key), NotMapped(f'It holds checks for "{table}", which is not the table of this rule.')
        else:
            for item in body if isinstance(body, list) else [body]:
                yield _title(item), item


def check_of(item: Any) -> SodaCheck:
    """One line, or one block, as a check.

    Raises:
        NotMapped: it is not one that weft computes.
    """
    if isinstance(item, NotMapped):
        raise item
    if isinstance(item, str):
        return _line(item, {})
    if not isinstance(item, dict):
        raise NotMapped("It holds something that is no check.")
    if isinstance(item.get("type"), str):
        return _block(item)
    if len(item) != 1:
        raise NotMapped("It holds a check that is written in no way of SodaCL.")
    ((line, settings),) = item.items()
    if settings is not None and not isinstance(settings, dict):
        raise NotMapped("The settings of a check are no mapping.")
    return _line(str(line), settings or {})


def _title(item: Any) -> str:
    return (
        str(next(iter(item), "check"))
        if isinstance(item, dict) and "type" not in item
        else str(item.get("type") if isinstance(item, dict) else item)
    )


def _line(line: str, settings: dict[str, Any]) -> SodaCheck:
    line = " ".join(line.split())
    for start, reason in _NOT_COMPUTED:
        if line.lower().startswith(start):
            raise NotMapped(reason)
    reference = _REFERENCE.match(line)
    if reference is not None:
        return SodaCheck("reference", _names(reference[1]), settings={"to": reference[2], "keys": _names(reference[3])})
    if line.lower() == "failed rows":
        allowed = _alerts(settings, "rows") or (("error", limit_of("= 0", "rows")),)
        return SodaCheck("failed rows", (), allowed, settings)
    found = _LINE.match(line)
    if found is None:
        raise NotMapped("It is no line of SodaCL that weft can read.")
    metric, columns, threshold = found[1].strip(), _names(found[2] or ""), found[3]
    unit = unit_of(metric)
    alerts = _alerts(settings, unit)
    if threshold is None and not alerts:
        raise NotMapped(f"The check {metric} has no threshold.")
    fixed = (("error", limit_of(threshold, unit)),) if threshold else ()
    return SodaCheck(metric, columns, (*fixed, *alerts), settings)


def _alerts(settings: dict[str, Any], unit: str) -> tuple[tuple[str, Limit], ...]:
    return tuple((_ALERTS[key], limit_unless(settings[key], unit)) for key in _ALERTS if key in settings)


def _block(item: dict[str, Any]) -> SodaCheck:
    kind = str(item["type"])
    metric, preset = _METRIC_BY_TYPE.get(kind, (kind, None))
    bounds = [(_SIGN_BY_WORD[key], value) for key, value in item.items() if key in _SIGN_BY_WORD]
    columns = item.get("columns", item.get("column"))
    names = tuple(map(str, columns)) if isinstance(columns, list) else (str(columns),) if columns else ()
    settings = {
        key.replace("_", " "): value
        for key, value in item.items()
        if key not in ("type", "columns", "column", *_SIGN_BY_WORD)
    }
    if kind in _SECONDS_BY_TYPE:
        metric, unit = "freshness", "value"
    else:
        unit = unit_of(metric)
    lines = [preset] if preset and not bounds else [_filled(sign, value) for sign, value in bounds]
    limits = [limit_of(line, unit) for line in lines]
    if not limits:
        raise NotMapped(f"The check {kind} has no threshold.")
    limit = Limit(tuple(threshold for one in limits for threshold in one.thresholds), unit)
    if kind in _SECONDS_BY_TYPE:
        limit = _in_seconds(limit, _SECONDS_BY_TYPE[kind])
    return SodaCheck(metric, names, (("error", limit),), settings)


def _in_seconds(limit: Limit, factor: int) -> Limit:
    from dataclasses import replace

    scaled = tuple(replace(t, bounds=tuple(bound * factor for bound in t.bounds)) for t in limit.thresholds)
    return Limit(scaled, "seconds")


def _filled(sign: str, value: Any) -> str:
    bounds = value if isinstance(value, list) else [value]
    if len(bounds) != sign.count("{}"):
        raise NotMapped("Its threshold is not one that weft can read.")
    return sign.format(*bounds)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
