SELECT order_id, line_number, price AS pirce
FROM items_raw
