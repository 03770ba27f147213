"""Products by the Open Data Product Standard of Bitol: typed models of each version, and validating by them."""
