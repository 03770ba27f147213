"""Read JSON in all its shapes: documents, lists, lines, one value after the other."""
