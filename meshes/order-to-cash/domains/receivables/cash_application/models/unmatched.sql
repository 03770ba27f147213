SELECT
    payments.event_id,
    payments.value_date,
    payments.amount,
    payments.payer_name,
    payments.reference,
    CASE
        WHEN references_read.invoice_digits IS NOT NULL THEN 'names an invoice that is not published'
        WHEN coalesce(trim(payments.reference), '') = '' THEN 'empty reference'
        ELSE 'names no invoice'
    END AS reason
FROM payments
JOIN references_read USING (event_id)
WHERE payments.event_id NOT IN (SELECT event_id FROM matches)
