"""Any dlt source is one line away."""

# ruff: noqa: DTZ001 (the values have no time zone)

from datetime import datetime
from decimal import Decimal

import pytest

pytest.importorskip("dlt")

FEED = """
from datetime import datetime
from decimal import Decimal

import dlt

ROWS = [
    {"id": 1, "at": datetime(2026, 1, 1), "amount": Decimal("1.50"), "tags": ["a"]},
    {"id": 2, "at": datetime(2026, 1, 2), "amount": Decimal("12.25"), "paid": True},
]


@dlt.resource
def events(at=dlt.sources.incremental("at"), factor=1):
    yield [row for row in ROWS if at.last_value is None or row["at"] >= at.last_value]


@dlt.resource
def ports():
    import pyarrow as pa

    yield pa.table({"port": ["NLRTM"], "berths": [3]})


@dlt.resource
def broken():
    yield {"a": 1}
    raise RuntimeError("customer 4711")


@dlt.source
def harbour(only=None):
    return [events, ports, broken]


def nothing():
    return 7
"""


@pytest.fixture
def feed(lander):
    lander.write("harbour_feed.py", FEED)
    yield
    import sys

    sys.modules.pop("harbour_feed", None)


def test_a_resource_lands_with_the_types_of_its_values(lander, rows, feed):
    landing = lander.land(lander.source("dlt", source="harbour_feed:harbour", resource="events"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "at": "TIMESTAMP",
        "amount": "DECIMAL(18,2)",
        "tags": "VARCHAR",
        "paid": "BOOLEAN",
    }
    assert rows(landing) == [
        (1, datetime(2026, 1, 1), Decimal("1.50"), '["a"]', None),
        (2, datetime(2026, 1, 2), Decimal("12.25"), None, True),
    ]


def test_its_own_cursor_is_kept_between_landings(lander, rows, feed):
    source = lander.source("dlt", source="harbour_feed:events", load="append")
    first = lander.land(source)
    assert lander.land(source, first).unchanged
    import harbour_feed

    harbour_feed.ROWS.append({"id": 3, "at": datetime(2026, 1, 2), "amount": Decimal("3")})
    third = lander.land(source, first)
    assert [row[0] for row in rows(third)] == [1, 2, 3]
    assert third.rows_new == 1


def test_arrow_tables_are_rows_too(lander, rows, feed):
    assert rows(lander.land(lander.source("dlt", source="harbour_feed:harbour", resource="ports"))) == [("NLRTM", 3)]


@pytest.mark.parametrize(
    ("options", "code", "fix"),
    [
        ({"source": "harbour_feed"}, "SOURCE003", None),
        ({"source": "harbour_fed:harbour"}, "SOURCE050", None),
        ({"source": "harbour_feed:harbor"}, "SOURCE050", 'Did you mean "harbour"?'),
        ({"source": "harbour_feed:nothing"}, "SOURCE050", None),
        ({"source": "harbour_feed:harbour"}, "SOURCE050", "Say which: `resource: events`."),
        ({"source": "harbour_feed:harbour", "resource": "event"}, "SOURCE050", 'Did you mean "events"?'),
        ({"source": "harbour_feed:harbour", "arguments": {"nope": 1}}, "SOURCE050", None),
        ({"source": "harbour_feed:broken"}, "SOURCE051", None),
    ],
)
def test_mistakes_are_told_without_the_source_s_own_words(lander, refused, feed, options, code, fix):
    (problem,) = refused(lambda: lander.land(lander.source("dlt", **options)))
    assert problem.code == code
    assert fix is None or problem.fix == fix
    assert "4711" not in str(problem)
