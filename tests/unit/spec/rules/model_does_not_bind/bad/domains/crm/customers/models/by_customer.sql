SELECT customer_id, strange(total) AS orders, sum(total)::DECIMAL(12,2) AS total  -- <- here
FROM orders
GROUP BY customer_id
