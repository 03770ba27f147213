-- The batches overlap: an order that is in both is the same row twice, and counts once.
SELECT DISTINCT
    order_id,
    customer_id,
    order_status AS status,
    order_purchase_timestamp AS ordered_at,
    order_approved_at AS approved_at,
    order_delivered_carrier_date AS handed_over_at,
    order_delivered_customer_date AS delivered_at,
    order_estimated_delivery_date AS promised_at
FROM order_files
