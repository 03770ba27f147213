-- The batches overlap, and end the lines within a message in two ways: put alike, a review in both is one row.
WITH alike AS (
    SELECT DISTINCT
        review_id,
        order_id,
        review_score AS score,
        nullif(trim(replace(review_comment_title, chr(13), '')), '') AS title,
        nullif(trim(replace(review_comment_message, chr(13), '')), '') AS message,
        review_creation_date AS asked_at,
        review_answer_timestamp AS answered_at
    FROM review_files
)
SELECT
    alike.*,
    date_diff('day', orders.ordered_at, alike.asked_at)::INTEGER AS days_after_order
FROM alike
LEFT JOIN orders USING (order_id)
