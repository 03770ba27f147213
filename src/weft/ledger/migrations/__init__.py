"""Migrations of the ledger, one file a step, run in the order of their revisions."""
