"""Back up an environment's storage, ledger and catalogue, and restore them."""
