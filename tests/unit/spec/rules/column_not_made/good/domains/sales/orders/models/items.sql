SELECT order_id, line_number, price, sku
FROM items_raw
