-- <- file
CREATE TABLE items AS SELECT order_id, line_number, sku, price
FROM items_raw
