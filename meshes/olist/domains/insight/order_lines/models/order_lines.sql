SELECT
    order_id,
    order_item_id,
    orders.status,
    orders.ordered_at,
    orders.delivered_at,
    orders.promised_at,
    -- Null while nobody knows: an order that is still on its way may come late or not.
    orders.delivered_at > orders.promised_at AS is_late,
    date_diff('day', orders.promised_at, orders.delivered_at)::INTEGER AS days_after_promise,
    order_items.product_id,
    products.product_id IS NOT NULL AS is_article_published,
    coalesce(products.category_english, products.category) AS category,
    order_items.seller_id,
    customers.customer_unique_id,
    customers.state AS customer_state,
    order_items.price,
    order_items.freight,
    (order_items.price + order_items.freight)::DECIMAL(12, 2) AS value,
    (sum(order_items.price + order_items.freight) OVER (PARTITION BY order_id))::DECIMAL(12, 2) AS order_value
FROM order_items
JOIN orders USING (order_id)
JOIN customers USING (customer_id)
LEFT JOIN products USING (product_id)
WHERE order_items.copy_number = 1
