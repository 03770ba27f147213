"""Tables: Iceberg snapshots, published atomically."""
