SELECT customers.* FROM customers JOIN by_customer USING (customer_id)
