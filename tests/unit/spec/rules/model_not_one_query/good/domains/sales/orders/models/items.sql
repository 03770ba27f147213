WITH raw AS (SELECT * FROM items_raw)
SELECT order_id, line_number, sku, price FROM raw UNION ALL SELECT * FROM raw;
