-- The API speaks JSON and sends amounts as text, so that no cent is lost on the way.
SELECT
    invoice_no,
    order_no,
    customer_no,
    issued_on::DATE AS issued_on,
    due_on::DATE AS due_on,
    net::DECIMAL(12, 2) AS net,
    tax::DECIMAL(12, 2) AS tax,
    total::DECIMAL(12, 2) AS total,
    currency
FROM invoice_pages
