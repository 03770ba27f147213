"""One validation rule per file."""
