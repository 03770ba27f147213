"""Export a page of HTML for people: self-contained, printable, light and dark, without a script."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from weft.spec.contract import QualityRule, Relationship, RuleKind
from weft.spec.formats.outgoing import Field, Outgoing, OutgoingTable

_COMPARISONS = {
    "mustBe": "is {0}",
    "mustNotBe": "is not {0}",
    "mustBeGreaterThan": "is more than {0}",
    "mustBeGreaterOrEqualTo": "is at least {0}",
    "mustBeLessThan": "is less than {0}",
    "mustBeLessOrEqualTo": "is at most {0}",
    "mustBeBetween": "is from {0} to {1}",
    "mustNotBeBetween": "is not from {0} to {1}",
}
_METRICS = {
    "nullValues": "rows without a value",
    "missingValues": "rows with a missing value",
    "invalidValues": "rows with an invalid value",
    "duplicateValues": "rows that repeat another",
    "rowCount": "rows",
}
_OPTIONS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "matches {}",
    "format": "format {}",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}


@dataclass(frozen=True)
class Row:
    """One column as the page shows it."""

    field: Field
    depth: int
    badges: tuple[str, ...]
    promises: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One table as the page shows it."""

    table: OutgoingTable
    rows: tuple[Row, ...]
    rules: tuple[tuple[str, str], ...]  # what must hold, and how much it weighs
    relations: tuple[str, ...]


def write_html(contract: Outgoing) -> bytes:
    """Write the page; every value is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("weft.spec.formats", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("contract.html").render(
        contract=contract.contract,
        purpose=_texts(contract.file.data.get("description")),
        team=_team(contract.file.data.get("team")),
        members=_members(contract.file.data.get("team")),
        servers=[_server(server) for server in _mappings(contract.file.data.get("servers"))],
        support=[_plain(item) for item in _mappings(contract.file.data.get("support"))],
        sections=[_section(table) for table in contract.tables],
        custom=[(key, _shown(value)) for key, value in contract.contract.custom.items()],
    )
    return page.encode()


def _section(table: OutgoingTable) -> Section:
    rules = [*table.table.quality, *(rule for field in _all(table.fields) for rule in field.column.quality)]
    relations = [*table.table.relationships, *(r for field in _all(table.fields) for r in field.column.relationships)]
    return Section(
        table,
        tuple(_row(field, depth) for field, depth in _with_depth(table.fields, 0)),
        tuple((_rule(rule), rule.severity) for rule in rules),
        tuple(_relation(relation) for relation in relations),
    )


def _all(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field, _ in _with_depth(fields, 0):
        yield field


def _with_depth(fields: tuple[Field, ...], depth: int) -> Iterator[tuple[Field, int]]:
    for field in fields:
        yield field, depth
        # The only thing in a list of plain values is said by the list's own type.
        inner = field.children
        if len(inner) == 1 and not inner[0].children and field.kind.name in ("LIST", "ARRAY"):
            continue
        yield from _with_depth(inner, depth + 1)


def _row(field: Field, depth: int) -> Row:
    column = field.column
    badges = []
    if column.primary_key_position is not None:
        badges.append("key")
    badges += [word for word, holds in (("required", column.required), ("unique", column.unique)) if holds]
    badges += [word for word, holds in (("deprecated", column.deprecated),) if holds]
    if column.partition_key_position is not None:
        badges.append("partition")
    if column.classification:
        badges.append(column.classification)
    promises = [text.format(field.options[key]) for key, text in _OPTIONS.items() if key in field.options]
    if column.enum is not None:
        promises.append(f"one of {', '.join(map(str, column.enum))}")
    if "default" in column.custom:
        promises.append(f"else {_shown(column.custom['default'])}")
    examples = field.written.get("examples")
    shown = tuple(map(_shown, examples)) if isinstance(examples, list) else ()
    return Row(field, depth, tuple(badges), tuple(promises), shown)


def _rule(rule: QualityRule) -> str:
    """A rule in words."""
    if rule.description:
        return rule.description
    comparisons = [_COMPARISONS[t.operator.value].format(*map(_number, t.bounds)) for t in rule.thresholds]
    must = " and ".join(comparisons) or "is as expected"
    if rule.kind is RuleKind.LIBRARY and rule.metric:
        unit = "share of " if rule.unit == "percent" else "number of "
        percent = " %" if rule.unit == "percent" else ""
        columns = rule.arguments.get("properties")
        where = rule.column or (", ".join(map(str, columns)) if isinstance(columns, list) else "")
        within = f" in {where}" if where else ""
        return f"The {unit}{_METRICS.get(rule.metric, rule.metric)}{within} {must}{percent}."
    if rule.kind is RuleKind.SQL:
        return f"{rule.name}: the answer to “{rule.query}” {must}."
    if rule.kind is RuleKind.CUSTOM:
        return f"{rule.name}, which {rule.engine or 'another tool'} computes."
    return rule.name


def _relation(relation: Relationship) -> str:
    there = ", ".join(relation.to_columns)
    return f"{', '.join(relation.from_columns)} refers to {relation.to_table} ({there})"


def _number(value: float) -> str:
    return f"{value:g}"


def _texts(description: Any) -> list[tuple[str, str]]:
    """Purpose, limitations and usage, each with its heading."""
    if isinstance(description, str):
        return [("Purpose", description)]
    parts = description if isinstance(description, dict) else {}
    return [(key.capitalize(), str(parts[key])) for key in ("purpose", "usage", "limitations") if parts.get(key)]


def _team(team: Any) -> Mapping[str, Any]:
    return team if isinstance(team, dict) else {}


def _members(team: Any) -> list[Mapping[str, Any]]:
    """The people of a team; before 3.1 the team was their list."""
    return list(_mappings(team.get("members") if isinstance(team, dict) else team))


def _server(server: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    rest = [(key, _shown(value)) for key, value in server.items() if key not in ("server", "type", "roles")]
    return str(server.get("server", "")), str(server.get("type", "")), rest


def _plain(item: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, _shown(value)) for key, value in item.items()]


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            yield item


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
