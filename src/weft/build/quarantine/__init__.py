"""Rows that broke a promise: held, shown, corrected, replayed, dismissed, expired."""
