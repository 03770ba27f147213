"""Real sales, published day by day and month by month."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.build.drift.conftest import PLACE

from weft.build.drift.look import look
from weft.build.drift.measure_drift import measure_drift
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.contract import Table


def _line(engine, periods):
    line = []
    for at, where in periods:
        engine.add_view("period", f"SELECT * EXCLUDE (moment) FROM sales WHERE {where}")
        line.append(look(engine, "period", Table("sales", PLACE), line, at))
    return line


def _told(line, first=1):
    return [
        (line[index].at, measure)
        for index in range(first, len(line))
        for measure in measure_drift(line[:index], line[index])
        if measure.status == "drifted"
    ]


def test_a_summer_of_a_shop_has_few_alarms_and_one_strange_day(shared_data):
    path = shared_data / "order_to_cash/online_retail_uci/online_retail.csv.gz"
    if not path.is_file():
        pytest.skip("WEFT_TEST_DATA holds no order_to_cash/online_retail_uci: this test needs the real data set")
    with DuckDBEngine() as engine:
        engine.add_table(
            "sales",
            "SELECT Quantity AS quantity, UnitPrice AS price, Country AS country,"
            " CAST(InvoiceDate AS TIMESTAMP) AS moment"
            f" FROM read_csv('{path}') WHERE InvoiceDate::DATE BETWEEN DATE '2011-06-01' AND DATE '2011-08-31'",
        )
        first, last = engine.rows("SELECT min(moment)::DATE, max(moment)::DATE FROM sales")[0]
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        sold = {day for (day,) in engine.rows("SELECT DISTINCT moment::DATE FROM sales")}
        periods = [
            (datetime(day.year, day.month, day.day, 23, tzinfo=UTC), f"moment::DATE = DATE '{day}'")
            for day in days
            if day in sold
        ]
        line = _line(engine, periods)
    told = _told(line)
    by_day = Counter(f"{at:%m-%d}" for at, _ in told)
    measured = sum(len(measure_drift(line[:index], line[index])) for index in range(1, len(line)))
    assert len(line) == 78
    assert by_day.most_common(1)[0][0] == "08-30"  # wholesale orders after a bank holiday
    assert {measure.column for at, measure in told if f"{at:%m-%d}" == "08-30"} >= {"quantity", "price"}
    assert len(told) <= 0.04 * measured, (len(told), measured)
