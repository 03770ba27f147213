-- What people type for INV-2026-0000123: "inv 2026 000 0123", "lNV-2O26-OOOOl23". Without signs, and with the letters
-- that are read for digits put back (O is 0, I and L are 1), all of them hold 1NV20260000123.
SELECT
    event_id,
    nullif(
        regexp_extract(
            translate(regexp_replace(upper(coalesce(reference, '')), '[^A-Z0-9]', '', 'g'), 'OIL', '011'),
            '1NV([0-9]{11})',
            1
        ),
        ''
    ) AS invoice_digits
FROM payments
