"""The commands below `weft keys`, one a file."""
