SELECT
    order_id::VARCHAR AS order_id,
    customer_id,
    total,
    status,
    ordered_on,
    updated_at
FROM orders_raw
