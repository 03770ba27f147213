"""Duties to look at data: what rules in words ask of people."""
