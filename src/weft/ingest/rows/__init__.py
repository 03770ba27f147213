"""Give texts their types: infer them over all rows, hold declared ones, and write the table."""
