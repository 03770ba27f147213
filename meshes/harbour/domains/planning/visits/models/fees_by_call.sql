-- A step on the way: no output port has this name, so nobody outside this product can read it.
SELECT
    call_id,
    sum(amount)::DECIMAL(12, 2) AS fees_total,
    coalesce(sum(amount) FILTER (WHERE paid_on IS NULL), 0)::DECIMAL(12, 2) AS fees_owed
FROM fees
GROUP BY call_id
