"""Check a candidate table against every promise of its contract, in as few scans as the data allows."""
