"""The declared mesh: products, contracts, teams, and the rules that hold them together."""
