"""The composition root: mesh, ledger, lake, engine, clock and actor together."""
