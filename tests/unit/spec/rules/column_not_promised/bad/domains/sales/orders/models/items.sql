SELECT order_id, line_number, sku, price, price * 2 AS pirce  -- <- file
FROM items_raw
