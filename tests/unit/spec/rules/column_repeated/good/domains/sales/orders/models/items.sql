SELECT order_id, line_number, sku, sku AS sku_2, price
FROM items_raw
