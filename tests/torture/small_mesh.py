"""A small mesh whose every table is a pure function of one number, its version.

Four ports, one for each way in which a table can be harmed:

- `works/gauges`: replaced whole, one row in ten held back in the quarantine;
- `works/gauges/lines`: rows added, no key, rows that are there twice on purpose;
- `works/gauges/events`: the newest version of each key, by a watermark;
- `works/totals`: made of the first two, so that a build publishes ports that depend on each other.

`give` writes what the sources hold at a version; `expected` says what readers must then see, to the row.
"""

from collections import Counter
from pathlib import Path

GAUGES, LINES, EVENTS, TOTALS = "works/gauges", "works/gauges/lines", "works/gauges/events", "works/totals"
PORTS = (GAUGES, LINES, EVENTS, TOTALS)
COLUMNS = {
    GAUGES: ("gauge_id", "version", "amount"),
    LINES: ("version", "line", "amount"),
    EVENTS: ("event_id", "changed_on", "version"),
    TOTALS: ("name", "rows", "amount"),
}
HELD_BACK = 4  # rows of `gauges` in every version

Row = tuple[object, ...]

_GAUGES, _LINES, _EVENTS = 40, 12, 30
_FIRST_DAY = 1
_LINE_FILES = 3  # the exporter keeps its last few files; what was published of earlier ones stays published

_MESH = """\
name: torture
description: A mesh whose tables are a function of one number.
regions: [eu]
environments:
  dev:
    storage: .weft
    memory: 256MB
    threads: 1
    quarantine_tolerance: 50%
{databases}
default_environment: dev
"""
_TEAMS = """\
teams:
  - name: keepers
    kind: stream-aligned
    description: Keep the gauges.
    people:
      - {name: Ada Keeper, role: product owner, place: Weir house}
"""
_DOMAIN = """\
description: Gauges and what is made of them.
owner: keepers
region: eu
"""
_BUILD = """\
sources:
  gauge_list: {kind: csv, path: data/gauges.csv, columns: {version: integer, amount: integer}}
  line_files: {kind: csv, path: "data/lines-*.csv", columns: {version: integer, line: integer, amount: integer}}
  event_list: {kind: csv, path: data/events.csv, columns: {changed_on: date, version: integer}}
models:
  lines: {materialization: append}
  events: {materialization: incremental, key: [event_id], watermark: changed_on}
"""
_TOTALS = """\
SELECT 'gauges' AS name, count(*) AS rows, sum(amount)::BIGINT AS amount FROM gauges
UNION ALL
SELECT 'lines' AS name, count(*) AS rows, sum(amount)::BIGINT AS amount FROM lines
"""


def make_mesh(folder: Path, databases: str = "") -> Path:
    """Write the mesh, without data.

    Args:
        folder: where to; made if it is not there.
        databases: lines such as `ledger: postgresql://...` for the environment; default: SQLite files.
    """
    lines = "\n".join(f"    {line}" for line in databases.splitlines())
    _write(folder / "weft.yaml", _MESH.format(databases=lines))
    _write(folder / "teams.yaml", _TEAMS)
    _write(folder / "domains/works/domain.yaml", _DOMAIN)
    gauges = folder / "domains/works/gauges"
    _write(gauges / "product.yaml", _product("gauges", ["gauges", "lines", "events"], []))
    _write(gauges / "build.yaml", _BUILD)
    _write(gauges / "models/gauges.sql", "SELECT gauge_id, version, amount FROM gauge_list\n")
    _write(gauges / "models/lines.sql", "SELECT version, line, amount FROM line_files\n")
    _write(gauges / "models/events.sql", "SELECT event_id, changed_on, version FROM event_list\n")
    amount = "logicalTypeOptions: {minimum: 0}"
    _write(
        gauges / "contracts/gauges.yaml",
        _contract(GAUGES, {"gauge_id": "VARCHAR", "version": "INTEGER", "amount": "INTEGER"}, "gauge_id", amount),
    )
    _write(
        gauges / "contracts/lines.yaml",
        _contract(LINES, {"version": "INTEGER", "line": "INTEGER", "amount": "INTEGER"}, None, amount),
    )
    _write(
        gauges / "contracts/events.yaml",
        _contract(EVENTS, {"event_id": "VARCHAR", "changed_on": "DATE", "version": "INTEGER"}, "event_id"),
    )
    totals = folder / "domains/works/totals"
    _write(totals / "product.yaml", _product("totals", ["totals"], ["gauges", "lines"]))
    _write(totals / "models/totals.sql", _TOTALS)
    _write(
        totals / "contracts/totals.yaml",
        _contract(TOTALS, {"name": "VARCHAR", "rows": "BIGINT", "amount": "BIGINT"}, "name", amount),
    )
    return folder


