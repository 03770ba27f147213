"""Read through policy: the only way to published data."""
