SELECT order_id, line_number, sku, sum(price) OVER () AS price
FROM items_raw
