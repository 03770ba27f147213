WITH items AS (
    SELECT
        order_id,
        count(*)::INTEGER AS lines_exported,
        (count(*) FILTER (WHERE copy_number = 1))::INTEGER AS lines,
        sum(price + freight)::DECIMAL(12, 2) AS value_exported,
        sum(price + freight) FILTER (WHERE copy_number = 1)::DECIMAL(12, 2) AS value
    FROM order_items
    GROUP BY order_id
),
paid AS (
    SELECT order_id, sum(payment_value)::DECIMAL(12, 2) AS paid
    FROM payments
    GROUP BY order_id
)
SELECT
    order_id,
    orders.status,
    coalesce(items.lines_exported, 0)::INTEGER AS lines_exported,
    coalesce(items.lines, 0)::INTEGER AS lines,
    coalesce(items.value_exported, 0)::DECIMAL(12, 2) AS value_exported,
    coalesce(items.value, 0)::DECIMAL(12, 2) AS value,
    coalesce(paid.paid, 0)::DECIMAL(12, 2) AS paid,
    (coalesce(paid.paid, 0) - coalesce(items.value, 0))::DECIMAL(12, 2) AS paid_too_much
FROM orders
LEFT JOIN items USING (order_id)
LEFT JOIN paid USING (order_id)
