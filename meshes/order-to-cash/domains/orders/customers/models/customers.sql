SELECT customer_no, name, city, country, email
FROM customer_records
