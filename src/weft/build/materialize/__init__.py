"""How a model's rows become a table; one way a file."""
