WITH at_berths AS (
    SELECT calls.*, berths.* EXCLUDE (berth, cargo)
    FROM calls
    JOIN berths USING (berth)
)
SELECT
    call_id,
    ship_imo,
    ship_name,
    berth,
    quay,
    cargo,
    arrived_at,
    left_at,
    hours_at_berth,
    round(
        date_diff('minute', lag(left_at) OVER (PARTITION BY berth ORDER BY arrived_at, call_id), arrived_at) / 60.0, 2
    )::DECIMAL(8, 2) AS hours_empty_before,
    row_number() OVER (PARTITION BY ship_imo ORDER BY arrived_at, call_id)::INTEGER AS visit_of_ship,
    coalesce(fees_total, 0)::DECIMAL(12, 2) AS fees_total,
    coalesce(fees_owed, 0)::DECIMAL(12, 2) AS fees_owed
FROM at_berths
LEFT JOIN fees_by_call USING (call_id)
