SELECT customer_id, count(*) AS orders, sum(total)::DECIMAL(12,2) AS total
FROM orders
JOIN sales.orders USING (order_id)  -- <- here
JOIN read_csv('data/orders.csv') AS f ON true  -- <- here
GROUP BY customer_id
