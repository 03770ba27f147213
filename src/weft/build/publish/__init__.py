"""What readers see, and the ledger with it, changed in one step."""
