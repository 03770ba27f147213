SELECT
    order_id,
    customer_id,
    totl,  -- <- here
    status,
    ordered_on,
    updated_at
FROM orders_raw
