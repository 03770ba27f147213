-- A spreadsheet took the leading zero of one postal code in three: it is put back.
SELECT
    seller_id,
    lpad(seller_zip_code_prefix, 5, '0') AS zip_prefix,
    replace(strip_accents(lower(trim(seller_city))), '´', chr(39)) AS city,
    seller_state AS state
FROM seller_file
