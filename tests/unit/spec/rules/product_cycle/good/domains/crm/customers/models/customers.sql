SELECT DISTINCT customer_id, orders, by_customer.total
FROM by_customer, items
