-- The batches overlap: a customer who is in both is one row.
SELECT DISTINCT
    customer_id,
    customer_unique_id,
    customer_zip_code_prefix AS zip_prefix,
    customer_city AS city,
    customer_state AS state
FROM customer_files
