SELECT
    order_no,
    customer_no,
    ordered_at::TIMESTAMP AS ordered_at,
    status,
    currency
FROM order_headers
