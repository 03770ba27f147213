"""Declared cleansing of a model's rows: the steps as frozen data, one a file."""
