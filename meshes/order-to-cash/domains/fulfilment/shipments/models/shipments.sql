WITH consignments AS (
    SELECT
        'north' AS carrier,
        "Sendung" AS tracking_no,
        "Auftrag" AS order_no,
        "Empfänger" AS consignee,
        "Ort" AS city,
        "Gewicht_kg" AS weight_kg,
        "Versandt" AS shipped_at,
        "Zugestellt" AS delivered_at
    FROM north
    UNION ALL
    SELECT 'south', tracking_no, order_no, consignee, city, weight_kg, shipped_at, delivered_at
    FROM south
)
SELECT
    *,
    round(date_diff('minute', shipped_at, delivered_at) / 1440.0, 2)::DECIMAL(8, 2) AS days_in_transit
FROM consignments
