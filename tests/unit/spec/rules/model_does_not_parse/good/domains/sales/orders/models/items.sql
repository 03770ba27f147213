SELECT order_id, line_number, sku, price
FROM items_raw WHERE (price > 0)
