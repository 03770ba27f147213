SELECT sku AS customer_id, count(*) AS orders, sum(price) AS total FROM orders GROUP BY sku
