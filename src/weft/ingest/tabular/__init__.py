"""Bring rows of Python values (databases, dlt sources) into Parquet with types that hold every one of them."""
