"""The reference pages that are printed from code, one file a page."""
