SELECT order_id, line_number, sku, price FROM lines
