"""Contracts by the Open Data Contract Standard: validating, and bringing into weft's normal form."""
