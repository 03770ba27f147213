SELECT event_id, booked_at, value_date, amount, currency, payer_name, payer_iban, reference
FROM bank_events
