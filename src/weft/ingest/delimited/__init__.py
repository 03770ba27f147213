"""Read delimited text: CSV, TSV and their relatives, clean or dirty."""
