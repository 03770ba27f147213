WITH scores AS (
    SELECT order_id, avg(score) AS score
    FROM reviews
    GROUP BY order_id
),
orders_of_sellers AS (
    SELECT
        seller_id,
        order_id,
        count(*) AS items,
        sum(value) AS value,
        bool_or(is_late) AS is_late
    FROM lines
    GROUP BY seller_id, order_id
)
SELECT
    seller_id,
    sellers.city,
    sellers.state,
    count(*)::INTEGER AS orders,
    sum(items)::INTEGER AS items,
    sum(value)::DECIMAL(14, 2) AS value,
    count(is_late)::INTEGER AS delivered_orders,
    count(*) FILTER (WHERE is_late)::INTEGER AS late_orders,
    round(100.0 * count(*) FILTER (WHERE is_late) / nullif(count(is_late), 0), 1)::DECIMAL(5, 1) AS late_percent,
    round(avg(score), 2)::DECIMAL(4, 2) AS mean_score,
    rank() OVER (ORDER BY sum(value) DESC)::INTEGER AS rank_by_value
FROM orders_of_sellers
LEFT JOIN scores USING (order_id)
LEFT JOIN sellers USING (seller_id)
GROUP BY seller_id, sellers.city, sellers.state
