SELECT
    item_no,
    account_no,
    invoice_no,
    posted_on::DATE AS posted_on,
    due_on::DATE AS due_on,
    (amount_cents * 0.01)::DECIMAL(12, 2) AS amount
FROM posted_items
