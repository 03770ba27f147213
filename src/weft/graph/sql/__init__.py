"""Reading the lineage of a query off its syntax tree, clause by clause."""
