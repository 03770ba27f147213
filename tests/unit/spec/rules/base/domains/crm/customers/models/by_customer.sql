SELECT customer_id, count(*) AS orders, sum(total)::DECIMAL(12,2) AS total
FROM orders
GROUP BY customer_id
