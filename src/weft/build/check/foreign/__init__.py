"""Rules that are written for other tools, as far as weft computes them itself; one engine a file."""
