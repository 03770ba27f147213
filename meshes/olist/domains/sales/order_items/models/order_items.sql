-- Lines that are the same letter by letter are one line. What is left still holds some items twice, as one batch
-- writes 39.0 and the other 39.00: they are numbered, not dropped, so that this table agrees with the shop's export.
WITH exported AS (
    SELECT DISTINCT * FROM item_files
)
SELECT
    order_id,
    order_item_id::INTEGER AS order_item_id,
    row_number() OVER (PARTITION BY order_id, order_item_id ORDER BY price DESC, freight_value DESC)::INTEGER AS copy_number,
    product_id,
    seller_id,
    shipping_limit_date::TIMESTAMP AS ship_before,
    price::DECIMAL(12, 2) AS price,
    freight_value::DECIMAL(12, 2) AS freight
FROM exported
