-- One row a call. Names only: what a row must be like is promised in contracts/calls.yaml.
SELECT
    call_id,
    ship_imo,
    ship_name,
    flag,
    berth,
    cargo,
    gross_tonnage,
    arrived_at,
    left_at,
    round(date_diff('minute', arrived_at, left_at) / 60.0, 2)::DECIMAL(8, 2) AS hours_at_berth
FROM calls_log
