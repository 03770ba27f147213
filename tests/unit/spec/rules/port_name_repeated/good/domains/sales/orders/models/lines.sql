SELECT * FROM items_raw
