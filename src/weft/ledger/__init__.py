"""What happened: append-only facts in the metadata database."""
