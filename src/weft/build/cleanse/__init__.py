"""Run the declared cleansing of a model: each step one file, each compiled to SQL over the rows before it."""
