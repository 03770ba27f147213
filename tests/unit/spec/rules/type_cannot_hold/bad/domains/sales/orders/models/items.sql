SELECT order_id, line_number, sku, price::DOUBLE AS price  -- <- file
FROM items_raw
