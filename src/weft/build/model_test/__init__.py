"""Unit tests of models: rows given, rows expected, a readable difference."""
