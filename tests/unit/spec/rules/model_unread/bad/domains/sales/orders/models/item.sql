-- <- file
SELECT * FROM items_raw
