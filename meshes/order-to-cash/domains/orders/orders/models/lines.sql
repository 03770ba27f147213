SELECT
    order_no,
    line_no::INTEGER AS line_no,
    article,
    quantity::INTEGER AS quantity,
    (unit_price_cents * 0.01)::DECIMAL(12, 2) AS unit_price,
    (quantity * unit_price_cents * 0.01)::DECIMAL(12, 2) AS value
FROM order_lines
