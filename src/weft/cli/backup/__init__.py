"""The commands of `weft backup`."""
