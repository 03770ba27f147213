SELECT customer_id, count(*) AS orders, sum(total)::DECIMAL(12,2) AS total
FROM orders JOIN customers USING (customer_id)
-- <- file
GROUP BY customer_id
