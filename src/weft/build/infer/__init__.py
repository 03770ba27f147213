"""Guess a contract from data: one kind of guess a file, each with its evidence and how sure it is."""
