SELECT fee_id, call_id, kind, amount, currency, issued_on, paid_on
FROM fee_lines
