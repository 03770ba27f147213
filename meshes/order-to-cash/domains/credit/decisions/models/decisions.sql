SELECT decision_id, order_no, debtor_id, debtor_name, decided_at, outcome, score, credit_limit
FROM decision_files
