"""Read SQL databases through SQLAlchemy."""
