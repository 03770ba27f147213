"""The commands of `weft quarantine`."""
