WITH ordered AS (
    SELECT order_no, sum(value)::DECIMAL(12, 2) AS order_value
    FROM lines
    GROUP BY order_no
),
checked AS (
    SELECT order_no, outcome AS credit_outcome, decided_at AS credit_checked_at
    FROM decisions
    QUALIFY row_number() OVER (PARTITION BY order_no ORDER BY decided_at DESC, decision_id DESC) = 1
),
shipped AS (
    SELECT
        order_no,
        count(*)::INTEGER AS shipments,
        min(shipped_at) AS first_shipped_at,
        max(delivered_at) AS last_delivered_at
    FROM shipments
    GROUP BY order_no
),
invoiced AS (
    SELECT
        order_no,
        min(issued_on) AS invoiced_on,
        max(due_on) AS due_on,
        sum(net)::DECIMAL(12, 2) AS invoiced_net,
        sum(total)::DECIMAL(12, 2) AS invoiced_total
    FROM invoices
    GROUP BY order_no
),
paid AS (
    SELECT order_no, sum(amount)::DECIMAL(12, 2) AS paid, max(value_date) AS last_paid_on
    FROM matches
    GROUP BY order_no
)
SELECT
    order_no,
    orders.customer_no,
    orders.ordered_at,
    orders.status,
    ordered.order_value,
    checked.credit_outcome,
    checked.credit_checked_at,
    coalesce(shipped.shipments, 0)::INTEGER AS shipments,
    shipped.first_shipped_at,
    shipped.last_delivered_at,
    invoiced.invoiced_on,
    invoiced.due_on,
    coalesce(invoiced.invoiced_net, 0)::DECIMAL(12, 2) AS invoiced_net,
    coalesce(invoiced.invoiced_total, 0)::DECIMAL(12, 2) AS invoiced_total,
    coalesce(paid.paid, 0)::DECIMAL(12, 2) AS paid,
    paid.last_paid_on,
    (coalesce(invoiced.invoiced_total, 0) - coalesce(paid.paid, 0))::DECIMAL(12, 2) AS still_owed,
    CASE
        WHEN orders.status = 'cancelled' THEN 'cancelled'
        WHEN checked.credit_outcome = 'declined' THEN 'declined'
        WHEN paid.paid >= invoiced.invoiced_total THEN 'paid'
        WHEN paid.paid > 0 THEN 'partly paid'
        WHEN invoiced.invoiced_on IS NOT NULL THEN 'invoiced'
        WHEN shipped.shipments > 0 THEN 'shipped'
        WHEN checked.credit_outcome = 'approved' THEN 'approved'
        ELSE 'ordered'
    END AS stage,
    date_diff('day', orders.ordered_at, checked.credit_checked_at)::INTEGER AS days_to_credit_check,
    date_diff('day', checked.credit_checked_at, shipped.first_shipped_at)::INTEGER AS days_to_ship,
    date_diff('day', shipped.first_shipped_at, invoiced.invoiced_on)::INTEGER AS days_to_invoice,
    date_diff('day', invoiced.invoiced_on, paid.last_paid_on)::INTEGER AS days_to_cash,
    date_diff('day', orders.ordered_at, paid.last_paid_on)::INTEGER AS days_from_order_to_cash
FROM orders
LEFT JOIN ordered USING (order_no)
LEFT JOIN checked USING (order_no)
LEFT JOIN shipped USING (order_no)
LEFT JOIN invoiced USING (order_no)
LEFT JOIN paid USING (order_no)
