"""Where rows are added, a changed promise is checked on all rows, and so are rows that were brought back."""

import pytest

PORT = "log/events"


@pytest.fixture
def log(empty_mesh):
    mesh = empty_mesh
    mesh.product(PORT)
    mesh.model(PORT, "events", "SELECT id::BIGINT AS id, what, day::DATE AS day FROM raw")
    return mesh


def settle(mesh, materialization="append", what="", quality=""):
    settings = f"materialization: {materialization}, key: [id]"
    mesh.making(
        PORT,
        f"""
        sources: {{raw: {{kind: csv, path: data/events.csv, columns: {{id: bigint, day: date}}}}}}
        models: {{events: {{{settings}}}}}
        """,
    )
    mesh.write(
        "domains/log/events/contracts/events.yaml",
        f"""
        apiVersion: v3.2.0
        kind: DataContract
        id: {PORT}
        version: 1.0.0
        status: active
        customProperties: [{{property: quarantineTolerance, value: 100%}}]
        schema:
          - name: events
            properties:
              - {{name: id, logicalType: integer, primaryKey: true, required: true}}
              - {{name: what, logicalType: string{what}}}
              - {{name: day, logicalType: date, partitioned: true, partitionKeyPosition: 1}}
            quality: [{quality}]
        """,
    )


def build(mesh, *lines):
    mesh.rows_file("data/events.csv", "id,what,day", *lines)
    return mesh.build()


def statuses(result):
    return {f.rule: (f.status, f.measured) for p in result.products for s in p.steps for f in s.findings}


@pytest.mark.parametrize("materialization", ["append", "incremental, watermark: day"])
def test_a_promise_that_changed_is_checked_on_every_row(log, materialization):
    settle(log, materialization)
    build(log, "1,a,2026-01-01", "2,b,2026-01-01")
    settle(log, materialization, what=", enum: [{value: b}, {value: c}]")
    result = build(log, "3,c,2026-01-02")
    assert statuses(result)["what.enum"] == ("failed", 1)  # the row that was published under the former promise
    assert [row[0] for row in log.rows(PORT)] == [2, 3]


def test_a_promise_that_did_not_change_is_checked_on_new_rows_and_shares_on_all(log):
    share = "{name: share, metric: rowCount, mustBeGreaterThan: 0}"
    nulls = ", quality: [{name: nulls, metric: nullValues, mustBeLessThan: 40, unit: percent}]"
    settle(log, what=nulls, quality=share)
    build(log, "1,a,2026-01-01", "2,b,2026-01-01", "3,c,2026-01-01")
    result = build(log, "4,,2026-01-02")
    (step,) = [s for p in result.products for s in p.steps if s.port]
    told = statuses(result)
    assert (step.rows_in, told["nulls"], told["share"]) == (1, ("passed", 25.0), ("passed", 4))


def test_rows_that_a_rollback_brings_back_are_checked_under_the_promise_of_now(log):
    from weft.base.names import PortName

    settle(log)
    build(log, "1,a,2026-01-01")
    former = log.workspace().lake.snapshot(PortName.parse(PORT)).snapshot_id
    settle(log, what=", enum: [{value: b}]")
    build(log, "2,b,2026-01-02")
    assert [row[0] for row in log.rows(PORT)] == [2]
    log.workspace().lake.rollback(PortName.parse(PORT), former)
    result = build(log, "3,b,2026-01-03")
    assert statuses(result)["what.enum"] == ("failed", 1)
    assert [row[0] for row in log.rows(PORT)] == [3]


def test_a_refusal_points_to_the_line_of_the_first_rule_that_refuses(log):
    settle(log, quality='{name: sum, type: sql, query: "SELECT sum(nothing) FROM ${table}", mustBe: 1}')
    (problem,) = build(log, "1,a,2026-01-01").problems
    assert (problem.code, str(problem.where)) == ("BUILD010", "domains/log/events/contracts/events.yaml:13:15")
    assert "sum could not be checked" in problem.found
