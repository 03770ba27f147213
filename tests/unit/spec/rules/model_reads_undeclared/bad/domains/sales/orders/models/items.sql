SELECT order_id, line_number, sku, price
FROM itmes_raw  -- <- here
