-- One spelling of a company's name: capital letters without accents, signs and legal form.
WITH spelled AS (
    SELECT customer_no AS id, name FROM customers
    UNION ALL
    SELECT event_id AS id, payer_name AS name FROM payments
)
SELECT
    id,
    regexp_replace(
        regexp_replace(upper(strip_accents(name)), ' (GMBH|SARL|B\.V\.|AB|S\.P\.A\.|SP\. Z O\.O\.|LTD)$', ''),
        '[^A-Z]', '', 'g'
    ) AS name_key
FROM spelled
