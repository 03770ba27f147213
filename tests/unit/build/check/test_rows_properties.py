"""Random tables against random contracts, judged a second time in plain Python, row by row."""

import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weft.base.data_files import Field
from weft.base.names import PortName
from weft.base.problem import Place
from weft.build.check.audit import AuditTargets, audit
from weft.spec.contract import Column, Contract, Relationship, Table

PLACE = Place("orders.yaml")
PARENTS = (1, 2, 3)
NUMBERS = itertools.count()
WORDS = ["", "a", "ab", "abc", "é", "NEW", "new", "1", "🙂🙂", " a"]
PATTERNS = ["^a", "b$", "[a-z]+", "^[A-Z]{3}$", "^.$"]
numbers = st.one_of(st.none(), st.integers(-5, 9))
texts = st.one_of(st.none(), st.sampled_from(WORDS))
floats = st.one_of(st.none(), st.sampled_from([-1.5, 0.0, -0.0, 2.5, float("nan"), float("inf")]))
rows = st.lists(st.tuples(numbers, texts, floats, numbers), max_size=12)
options_of_numbers = st.fixed_dictionaries(
    {},
    optional={
        "minimum": st.integers(-5, 5),
        "exclusiveMaximum": st.integers(0, 9),
        "multipleOf": st.integers(1, 4),
    },
)
options_of_texts = st.fixed_dictionaries(
    {},
    optional={
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 3),
        "pattern": st.sampled_from(PATTERNS),
    },
)
options_of_floats = st.fixed_dictionaries({}, optional={"maximum": st.integers(-1, 3), "minimum": st.just(0)})


@st.composite
def tables(draw: st.DrawFn) -> Table:
    has_key = draw(st.booleans())
    enum = draw(st.one_of(st.none(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)))
    refers = draw(st.sampled_from([(), ("parents",), ("orders",)]))
    leads_to = {"parents": "id", "orders": "n"}
    return Table(
        "orders",
        PLACE,
        (
            Column(
                "n",
                PLACE,
                "integer",
                draw(options_of_numbers),
                required=draw(st.booleans()),
                unique=draw(st.booleans()),
                primary_key_position=1 if has_key else None,
            ),
            Column(
                "t",
                PLACE,
                "string",
                draw(options_of_texts),
                required=draw(st.booleans()),
                enum=None if enum is None else tuple(enum),
                primary_key_position=2 if has_key and draw(st.booleans()) else None,
            ),
            Column("f", PLACE, "number", draw(options_of_floats), unique=draw(st.booleans())),
            Column(
                "r",
                PLACE,
                "integer",
                relationships=tuple(Relationship(("r",), to, (leads_to[to],), PLACE) for to in refers),
            ),
        ),
    )


def rules_broken_alone(table: Table, row: tuple[Any, ...]) -> set[str]:
    broken = set()
    for column, value in zip(table.columns, row, strict=True):
        option = column.logical_type_options
        if value is None:
            if column.required or column.primary_key_position is not None:
                broken.add(f"{column.name}.required")
            continue
        is_nan = value != value
        if "minimum" in option and (is_nan or value < option["minimum"]):
            broken.add(f"{column.name}.minimum")
        if "maximum" in option and (is_nan or value > option["maximum"]):
            broken.add(f"{column.name}.maximum")
        if "exclusiveMaximum" in option and value >= option["exclusiveMaximum"]:
            broken.add(f"{column.name}.exclusiveMaximum")
        if "multipleOf" in option and value % option["multipleOf"]:
            broken.add(f"{column.name}.multipleOf")
        if "minLength" in option and len(value) < option["minLength"]:
            broken.add(f"{column.name}.minLength")
        if "maxLength" in option and len(value) > option["maxLength"]:
            broken.add(f"{column.name}.maxLength")
        if "pattern" in option and not re.search(option["pattern"].replace("$", r"\Z"), value, re.ASCII):
            broken.add(f"{column.name}.pattern")
        if column.enum is not None and value not in column.enum:
            broken.add(f"{column.name}.enum")
    return broken


def comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple("NaN" if value != value else value + 0.0 if isinstance(value, float) else value for value in row)


def rules_broken(table: Table, given_rows: list[tuple[Any, ...]]) -> list[set[str]]:
    broken = [rules_broken_alone(table, row) for row in given_rows]
    position = {column.name: index for index, column in enumerate(table.columns)}
    keys = {f"{c.name}.unique": (c.name,) for c in table.columns if c.unique and table.primary_key != (c.name,)}
    if table.primary_key:
        keys["primaryKey"] = table.primary_key
    plain = [comparable(row) for row in given_rows]
    for rule, names in keys.items():
        parts = [tuple(row[position[name]] for name in names) for row in plain]
        for index, part in enumerate(parts):
            if None in part:
                continue
            same = [other for other, found in enumerate(parts) if found == part]
            identical = len({plain[other] for other in same}) == 1
            if len(same) > 1 and not (identical and same[0] == index):
                broken[index].add(rule)
    for relationship in table.columns[3].relationships:
        if relationship.to_table == "parents":
            for index, row in enumerate(given_rows):
                if row[3] is not None and row[3] not in PARENTS:
                    broken[index].add("r.relationship")
            continue
        while True:  # what refers to a row that is held back is held back too
            there = {row[0] for row, names in zip(given_rows, broken, strict=True) if not names}
            more = [
                index
                for index, row in enumerate(given_rows)
                if row[3] is not None and row[3] not in there and "r.relationship" not in broken[index]
            ]
            if not more:
                break
            for index in more:
                broken[index].add("r.relationship")
    return broken


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), given_rows=rows)
def test_published_and_held_rows_are_those_that_plain_python_finds(engine, tmp_path: Path, table, given_rows):
    # As in a build, no path is written twice: DuckDB may know a file by its path and the second of its last change.
    folder = tmp_path / str(next(NUMBERS))
    engine.execute("CREATE OR REPLACE TEMP TABLE made (n BIGINT, t VARCHAR, f DOUBLE, r BIGINT)")
    for row in given_rows:
        engine.rows("INSERT INTO made VALUES ($1, $2, $3, $4)", row)
    engine.add_view("parents", f"SELECT unnest({list(PARENTS)}) AS id")
    kinds = {"n": "BIGINT", "t": "VARCHAR", "f": "DOUBLE", "r": "BIGINT"}
    fields = [Field(name, kind, number) for number, (name, kind) in enumerate(kinds.items(), start=1)]

    found = audit(
        engine,
        "made",
        table,
        Contract("c", "1.0.0", PLACE, "orders.yaml", "v3.2.0", {}, tables=(table,)),
        port=PortName("sales", "orders", "orders"),
        references={"parents": "parents"},
        now=datetime(2026, 1, 1, tzinfo=UTC),
        tolerance="100%",
        write=AuditTargets(fields, folder / "good.parquet", folder / "held.parquet", "run"),
    )

    expected = rules_broken(table, given_rows)
    wanted_good = [comparable(row) for row, names in zip(given_rows, expected, strict=True) if not names]
    wanted_held = [(comparable(row), sorted(names)) for row, names in zip(given_rows, expected, strict=True) if names]
    good = [r for file in found.good for r in engine.rows(f"FROM read_parquet('{file.path}')")]
    held = [r for file in found.quarantined for r in engine.rows(f"FROM read_parquet('{file.path}')")]
    assert [comparable(row) for row in good] == wanted_good
    assert [(comparable(row[:4]), sorted(row[4])) for row in held] == wanted_held
    assert found.rows_in == len(given_rows) == found.rows_published + found.rows_quarantined
    assert found.held_by_rule == dict(Counter(rule for names in expected for rule in names))
