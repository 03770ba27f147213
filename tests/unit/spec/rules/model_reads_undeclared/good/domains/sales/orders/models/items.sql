SELECT order_id, line_number, sku, price
FROM Items_RAW, range(1) AS r(i), unnest([1]) AS u(j)
