SELECT
    order_id,
    customer_id,
    "TOTAL",
    status,
    ordered_on,
    updated_at
FROM orders_raw
