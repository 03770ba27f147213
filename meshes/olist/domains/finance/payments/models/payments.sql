-- The batches overlap, and one writes 34.0 where the other writes 34.00. As numbers they are the same payment.
SELECT DISTINCT
    order_id,
    payment_sequential AS payment_number,
    payment_type,
    payment_installments AS installments,
    payment_value
FROM payment_files
