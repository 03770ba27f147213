SELECT count(*) AS n
FROM customers  -- <- here
