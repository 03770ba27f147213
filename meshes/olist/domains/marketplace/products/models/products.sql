SELECT
    product_id,
    product_category_name AS category,
    product_category_name_english AS category_english,
    product_name_lenght AS name_length,
    product_description_lenght AS description_length,
    product_photos_qty AS photos,
    product_weight_g AS weight_g,
    product_length_cm AS length_cm,
    product_height_cm AS height_cm,
    product_width_cm AS width_cm
FROM product_file
LEFT JOIN category_names USING (product_category_name)
