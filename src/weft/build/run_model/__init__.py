"""Make a model readable as a relation of an engine session; one language a file."""
