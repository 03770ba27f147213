SELECT order_id, line_number, SKU, price
FROM items_raw
