WITH by_reference AS (
    SELECT payments.event_id, invoices.invoice_no
    FROM payments
    JOIN references_read USING (event_id)
    JOIN invoices ON replace(replace(invoices.invoice_no, 'INV-', ''), '-', '') = references_read.invoice_digits
),
-- Second: the same amount from the same company, if exactly one payment and one open invoice can be meant.
candidates AS (
    SELECT
        payments.event_id,
        invoices.invoice_no,
        count(*) OVER (PARTITION BY payments.event_id) AS invoices_of_payment,
        count(*) OVER (PARTITION BY invoices.invoice_no) AS payments_of_invoice
    FROM payments
    JOIN references_read USING (event_id)
    JOIN names_read AS payer ON payer.id = payments.event_id
    JOIN invoices ON invoices.total = payments.amount AND invoices.issued_on <= payments.value_date
    JOIN names_read AS customer ON customer.id = invoices.customer_no AND customer.name_key = payer.name_key
    WHERE
        references_read.invoice_digits IS NULL
        AND invoices.invoice_no NOT IN (SELECT invoice_no FROM by_reference)
),
matched AS (
    SELECT event_id, invoice_no, 'reference' AS matched_by FROM by_reference
    UNION ALL
    SELECT event_id, invoice_no, 'amount and name' AS matched_by
    FROM candidates
    WHERE invoices_of_payment = 1 AND payments_of_invoice = 1
)
SELECT
    matched.event_id,
    matched.invoice_no,
    invoices.order_no,
    invoices.customer_no,
    payments.value_date,
    payments.amount,
    matched.matched_by
FROM matched
JOIN payments USING (event_id)
JOIN invoices USING (invoice_no)
