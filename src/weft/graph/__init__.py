"""Order and lineage: which product, table and column comes from which."""
