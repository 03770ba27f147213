"""Commands of `weft contract`, one a module."""
