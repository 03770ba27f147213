SELECT account_no, name, country
FROM account_records
