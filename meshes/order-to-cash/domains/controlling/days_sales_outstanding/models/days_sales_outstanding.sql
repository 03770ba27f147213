-- Days sales outstanding = what is owed / what was billed in the period * days of the period; here ninety days up to
-- the latest day on which anything was paid.
WITH period AS (
    SELECT max(value_date) AS as_of FROM matches
),
balances AS (
    SELECT
        invoices.invoice_no,
        invoices.customer_no,
        invoices.issued_on,
        invoices.due_on,
        invoices.total,
        coalesce(sum(matches.amount), 0) AS paid,
        max(matches.value_date) AS last_paid_on
    FROM invoices
    LEFT JOIN matches USING (invoice_no)
    GROUP BY ALL
)
SELECT
    customer_no,
    any_value(customers.name) AS name,
    any_value(period.as_of) AS as_of,
    count(*)::INTEGER AS invoices,
    sum(total)::DECIMAL(14, 2) AS billed,
    sum(total - paid)::DECIMAL(14, 2) AS owed,
    coalesce(sum(total - paid) FILTER (WHERE due_on < as_of), 0)::DECIMAL(14, 2) AS overdue,
    round(90 * sum(total - paid) / sum(total), 1)::DECIMAL(6, 1) AS days_sales_outstanding,
    round(
        sum(total * date_diff('day', issued_on, last_paid_on)) FILTER (WHERE paid >= total)
        / nullif(sum(total) FILTER (WHERE paid >= total), 0), 1
    )::DECIMAL(6, 1) AS mean_days_to_pay
FROM balances
CROSS JOIN period
LEFT JOIN customers USING (customer_no)
WHERE issued_on > as_of - 90
GROUP BY customer_no
