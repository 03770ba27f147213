SELECT order_id, line_number
FROM items_raw
WHERE (price >  -- <- here
