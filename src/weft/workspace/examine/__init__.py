"""Look over a machine and a mesh and say what is not in order; nothing is changed."""
