SELECT customer_id, orders, total
FROM by_customer