def give(folder: Path, version: int, *, spoiled: bool = False) -> None:
    """Let the sources hold what they hold at a version; files appear whole, as an exporter renames them in.

    Args:
        folder: the mesh.
        version: 1 or more.
        spoiled: whether most gauges break their contract, so that they must not be published.
    """
    gauges = [f"G{i:03},{version},{-1 if spoiled or _is_bad(i) else _amount(i, version)}" for i in range(_GAUGES)]
    _write(folder / "data/gauges.csv", "\n".join(["gauge_id,version,amount", *gauges, ""]))
    kept = range(max(1, version - _LINE_FILES + 1), version + 1)
    for v in kept:
        path = folder / f"data/lines-{v:05}.csv"
        if not path.exists():
            lines = [",".join(str(cell) for cell in row) for row in _lines_of(v)]
            _write(path, "\n".join(["version,line,amount", *lines, ""]))
    for path in (folder / "data").glob("lines-*.csv"):
        if int(path.stem.removeprefix("lines-")) not in kept:
            path.unlink()
    events = [f"{event},{day},{changed}" for event, day, changed in _events(version)]
    _write(folder / "data/events.csv", "\n".join(["event_id,changed_on,version", *events, ""]))


def expected(port: str, version: int) -> Counter[Row]:
    """The rows of a port at a version; 0: not published yet."""
    if port == GAUGES:
        return Counter((f"G{i:03}", version, _amount(i, version)) for i in range(_GAUGES) if version and not _is_bad(i))
    if port == LINES:
        return Counter(row for v in range(1, version + 1) for row in _lines_of(v))
    if port == EVENTS:
        return Counter(_events(version))
    if not version:
        return Counter()
    totals = {name: expected(of, version) for name, of in (("gauges", GAUGES), ("lines", LINES))}
    return Counter(
        (name, rows.total(), sum(int(str(row[-1])) * n for row, n in rows.items())) for name, rows in totals.items()
    )


def _is_bad(gauge: int) -> bool:
    return gauge % 10 == 0


def _amount(gauge: int, version: int) -> int:
    return (gauge * 7 + version * 13) % 1000


def _lines_of(version: int) -> list[Row]:
    """Every other line is there twice: a keyless table keeps both."""
    return [(version, line // 2 * 2, version % 50 * 100 + line // 2) for line in range(_LINES)]


def _events(version: int) -> list[Row]:
    """Each version changes a third of the keys."""
    found: list[Row] = []
    for event in range(_EVENTS if version else 0):
        changed = max((v for v in range(1, version + 1) if event % 3 == v % 3), default=0)
        found.append((f"E{event:03}", _day(changed), changed))
    return found


def _day(version: int) -> str:
    from datetime import date, timedelta

    return (date(2020, 1, _FIRST_DAY) + timedelta(days=version)).isoformat()


def _product(name: str, outputs: list[str], inputs: list[str]) -> str:
    def contract(port: str, product: str) -> str:
        return f"works/{port}" if port == product else f"works/{product}/{port}"

    lines = [
        "apiVersion: v1.1.0",
        "kind: DataProduct",
        f"id: works/{name}",
        f"name: {name}",
        "version: 1.0.0",
        "status: active",
        "domain: works",
        "description:",
        "  purpose: To be built while things go wrong.",
    ]
    if inputs:
        lines.append("inputPorts:")
        for port in inputs:
            lines += [f"  - name: {port}", "    version: 1.0.0", f"    contractId: {contract(port, 'gauges')}"]
    lines.append("outputPorts:")
    for port in outputs:
        lines += [
            f"  - name: {port}",
            f"    description: The {port}.",
            "    type: table",
            "    version: 1.0.0",
            f"    contractId: {contract(port, name)}",
        ]
    return "\n".join([*lines, "team:", "  name: keepers", ""])


def _contract(port: str, columns: dict[str, str], key: str | None, last: str = "") -> str:
    table, product = port.split("/")[-1], "/".join(port.split("/")[:2])
    logical = {"VARCHAR": "string", "DATE": "date"}
    lines = [
        "apiVersion: v3.2.0",
        "kind: DataContract",
        f"id: {port}",
        f"name: {table}",
        "version: 1.0.0",
        "status: active",
        "domain: works",
        f"dataProduct: {product}",
        "description:",
        "  purpose: To be kept while things go wrong.",
        "schema:",
        f"  - name: {table}",
        "    physicalType: table",
        "    properties:",
    ]
    for column, kind in columns.items():
        lines += [
            f"      - name: {column}",
            f"        description: The {column}.",
            f"        logicalType: {logical.get(kind, 'integer')}",
            f"        physicalType: {kind}",
            "        required: true",
        ]
        if column == key:
            lines += ["        primaryKey: true", "        primaryKeyPosition: 1"]
    if last:
        lines.append(f"        {last}")
    return "\n".join([*lines, ""])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
